//! The body of a call, as the domain judges it.
//!
//! Values are known by their source text: a number is whole only if it is written so, and `id` goes back as it came. A key that stands twice in
//! an object could be understood in two ways, so that such a body is no JSON here.

use std::collections::BTreeMap;

use savdo_domain::payment::payme::{Body, Sent, SentAccount, SentCall, SentFiscal, SentParams};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::write::{self, Id};
use crate::providers::object::Pairs;
use crate::providers::{LOGGED_MAX, MASKED};

/// A body as it came.
#[derive(Debug, Clone)]
pub(super) struct Received {
    /// What the domain judges.
    pub(super) body: Body,
    /// The source text of `id`; null where the body does not parse or has none.
    pub(super) id: Id,
    /// The source text of `account`, where it is an object.
    pub(super) account: Option<String>,
    /// What the log may know.
    pub(super) logged: String,
}

impl Received {
    /// Of these bytes, for a desk that calls the field of the order so.
    pub(super) fn of(bytes: &[u8], account_field: &str) -> Self {
        let Some(source) = std::str::from_utf8(bytes).ok().and_then(whole) else {
            return Self::without_call(Body::NotJson);
        };
        if !source.get().starts_with('{') {
            return Self::without_call(Body::NoObject);
        }
        let Some(entries) = Entries::of(source) else {
            return Self::without_call(Body::NotJson);
        };
        let params = entries.object("params");
        let account = params.as_ref().and_then(|params| params.object("account"));
        let fiscal = params.as_ref().and_then(|params| params.object("fiscal_data"));
        let call = SentCall {
            method: entries.sent("method"),
            id: entries.sent("id"),
            params: params.as_ref().map(|params| SentParams {
                id: params.sent("id"),
                time: params.sent("time"),
                amount: params.sent("amount"),
                account: account.as_ref().map_or(SentAccount::NoObject, |account| {
                    SentAccount::Order(account.sent(account_field))
                }),
                reason: params.sent("reason"),
                from: params.sent("from"),
                to: params.sent("to"),
                kind: params.sent("type"),
                fiscal: fiscal.as_ref().map(Entries::fiscal),
            }),
        };
        let source_of_account = params.as_ref().zip(account.as_ref());
        Self {
            body: Body::Object(Box::new(call)),
            id: entries.0.get("id").map_or_else(write::no_id, |id| (*id).to_owned()),
            account: source_of_account.and_then(|(params, _)| Some(params.0.get("account")?.get().to_owned())),
            logged: logged(&entries, account_field),
        }
    }

    fn without_call(body: Body) -> Self {
        Self {
            body,
            id: write::no_id(),
            account: None,
            logged: "{}".to_owned(),
        }
    }
}

/// A text that is JSON from its beginning to its end.
fn whole(text: &str) -> Option<&RawValue> {
    serde_json::from_str(text).ok()
}

/// An object: each key once, with the source text of its value.
struct Entries<'a>(BTreeMap<String, &'a RawValue>);

impl<'a> Entries<'a> {
    fn of(source: &'a RawValue) -> Option<Self> {
        let Pairs(pairs) = Pairs::of(source.get())?;
        let count = pairs.len();
        let entries: BTreeMap<_, _> = pairs.into_iter().collect();
        (entries.len() == count).then_some(Self(entries))
    }

    /// What stands at a key, if it is an object.
    fn object(&self, key: &str) -> Option<Self> {
        self.0.get(key).and_then(|source| Self::of(source))
    }

    /// What stands at a key.
    fn sent(&self, key: &str) -> Sent {
        self.0.get(key).map_or(Sent::Absent, |source| sent(source))
    }

    fn fiscal(&self) -> SentFiscal {
        SentFiscal {
            receipt_id: self.sent("receipt_id"),
            status_code: self.sent("status_code"),
            message: self.sent("message"),
            terminal_id: self.sent("terminal_id"),
            fiscal_sign: self.sent("fiscal_sign"),
            qr_code_url: self.sent("qr_code_url"),
            date: self.sent("date"),
        }
    }
}

