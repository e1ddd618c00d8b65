//! What stands on a slip, from its head to its foot.

/// How loud a line speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// The name at the head.
    Loud,
    /// What the slip is about: the sum to pay.
    Strong,
    /// Everything else.
    Plain,
    /// A remark.
    Quiet,
}

/// A slip of paper, block by block. A text that is empty takes no room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    pub(crate) title: String,
    pub(crate) language: String,
    pub(crate) stamp: Option<String>,
    pub(crate) blocks: Vec<Block>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Block {
    Centered(Tone, String),
    Banner(String),
    Pair(Tone, String, String),
    Item(Item),
    Rule,
    Code(String),
}

/// A line of goods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) name: String,
    pub(crate) detail: String,
    pub(crate) amount: String,
    pub(crate) remark: String,
}

impl Slip {
    /// An empty slip; a viewer shows its title, and its language is the code that BCP 47 has for it.
    #[must_use]
    pub fn new(title: &str, language: &str) -> Self {
        Self {
            title: clean(title),
            language: language.to_owned(),
            stamp: None,
            blocks: Vec::new(),
        }
    }

    /// Prints a word across the whole slip, behind what it says.
    pub fn stamp(&mut self, word: &str) {
        self.stamp = Some(clean(word));
    }

    /// A text in the middle, on as many lines as it needs.
    pub fn centered(&mut self, tone: Tone, text: &str) {
        let text = clean(text);
        if !text.trim().is_empty() {
            self.blocks.push(Block::Centered(tone, text));
        }
    }

    /// A text that cannot be overlooked: white on black.
    pub fn banner(&mut self, text: &str) {
        self.blocks.push(Block::Banner(clean(text)));
    }

    /// What something is called, and at the right what it is.
    pub fn pair(&mut self, tone: Tone, label: &str, value: &str) {
        self.blocks.push(Block::Pair(tone, clean(label), clean(value)));
    }

    /// A line of goods: its name, below it how many at which price, at the right what they cost, below that a remark.
    pub fn item(&mut self, name: &str, detail: &str, amount: &str, remark: &str) {
        self.blocks.push(Block::Item(Item {
            name: clean(name),
            detail: clean(detail),
            amount: clean(amount),
            remark: clean(remark),
        }));
    }

    /// A line across. Two of them are one, and at the head there is none.
    pub fn rule(&mut self) {
        if !matches!(self.blocks.last(), None | Some(Block::Rule)) {
            self.blocks.push(Block::Rule);
        }
    }

    /// A code of this text for a scanner.
    pub fn code(&mut self, text: &str) {
        self.blocks.push(Block::Code(text.to_owned()));
    }
}

/// A text without what has no shape on paper: controls but the end of a line, and marks of no width.
fn clean(text: &str) -> String {
    let is_shapeless = |character: char| {
        (character.is_control() && character != '\n')
            || matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    text.replace('\t', " ")
        .chars()
        .filter(|character| !is_shapeless(*character))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Block, Slip, Tone};

    #[test]
    fn what_is_empty_takes_no_room() {
        let mut slip = Slip::new("Chek", "uz");

        slip.rule();
        slip.centered(Tone::Plain, "");
        slip.centered(Tone::Plain, " \n");
        slip.pair(Tone::Plain, "Jami", "1.00");
        slip.rule();
        slip.rule();

        let pair = Block::Pair(Tone::Plain, "Jami".to_owned(), "1.00".to_owned());
        assert_eq!(slip.blocks, [pair, Block::Rule]);
    }

    #[test]
    fn what_has_no_shape_is_not_printed() {
        let mut slip = Slip::new("Chek", "uz");

        slip.centered(Tone::Plain, "Oʻ\u{200b}zbe\u{7}k\u{feff}\tchoyi\u{202e}\n№ 1\r");

        let text = "Oʻzbek choyi\n№ 1".to_owned();
        assert_eq!(slip.blocks, [Block::Centered(Tone::Plain, text)]);
    }
}
