//! Rust files as tokens, each known to be production or test code.
//!
//! Comments and the insides of literals never look like code here. Test code is what a production build leaves out: items under
//! `#[test]`, `#[cfg(test)]` or the feature `testing`, the modules declared so, and the folders of test targets. Absent: name
//! resolution; a rule on tokens sees `use std::env as e`, not what `e` does later.

use proc_macro2::{Delimiter, Group, LexError, TokenStream, TokenTree};

/// Words that begin an item or statement, which ends with its first block or semicolon; whatever else an attribute stands
/// before (a field, a variant, a match arm) ends with a comma.
const ITEM_WORDS: &[&str] = &[
    "async",
    "const",
    "enum",
    "extern",
    "fn",
    "impl",
    "let",
    "macro_rules",
    "mod",
    "pub",
    "static",
    "struct",
    "trait",
    "type",
    "unsafe",
    "use",
];

/// One identifier, literal, bracket or single punctuation character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The text as written; a literal is one token, quotes included.
    pub text: String,
    /// Counted from 1.
    pub line: usize,
    /// Left out of a production build.
    pub is_test: bool,
}

/// One attribute, whatever it stands before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// What stands between the square brackets.
    pub tokens: Vec<Token>,
    /// Counted from 1.
    pub line: usize,
    /// Has no effect on a production build.
    pub is_test: bool,
}

/// The tokens of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Code {
    /// Every token, attributes included, in order.
    pub tokens: Vec<Token>,
    /// Every attribute, in order.
    pub attributes: Vec<Attribute>,
    /// Names of the modules in files of their own that only a test build has.
    pub test_modules: Vec<String>,
}

impl Code {
    /// Reads the text of a whole file.
    ///
    /// # Errors
    /// When the text is not Rust: an unknown character or brackets that do not match.
    pub fn parse(text: &str) -> Result<Self, LexError> {
        let stream: TokenStream = text.parse()?;
        let mut code = Self::default();
        code.read(stream, false);
        Ok(code)
    }

    /// The same code with every token marked as test code.
    #[must_use]
    pub fn into_test(mut self) -> Self {
        for token in &mut self.tokens {
            token.is_test = true;
        }
        for attribute in &mut self.attributes {
            attribute.is_test = true;
        }
        self
    }

    fn read(&mut self, stream: TokenStream, is_test: bool) {
        let trees: Vec<TokenTree> = stream.into_iter().collect();
        self.read_trees(&trees, is_test);
    }

    fn read_trees(&mut self, mut trees: &[TokenTree], mut is_test: bool) {
        while let Some((first, rest)) = trees.split_first() {
            match trees {
                [TokenTree::Punct(hash), TokenTree::Group(group), ..] if is_attribute(hash.as_char(), group) => {
                    if !is_test && makes_test_only(group) {
                        let (item, behind) = trees.split_at(item_length(trees));
                        self.note_test_module(item);
                        self.read_trees(item, true);
                        trees = behind;
                        continue;
                    }
                    self.note_attribute(group, is_test);
                }
                [
                    TokenTree::Punct(hash),
                    TokenTree::Punct(bang),
                    TokenTree::Group(group),
                    ..,
                ] if bang.as_char() == '!' && is_attribute(hash.as_char(), group) => {
                    is_test = is_test || makes_test_only(group);
                    self.note_attribute(group, is_test);
                }
                _ => {}
            }
            self.read_tree(first, is_test);
            trees = rest;
        }
    }

    fn read_tree(&mut self, tree: &TokenTree, is_test: bool) {
        let TokenTree::Group(group) = tree else {
            self.push(tree.to_string(), tree.span().start().line, is_test);
            return;
        };
        let (open, close) = match group.delimiter() {
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Brace => ("{", "}"),
            Delimiter::Bracket => ("[", "]"),
            Delimiter::None => ("", ""),
        };
        self.push(open.to_owned(), group.span_open().start().line, is_test);
        self.read(group.stream(), is_test);
        self.push(close.to_owned(), group.span_close().start().line, is_test);
    }

    fn push(&mut self, text: String, line: usize, is_test: bool) {
        self.tokens.push(Token { text, line, is_test });
    }

    fn note_attribute(&mut self, group: &Group, is_test: bool) {
        let mut inside = Self::default();
        inside.read(group.stream(), is_test);
        self.attributes.push(Attribute {
            tokens: inside.tokens,
            line: group.span_open().start().line,
            is_test: is_test || configures_tests(group),
        });
    }

    fn note_test_module(&mut self, item: &[TokenTree]) {
        if let [
            ..,
            TokenTree::Ident(word),
            TokenTree::Ident(name),
            TokenTree::Punct(end),
        ] = item
            && word == "mod"
            && end.as_char() == ';'
        {
            self.test_modules.push(name.to_string());
        }
    }
}

fn is_attribute(hash: char, group: &Group) -> bool {
    hash == '#' && group.delimiter() == Delimiter::Bracket
}

/// Whether the item behind this attribute is missing from a production build.
fn makes_test_only(attribute: &Group) -> bool {
    let trees: Vec<TokenTree> = attribute.stream().into_iter().collect();
    match trees.as_slice() {
        [TokenTree::Ident(cfg), TokenTree::Group(predicate)] if cfg == "cfg" => {
            !may_hold_in_production(predicate.stream())
        }
        [.., TokenTree::Ident(last)] => last == "test",
        _ => false,
    }
}

