//! Reading a rendered template: title, headings, paragraphs and tables, line by line.

use super::Fault;

/// The title as pieces between which it may break.
pub(crate) type Title = Vec<String>;

/// What a template came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Worded {
    /// The title.
    pub title: Title,
    /// 主送机关, where the template says it.
    pub to: Option<String>,
    /// 署名, where the template says it.
    pub from: Option<String>,
    /// Titles of the annexes that go with it; nothing said: all.
    pub annexes: Option<Vec<String>>,
    /// The text.
    pub lines: Vec<Line>,
}

/// A heading, paragraph or table; figures are still marked in its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// 0 for a paragraph or table, 1–4 for a heading.
    pub level: u8,
    /// The block's stable name.
    pub key: String,
    /// The text, without number.
    pub text: String,
    /// Whether it is one of a list: numbered by the program, from 1 after each heading.
    pub numbered: bool,
    /// Whether it closes the text: it belongs to no heading.
    pub closing: bool,
    /// The table, if it is one.
    pub table: Option<RawTable>,
}

/// A table as it was written, every row as long as its head.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct RawTable {
    /// The heads of its columns.
    pub heads: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<String>>,
    /// 合计.
    pub total: Option<Vec<String>>,
}

/// A fault of the rendered text, with the row that shows it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RowFault {
    row: String,
    /// Which row with this beginning is meant, from the first.
    nth: usize,
    message: String,
}

impl RowFault {
    fn of(row: &str, message: impl Into<String>) -> Self {
        RowFault { row: row.to_owned(), nth: 0, message: message.into() }
    }

    /// The line of the source that most likely made the row: the one that begins like it.
    pub(super) fn placed(self, source: &str) -> Fault {
        let start =
            if self.row.starts_with(['[', '#', '|', '+', '-', '@', '=']) { head_of(&self.row) } else { plain_start(&self.row) };
        let begins = |line: &&str| !start.is_empty() && line.trim_start().starts_with(start);
        let holds = |line: &&str| !start.is_empty() && line.contains(start);
        let numbered = || source.lines().zip(1..);
        let found =
            numbered().filter(|(line, _)| begins(line)).nth(self.nth).or_else(|| numbered().find(|(line, _)| holds(line)));
        Fault::at(found.map(|(_, number)| number), self.message)
    }
}

/// `##[key]` of a row that has one, else its first characters.
fn head_of(row: &str) -> &str {
    row.find(']').map_or_else(|| plain_start(row), |end| row.get(..=end).unwrap_or(row))
}

/// The first characters of a row, up to where a figure or other inserted text may begin.
fn plain_start(row: &str) -> &str {
    let end = row.char_indices().take(6).find(|(_, c)| *c == super::FIGURE_START || c.is_ascii_digit()).map(|(at, _)| at);
    let end = end.or_else(|| row.char_indices().nth(6).map(|(at, _)| at)).unwrap_or(row.len());
    row.get(..end).unwrap_or(row)
}

/// Reads rendered text. Empty paragraphs, tables without rows and headings without content are dropped.
pub(super) fn read(text: &str) -> Result<Worded, RowFault> {
    let mut worded = Worded::default();
    for row in text.lines().map(str::trim).filter(|row| !row.is_empty()) {
        if let Some(pieces) = row.strip_prefix("= ") {
            worded.title = pieces.split('|').map(|piece| piece.trim().to_owned()).filter(|piece| !piece.is_empty()).collect();
        } else if let Some(setting) = row.strip_prefix('@') {
            set(&mut worded, setting).ok_or_else(|| RowFault::of(row, "“@”后面只能是 to、from 或 annexes"))?;
        } else if let Some(cells) = row.strip_prefix('|').filter(|rest| !rest.starts_with('[')) {
            add_row(&mut worded.lines, row, cells)?;
        } else {
            add_line(&mut worded.lines, row)?;
        }
    }
    if worded.title.is_empty() {
        return Err(RowFault::of("= ", "缺少以“= ”开头的标题行"));
    }
    let has_content =
        |line: &Line| line.level > 0 || !line.text.is_empty() || line.table.as_ref().is_some_and(|table| !table.rows.is_empty());
    worded.lines.retain(has_content);
    worded.lines = without_empty_headings(worded.lines);
    Ok(worded)
}

fn set(worded: &mut Worded, setting: &str) -> Option<()> {
    let (name, value) = setting.split_once(' ').unwrap_or((setting, ""));
    let value = value.trim();
    match name {
        "to" => worded.to = Some(value.to_owned()),
        "from" => worded.from = Some(value.to_owned()),
        "annexes" => {
            let listed = value.split('、').map(str::trim).filter(|title| !title.is_empty() && *title != "无");
            worded.annexes = Some(listed.map(str::to_owned).collect());
        }
        _ => return None,
    }
    Some(())
}

