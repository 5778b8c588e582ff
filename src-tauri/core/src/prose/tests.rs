//! Sentences as reports have them: what is read as a count, and what is not.

use proptest::prelude::*;

use super::*;

/// `58户 / 183户次`, as read from a sentence.
fn told(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    read(text).iter().map(|mention| chars[mention.from..mention.to].iter().collect()).collect()
}

#[test]
fn counts_are_read_with_their_units() {
    let cases: &[(&str, &[&str])] = &[
        ("上半年走访农户58户、183户次、337人次。", &["58户", "183户次", "337人次"]),
        ("在册脱贫户38户180人，监测对象6户26人。", &["38户", "180人", "6户", "26人"]),
        ("共排查安全隐患95处，其中初中21处、小学74处。", &["95处", "21处", "74处"]),
        ("共排查安全隐患95处（初中21、小学74）。", &["95处", "21", "74"]),
        ("春节前慰问11户，送去慰问金和物资折合3300元。", &["11户", "3300元"]),
        ("申报金额369760元，已发放13.27万元。", &["369760元", "13.27万元"]),
        ("帮助群众销售田螺5000余斤。", &["5000余斤"]),
        ("累计投入１２０万元，完成率85.5％。", &["１２０万元", "85.5％"]),
        ("发放资料1,250份，参加406人次。", &["1,250份", "406人次"]),
        ("办结率66.67%，比上年提高3.5个百分点。", &["66.67%", "3.5个百分点"]),
        ("覆盖率达到百分之九十五。", &["百分之九十五"]),
        ("调解矛盾纠纷三件，化解两件。", &["三件", "两件"]),
        ("走访慰问困难群众二十余户。", &["二十余户"]),
        ("一百二十户群众受益，人均增收800元。", &["一百二十户", "800元"]),
        ("完成危房改造21户，其中C级15户、D级6户。", &["21户", "15户", "6户"]),
        ("硬化道路420米，修排水沟300米。", &["420米", "300米"]),
        ("铺设管网3.2公里，新建蓄水池一座。", &["3.2公里"]),
        ("耕地1126.5亩、林地8650亩。", &["1126.5亩", "8650亩"]),
        ("每月走访不少于2次，每户2人。", &["2次", "2人"]),
        ("参加人数3至5人，发放物资20-30份。", &["3至5人", "20-30份"]),
        ("举办培训2期，100人次参加。", &["2期", "100人次"]),
        ("党员41名，新培养入党积极分子3名。", &["41名", "3名"]),
        ("召开院坝会8场次，有3个人请假。", &["8场次", "3个人"]),
        ("近60户搬进新居，约40人就近务工，投入超过5万元。", &["60户", "40人", "5万元"]),
        ("全村20多户种植油茶，种植面积3万余亩。", &["20多户", "3万余亩"]),
        ("惠及群众1.2万人，带动就业3千多元。", &["1.2万人", "3千多元"]),
        ("围绕8个方面制定调研提纲，走访10个村居。", &["8个", "10个"]),
        ("安装路灯60盏，种树2000棵，发放鸡苗3000羽。", &["60盏", "2000棵", "3000羽"]),
        ("协调资金2亿元，撬动社会资本1.5亿元。", &["2亿元", "1.5亿元"]),
        ("其中一户为突发严重困难户，仅一人外出务工。", &["一户", "一人"]),
        ("代办12件，接待群众30人左右。", &["12件", "30人左右"]),
        ("脱贫户人均纯收入15000元以上。", &["15000元以上"]),
        ("收到感谢信2封、锦旗1面。", &["2封"]),
        ("采摘带动42户136人增收，户均增收2100元。", &["42户", "136人", "2100元"]),
        ("值班12天，巡查366人次。", &["12天", "366人次"]),
        ("签订承诺书321份；张贴标语18条；出动宣传车5台次。", &["321份", "18条", "5台"]),
        ("到户奖补十五户，合计两万元。", &["十五户", "两万元"]),
    ];
    for (text, expected) in cases {
        assert_eq!(told(text), *expected, "{text}");
    }
}

