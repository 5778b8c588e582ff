//! The text of a PDF, page by page, as a reader of PDF files finds it: glyphs with the characters that the file says they are,
//! and the title and author of its properties.

use std::ops::Range;
use std::sync::Arc;

use hayro_interpret::font::Glyph;
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, GlyphDrawMode, Image, InterpreterCache, InterpreterSettings, Paint, PathDrawMode,
    SoftMask, interpret_page,
};
use kurbo::{Affine, BezPath, Rect};

use super::Piece;
use crate::ExportError;

pub(super) fn pieces(bytes: &[u8]) -> Result<Vec<Piece>, ExportError> {
    let unreadable = || ExportError::Typeset("the finished PDF cannot be read".to_owned());
    let pdf = Pdf::new(Arc::new(bytes.to_vec())).map_err(|_| unreadable())?;
    let pages = pdf.pages();
    let read = |range: Range<usize>| {
        let cache = InterpreterCache::new();
        let page = |number: usize| pages.get(number).map_or_else(String::new, |page| text_of(page, &pdf, &cache));
        range
            .map(|number| Piece { place: format!("第{}页", number + 1), text: page(number), is_wrapped: true })
            .collect::<Vec<_>>()
    };
    // Half of the pages beside the other half.
    let (middle, end) = (pages.len() / 2, pages.len());
    let mut pieces = std::thread::scope(|scope| {
        let second = scope.spawn(|| read(middle..end));
        let mut pieces = read(0..middle);
        pieces.extend(second.join().unwrap_or_else(|_| read(middle..end)));
        pieces
    });
    let told = pdf.metadata();
    let properties = [&told.title, &told.author, &told.subject, &told.keywords].into_iter().flatten();
    let text = properties.map(|property| decoded(property)).collect::<Vec<_>>().join("\n");
    pieces.push(Piece { place: "文件属性".to_owned(), text, is_wrapped: false });
    Ok(pieces)
}

/// A property: UTF-16 with its mark, or UTF-8.
fn decoded(property: &[u8]) -> String {
    match property {
        [0xFE, 0xFF, rest @ ..] => {
            let units: Vec<u16> = rest.chunks_exact(2).map(|two| u16::from_be_bytes([two[0], two[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        other => String::from_utf8_lossy(other).into_owned(),
    }
}

fn text_of<'a>(page: &'a Page<'a>, pdf: &'a Pdf, cache: &InterpreterCache<'a>) -> String {
    let (width, height) = page.render_dimensions();
    let area = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let mut context = Context::new(Affine::IDENTITY, area, cache, pdf.xref(), InterpreterSettings::default());
    let mut reader = TextReader::default();
    interpret_page(page, &mut context, &mut reader);
    reader.text
}

/// Takes down the characters that are drawn; what does not follow on the same line begins a new one.
#[derive(Default)]
struct TextReader {
    text: String,
    last: Option<(f64, f64, f64)>,
}

/// How far apart two characters of a word may stand, in their size.
const FAR: f64 = 1.7;

impl<'a> Device<'a> for TextReader {
    fn draw_glyph(&mut self, glyph: &Glyph<'a>, transform: Affine, placed: Affine, _: &Paint<'a>, _: &GlyphDrawMode) {
        let [a, b, _, _, x, y] = (transform * placed).as_coeffs();
        // Outlines are drawn a thousand units to their size.
        let size = a.hypot(b) * 1000.0;
        if let Some((last_x, last_y, last_size)) = self.last {
            let away = (x - last_x).hypot(y - last_y);
            let straight = (x - last_x).abs().min((y - last_y).abs());
            if away > FAR * last_size.max(size) || straight > 0.4 * size {
                self.text.push('\n');
            }
        }
        match glyph.as_unicode() {
            Some(BfString::Char(c)) => self.text.push(c),
            Some(BfString::String(text)) => self.text.push_str(&text),
            None => {}
        }
        self.last = Some((x, y, size));
    }

    fn set_soft_mask(&mut self, _: Option<SoftMask<'a>>) {}
    fn set_blend_mode(&mut self, _: BlendMode) {}
    fn draw_path(&mut self, _: &BezPath, _: Affine, _: &Paint<'a>, _: &PathDrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'a, '_>, _: Affine) {}
    fn pop_clip_path(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
