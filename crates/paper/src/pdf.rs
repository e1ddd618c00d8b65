//! A slip as a PDF document: each page as high as what it holds, the typefaces in it reduced to the letters used.

#![expect(
    clippy::disallowed_types,
    reason = "a document measures its paper in fractions of a point; no amount comes here but as a text"
)]

use krilla::color::luma;
use krilla::geom::{PathBuilder, Point, Rect, Transform};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, Stroke, StrokeDash};
use krilla::surface::Surface;
use krilla::text::KrillaGlyph;
use krilla::{Document, SerializeSettings};

use crate::PaperError;
use crate::face::{Faces, Weight};
use crate::layout::{self, Area, END, Lettering, Mark, Row, Text, WIDTH};
use crate::length::Length;
use crate::slip::Slip;

const BLACK: u8 = 0;
const WHITE: u8 = 255;
/// Light enough to read what stands on it, dark enough for a printer that knows only black dots.
const STAMP: u8 = 208;
const STAMP_ANGLE: f32 = -32.0;
/// From one stamp to the next.
const STAMP_EVERY: Length = Length::millimetres(70);

impl Slip {
    /// The slip as a PDF document; the same bytes for the same slip.
    ///
    /// # Errors
    /// A text too long for its code; typefaces that cannot be read; a document that cannot be written.
    pub fn into_pdf(self) -> Result<Vec<u8>, PaperError> {
        let mut document = Document::new_with(SerializeSettings {
            enable_tagging: false,
            ..SerializeSettings::default()
        });
        for rows in layout::pages(&self)? {
            let height = rows.iter().map(|row| row.height).sum::<Length>() + END * 2;
            let settings = PageSettings::from_wh(points(WIDTH), points(height))
                .ok_or_else(|| PaperError::Document("a page without extent".to_owned()))?;
            let faces = Faces::embedded()?;
            let mut page = document.start_page_with(settings);
            let surface = page.surface();
            Printer { faces, surface }.page(self.stamp.as_deref(), &rows, height);
        }
        document.set_metadata(
            Metadata::new()
                .title(self.title)
                .language(self.language)
                .creator("Savdo".to_owned()),
        );
        document
            .finish()
            .map_err(|error| PaperError::Document(error.to_string()))
    }
}

struct Printer<'a> {
    faces: &'static Faces,
    surface: Surface<'a>,
}

impl Printer<'_> {
    fn page(mut self, stamp: Option<&str>, rows: &[Row], height: Length) {
        if let Some(word) = stamp {
            self.stamp(word, height);
        }
        self.rows(rows);
    }

    fn rows(&mut self, rows: &[Row]) {
        let mut top = END;
        for row in rows {
            for mark in &row.marks {
                match mark {
                    Mark::Text(text) => self.text(text, top),
                    Mark::Rule { y } => self.rule(top + *y),
                    Mark::Panel(area) => self.areas(BLACK, std::slice::from_ref(area), top),
                    Mark::Blank(area) => self.areas(WHITE, std::slice::from_ref(area), top),
                    Mark::Squares(areas) => self.areas(BLACK, areas, top),
                }
            }
            top += row.height;
        }
    }

    fn text(&mut self, text: &Text, top: Length) {
        self.fill(if text.is_white { WHITE } else { BLACK });
        self.write(&text.text, text.face, text.x, top + text.y);
    }

    fn write(&mut self, text: &str, lettering: Lettering, x: Length, y: Length) {
        let face = self.faces.of(lettering.weight);
        let em = f32::from(face.units_per_em());
        let glyphs: Vec<_> = text
            .char_indices()
            .map(|(place, character)| {
                let (glyph, advance) = face.glyph(character);
                let range = place..place + character.len_utf8();
                KrillaGlyph::new(glyph, f32::from(advance) / em, 0.0, 0.0, 0.0, range, None)
            })
            .collect();
        let start = Point::from_xy(points(x), points(y));
        self.surface
            .draw_glyphs(start, &glyphs, face.font(), text, points(lettering.size), false);
    }

    fn rule(&mut self, y: Length) {
        let mut path = PathBuilder::new();
        path.move_to(points(Length::millimetres(4)), points(y));
        path.line_to(points(WIDTH - Length::millimetres(4)), points(y));
        self.surface.set_fill(None);
        self.surface.set_stroke(Some(Stroke {
            paint: luma::Color::new(BLACK).into(),
            width: 0.6,
            dash: Some(StrokeDash {
                array: vec![2.0, 1.6],
                offset: 0.0,
            }),
            ..Stroke::default()
        }));
        if let Some(path) = path.finish() {
            self.surface.draw_path(&path);
        }
        self.surface.set_stroke(None);
    }

    /// Surfaces, as one, so that no hair of paper shows between those that touch.
    fn areas(&mut self, lightness: u8, areas: &[Area], top: Length) {
        let mut path = PathBuilder::new();
        let rectangles = areas.iter().filter_map(|area| {
            let (x, y) = (points(area.x), points(top + area.y));
            Rect::from_xywh(x, y, points(area.width), points(area.height))
        });
        rectangles.for_each(|rectangle| path.push_rect(rectangle));
        self.fill(lightness);
        if let Some(path) = path.finish() {
            self.surface.draw_path(&path);
        }
    }

    /// A word across the page, again and again along a long one.
    fn stamp(&mut self, word: &str, height: Length) {
        let face = self.faces.of(Weight::Bold);
        let em = Length::points(100);
        // As wide as the paper, as far as the slant allows.
        let width = (WIDTH - Length::millimetres(4)).max(Length::points(1));
        let (of_em, _) = face.width(word, em).parts();
        let size = em.fraction(width.parts().0, of_em.max(1)).min(Length::points(40));
        let lettering = Lettering {
            size,
            weight: Weight::Bold,
        };
        let extent = face.width(word, size);
        let (times, _) = height.parts();
        let times = (times / STAMP_EVERY.parts().0).max(1);
        self.fill(STAMP);
        for place in 0..times {
            let (x, y) = (WIDTH / 2, height.fraction(place * 2 + 1, times * 2));
            let turned = Transform::from_rotate_at(STAMP_ANGLE, points(x), points(y));
            self.surface.push_transform(&turned);
            self.write(word, lettering, x - extent / 2, y + size.fraction(35, 100));
            self.surface.pop();
        }
    }

    fn fill(&mut self, lightness: u8) {
        self.surface.set_fill(Some(Fill {
            paint: luma::Color::new(lightness).into(),
            opacity: NormalizedF32::ONE,
            rule: FillRule::NonZero,
        }));
    }
}

/// A length as the document counts it. No page is longer than what fits here.
fn points(length: Length) -> f32 {
    let (whole, thousandths) = length.parts();
    let part = |number: i64| f32::from(i16::try_from(number).unwrap_or(i16::MAX));
    part(whole) + part(thousandths) / 1_000.0
}