fn add_line(lines: &mut Vec<Line>, row: &str) -> Result<(), RowFault> {
    let line = read_line(row)
        .ok_or_else(|| RowFault::of(row, format!("这一行缺少方括号中的名称，应写成“[名称] 文字”：{}", start_of(row))))?;
    let nth = lines.iter().filter(|other| other.key == line.key).count();
    if nth > 0 {
        return Err(RowFault { nth, ..RowFault::of(row, format!("名称“{}”用了两次，请换一个", line.key)) });
    }
    lines.push(line);
    Ok(())
}

fn read_line(row: &str) -> Option<Line> {
    let (marks, rest) = row.split_at(row.find('[')?);
    let (key, text) = rest.strip_prefix('[')?.split_once(']')?;
    let text = text.trim();
    if marks == "|" {
        let heads = cells_of(text);
        let table = Some(RawTable { heads, ..RawTable::default() });
        return Some(Line { level: 0, key: key.to_owned(), text: String::new(), numbered: false, closing: false, table });
    }
    let (numbered, closing) = (marks == "+", marks == "-");
    let paragraph = numbered || closing;
    let level = u8::try_from(if paragraph { 0 } else { marks.len() }).ok().filter(|level| *level <= 4)?;
    let known = paragraph || marks.bytes().all(|b| b == b'#');
    known.then(|| Line { level, key: key.to_owned(), text: text.to_owned(), numbered, closing, table: None })
}

fn add_row(lines: &mut [Line], row: &str, cells: &str) -> Result<(), RowFault> {
    let table = lines.last_mut().and_then(|line| line.table.as_mut());
    let table = table.ok_or_else(|| RowFault::of(row, "表格的行前面应有表头，写成“|[名称] 列名 | 列名”"))?;
    let (is_total, cells) = cells.strip_prefix('=').map_or((false, cells), |rest| (true, rest));
    let cells = cells_of(cells);
    if cells.len() != table.heads.len() {
        return Err(RowFault::of(row, format!("表格这一行有{}格，表头有{}格，请改成一样多", cells.len(), table.heads.len())));
    }
    if is_total {
        table.total = Some(cells);
    } else {
        table.rows.push(cells);
    }
    Ok(())
}

fn cells_of(text: &str) -> Vec<String> {
    text.split('|').map(|cell| cell.trim().to_owned()).collect()
}

fn without_empty_headings(lines: Vec<Line>) -> Vec<Line> {
    let mut kept: Vec<Line> = Vec::new();
    for line in lines.into_iter().rev() {
        // Read backwards, a heading has content if what was kept last is a paragraph or a deeper heading.
        let has_content = kept.last().is_some_and(|next| !next.closing && (next.level == 0 || next.level > line.level));
        if line.level == 0 || has_content {
            kept.push(line);
        }
    }
    kept.reverse();
    kept
}

fn start_of(row: &str) -> String {
    row.chars().filter(|c| !('\u{E000}'..='\u{E002}').contains(c)).take(20).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_without_content_vanish_with_their_children() {
        let text = "= 总结\n#[a] 甲\n##[a1] 子\n[p] \n#[b] 乙\n[q] 有\n##[b1] 空\n";
        let keys: Vec<_> = read(text).unwrap().lines.into_iter().map(|line| line.key).collect();
        assert_eq!(keys, ["b", "q"], "a heading is kept only for text under it");
        let closed = read("= 总结\n[p] 有\n#[a] 甲\n-[close] 完\n").unwrap().lines;
        assert_eq!(closed.len(), 2, "the closing words are no content of the heading before them");
    }

    #[test]
    fn what_cannot_be_read_is_named_and_placed() {
        let fault = |source: &str| read(source).unwrap_err().placed(source);
        assert!(fault("[p] 有").message.contains("标题"));
        assert_eq!(fault("= 总结\n没有名称").line, Some(2));
        let twice = fault("= 总结\n[p] 一\n\n[p] 二");
        assert!(twice.message.contains("两次") && twice.line == Some(4), "{twice:?}");
        assert_eq!(fault("= 总结\n@nobody 甲").line, Some(2));
    }

    #[test]
    fn a_table_has_rows_as_long_as_its_head_and_none_without_rows() {
        let worded = read("= 总结\n|[t] 村 | 户\n| 石门村 | 3\n|= 合计 | 3\n|[empty] 村 | 户\n").unwrap();
        let [line] = worded.lines.as_slice() else { panic!("one table") };
        let table = line.table.as_ref().unwrap();
        assert_eq!((table.heads.len(), table.rows.len(), table.total.is_some()), (2, 1, true));
        let source = "= 总结\n|[t] 村 | 户\n| 石门村\n";
        let fault = read(source).unwrap_err().placed(source);
        assert!(fault.message.contains("1格") && fault.line == Some(3), "{fault:?}");
        assert!(read("= 总结\n| 石门村 | 3").is_err());
    }

    #[test]
    fn settings_are_read() {
        let worded = read("= 总结\n@to \n@from 罗启明\n@annexes 无\n[p] 有").unwrap();
        assert_eq!((worded.to.as_deref(), worded.from.as_deref()), (Some(""), Some("罗启明")));
        assert_eq!(worded.annexes, Some(Vec::new()));
    }
}
