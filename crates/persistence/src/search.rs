//! What people type to find something, among texts that are kept as search keys.
//!
//! Such a column holds `text::search_text`: lower case, Cyrillic in Latin, a space before every word. What is looked for stands in
//! it to the letter; a text of one or two characters only at the beginning of a word. Most lists compare by `LIKE`, where `%`,
//! `_` and `\` are ordinary characters; products, of which there are many, have indexes of every three characters.

use std::collections::BTreeSet;

use savdo_domain::text;

/// How many characters of a text count.
const LENGTH_MAX: usize = 100;
/// How many words count where each is looked for by itself.
const WORDS_MAX: usize = 8;
/// Up to how many characters a text finds only the beginning of a word.
const SHORT: usize = 2;
/// How many characters an index of texts keeps together.
const GRAM: usize = 3;
/// How many of them are looked up for one text; the rest is compared.
const GRAMS_MAX: usize = 12;

/// Texts that must all be found; none finds everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    needles: Vec<String>,
}

impl Search {
    /// Finds the text as a whole (shop.md 1.4).
    #[must_use]
    pub fn phrase(text: &str) -> Self {
        Self::of([begin(text).as_str()])
    }

    /// Finds every word of the text, in any order (pharmacy.md 1.1).
    #[must_use]
    pub fn words(text: &str) -> Self {
        Self::of(begin(text).split_whitespace().take(WORDS_MAX))
    }

    /// Whether it finds everything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.needles.is_empty()
    }

    /// The patterns, for `LIKE .. ESCAPE '\'`.
    pub fn patterns(&self) -> impl Iterator<Item = String> {
        self.needles.iter().map(|needle| pattern(needle))
    }

    /// What must stand in a column to the letter.
    #[must_use]
    pub fn needles(&self) -> &[String] {
        &self.needles
    }

    /// Some three characters in a row that every text has which is found, spaces doubled as in the indexes.
    #[must_use]
    pub fn grams(&self) -> BTreeSet<String> {
        self.needles.iter().flat_map(|needle| grams(needle)).collect()
    }

    /// Whether one of these is the whole of what must stand there.
    #[must_use]
    pub fn is_one_gram(&self) -> bool {
        matches!(self.needles.as_slice(), [needle] if widened(needle).chars().count() == GRAM)
    }

    fn of<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        Self {
            needles: texts.into_iter().filter_map(needle).collect(),
        }
    }
}

fn begin(text: &str) -> String {
    text.chars().take(LENGTH_MAX).collect()
}

/// `None` for a text of which nothing remains to be looked for.
fn needle(text: &str) -> Option<String> {
    let key = text::search_key(text);
    if key.is_empty() {
        return None;
    }
    // A soft sign is written in Latin as nothing, so that three letters may become two.
    let is_short = [&text::name_key(text), &key]
        .iter()
        .any(|key| key.chars().count() <= SHORT);
    Some(if is_short { format!(" {key}") } else { key })
}

fn pattern(needle: &str) -> String {
    let mut pattern = "%".to_owned();
    for letter in needle.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

/// As it stands in the indexes. Of the space that begins a word one is enough, unless the word is a letter: none stands alone.
fn widened(needle: &str) -> String {
    let wide = needle.replace(' ', "  ");
    match wide.strip_prefix(' ') {
        Some(narrower) if narrower.chars().count() >= GRAM => narrower.to_owned(),
        _ => wide,
    }
}

/// Those of a long text are taken from all over it.
fn grams(needle: &str) -> Vec<String> {
    let letters: Vec<char> = widened(needle).chars().collect();
    let all: Vec<String> = letters.windows(GRAM).map(|gram| gram.iter().collect()).collect();
    let step = all.len().div_ceil(GRAMS_MAX).max(1);
    all.into_iter().step_by(step).collect()
}

#[cfg(test)]
mod tests {
    use super::Search;

    fn patterns(search: &Search) -> Vec<String> {
        search.patterns().collect()
    }

    fn grams(text: &str) -> Vec<String> {
        Search::phrase(text).grams().into_iter().collect()
    }

    #[test]
    fn what_like_would_read_as_a_pattern_is_taken_literally() {
        assert_eq!(patterns(&Search::phrase("50%_a\\b")), ["%50\\%\\_a\\\\b%"]);
    }

    #[test]
    fn a_short_text_finds_only_the_beginning_of_a_word() {
        assert_eq!(patterns(&Search::phrase("Па")), ["% pa%"]);
        assert_eq!(patterns(&Search::phrase("щ")), ["% sh%"]);
        assert_eq!(patterns(&Search::phrase("пар")), ["%par%"]);
        assert_eq!(patterns(&Search::phrase("пяь")), ["%pya%"]);
        assert_eq!(patterns(&Search::phrase("пeь")), ["% pe%"]);
    }

    #[test]
    fn words_are_looked_for_one_by_one_and_nothing_finds_everything() {
        assert_eq!(patterns(&Search::words(" Para  500 ")), ["%para%", "%500%"]);
        assert_eq!(Search::words("a b c d e f g h i").needles().len(), 8);
        assert_eq!(Search::phrase("  "), Search::default());
        assert!(Search::phrase("ь").is_empty());
        assert_eq!(Search::phrase(&"x".repeat(200)).needles()[0].len(), 100);
    }

    #[test]
    fn a_text_is_looked_up_by_its_three_characters() {
        assert_eq!(grams("Para"), ["ara", "par"]);
        assert_eq!(grams("П"), ["  p"]);
        assert_eq!(grams("мг"), [" mg"]);
        assert_eq!(grams("mg 5"), ["  5", "g  ", "mg "]);
        assert_eq!(grams("‘’ʻ"), ["'''"]);
    }

    #[test]
    fn one_entry_of_the_index_is_the_whole_of_three_characters_or_of_a_short_word() {
        let is_one_gram = |text: &str| Search::phrase(text).is_one_gram();

        assert_eq!(["p", "pa", "par", "мг", "щ"].map(is_one_gram), [true; 5]);
        assert_eq!(["para", "a b", "№10", "5 m", ""].map(is_one_gram), [false; 5]);
        assert!(!Search::words("p r").is_one_gram());
    }

    #[test]
    fn a_long_text_is_looked_up_by_some_of_them_from_all_over() {
        let letters: String = ('a'..='z').cycle().take(52).chain("0123456789".chars()).collect();

        let grams = grams(&letters);

        assert!((8..=12).contains(&grams.len()), "{grams:?}");
        assert!(grams.iter().any(|gram| gram.contains('5')), "{grams:?}");
    }
}
