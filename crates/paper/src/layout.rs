//! Where everything on a slip lies: blocks become rows, rows become pages.
//!
//! A roll has no end, but a page has: viewers show no page of more than [`PAGE_MAX`]. A longer slip goes on, on a next page,
//! between two blocks.

use crate::PaperError;
use crate::code;
use crate::face::{Faces, Weight};
use crate::length::Length;
use crate::slip::{Block, Item, Slip, Tone};

/// The roll.
pub(crate) const WIDTH: Length = Length::millimetres(80);
/// What a printer of such rolls leaves white at each side.
const SIDE: Length = Length::millimetres(4);
/// What is white at the head and at the foot.
pub(crate) const END: Length = Length::millimetres(5);
/// A little less than the 14 400 points that a page may have.
const PAGE_MAX: Length = Length::points(14_000);

/// Between a label and its value.
const GAP: Length = Length::points(8);

/// A block in its place: so high, and what is in it, from its own upper left corner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) height: Length,
    pub(crate) marks: Vec<Mark>,
}

/// Something black, or white on black.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mark {
    Text(Text),
    /// A dashed line across.
    Rule {
        y: Length,
    },
    /// A black surface.
    Panel(Area),
    /// A white surface, whatever is printed behind it.
    Blank(Area),
    /// Black squares.
    Squares(Vec<Area>),
}

/// A line of text; `y` is where its letters stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) x: Length,
    pub(crate) y: Length,
    pub(crate) face: Lettering,
    pub(crate) is_white: bool,
    pub(crate) text: String,
}

/// A part of the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Area {
    pub(crate) x: Length,
    pub(crate) y: Length,
    pub(crate) width: Length,
    pub(crate) height: Length,
}

/// Size and weight of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lettering {
    pub(crate) size: Length,
    pub(crate) weight: Weight,
}

impl Lettering {
    const REGULAR: Self = Self::new(85, Weight::Regular);
    const BOLD: Self = Self::new(85, Weight::Bold);
    const BANNER: Self = Self::new(105, Weight::Bold);

    const fn new(tenths: i64, weight: Weight) -> Self {
        Self {
            size: Length::tenths(tenths),
            weight,
        }
    }

    const fn of(tone: Tone) -> Self {
        match tone {
            Tone::Loud => Self::new(140, Weight::Bold),
            Tone::Strong => Self::new(115, Weight::Bold),
            Tone::Plain => Self::REGULAR,
            Tone::Quiet => Self::new(75, Weight::Regular),
        }
    }

    /// From the feet of one line to those of the next.
    const fn line(self) -> Length {
        self.size.fraction(130, 100)
    }

    /// From the upper edge of a line to its feet.
    const fn feet(self) -> Length {
        self.size.fraction(100, 100)
    }
}

/// The rows of each page.
///
/// # Errors
/// A text too long for a code; typefaces that cannot be read.
pub(crate) fn pages(slip: &Slip) -> Result<Vec<Vec<Row>>, PaperError> {
    let typesetter = Typesetter {
        faces: Faces::embedded()?,
    };
    let mut pages = vec![Vec::new()];
    let mut height = END + END;
    for block in &slip.blocks {
        let row = typesetter.row(block)?;
        if height + row.height > PAGE_MAX && pages.last().is_some_and(|page| !page.is_empty()) {
            pages.push(Vec::new());
            height = END + END;
        }
        height += row.height;
        if let Some(page) = pages.last_mut() {
            page.push(row);
        }
    }
    Ok(pages)
}

struct Typesetter {
    faces: &'static Faces,
}

impl Typesetter {
    fn row(&self, block: &Block) -> Result<Row, PaperError> {
        Ok(match block {
            Block::Centered(tone, text) => self.centered(Lettering::of(*tone), text),
            Block::Banner(text) => self.banner(text),
            Block::Pair(tone, label, value) => {
                let face = Lettering::of(*tone);
                let mut row = Row::empty();
                self.pair(&mut row, (face, label), (face, value));
                row
            }
            Block::Item(item) => self.item(item),
            Block::Rule => Row {
                height: Length::points(12),
                marks: vec![Mark::Rule { y: Length::tenths(65) }],
            },
            Block::Code(text) => code::row(text)?,
        })
    }

