//! A long sheet is read from two ends at once: the library reads a sheet in one thread, so the lower half of its rows is made a
//! package of its own, for another reader.

use memchr::memmem;

use crate::error::Result;
use crate::package;

/// From how many bytes on a sheet is worth it.
const LONG: usize = 1 << 20;
/// Stands before the rows.
const ROWS: &[u8] = b"<sheetData>";

/// The lower half of a sheet's rows.
pub(super) struct LowerHalf {
    /// The number of its first row.
    pub first: u32,
    /// A package in which the sheet has these rows only.
    pub package: Vec<u8>,
}

/// The lower half of the sheet in a part of a package, where it is long and its rows can be told apart for certain.
pub(super) fn of(bytes: &[u8], part: &str, sheet: &[u8]) -> Result<Option<LowerHalf>> {
    if sheet.len() < LONG {
        return Ok(None);
    }
    let Some((from, first)) = middle(sheet) else { return Ok(None) };
    let Some((upper, lower)) = sheet.split_at_checked(from) else { return Ok(None) };
    let Some(head) = memmem::find(upper, ROWS).and_then(|at| upper.get(..at + ROWS.len())) else { return Ok(None) };
    Ok(Some(LowerHalf { first, package: package::with_part(bytes, part, &[head, lower])? }))
}

/// Where the first row of the lower half begins, and its number.
fn middle(sheet: &[u8]) -> Option<(usize, u32)> {
    // Within a comment or an unparsed text, what looks like a row may be none.
    if memmem::find(sheet, b"<!").is_some() {
        return None;
    }
    let half = sheet.len() / 2;
    let from = half + memmem::find(sheet.get(half..)?, b"<row ")?;
    let is_between_rows =
        [b"</row>".as_slice(), b"/>"].iter().any(|end| sheet.get(..from).is_some_and(|before| before.ends_with(end)));
    let row = sheet.get(from..)?;
    let tag = row.get(..memchr::memchr(b'>', row)?)?;
    let number = tag.get(memmem::find(tag, b" r=\"")? + 4..)?;
    let number = number.get(..memchr::memchr(b'"', number)?)?;
    let number = std::str::from_utf8(number).ok()?.parse().ok()?;
    is_between_rows.then_some((from, number))
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use super::*;
    use crate::error::ReadError;
    use crate::guard::Limits;
    use crate::read::read;

    const PART: &str = "xl/worksheets/sheet1.xml";

    fn book(sheet: &str) -> Vec<u8> {
        let relation = |kind: &str, target: &str| {
            format!(r#"<Relationships><Relationship Id="rId1" Type="x/relationships/{kind}" Target="{target}"/></Relationships>"#)
        };
        let parts = [
            ("_rels/.rels", &*relation("officeDocument", "xl/workbook.xml")),
            ("xl/_rels/workbook.xml.rels", &*relation("worksheet", "worksheets/sheet1.xml")),
            ("xl/workbook.xml", r#"<workbook><sheets><sheet name="名单" sheetId="1" r:id="rId1"/></sheets></workbook>"#),
            ("xl/sharedStrings.xml", "<sst><si><t>壮族</t></si><si><t>侗族</t></si></sst>"),
            (PART, sheet),
        ];
        let mut package = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
            package.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            package.write_all(text.as_bytes()).unwrap();
        }
        package.finish().unwrap().into_inner()
    }

    /// Rows of a text, a number and a shared text; some are missing, some have nothing in them. Unlike each other, or the
    /// package would look like a bomb.
    fn rows(count: u32) -> String {
        let row = |n: u32| match n % 97 {
            0 => String::new(),
            1 => format!(r#"<row r="{n}" spans="1:3"/>"#),
            _ => {
                let cell = |at: char| format!(r#"r="{at}{n}""#);
                let (text, number) = (u64::from(n).wrapping_mul(0x9e37_79b9_7f4a_7c15), n % 7);
                format!(
                    r#"<row r="{n}"><c {} t="inlineStr"><is><t>石{text}</t></is></c><c {}><v>{number}</v></c><c {} t="s"><v>{}</v></c></row>"#,
                    cell('A'),
                    cell('B'),
                    cell('D'),
                    n % 2
                )
            }
        };
        (1..=count).map(row).collect()
    }

    fn sheet(rows: &str, before: &str) -> String {
        format!(r#"<worksheet>{before}<sheetData>{rows}</sheetData><pageMargins left="1"/></worksheet>"#)
    }

    fn lower(sheet: &str) -> Option<u32> {
        of(&book(sheet), PART, sheet.as_bytes()).unwrap().map(|lower| lower.first)
    }

    #[test]
    fn halves_read_side_by_side_are_the_sheet() {
        let rows = rows(12_000);
        let (halved, whole) = (sheet(&rows, ""), sheet(&rows, "<!-- in one -->"));
        let first = lower(&halved).unwrap();
        assert!((5000..7000).contains(&first), "about the middle: {first}");
        assert_eq!(lower(&whole), None);
        let read = |sheet: &str| read(&book(sheet), None, &Limits::default(), &mut |_| true).unwrap();
        let (halved, whole) = (read(&halved), read(&whole));
        assert!(whole.sheets[0].rows.len() > 11_000);
        assert!(halved == whole, "the same rows");
    }

    #[test]
    fn a_sheet_whose_rows_cannot_be_told_apart_is_not_halved() {
        let rows = rows(12_000);
        for (what, rows) in [
            ("rows without numbers", rows.replace("<row r=", "<row x=")),
            ("text that is not taken apart", rows.clone() + "<row r=\"12001\"><c><v><![CDATA[<row r=\"9\">]]></v></c></row>"),
            ("white space between rows", rows.replace("</row>", "</row>\n")),
            ("a short sheet", self::rows(100)),
        ] {
            assert_eq!(lower(&sheet(&rows, "")), None, "{what}");
        }
    }

    #[test]
    fn a_fault_in_either_half_is_found_and_either_can_be_stopped() {
        let rows = rows(12_000);
        let fault = |rows: &str, on_rows: &mut dyn FnMut(usize) -> bool| {
            let sheet = sheet(rows, "");
            assert!(lower(&sheet).is_some());
            read(&book(&sheet), None, &Limits::default(), on_rows).unwrap_err()
        };
        for row in ["<row r=\"200\">", "<row r=\"11900\">"] {
            let damaged = rows.replace(row, &format!("{row}<c r=\"zz\"><v>1</w></c>"));
            assert!(matches!(fault(&damaged, &mut |_| true), ReadError::Damaged), "{row}");
        }
        let (upper, rest) = rows.split_at(rows.find("<row r=\"9000\">").unwrap());
        let backwards = format!("{upper}<row r=\"3\"><c r=\"A3\"><v>1</v></c></row>{rest}");
        assert!(matches!(fault(&backwards, &mut |_| true), ReadError::Damaged));
        for stop in [1024, 8192] {
            assert!(matches!(fault(&rows, &mut |read| read < stop), ReadError::Cancelled), "{stop}");
        }
    }
}
