//! The body of a call, as the domain judges it: names and values in the order in which they were sent, values as they were.
//!
//! A form, multipart or JSON. Whatever cannot be read is a call without fields, which the domain refuses.

use actix_web::web::Bytes;
use savdo_domain::coded::Coded as _;
use savdo_domain::payment::click::{Action, Field, Form};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::extract::form::{self, Content, Part};
use crate::providers::object::Pairs;
use crate::providers::{LOGGED_MAX, MASKED};

/// So many digits in a row may be the number of a card.
const CARD_DIGITS_MIN: usize = 13;

/// A call as it came.
#[derive(Debug, Clone)]
pub(super) struct Received {
    /// What the domain judges.
    pub(super) form: Form,
    /// What the answer says of it.
    pub(super) echo: Echo,
    /// What the log may know.
    pub(super) logged: String,
}

/// What an answer says of its call.
#[derive(Debug, Clone)]
pub(super) struct Echo {
    /// `click_trans_id`, where it can be read.
    pub(super) click_trans_id: Option<i64>,
    /// `merchant_trans_id`, as it was sent.
    pub(super) merchant_trans_id: Option<String>,
    /// What it asks for, or else what the address is usually asked for.
    pub(super) action: Action,
}

impl Received {
    /// Of a body of this type, at an address that is usually asked for this.
    pub(super) fn of(content_type: &str, body: &Bytes, usual: Action) -> Self {
        let pairs = pairs(content_type, body).unwrap_or_default();
        let form = Form::of(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        Self {
            echo: Echo {
                click_trans_id: form.click_trans_id(),
                merchant_trans_id: form.merchant_trans_id().map(str::to_owned),
                action: form.action().unwrap_or(usual),
            },
            logged: logged(&pairs),
            form,
        }
    }
}

fn pairs(content_type: &str, body: &Bytes) -> Option<Vec<(String, String)>> {
    if form::is_form(content_type) {
        let parts = form::parts(content_type, body).ok()?;
        return parts.into_iter().map(text).collect();
    }
    if body.trim_ascii_start().starts_with(b"{") {
        let Pairs(pairs) = Pairs::of(std::str::from_utf8(body).ok()?)?;
        return pairs
            .into_iter()
            .map(|(name, source)| Some((name, value(source)?)))
            .collect();
    }
    Some(form_urlencoded::parse(body).into_owned().collect())
}

/// A part of a multipart body; no field of Click's is a file.
fn text(part: Part) -> Option<(String, String)> {
    match part.content {
        Content::Text(text) => Some((part.key, text)),
        Content::File(_) => None,
    }
}

/// A value of JSON as its signature has it: a text itself, nothing for null, anything else by its source text.
fn value(source: &RawValue) -> Option<String> {
    match source.get() {
        "null" => Some(String::new()),
        text if text.starts_with('"') => serde_json::from_str(text).ok(),
        other => Some(other.to_owned()),
    }
}

/// The call without what the log must not or need not know: of the fields that mean something to us the values but the signature's, of all
/// others the names. Whoever sends a card along does so under a name of his own, or in a note.
fn logged(pairs: &[(String, String)]) -> String {
    let shown = |(name, value): &(String, String)| match Field::from_code(name) {
        Some(Field::SignString) => (name.clone(), MASKED.to_owned()),
        Some(_) if value.len() > LOGGED_MAX => (name.clone(), MASKED.to_owned()),
        Some(Field::ErrorNote) => (name.clone(), without_cards(value)),
        Some(_) => (name.clone(), value.clone()),
        None => (cut(&without_cards(name)), MASKED.to_owned()),
    };
    let fields = pairs.iter().map(shown).map(|(name, value)| (name, Value::from(value)));
    Value::Object(fields.collect::<Map<_, _>>()).to_string()
}

/// A text without the runs of digits that may be numbers of cards; blanks, hyphens and dots may stand between them.
fn without_cards(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        let (run, after) = from.split_at(run(from));
        let count = run.bytes().filter(u8::is_ascii_digit).count();
        shown.push_str(before);
        shown.push_str(if count >= CARD_DIGITS_MIN { MASKED } else { run });
        rest = after;
    }
    shown + rest
}

/// How many bytes the run of digits has that the text begins with.
fn run(text: &str) -> usize {
    let joined = text
        .char_indices()
        .take_while(|(_, sign)| sign.is_ascii_digit() || sign.is_whitespace() || "-.\u{2011}".contains(*sign));
    let last = joined.filter(|(_, sign)| sign.is_ascii_digit()).last();
    last.map_or(0, |(at, _)| at.saturating_add(1))
}

