//! The package (OPC): parts, content types and relationships in a zip whose bytes depend on the document alone.

use std::io::{Cursor, Write};

use zhucun_core::report::document::Document;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::section::Footer;
use super::xml::Xml;
use super::{body, photos, styles};

/// Namespace of WordprocessingML.
pub(super) const MAIN: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
/// Namespace of references to relationships, and stem of their types.
pub(super) const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const WORD_TYPE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

/// The document as a package.
pub(super) fn pack(document: &Document) -> zip::result::ZipResult<Vec<u8>> {
    let options =
        SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).last_modified_time(DateTime::default());
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut part = |name: &str, emit: &dyn Fn(&mut Xml)| -> zip::result::ZipResult<()> {
        let mut xml = Xml::new();
        emit(&mut xml);
        zip.start_file(name, options)?;
        Ok(zip.write_all(&xml.into_bytes())?)
    };
    part("[Content_Types].xml", &|xml| content_types(xml, document))?;
    part("_rels/.rels", &package_relationships)?;
    part("word/document.xml", &|xml| body::document(xml, document))?;
    part("word/_rels/document.xml.rels", &|xml| document_relationships(xml, document))?;
    part("word/styles.xml", &styles::styles)?;
    part("word/settings.xml", &styles::settings)?;
    part("word/fontTable.xml", &styles::font_table)?;
    for footer in Footer::ALL {
        part(&format!("word/{}", footer.file()), &|xml| footer.emit(xml))?;
    }
    part("docProps/core.xml", &|xml| core_properties(xml, document))?;
    part("docProps/app.xml", &app_properties)?;
    // Pictures are packed already.
    let stored = options.compression_method(CompressionMethod::Stored);
    for (number, photo) in photos::pictures(document) {
        zip.start_file(format!("word/{}", photos::file(number, photo)), stored)?;
        zip.write_all(&photo.picture.bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

fn content_types(xml: &mut Xml, document: &Document) {
    let fixed = [
        ("/word/document.xml", format!("{WORD_TYPE}.document.main+xml")),
        ("/word/styles.xml", format!("{WORD_TYPE}.styles+xml")),
        ("/word/settings.xml", format!("{WORD_TYPE}.settings+xml")),
        ("/word/fontTable.xml", format!("{WORD_TYPE}.fontTable+xml")),
        ("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml".to_owned()),
        ("/docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml".to_owned()),
    ];
    let rels = "application/vnd.openxmlformats-package.relationships+xml";
    xml.element("Types", &[("xmlns", &format!("{PACKAGE}/content-types"))], |xml| {
        xml.empty("Default", &[("Extension", "rels"), ("ContentType", rels)]);
        xml.empty("Default", &[("Extension", "xml"), ("ContentType", "application/xml")]);
        for extension in ["jpeg", "png"] {
            if photos::pictures(document).any(|(number, photo)| photos::file(number, photo).ends_with(extension)) {
                xml.empty("Default", &[("Extension", extension), ("ContentType", &format!("image/{extension}"))]);
            }
        }
        for (name, kind) in &fixed {
            xml.empty("Override", &[("PartName", name), ("ContentType", kind)]);
        }
        for footer in Footer::ALL {
            let name = format!("/word/{}", footer.file());
            xml.empty("Override", &[("PartName", &name), ("ContentType", &format!("{WORD_TYPE}.footer+xml"))]);
        }
    });
}

fn relationship(xml: &mut Xml, id: &str, kind: &str, target: &str) {
    xml.empty("Relationship", &[("Id", id), ("Type", kind), ("Target", target)]);
}

fn package_relationships(xml: &mut Xml) {
    let core = format!("{PACKAGE}/relationships/metadata/core-properties");
    xml.element("Relationships", &[("xmlns", &format!("{PACKAGE}/relationships"))], |xml| {
        relationship(xml, "rId1", &format!("{RELATIONSHIPS}/officeDocument"), "word/document.xml");
        relationship(xml, "rId2", &core, "docProps/core.xml");
        relationship(xml, "rId3", &format!("{RELATIONSHIPS}/extended-properties"), "docProps/app.xml");
    });
}

fn document_relationships(xml: &mut Xml, document: &Document) {
    xml.element("Relationships", &[("xmlns", &format!("{PACKAGE}/relationships"))], |xml| {
        relationship(xml, "rIdStyles", &format!("{RELATIONSHIPS}/styles"), "styles.xml");
        relationship(xml, "rIdSettings", &format!("{RELATIONSHIPS}/settings"), "settings.xml");
        relationship(xml, "rIdFonts", &format!("{RELATIONSHIPS}/fontTable"), "fontTable.xml");
        for footer in Footer::ALL {
            relationship(xml, footer.relationship(), &format!("{RELATIONSHIPS}/footer"), footer.file());
        }
        for (number, photo) in photos::pictures(document) {
            let id = photos::relationship(number);
            relationship(xml, &id, &format!("{RELATIONSHIPS}/image"), &photos::file(number, photo));
        }
    });
}

fn core_properties(xml: &mut Xml, document: &Document) {
    let namespaces = [
        ("xmlns:cp", "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"),
        ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
        ("xmlns:dcterms", "http://purl.org/dc/terms/"),
        ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
    ];
    let properties = &document.properties;
    let day = format!("{}T00:00:00Z", properties.created);
    xml.element("cp:coreProperties", &namespaces, |xml| {
        xml.text("dc:title", properties.title.trim());
        xml.text("dc:creator", properties.author.trim());
        xml.text("cp:lastModifiedBy", properties.author.trim());
        for name in ["dcterms:created", "dcterms:modified"] {
            xml.element(name, &[("xsi:type", "dcterms:W3CDTF")], |xml| xml.characters(&day));
        }
        xml.text("dc:language", "zh-CN");
        if let Some(fingerprint) = &properties.fingerprint {
            xml.text("dc:identifier", &format!("sha256:{fingerprint}"));
            xml.text("cp:keywords", &format!("签发指纹 SHA-256 {fingerprint}"));
            xml.text("cp:contentStatus", "已签发");
        }
    });
}

fn app_properties(xml: &mut Xml) {
    let namespace = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties";
    xml.element("Properties", &[("xmlns", namespace)], |xml| {
        xml.text("Application", "驻村记");
        xml.text("Company", "");
    });
}
