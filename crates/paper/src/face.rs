//! The two typefaces of a slip, DejaVu Sans Condensed in two weights: which glyph stands for a character and how wide it is.
//!
//! They hold Latin, Cyrillic, `ʻ` and `№`, and digits that are all equally wide, so that amounts stand under each other. A
//! character they do not have is printed as an empty box.

use std::sync::LazyLock;

use krilla::text::{Font, GlyphId};
use skrifa::charmap::Charmap;
use skrifa::raw::TableProvider;
use skrifa::raw::tables::hmtx::Hmtx;
use skrifa::{FontRef, MetadataProvider};

use crate::PaperError;
use crate::length::Length;

static REGULAR: &[u8] = include_bytes!("../fonts/DejaVuSansCondensed.ttf");
static BOLD: &[u8] = include_bytes!("../fonts/DejaVuSansCondensed-Bold.ttf");

static FACES: LazyLock<Option<Faces>> = LazyLock::new(|| {
    Some(Faces {
        regular: Face::read(REGULAR)?,
        bold: Face::read(BOLD)?,
    })
});

/// Both weights.
pub(crate) struct Faces {
    regular: Face,
    bold: Face,
}

/// How dark a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    Bold,
}

impl Faces {
    /// The typefaces of the program.
    ///
    /// # Errors
    /// [`PaperError::Typeface`] when they are broken.
    pub(crate) fn embedded() -> Result<&'static Self, PaperError> {
        FACES.as_ref().ok_or(PaperError::Typeface)
    }

    pub(crate) const fn of(&self, weight: Weight) -> &Face {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }
}

/// One weight.
pub(crate) struct Face {
    font: Font,
    charmap: Charmap<'static>,
    advances: Hmtx<'static>,
    units_per_em: u16,
}

impl Face {
    fn read(bytes: &'static [u8]) -> Option<Self> {
        let font = FontRef::new(bytes).ok()?;
        Some(Self {
            font: Font::new(bytes.into(), 0)?,
            charmap: font.charmap(),
            advances: font.hmtx().ok()?,
            units_per_em: font.head().ok()?.units_per_em(),
        })
    }

    /// The typeface as a document embeds it.
    pub(crate) fn font(&self) -> Font {
        self.font.clone()
    }

    pub(crate) const fn units_per_em(&self) -> u16 {
        self.units_per_em
    }

    /// The glyph of a character and how far it goes, in parts of [`Face::units_per_em`].
    pub(crate) fn glyph(&self, character: char) -> (GlyphId, u16) {
        let glyph = self.charmap.map(character).unwrap_or_default();
        (
            GlyphId::new(glyph.to_u32()),
            self.advances.advance(glyph).unwrap_or_default(),
        )
    }

    /// How wide a text is in this size.
    pub(crate) fn width(&self, text: &str, size: Length) -> Length {
        let units = text.chars().map(|character| i64::from(self.glyph(character).1)).sum();
        size.fraction(units, i64::from(self.units_per_em))
    }

    /// The lines of a text that are at most so wide: broken where it says so, else between words, else within one.
    pub(crate) fn wrapped(&self, text: &str, size: Length, width: Length) -> Vec<String> {
        text.lines()
            .flat_map(|line| self.wrapped_line(line, size, width))
            .collect()
    }

    fn wrapped_line(&self, line: &str, size: Length, width: Length) -> Vec<String> {
        let mut lines = Vec::new();
        let mut current = String::new();
        for word in line.split(' ').filter(|word| !word.is_empty()) {
            let longer = if current.is_empty() {
                word.to_owned()
            } else {
                format!("{current} {word}")
            };
            if self.width(&longer, size) <= width {
                current = longer;
                continue;
            }
            if !current.is_empty() {
                lines.push(std::mem::take(&mut current));
            }
            for character in word.chars() {
                current.push(character);
                if self.width(&current, size) > width && current.chars().nth(1).is_some() {
                    current.pop();
                    lines.push(std::mem::replace(&mut current, character.to_string()));
                }
            }
        }
        if !current.is_empty() || lines.is_empty() {
            lines.push(current);
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::{Faces, Weight};
    use crate::length::Length;

    const SIZE: Length = Length::points(8);
    const WIDTH: Length = Length::points(60);

    #[test]
    fn both_weights_hold_what_is_written_here() {
        let faces = Faces::embedded().unwrap();

        for weight in [Weight::Regular, Weight::Bold] {
            for character in "AZazАЯаяЎўҚқҒғҲҳЁёʻʼ‘’№×−%«»0123456789\u{a0}".chars() {
                assert_ne!(faces.of(weight).glyph(character).0.to_u32(), 0, "{character:?}");
            }
        }
    }

    #[test]
    fn digits_are_equally_wide() {
        let faces = Faces::embedded().unwrap();

        for weight in [Weight::Regular, Weight::Bold] {
            let mut widths: Vec<_> = ('0'..='9').map(|digit| faces.of(weight).glyph(digit).1).collect();
            widths.dedup();
            assert_eq!(widths.len(), 1);
        }
    }

    proptest! {
        // Law: wrapping loses no character but spaces and adds none, and no line is too wide unless it is one character.
        #[test]
        fn wrapped_lines_are_the_text(text in "([a-zA-Zа-яЎ0-9ʻ№.]{0,40}[ \n]){0,12}") {
            let face = Faces::embedded().unwrap().of(Weight::Regular);

            let lines = face.wrapped(&text, SIZE, WIDTH);

            let without_spaces = |text: &str| text.replace([' ', '\n'], "");
            prop_assert_eq!(without_spaces(&lines.concat()), without_spaces(&text));
            for line in &lines {
                prop_assert!(face.width(line, SIZE) <= WIDTH || line.chars().count() == 1, "{}", line);
            }
        }
    }
}