fn sent(source: &RawValue) -> Sent {
    let text = source.get();
    let known = match text.as_bytes().first() {
        Some(b'"') => serde_json::from_str(text).ok().map(Sent::Text),
        Some(b'-' | b'0'..=b'9') => text.parse().ok().map(Sent::Whole),
        Some(_) | None => None,
    };
    known.unwrap_or(Sent::Other)
}

/// The call without what the log need not know: of the keys that mean something to us the plain values, of all others the names. Whoever sends a
/// card along does so under a name of his own.
fn logged(entries: &Entries<'_>, account_field: &str) -> String {
    let mut call = plain(entries, &["method", "id", "jsonrpc"]);
    if let Some(params) = entries.object("params") {
        let mut shown = plain(&params, &["id", "time", "amount", "reason", "from", "to", "type"]);
        if let Some(account) = params.object("account") {
            shown.insert("account".to_owned(), Value::Object(plain(&account, &[account_field])));
        }
        if let Some(fiscal) = params.object("fiscal_data") {
            shown.insert("fiscal_data".to_owned(), Value::Object(plain(&fiscal, &FISCAL)));
        }
        call.insert("params".to_owned(), Value::Object(shown));
    }
    Value::Object(call).to_string()
}

/// The keys of a receipt.
const FISCAL: [&str; 7] = [
    "receipt_id",
    "status_code",
    "message",
    "terminal_id",
    "fiscal_sign",
    "qr_code_url",
    "date",
];

fn plain(entries: &Entries<'_>, shown: &[&str]) -> Map<String, Value> {
    let value = |(key, source): (&String, &&RawValue)| {
        let text = source.get();
        let is_shown = shown.contains(&key.as_str()) && text.len() <= LOGGED_MAX && !text.starts_with(['{', '[']);
        let value = serde_json::from_str(text).ok().filter(|_| is_shown);
        (key.clone(), value.unwrap_or_else(|| Value::String(MASKED.to_owned())))
    };
    entries.0.iter().map(value).collect()
}

#[cfg(test)]
mod tests {
    use savdo_domain::payment::payme::{Body, Sent, SentAccount, SentCall};

    use super::Received;

    fn received(text: &str) -> Received {
        Received::of(text.as_bytes(), "order_id")
    }

    fn call(text: &str) -> SentCall {
        match received(text).body {
            Body::Object(call) => *call,
            other => panic!("{text} is {other:?}"),
        }
    }

