//! JSON read strictly: what two readers could understand differently is refused.
//!
//! Refused beside broken syntax: duplicate keys, nesting deeper than 32, NUL in a string, a top level that is no object.
//! serde_json itself refuses NaN, lone surrogates, invalid UTF-8 and trailing text. Numbers keep their digits.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

const DEPTH_MAX: u8 = 32;

/// How serde_json hands over a number whose digits are kept.
const NUMBER_KEY: &str = "$serde_json::private::Number";

/// Reads one JSON object.
///
/// # Errors
/// Anything that is not exactly one strict JSON object.
pub(super) fn object(bytes: &[u8]) -> Result<Map<String, Value>, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = Strict { depth_left: DEPTH_MAX }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    match value {
        Value::Object(object) => Ok(object),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Err(serde_json::Error::custom("the top level is no object"))
        }
    }
}

#[derive(Clone, Copy)]
struct Strict {
    depth_left: u8,
}

impl Strict {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        let depth_left = self
            .depth_left
            .checked_sub(1)
            .ok_or_else(|| E::custom("nested too deeply"))?;
        Ok(Self { depth_left })
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        if value.contains('\0') {
            Err(E::custom("NUL in a text"))
        } else {
            Ok(Value::String(value.to_owned()))
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let element = self.deeper()?;
        let mut array = Vec::new();
        while let Some(value) = elements.next_element_seed(element)? {
            array.push(value);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let value = self.deeper()?;
        let mut object = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if key == NUMBER_KEY && object.is_empty() {
                return entries.next_value_seed(Digits);
            }
            if key == NUMBER_KEY || key.contains('\0') || object.contains_key(&key) {
                return Err(A::Error::custom("a key twice, NUL in a key, or a key of our own"));
            }
            let entry = entries.next_value_seed(value)?;
            object.insert(key, entry);
        }
        Ok(Value::Object(object))
    }
}

/// The digits of a number, as serde_json itself hands them over.
///
/// It does so in an object of one key, which a client may have written as well. What tells them apart: digits come as text
/// whatever is asked for, a text from the body is refused where an integer is asked for.
struct Digits;

impl<'de> DeserializeSeed<'de> for Digits {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_u64(self)
    }
}

impl Visitor<'_> for Digits {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("digits")
    }

    fn visit_str<E: Error>(self, digits: &str) -> Result<Value, E> {
        digits.parse::<Number>().map(Value::Number).map_err(E::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::object;

    #[test]
    fn an_object_is_read_with_the_digits_of_its_numbers() {
        let read =
            object(br#"{"price": 15000.10, "items": [{"id": 9223372036854775808}], "text": "a\u00e9"}"#).unwrap();

        let written = serde_json::to_string(&read).unwrap();
        assert_eq!(
            written,
            r#"{"items":[{"id":9223372036854775808}],"price":15000.10,"text":"aé"}"#
        );
    }

    #[test]
    fn what_two_readers_could_understand_differently_is_refused() {
        let deep = format!("{}1{}", r#"{"a":"#.repeat(40), "}".repeat(40));
        let refused: [&[u8]; 16] = [
            br#"{"a": 1, "a": 2}"#,
            br#"{"a": NaN}"#,
            br#"{"a": "\u0000"}"#,
            br#"{"a": "\ud800"}"#,
            b"{\"a\": \"\xff\"}",
            br#"{"a": 1} trailing"#,
            b"[]",
            b"1",
            b"",
            b"null",
            b"\xef\xbb\xbf{}",
            br#"{"a": {"$serde_json::private::Number": "1"}}"#,
            br#"{"a": {"$serde_json::private::Number": 1}}"#,
            br#"{"a": {"b": 1, "\u0024serde_json::private::Number": "1"}}"#,
            br#"{"$serde_json::private::Number": "1"}"#,
            deep.as_bytes(),
        ];

        for bytes in refused {
            assert!(object(bytes).is_err(), "{}", String::from_utf8_lossy(bytes));
        }
    }
}
