//! Ways round the lints: what clippy cannot forbid, because it is told to look away.
//!
//! Production code never switches off the lints that keep `unwrap`, `expect`, `as` and slicing out; any other lint is switched
//! off only with a reason. Nothing, tests included, is left unfinished or skipped.

use crate::Violation;
use crate::code::{Attribute, Code, Token};

/// Lints that production code cannot switch off, with or without a reason.
pub const UNESCAPABLE: &[&str] = &[
    "as_conversions",
    "expect_used",
    "indexing_slicing",
    "string_slice",
    "unwrap_used",
];

/// Groups that would switch off many lints at once.
const GROUPS: &[&str] = &[
    "all",
    "cargo",
    "complexity",
    "correctness",
    "nursery",
    "pedantic",
    "perf",
    "restriction",
    "style",
    "suspicious",
    "warnings",
];

const UNFINISHED: &[&str] = &["todo", "unimplemented"];

/// Judges one file.
#[must_use]
pub fn escapes(path: &str, code: &Code) -> Vec<Violation> {
    let attributes = code.attributes.iter().flat_map(|attribute| {
        let faults = attribute_faults(attribute);
        faults
            .into_iter()
            .map(|fault| Violation::at_line(path, attribute.line, fault))
    });
    let unfinished = code.tokens.windows(2).filter_map(|pair| match pair {
        [name, bang] if bang.text == "!" && UNFINISHED.contains(&name.text.as_str()) => Some(Violation::at_line(
            path,
            name.line,
            format!("`{}!`: finish it or leave it out", name.text),
        )),
        _ => None,
    });
    attributes.chain(unfinished).collect()
}

fn attribute_faults(attribute: &Attribute) -> Vec<String> {
    let words: Vec<&str> = attribute
        .tokens
        .iter()
        .map(|token: &Token| token.text.as_str())
        .collect();
    let mut faults = Vec::new();
    if words.first() == Some(&"ignore") || (words.first() == Some(&"cfg_attr") && words.contains(&"ignore")) {
        faults.push("`#[ignore]`: a test runs or does not exist".to_owned());
    }
    let switch = words
        .windows(2)
        .position(|pair| matches!(pair, ["allow" | "expect", "("]));
    let Some(switch) = switch.filter(|_| !attribute.is_test) else {
        return faults;
    };
    if !words.windows(2).any(|pair| pair == ["reason", "="]) {
        faults.push("a lint is switched off without a reason: `#[expect(.., reason = \"..\")]`".to_owned());
    }
    let escaped = words
        .iter()
        .skip(switch)
        .filter(|word| UNESCAPABLE.contains(word) || GROUPS.contains(word));
    faults.extend(
        escaped.map(|word| format!("`{word}` is never switched off in production code: return an error instead")),
    );
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let code = Code::parse(text).expect("the example is Rust");
        escapes("a.rs", &code)
            .into_iter()
            .map(|violation| violation.to_string())
            .collect()
    }

    #[test]
    fn the_lints_on_unwrap_and_its_like_are_never_switched_off() {
        let text = "#[expect(clippy::unwrap_used, clippy::as_conversions, reason = \"never fails\")]\nfn a() {}";

        assert_eq!(
            found(text),
            [
                "a.rs:1: `unwrap_used` is never switched off in production code: return an error instead",
                "a.rs:1: `as_conversions` is never switched off in production code: return an error instead",
            ]
        );
    }

    #[test]
    fn a_group_of_lints_is_never_switched_off() {
        assert_eq!(found("#![allow(clippy::all, reason = \"quiet\")]").len(), 1);
        assert_eq!(
            found("#![cfg_attr(unix, allow(warnings, reason = \"quiet\"))]").len(),
            1
        );
    }

    #[test]
    fn the_condition_of_an_attribute_is_no_lint() {
        assert_eq!(
            found("#![cfg_attr(all(unix, debug_assertions), allow(dead_code, reason = \"half of it\"))]"),
            [""; 0]
        );
    }

    #[test]
    fn a_lint_is_switched_off_with_a_reason_only() {
        assert_eq!(
            found("\n#[allow(dead_code)]\nfn a() {}"),
            ["a.rs:2: a lint is switched off without a reason: `#[expect(.., reason = \"..\")]`"]
        );
        assert_eq!(
            found("#[expect(clippy::print_stdout, reason = \"the output of the program\")] fn a() {}"),
            [""; 0]
        );
    }

    #[test]
    fn tests_may_unwrap() {
        assert_eq!(
            found("#[cfg(test)] #[allow(clippy::unwrap_used)] mod tests {}"),
            [""; 0]
        );
        assert_eq!(found("#![cfg_attr(test, allow(clippy::unwrap_used))]"), [""; 0]);
    }

    #[test]
    fn no_test_is_skipped() {
        let text = "#[cfg(test)] mod tests { #[test] #[ignore = \"slow\"] fn a() {}\n#[test] #[cfg_attr(unix, ignore)] fn b() {} }";

        assert_eq!(
            found(text),
            [
                "a.rs:1: `#[ignore]`: a test runs or does not exist",
                "a.rs:2: `#[ignore]`: a test runs or does not exist"
            ]
        );
    }

    #[test]
    fn nothing_is_left_unfinished_not_even_in_a_test() {
        let text = "fn a() { todo!() }\n#[test] fn b() { unimplemented!(\"later\") }";

        assert_eq!(
            found(text),
            [
                "a.rs:1: `todo!`: finish it or leave it out",
                "a.rs:2: `unimplemented!`: finish it or leave it out"
            ]
        );
    }

    #[test]
    fn a_comment_or_a_string_switches_nothing_off() {
        assert_eq!(
            found("/// `#[allow(dead_code)]` and todo!()\nconst A: &str = \"todo!() #[ignore]\";"),
            [""; 0]
        );
    }
}