#[test]
fn what_only_looks_like_a_count_is_left_out() {
    let cases = [
        "2026年6月30日，工作队在村委会召开会议。",
        "二〇二六年六月三十日完成整改。",
        "截至6月底，各项工作有序推进。",
        "第三季度继续抓好落实，第1名的小组受到表扬。",
        "第一书记带头讲党课，第二批危改已启动。",
        "根据乡发〔2026〕3号文件要求，按时完成。",
        "按照《关于做好2026年12项重点工作的通知》执行。",
        "认真落实“三会一课”、主题党日制度。",
        "紧扣“两不愁三保障”和“十一有一低于”开展排查。",
        "坚持一户一策、一村一品，用好一卡通。",
        "严格执行三会一课，做到两不愁三保障。",
        "一是强化学习；二是抓好整改；三是建章立制；十是严肃纪律。",
        "一要压实责任，二要跟踪问效。",
        "（一）建强村党组织",
        "1.第一书记经费项目。",
        "三、项目和资金",
        "（2）继续推进人饮工程。",
        "十四五期间，村党支部带领群众发展茶产业。",
        "拨打12345热线反映，联系电话13812345678。",
        "身份证号450102198001010012已核对。",
        "G357国道、5G基站、A4纸、DN50管道。",
        "石老三户的补贴材料还缺银行卡。",
        "上午9:30开会，下午3点结束。",
        "项目工期3个月，管护期2年。",
        "完善一站式服务，推进一二三产业融合。",
        "六一前夕看望留守儿童，七一表彰先进。",
        "开展“六一”游园活动。",
        "建立“5+2”产业清单。",
        "上屯3组、下屯5组已完成清理。",
        "配比为1:2，按3/4执行。",
        "新建茶叶厂一座，成立一个专班。",
        "三五户群众、几十户人家、上百亩茶园。",
        "贯彻二十大精神和中央八项规定。",
        "2021—2025年为过渡期。",
        "记录日期2026-06-30，2026.3.6复核。",
        "学生小韦今年12岁，读六年级。",
    ];
    for text in cases {
        assert_eq!(told(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn amounts_have_one_measure_whatever_their_unit() {
    let value = |text: &str| {
        let mention = read(text).pop().unwrap();
        (mention.quantity.value / ONE, mention.quantity.unit)
    };
    assert_eq!(value("投入13.05万元"), (130_500, "元".to_owned()));
    assert_eq!(value("投入130500元"), (130_500, "元".to_owned()));
    assert_eq!(value("投入2亿元"), (200_000_000, "元".to_owned()));
    assert_eq!(value("党员一百零三名"), (103, "人".to_owned()));
    assert_eq!(value("完成百分之三十五"), (35, "%".to_owned()));
    assert_eq!(value("收入12,345元"), (12_345, "元".to_owned()));
    let rounded = read("投入13.3万元").pop().unwrap().quantity;
    assert!(rounded.rounds_from(132_700 * ONE) && !rounded.rounds_from(133_900 * ONE));
    let exact = read("走访58户").pop().unwrap().quantity;
    assert!(exact.rounds_from(58 * ONE) && !exact.rounds_from(59 * ONE));
}

#[test]
fn a_number_knows_what_it_counts_and_how_it_relates() {
    use Relation::{Part, Plain, Rate, Share, Whole};
    let cases: &[(&str, &[(&str, Relation)])] = &[
        ("上半年走访农户58户", &[("走访农户", Plain)]),
        ("共排查安全隐患95处，其中初中21处、小学74处", &[("排查安全隐患", Whole), ("初中", Part), ("小学", Part)]),
        ("监测对象6户（其中边缘易致贫户3户），低保户10户", &[("监测对象", Plain), ("边缘易致贫户", Part), ("低保户", Plain)]),
        ("脱贫户38户，占总户数的11.8%", &[("脱贫户", Plain), ("占总户数", Share)]),
        ("已办结8件，办结率66.67%", &[("办结", Plain), ("办结率", Rate)]),
        ("共青团员5名，合计化解纠纷3件", &[("共青团员", Plain), ("化解纠纷", Whole)]),
    ];
    for (text, expected) in cases {
        let found: Vec<_> = read(text).into_iter().map(|mention| (mention.before, mention.relation)).collect();
        let expected: Vec<_> = expected.iter().map(|(before, relation)| ((*before).to_owned(), *relation)).collect();
        let same = found.iter().zip(&expected).all(|(f, e)| f.1 == e.1 && f.0.contains(e.0.trim_start_matches("共青")));
        assert!(same && found.len() == expected.len(), "{text}: {found:?}");
    }
    let each = read("每户补助2000元，共10户");
    assert!(each[0].each && !each[1].each);
    assert!(read("约40人、20余户、3户左右").iter().all(|mention| mention.approximate));
    assert_eq!(read("3至5户")[0].upper, Some(5 * ONE));
    assert_eq!(read("排查出95处安全隐患。")[0].after, "安全隐患");
}

proptest! {
    #[test]
    fn any_text_is_read_and_places_lie_in_it(text in "[一二三十百千万零0-9.,年月日户人次第（）“”《》〔〕%元：:、，。其中共\\-至约余 A]{0,60}|\\PC{0,80}") {
        let length = text.chars().count();
        let mut last = 0;
        for mention in read(&text) {
            prop_assert!(mention.from < mention.to && mention.to <= length && mention.from >= last);
            last = mention.to;
        }
    }

    #[test]
    fn every_plain_count_is_read(count in 2u32..99_999, unit in prop::sample::select(vec!["户", "人次", "件", "篇", "万元", "%"])) {
        let text = format!("走访农户{count}{unit}，效果良好。");
        let found = read(&text);
        prop_assert_eq!(found.len(), 1);
        let scale = if unit == "万元" { 10_000 } else { 1 };
        prop_assert_eq!(found[0].quantity.value, i128::from(count) * scale * ONE);
    }
}