/// Whether this is a `cfg_attr` that acts on test builds alone.
fn configures_tests(attribute: &Group) -> bool {
    let trees: Vec<TokenTree> = attribute.stream().into_iter().collect();
    match trees.as_slice() {
        [TokenTree::Ident(word), TokenTree::Group(list)] if word == "cfg_attr" => {
            let predicate = list.stream().into_iter().take_while(|tree| !is_punct(tree, ','));
            !may_hold_in_production(predicate.collect())
        }
        _ => false,
    }
}

/// Judges a `cfg` predicate with `test` and the feature `testing` off and everything else unknown.
fn may_hold_in_production(predicate: TokenStream) -> bool {
    let trees: Vec<TokenTree> = predicate.into_iter().collect();
    let alternatives = |list: &Group| -> Vec<bool> {
        let parts: Vec<TokenTree> = list.stream().into_iter().collect();
        parts
            .split(|tree| is_punct(tree, ','))
            .filter(|part| !part.is_empty())
            .map(|part| may_hold_in_production(part.iter().cloned().collect()))
            .collect()
    };
    match trees.as_slice() {
        [TokenTree::Ident(word)] => word != "test",
        [TokenTree::Ident(key), TokenTree::Punct(_), TokenTree::Literal(value)] => {
            key != "feature" || value.to_string() != "\"testing\""
        }
        [TokenTree::Ident(word), TokenTree::Group(list)] if word == "all" => {
            alternatives(list).into_iter().all(|holds| holds)
        }
        [TokenTree::Ident(word), TokenTree::Group(list)] if word == "any" => {
            alternatives(list).into_iter().any(|holds| holds)
        }
        _ => true,
    }
}

/// How many trees the attributes at the front and the item behind them have.
fn item_length(trees: &[TokenTree]) -> usize {
    let attributes = 2 * trees
        .chunks(2)
        .take_while(|pair| matches!(pair, [TokenTree::Punct(hash), TokenTree::Group(group)] if is_attribute(hash.as_char(), group)))
        .count();
    let is_item =
        matches!(trees.get(attributes), Some(TokenTree::Ident(word)) if ITEM_WORDS.iter().any(|known| word == known));
    trees
        .iter()
        .enumerate()
        .skip(attributes)
        .find(|(_, tree)| is_brace(tree) || is_punct(tree, ';') || (!is_item && is_punct(tree, ',')))
        .map_or(trees.len(), |(position, _)| position + 1)
}

fn is_brace(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}

fn is_punct(tree: &TokenTree, wanted: char) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn production(text: &str) -> String {
        let code = Code::parse(text).expect("the example is Rust");
        let words: Vec<String> = code
            .tokens
            .into_iter()
            .filter(|token| !token.is_test)
            .map(|token| token.text)
            .collect();
        words.join(" ")
    }

    #[test]
    fn comments_are_left_out_and_literals_are_one_token() {
        let text = "// now()\nlet a = \"now()\"; /* now() */";

        assert_eq!(production(text), "let a = \"now()\" ;");
    }

    #[test]
    fn a_token_knows_its_line() {
        let code = Code::parse("fn a() {\n    b();\n}\n").expect("the example is Rust");

        let lines: Vec<(String, usize)> = code.tokens.into_iter().map(|token| (token.text, token.line)).collect();

        assert!(lines.contains(&("b".to_owned(), 2)));
        assert!(lines.contains(&("}".to_owned(), 3)));
    }

    #[test]
    fn test_modules_and_test_functions_are_not_production() {
        let text = "fn a() {} #[cfg(test)] mod tests { fn b() {} } #[test] fn c() {} fn d() {}";

        assert_eq!(production(text), "fn a ( ) { } fn d ( ) { }");
    }

    #[test]
    fn what_stands_under_the_feature_testing_is_not_production() {
        let text = "#[cfg(any(test, feature = \"testing\"))] #[derive(Debug)] pub struct A<B, C>(B, C); fn d() {}";

        assert_eq!(production(text), "fn d ( ) { }");
    }

    #[test]
    fn what_a_production_build_may_have_is_production() {
        for condition in [
            "not(test)",
            "any(test, unix)",
            "feature = \"tls\"",
            "any(feature = \"testing\", feature = \"tls\")",
        ] {
            let text = format!("#[cfg({condition})] fn a() {{}}");

            assert!(production(&text).ends_with("fn a ( ) { }"), "{condition}");
        }
    }

    #[test]
    fn a_field_for_tests_ends_at_its_comma() {
        let text = "struct A { #[cfg(test)] b: u8, c: u8 }";

        assert_eq!(production(text), "struct A { c : u8 }");
    }

    #[test]
    fn a_file_for_tests_alone_has_no_production_code() {
        assert_eq!(production("#![cfg(test)] fn a() {}"), "");
    }

    #[test]
    fn modules_for_tests_in_files_of_their_own_are_named() {
        let code = Code::parse("mod a; #[cfg(test)] mod b; #[cfg(feature = \"testing\")] pub mod c;")
            .expect("the example is Rust");

        assert_eq!(code.test_modules, ["b", "c"]);
    }

    #[test]
    fn an_attribute_that_acts_on_tests_alone_is_marked() {
        let code = Code::parse("#![cfg_attr(test, allow(dead_code))] #![allow(unused)]").expect("the example is Rust");

        let marks: Vec<bool> = code.attributes.iter().map(|attribute| attribute.is_test).collect();

        assert_eq!(marks, [true, false]);
    }

    #[test]
    fn a_text_that_is_not_rust_is_refused() {
        assert!(Code::parse("fn a( {").is_err());
    }
}
