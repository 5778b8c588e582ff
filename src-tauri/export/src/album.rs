//! The list that goes with exported pictures: 目录.xlsx, number, file, time, place, people, event.

use std::fs;
use std::path::{Path, PathBuf};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, XlsxError};
use zhucun_core::album::AlbumPhoto;

use crate::ExportError;
use crate::file::free_name;
use crate::xlsx::legal;

const COLUMNS: [(&str, f64); 8] = [
    ("序号", 6.0),
    ("文件名", 44.0),
    ("时间", 17.0),
    ("地点", 20.0),
    ("人物", 20.0),
    ("事件", 32.0),
    ("类别", 12.0),
    ("所属记录", 28.0),
];

/// The list of pictures, with the names of their files, as the bytes of an `.xlsx` file.
pub fn album_index(photos: &[(&AlbumPhoto, String)]) -> Result<Vec<u8>, ExportError> {
    write(photos).map_err(|error| ExportError::Typeset(error.to_string()))
}

fn write(photos: &[(&AlbumPhoto, String)]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // The last picture's day stands for the file's: the same pictures give the same bytes.
    if let Some(day) = photos.iter().map(|(photo, _)| photo.day).max() {
        let created = ExcelDateTime::parse_from_str(&day.to_string())?;
        workbook.set_properties(&DocProperties::new().set_title("照片目录").set_creation_datetime(&created));
    }
    let sheet = workbook.add_worksheet().set_name("目录")?;
    let base = Format::new().set_font_name("宋体").set_font_size(11).set_border(FormatBorder::Thin);
    let base = base.set_align(FormatAlign::VerticalCenter).set_text_wrap();
    let head = base.clone().set_bold().set_align(FormatAlign::Center);
    for (column, (title, width)) in (0..).zip(COLUMNS) {
        sheet.write_string_with_format(0, column, title, &head)?;
        sheet.set_column_width(column, width)?;
    }
    for (row, (photo, file)) in (1..).zip(photos) {
        sheet.write_number_with_format(row, 0, f64::from(row), &base)?;
        let texts = [file, &photo.time, &photo.place, &photo.people, &photo.event, &photo.category, &photo.owner];
        for (column, text) in (1..).zip(texts) {
            // A text cell, never a formula, whatever it begins with.
            sheet.write_string_with_format(row, column, legal(text), &base)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    workbook.save_to_buffer()
}

/// Makes a new folder for pictures inside another; never one that exists.
pub fn album_folder(parent: &Path, name: &str) -> Result<PathBuf, ExportError> {
    if !parent.is_dir() {
        return Err(ExportError::FolderMissing);
    }
    let folder = free_name(&parent.join(name));
    fs::create_dir(&folder)?;
    Ok(folder)
}
