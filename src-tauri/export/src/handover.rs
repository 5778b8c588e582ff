//! 移交文件 and 移交清单 beside each other: one stem for both, and the list as PDF to be signed.

use std::path::{Path, PathBuf};

use zhucun_core::handover::{HandOverContents, HandOverFacts, contents_document, hand_over_stem};
use zhucun_core::storage::{HAND_OVER_ENDING, HandedOver};

use crate::error::ExportError;
use crate::file::{clean_name, free_name, write_file};
use crate::fonts::Fonts;
use crate::pdf;

/// Where a hand-over file may be written in a folder: a name that neither a file nor a list has yet.
pub fn hand_over_place(folder: &Path, contents: &HandOverContents) -> Result<PathBuf, ExportError> {
    if !folder.is_dir() {
        return Err(ExportError::FolderMissing);
    }
    let stem = clean_name(&hand_over_stem(contents));
    let place = |nth: u32| match nth {
        1 => folder.join(format!("{stem}.{HAND_OVER_ENDING}")),
        nth => folder.join(format!("{stem}（{nth}）.{HAND_OVER_ENDING}")),
    };
    let is_free = |path: &PathBuf| free_name(path) == *path && free_name(&list_of(path)) == list_of(path);
    Ok((1..).map(place).find(is_free).unwrap_or_else(|| place(1)))
}

/// Writes 移交清单 beside a hand-over file, under its name.
pub fn hand_over_list(
    contents: &HandOverContents,
    made: &HandedOver,
    by_code: bool,
    fonts: &Fonts,
) -> Result<PathBuf, ExportError> {
    let name = made.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let facts = HandOverFacts { name, size: made.size, sha256: made.sha256.clone(), by_code };
    let path = list_of(&made.path);
    write_file(&path, &pdf(&contents_document(contents, &facts), fonts)?)?;
    Ok(path)
}

fn list_of(file: &Path) -> PathBuf {
    file.with_extension("pdf")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_and_its_list_share_a_name_that_neither_has_yet() {
        let folder = tempfile::tempdir().unwrap();
        let contents = HandOverContents { team: "石门村/驻村工作队".into(), ..HandOverContents::default() };
        let first = hand_over_place(folder.path(), &contents).unwrap();
        assert_eq!(first, folder.path().join("移交-石门村驻村工作队-19700101.zcjy"));
        std::fs::write(list_of(&first), "an older list").unwrap();
        assert_eq!(
            hand_over_place(folder.path(), &contents).unwrap(),
            folder.path().join("移交-石门村驻村工作队-19700101（2）.zcjy")
        );
        assert_eq!(hand_over_place(&first, &contents).unwrap_err().code(), "folder_missing");
    }
}
