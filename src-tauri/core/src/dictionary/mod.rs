//! The editable categories: which dictionaries there are, what is shipped with them, and what roles their entries play.

pub mod role;

use crate::error::Result;
use crate::records::dictionary_item::DictionaryItem;
use crate::records::programme::Programme;
use crate::storage::Tx;

/// The dictionaries by name, with their Chinese names, in the order in which settings show them.
pub const NAMES: &[(&str, &str)] = &[
    ("household_type", "户类型"),
    ("risk_type", "返贫致贫风险"),
    ("clear_mode", "风险消除方式"),
    ("relation", "与户主关系"),
    ("politics", "政治面貌"),
    ("education", "文化程度"),
    ("student_status", "在校生状况"),
    ("health", "健康状况"),
    ("labour", "劳动技能"),
    ("work_area", "务工区域"),
    ("member_status", "成员状态"),
    ("member_role", "队员职务"),
    ("visit_purpose", "走访内容"),
    ("issue_source", "问题来源"),
    ("issue_type", "问题类型"),
    ("activity_type", "工作纪实类型"),
    ("duty", "四项职责"),
    ("project_category", "项目类别"),
    ("pool_source", "项目库来源"),
    ("fund_source", "资金来源"),
    ("milestone", "项目节点"),
    ("asset_class", "资产类别"),
    ("photo_category", "照片类别"),
];

const SHIPPED_ITEMS: &str = include_str!("items.json");
const SHIPPED_PROGRAMMES: &str = include_str!("programmes.json");

/// Puts the shipped categories and sample programmes into a new ledger.
pub(crate) fn add_shipped(tx: &mut Tx<'_>) -> Result<()> {
    tx.set_source("shipped");
    let mut items: Vec<DictionaryItem> = serde_json::from_str(SHIPPED_ITEMS)?;
    // Activity types name their duty, so duties come first.
    items.sort_by_key(|item| item.dictionary != "duty");
    let mut last: Option<String> = None;
    let mut sort = 0;
    for item in items {
        sort = if last.as_ref() == Some(&item.dictionary) { sort + 10 } else { 10 };
        last = Some(item.dictionary.clone());
        tx.add(DictionaryItem { sort, ..item }, &[])?;
    }
    for programme in serde_json::from_str::<Vec<Programme>>(SHIPPED_PROGRAMMES)? {
        tx.add(programme, &[])?;
    }
    tx.set_source("typed");
    Ok(())
}