    fn width(&self, face: Lettering, text: &str) -> Length {
        self.faces.of(face.weight).width(text, face.size)
    }

    fn wrapped(&self, face: Lettering, text: &str, width: Length) -> Vec<String> {
        self.faces.of(face.weight).wrapped(text, face.size, width)
    }

    fn centered(&self, face: Lettering, text: &str) -> Row {
        let mut row = Row::empty();
        for line in self.wrapped(face, text, WIDTH - SIDE * 2) {
            let x = (WIDTH - self.width(face, &line)) / 2;
            row.write(x, face, line);
            row.height += face.line();
        }
        row
    }

    fn banner(&self, text: &str) -> Row {
        let (face, edge) = (Lettering::BANNER, Length::points(5));
        let inner = WIDTH - SIDE * 2 - edge * 2;
        let mut row = Row::empty();
        row.height = Length::points(2) + edge;
        for line in self.wrapped(face, text, inner) {
            let x = (WIDTH - self.width(face, &line)) / 2;
            row.write_white(x, face, line);
            row.height += face.line();
        }
        row.height += edge - face.line() + face.size;
        let panel = Area {
            x: SIDE,
            y: Length::points(2),
            width: WIDTH - SIDE * 2,
            height: row.height - Length::points(2),
        };
        row.height += Length::points(4);
        row.marks.insert(0, Mark::Panel(panel));
        row
    }

    /// A label and its value on one line where they fit; else the value wraps beside the label, or below it where little is
    /// left beside it.
    fn pair(&self, row: &mut Row, (label_face, label): (Lettering, &str), (value_face, value): (Lettering, &str)) {
        let whole = WIDTH - SIDE * 2;
        let beside = whole - GAP - self.width(label_face, label);
        let is_beside = self.width(value_face, value) <= beside || beside >= whole / 2;
        let line = label_face.line().max(value_face.line());
        let labels = self.wrapped(label_face, label, whole);
        let values = self.wrapped(value_face, value, if is_beside { beside } else { whole });
        let last = labels.len().max(1) - 1;
        for (place, label) in labels.into_iter().enumerate() {
            row.write(SIDE, label_face, label);
            if place < last || !is_beside {
                row.height += line;
            }
        }
        for (place, value) in values.into_iter().enumerate() {
            row.height += if place > 0 { line } else { Length::ZERO };
            let x = WIDTH - SIDE - self.width(value_face, &value);
            row.write(x, value_face, value);
        }
        row.height += line;
    }

    fn item(&self, item: &Item) -> Row {
        let mut row = Row::empty();
        for line in self.wrapped(Lettering::REGULAR, &item.name, WIDTH - SIDE * 2) {
            row.write(SIDE, Lettering::REGULAR, line);
            row.height += Lettering::REGULAR.line();
        }
        let (detail, amount) = (
            (Lettering::REGULAR, item.detail.as_str()),
            (Lettering::BOLD, item.amount.as_str()),
        );
        self.pair(&mut row, detail, amount);
        if !item.remark.is_empty() {
            let quiet = Lettering::of(Tone::Quiet);
            for line in self.wrapped(quiet, &item.remark, WIDTH - SIDE * 2) {
                row.write(SIDE, quiet, line);
                row.height += quiet.line();
            }
        }
        row.height += Length::points(3);
        row
    }
}

impl Row {
    const fn empty() -> Self {
        Self {
            height: Length::ZERO,
            marks: Vec::new(),
        }
    }

    /// Writes on the line that begins at the lower edge.
    fn write(&mut self, x: Length, face: Lettering, text: String) {
        self.letter(x, face, text, false);
    }