/// As much of a name as the log keeps.
fn cut(name: &str) -> String {
    let end = name.floor_char_boundary(LOGGED_MAX);
    name.get(..end).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use actix_web::web::Bytes;
    use savdo_domain::payment::click::{Action, Form};
    use serde_json::Map;

    use super::Received;

    const FORM: &str = "application/x-www-form-urlencoded";

    fn of(content_type: &str, body: &str) -> Received {
        let body = Bytes::copy_from_slice(body.as_bytes());
        Received::of(content_type, &body, Action::Prepare)
    }

    fn form(pairs: &[(&str, &str)]) -> Form {
        Form::of(pairs.iter().copied())
    }

    #[test]
    fn a_form_is_decoded_once_and_kept_as_it_was() {
        let body = "amount=1000.0&sign_time=2026-11-21+12%3A00%3A00&merchant_trans_id=%31001&amount=1&error=&more";

        let expected = form(&[
            ("amount", "1000.0"),
            ("sign_time", "2026-11-21 12:00:00"),
            ("merchant_trans_id", "1001"),
            ("amount", "1"),
            ("error", ""),
        ]);
        for content_type in [FORM, "", "text/plain", "application/json"] {
            assert_eq!(of(content_type, body).form, expected, "{content_type}");
        }
    }

    #[test]
    fn numbers_of_json_are_their_source_text() {
        let body = r#" {"click_trans_id": 3000000001, "amount": 1000.00, "error": -5017, "merchant_trans_id": "10\u003001",
            "click_paydoc_id": null, "action": 1, "sign_time": ["x", 1.0], "amount": 1e3, "more": {"a": 1}} "#;

        let expected = form(&[
            ("click_trans_id", "3000000001"),
            ("amount", "1000.00"),
            ("error", "-5017"),
            ("merchant_trans_id", "10001"),
            ("click_paydoc_id", ""),
            ("action", "1"),
            ("sign_time", r#"["x", 1.0]"#),
            ("amount", "1e3"),
        ]);
        for content_type in ["application/json", "", FORM] {
            assert_eq!(of(content_type, body).form, expected, "{content_type}");
        }
    }

    #[test]
    fn parts_of_a_multipart_body_are_its_fields() {
        let part = |name: &str, value: &str| {
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let body = |parts: &[String]| format!("{}--x--\r\n", parts.concat());
        let content_type = "multipart/form-data; boundary=x";

        let read = of(
            content_type,
            &body(&[part("amount", "1000+0"), part("action", "0"), part("amount", "")]),
        );
        assert_eq!(
            read.form,
            form(&[("amount", "1000+0"), ("action", "0"), ("amount", "")])
        );
        let file = "--x\r\nContent-Disposition: form-data; name=\"amount\"; filename=\"a\"\r\n\r\n1\r\n".to_owned();
        assert_eq!(of(content_type, &body(&[part("action", "0"), file])).form, form(&[]));
    }

    #[test]
    fn what_cannot_be_read_has_no_fields() {
        for (content_type, body) in [
            (FORM, ""),
            ("application/json", "{\"amount\": 1"),
            ("application/json", "{\"amount\": \"\\ud800\"}"),
            ("application/json", "[{\"amount\": 1}]"),
            ("multipart/form-data", "--x--"),
            ("multipart/form-data; boundary=x", "amount=1"),
        ] {
            assert_eq!(of(content_type, body).form, form(&[]), "{body}");
        }
        let bytes = Bytes::from_static(b"{\"amount\": \"\xff\"}");
        assert_eq!(Received::of("", &bytes, Action::Prepare).form, form(&[]));
    }

    #[test]
    fn the_answer_is_that_of_the_action_or_else_of_the_address() {
        let action = |body: &str, usual| {
            Received::of(FORM, &Bytes::copy_from_slice(body.as_bytes()), usual)
                .echo
                .action
        };

        assert_eq!(action("action=1", Action::Prepare), Action::Complete);
        assert_eq!(action("action=0", Action::Complete), Action::Prepare);
        for other in ["action=2", "action=", ""] {
            assert_eq!(action(other, Action::Prepare), Action::Prepare, "{other}");
            assert_eq!(action(other, Action::Complete), Action::Complete, "{other}");
        }
    }

    #[test]
    fn the_log_knows_neither_the_signature_nor_a_value_of_a_key_that_means_nothing_to_us() {
        let long = "x".repeat(301);
        let body = format!(
            "click_trans_id=3&sign_string=2e670f890ed5150394d88ddff52ca341&card=8600123412341234&error_note=Yetarli+emas&sign_time={long}"
        );

        let expected =
            r#"{"card":"***","click_trans_id":"3","error_note":"Yetarli emas","sign_string":"***","sign_time":"***"}"#;
        assert_eq!(of(FORM, &body).logged, expected);
    }

    #[test]
    fn the_log_knows_no_number_of_a_card_and_no_long_name() {
        let logged = |note: &str, name: &str| {
            let mut body = form_urlencoded::Serializer::new(String::new());
            let body = body.append_pair("error_note", note).append_pair(name, "x").finish();
            let mut logged: Map<_, _> = serde_json::from_str(&of(FORM, &body).logged).unwrap();
            let note = logged.remove("error_note").unwrap();
            (
                note.as_str().unwrap().to_owned(),
                logged.keys().cloned().collect::<String>(),
            )
        };

        for (note, shown) in [
            ("8600123412341234", "***"),
            ("karta 8600 1234 1234 1234 rad etildi", "karta *** rad etildi"),
            ("8600-1234-1234-1234-123", "***"),
            ("1234567890123, 123456789012", "***, 123456789012"),
            ("12345678901234567890", "***"),
            ("-5017: 2026-11-21 12:00:00", "-5017: 2026-11-21 12:00:00"),
            ("8600  1234\u{a0}1234.1234", "***"),
            ("\u{451}9 -", "\u{451}9 -"),
            ("", ""),
        ] {
            assert_eq!(logged(note, "a"), (shown.to_owned(), "a".to_owned()));
        }
        assert_eq!(logged("", "8600123412341234=a").1, "***=a");
        assert_eq!(logged("", &"\u{451}".repeat(200)).1, "\u{451}".repeat(150));
        assert_eq!(logged("", &"b".repeat(301)).1, "b".repeat(300));
    }
}
