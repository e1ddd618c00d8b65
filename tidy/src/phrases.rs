//! Sequences of tokens that a layer must not contain.
//!
//! A phrase is matched on tokens, so neither spaces nor line breaks hide it, and comments and strings never look like it.

use crate::Violation;
use crate::code::{Code, Token};

/// A sequence of tokens and why it has no place.
#[derive(Clone, Copy, Debug)]
pub struct Phrase {
    /// Tokens separated by spaces; punctuation stands character by character: `schema : :`.
    pub tokens: &'static str,
    /// Tokens which, directly before the phrase, make it something else: `openapi : :` before `schema : :`.
    pub unless_after: Option<&'static str>,
    /// What to do instead.
    pub why: &'static str,
}

impl Phrase {
    /// A phrase that is wrong wherever it stands.
    #[must_use]
    pub const fn new(tokens: &'static str, why: &'static str) -> Self {
        Self {
            tokens,
            unless_after: None,
            why,
        }
    }
}

/// Finds phrases in the production code of one file.
#[must_use]
pub fn forbidden_phrases(path: &str, code: &Code, phrases: &[Phrase]) -> Vec<Violation> {
    let production: Vec<&Token> = code.tokens.iter().filter(|token| !token.is_test).collect();
    phrases
        .iter()
        .flat_map(|phrase| {
            lines_with(&production, phrase).into_iter().map(|line| {
                let written = phrase.tokens.replace(' ', "");
                Violation::at_line(path, line, format!("`{written}`: {}", phrase.why))
            })
        })
        .collect()
}

fn lines_with(tokens: &[&Token], phrase: &Phrase) -> Vec<usize> {
    let wanted: Vec<&str> = phrase.tokens.split(' ').collect();
    let excuse: Vec<&str> = phrase
        .unless_after
        .map_or_else(Vec::new, |excuse| excuse.split(' ').collect());
    tokens
        .windows(wanted.len())
        .enumerate()
        .filter(|(_, window)| {
            window
                .iter()
                .map(|token| token.text.as_str())
                .eq(wanted.iter().copied())
        })
        .filter(|(position, _)| excuse.is_empty() || !ends_with(tokens, *position, &excuse))
        .filter_map(|(_, window)| window.first().map(|token| token.line))
        .collect()
}

fn ends_with(tokens: &[&Token], end: usize, wanted: &[&str]) -> bool {
    let before = tokens.iter().take(end).rev().map(|token| token.text.as_str());
    before.take(wanted.len()).eq(wanted.iter().rev().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Phrase = Phrase::new("now (", "take the time as an argument");
    const SCHEMA: Phrase = Phrase {
        tokens: "schema : :",
        unless_after: Some("openapi : :"),
        why: "ask the services",
    };

    fn found(text: &str, phrase: Phrase) -> Vec<Violation> {
        let code = Code::parse(text).expect("the example is Rust");
        forbidden_phrases("a.rs", &code, &[phrase])
    }

    #[test]
    fn a_phrase_is_found_with_its_line_across_line_breaks() {
        let violations = found("fn a() {\n    Utc::now\n    ();\n}", NOW);

        assert_eq!(
            violations,
            [Violation::at("a.rs:2", "`now(`: take the time as an argument")]
        );
    }

    #[test]
    fn an_argument_of_the_same_name_is_no_call() {
        assert_eq!(found("fn a(now: u8) { b(now) }", NOW), []);
    }

    #[test]
    fn comments_strings_and_tests_may_say_it() {
        let text = "// now()\nconst A: &str = \"now()\"; #[cfg(test)] mod tests { fn b() { now() } }";

        assert_eq!(found(text, NOW), []);
    }

    #[test]
    fn the_same_word_behind_another_path_is_excused() {
        assert_eq!(found("use utoipa::openapi::schema::Object;", SCHEMA), []);
        assert_eq!(found("use crate::schema::sales;", SCHEMA).len(), 1);
    }
}
