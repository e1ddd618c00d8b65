//! What people type to find something, as patterns for LIKE over a column of search keys.
//!
//! The column holds `text::search_text`: lower case, Cyrillic in Latin, a space before every word. `%`, `_` and `\` are
//! ordinary characters. A text of one or two characters finds only the beginning of a word.

use savdo_domain::text;

/// How many characters of a text count.
const LENGTH_MAX: usize = 100;
/// How many words count where each is looked for by itself.
const WORDS_MAX: usize = 8;
/// Up to how many characters a text finds only the beginning of a word.
const SHORT: usize = 2;

/// Patterns that must all be found; none finds everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    patterns: Vec<String>,
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

    /// The patterns, for `LIKE .. ESCAPE '\'`.
    #[must_use]
    pub fn patterns(&self) -> &[String] {
        &self.patterns
    }

    fn of<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let needles = texts.into_iter().filter_map(needle);
        let patterns = needles.map(|needle| pattern(&needle)).collect();
        Self { patterns }
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
    let is_short = text::name_key(text).chars().count() <= SHORT;
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

#[cfg(test)]
mod tests {
    use super::Search;

    #[test]
    fn what_like_would_read_as_a_pattern_is_taken_literally() {
        assert_eq!(Search::phrase("50%_a\\b").patterns(), ["%50\\%\\_a\\\\b%"]);
    }

    #[test]
    fn a_short_text_finds_only_the_beginning_of_a_word() {
        assert_eq!(Search::phrase("Па").patterns(), ["% pa%"]);
        assert_eq!(Search::phrase("щ").patterns(), ["% sh%"]);
        assert_eq!(Search::phrase("пар").patterns(), ["%par%"]);
    }

    #[test]
    fn words_are_looked_for_one_by_one_and_nothing_finds_everything() {
        assert_eq!(Search::words(" Para  500 ").patterns(), ["%para%", "%500%"]);
        assert_eq!(Search::words("a b c d e f g h i").patterns().len(), 8);
        assert_eq!(Search::phrase("  "), Search::default());
        assert_eq!(Search::phrase(&"x".repeat(200)).patterns()[0].len(), 102);
    }
}