    fn write_white(&mut self, x: Length, face: Lettering, text: String) {
        self.letter(x, face, text, true);
    }

    fn letter(&mut self, x: Length, face: Lettering, text: String, is_white: bool) {
        self.marks.push(Mark::Text(Text {
            x,
            y: self.height + face.feet(),
            face,
            is_white,
            text,
        }));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Just, Strategy, any, prop_assert, prop_oneof, proptest};

    use super::*;

    fn any_tone() -> impl Strategy<Value = Tone> {
        prop_oneof![
            Just(Tone::Loud),
            Just(Tone::Strong),
            Just(Tone::Plain),
            Just(Tone::Quiet)
        ]
    }

    fn any_text() -> impl Strategy<Value = String> {
        "([a-zA-Zа-яўʻ№0-9]{1,30}[ \n]){0,8}"
    }

    fn any_slip() -> impl Strategy<Value = Slip> {
        let block = (0..5, any_tone(), any_text(), any_text(), any::<u64>());
        proptest::collection::vec(block, 0..12).prop_map(|blocks| {
            let mut slip = Slip::new("Chek", "uz");
            for (kind, tone, one, other, number) in blocks {
                match kind {
                    0 => slip.centered(tone, &one),
                    1 => slip.pair(tone, &one, &other),
                    2 => slip.item(&one, &other, &number.to_string(), &one),
                    3 => slip.code(&number.to_string()),
                    _ => slip.banner(&one),
                }
            }
            slip
        })
    }

    fn extent(mark: &Mark) -> Vec<(Length, Length, Length)> {
        let of_area = |area: &Area| (area.x, area.x + area.width, area.y + area.height);
        match mark {
            Mark::Text(text) => {
                let width = Faces::embedded()
                    .unwrap()
                    .of(text.face.weight)
                    .width(&text.text, text.face.size);
                vec![(text.x, text.x + width, text.y)]
            }
            Mark::Rule { y } => vec![(SIDE, WIDTH - SIDE, *y)],
            Mark::Panel(area) | Mark::Blank(area) => vec![of_area(area)],
            Mark::Squares(areas) => areas.iter().map(of_area).collect(),
        }
    }

    proptest! {
        // Law: whatever a slip says, all of it lies between the white edges and within its own row.
        #[test]
        fn nothing_is_printed_beside_the_paper(slip in any_slip()) {
            for row in pages(&slip).unwrap().into_iter().flatten() {
                for (left, right, below) in row.marks.iter().flat_map(extent) {
                    prop_assert!(left >= SIDE && right <= WIDTH - SIDE, "{:?}", row);
                    prop_assert!(below <= row.height, "{:?}", row);
                }
            }
        }
    }

    #[test]
    fn a_label_and_a_value_share_a_line_until_they_meet() {
        let heights = |value: &str| {
            let mut slip = Slip::new("Chek", "uz");
            slip.pair(Tone::Plain, "Kassir", value);
            let rows: Vec<_> = pages(&slip).unwrap().into_iter().flatten().collect();
            rows.first().map(|row| row.height)
        };
        let line = Lettering::REGULAR.line();

        assert_eq!(heights("Aziza"), Some(line));
        assert_eq!(heights(&"Aziza ".repeat(10)), Some(line * 2));
    }

    #[test]
    fn a_roll_that_no_page_can_hold_goes_on_on_the_next() {
        let mut slip = Slip::new("Chek", "uz");
        for _ in 0..1_000 {
            slip.item(&"Paratsetamol 500 mg tabletka ".repeat(3), "1 dona × 1.00", "1.00", "");
        }

        let pages = pages(&slip).unwrap();

        assert_eq!(pages.len(), 3);
        assert_eq!(pages.iter().map(Vec::len).sum::<usize>(), 1_000);
        for page in pages {
            let height: Length = page.iter().map(|row| row.height).sum();
            assert!(height + END * 2 <= PAGE_MAX);
        }
    }
}