    fn amount(written: &str) -> Sent {
        call(&format!(r#"{{"params": {{"amount": {written}}}}}"#))
            .params
            .unwrap()
            .amount
    }

    #[test]
    fn a_call_is_read_whatever_stands_around_it() {
        let call = call(
            "\r\n {\"jsonrpc\": \"2.0\", \"method\": \"CreateTransaction\", \"id\": 7, \"params\": {\"id\": \"5305\", \"time\": 1399114284039, \
             \"amount\": 500000, \"account\": {\"order_id\": \"1001\", \"phone\": \"1\"}, \"more\": [{}]}} \n",
        );

        let params = call.params.unwrap();
        assert_eq!(
            (call.method, call.id),
            (Sent::Text("CreateTransaction".to_owned()), Sent::Whole(7))
        );
        assert_eq!(
            (params.id, params.time),
            (Sent::Text("5305".to_owned()), Sent::Whole(1_399_114_284_039))
        );
        assert_eq!(params.account, SentAccount::Order(Sent::Text("1001".to_owned())));
        assert_eq!((params.reason, params.fiscal), (Sent::Absent, None));
    }

    #[test]
    fn a_number_is_whole_only_if_it_is_written_so() {
        for (written, whole) in [
            ("500000", 500_000),
            ("-1", -1),
            ("9223372036854775807", i64::MAX),
            ("16777217", 16_777_217),
        ] {
            assert_eq!(amount(written), Sent::Whole(whole), "{written}");
        }
        for written in ["1.0", "1e3", "9223372036854775808", "0.1", "null", "true", "[1]", "{}"] {
            assert_eq!(amount(written), Sent::Other, "{written}");
        }
        assert_eq!(amount("\"500000\""), Sent::Text("500000".to_owned()));
        assert_eq!(amount("\"\\ud800\""), Sent::Other, "half a letter is no text");
    }

    #[test]
    fn what_is_no_json_or_no_object_is_no_call() {
        for none in [
            "",
            "{",
            "nonsense",
            "{\"id\": 1} 2",
            "{\"id\": NaN}",
            "{\"id\": 01}",
            "{\"id\": 1, \"id\": 2}",
            "{\"a\": \"\u{1}\"}",
            "\u{feff}{}",
        ] {
            let received = received(none);
            assert_eq!((received.body, received.id.get()), (Body::NotJson, "null"), "{none}");
        }
        let not_utf8 = Received::of(b"{\"id\": \"\xff\"}", "order_id");
        assert_eq!(not_utf8.body, Body::NotJson);
        for no_object in ["[]", "[{\"id\": 1}]", "1", "\"x\"", "null", "true"] {
            assert_eq!(received(no_object).body, Body::NoObject, "{no_object}");
        }
    }

    #[test]
    fn an_id_goes_back_as_it_stood() {
        for id in [
            "7",
            "1.50",
            "\"a\\u0041\"",
            "null",
            "[1,  2]",
            "123456789012345678901234567890",
        ] {
            assert_eq!(received(&format!("{{\"id\" :  {id} }}")).id.get(), id);
        }
        assert_eq!(received("{}").id.get(), "null");
    }

    #[test]
    fn account_is_kept_to_the_letter_where_it_is_an_object() {
        let account = |written: &str| received(&format!("{{\"params\": {{\"account\": {written}}}}}")).account;

        let odd = "{ \"order_id\":\"10\\u003001\", \"n\": 1.0 }";
        assert_eq!(account(odd).as_deref(), Some(odd));
        for none in ["[]", "null", "\"1001\"", "{\"order_id\": 1, \"order_id\": 2}"] {
            assert_eq!(account(none), None, "{none}");
        }
    }

    #[test]
    fn another_desk_may_call_the_order_otherwise() {
        let received = Received::of(
            br#"{"params": {"account": {"order_id": "1", "buyurtma": 2}}}"#,
            "buyurtma",
        );
        let Body::Object(call) = received.body else {
            panic!("it is an object");
        };

        assert_eq!(call.params.unwrap().account, SentAccount::Order(Sent::Whole(2)));
    }

    #[test]
    fn nesting_without_end_is_read_or_refused_but_never_followed() {
        let deep = format!(
            "{{\"id\": 1, \"params\": {}{}}}",
            "[".repeat(30_000),
            "]".repeat(30_000)
        );

        assert_eq!(call(&deep).params, None);
    }

    #[test]
    fn the_log_knows_no_value_of_a_key_that_means_nothing_to_us() {
        let long = "x".repeat(400);
        let text = format!(
            r#"{{"method": "SetFiscalData", "id": 7, "card": "8600123412341234", "params": {{"id": "5305", "amount": 12.50, "pan": 8600123412341234,
            "account": {{"order_id": "1001", "phone": "998901234567"}}, "reason": {{"cvv": 1}}, "fiscal_data": {{"receipt_id": 5, "message": "{long}"}}}}}}"#
        );

        let expected = r#"{"card":"***","id":7,"method":"SetFiscalData","params":{"account":{"order_id":"1001","phone":"***"},"amount":12.50,"fiscal_data":{"message":"***","receipt_id":5},"id":"5305","pan":"***","reason":"***"}}"#;
        assert_eq!(received(&text).logged, expected);
    }
}
