//! A value as it was sent: in JSON, or as a part of a form, where all is text or a file.
//!
//! The types of a body are read through this, so that one type serves both: a number is a JSON integer there and digits here.

use std::fmt;

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Deserializer, Error, IntoDeserializer, Visitor};
use serde::{Deserialize, forward_to_deserialize_any};
use serde_json::Value;

use super::form::{Content, Part};

/// By this name a type asks for the value as it was sent.
const AS_SENT: &str = "$savdo::sent";

/// What a form answers to a type that does not fit.
pub(super) type FormError = serde::de::value::Error;

/// A value as it was sent.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Sent {
    /// In JSON.
    Json(Value),
    /// A text of a form.
    Text(String),
    /// A file of a form.
    File(Vec<u8>),
}

impl<'de> Deserialize<'de> for Sent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(AS_SENT, SentVisitor)
    }
}

struct SentVisitor;

impl<'de> Visitor<'de> for SentVisitor {
    type Value = Sent;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    /// JSON hands over itself.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, json: D) -> Result<Sent, D::Error> {
        Value::deserialize(json).map(Sent::Json)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Sent, E> {
        Ok(Sent::Text(text.to_owned()))
    }

    fn visit_byte_buf<E: Error>(self, file: Vec<u8>) -> Result<Sent, E> {
        Ok(Sent::File(file))
    }
}

/// Gives the parts of a form their type. A key that comes several times is a list.
pub(super) fn shaped<T: DeserializeOwned>(parts: Vec<Part>) -> Result<T, serde_path_to_error::Error<FormError>> {
    let mut keys: Vec<(String, FormValue)> = Vec::new();
    for Part { key, content } in parts {
        match keys.iter_mut().find(|(known, _)| *known == key) {
            Some((_, value)) => value.0.push(content),
            None => keys.push((key, FormValue(vec![content]))),
        }
    }
    serde_path_to_error::deserialize(MapDeserializer::new(keys.into_iter()))
}

/// All that was sent under one key.
struct FormValue(Vec<Content>);

impl<'de> IntoDeserializer<'de, FormError> for FormValue {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for FormValue {
    type Error = FormError;

    /// A list, or what a type of another kind is not read from.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        let elements = self.0.into_iter().map(|content| Self(vec![content]));
        visitor.visit_seq(SeqDeserializer::new(elements))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, FormError> {
        match (self.0.pop(), self.0.is_empty(), name) {
            (Some(Content::Text(text)), true, AS_SENT) => visitor.visit_str(&text),
            (Some(Content::File(file)), true, AS_SENT) => visitor.visit_byte_buf(file.to_vec()),
            _ => Err(FormError::custom("another kind of value")),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct enum identifier
    }
}

#[cfg(test)]
mod tests {
    use actix_web::web::Bytes;
    use savdo_domain::catalog::Unit;
    use savdo_domain::{FieldProblem, Money};
    use savdo_services::files::Upload;
    use serde::Deserialize;

    use super::{Content, Part, shaped};
    use crate::extract::{Clearable, CodeInput, FileInput, FlagInput, IdInput, MoneyInput, NameInput, Patch, token};

    #[derive(Debug, Deserialize)]
    struct Body {
        name: Option<NameInput>,
        price: Option<MoneyInput>,
        unit: Option<CodeInput<Unit>>,
        lots: Option<Vec<IdInput>>,
        #[serde(default)]
        category: Clearable<IdInput>,
        #[serde(default)]
        flag: Patch<FlagInput>,
        image: Option<FileInput>,
    }

    fn read(texts: &[(&str, &str)], file: Option<&[u8]>) -> Result<Body, (String, FieldProblem)> {
        let part = |key: &str, content| Part {
            key: key.to_owned(),
            content,
        };
        let mut parts: Vec<_> = texts
            .iter()
            .map(|(key, text)| part(key, Content::Text((*text).to_owned())))
            .collect();
        parts.extend(file.map(|bytes| part("image", Content::File(Bytes::copy_from_slice(bytes)))));
        shaped(parts).map_err(|error| {
            let field = error.path().iter().next().map(ToString::to_string);
            (field.unwrap_or_default(), token::read(&error.inner().to_string()))
        })
    }

    #[test]
    fn the_texts_of_a_form_become_what_json_would_be() {
        let texts = [
            ("name", " Ko'k  choy "),
            ("price", "9000.50"),
            ("unit", "kg"),
            ("lots", "3"),
            ("unknown", "x"),
            ("category", "7"),
            ("flag", "true"),
            ("lots", "4"),
        ];

        let body = read(&texts, Some(b"bytes")).unwrap();

        assert_eq!(body.name.unwrap().0, "Ko'k choy");
        assert_eq!(body.price.unwrap().0, Money::parse("9000.50").unwrap());
        assert_eq!(body.unit.unwrap().0, Unit::Kilogram);
        assert_eq!(body.lots.unwrap(), [IdInput(3), IdInput(4)]);
        assert_eq!(body.category.into_change(|id| id.0), Some(Some(7)));
        assert_eq!(body.flag, serde_json::from_str("true").unwrap());
        assert_eq!(body.image, Some(FileInput(Upload(b"bytes".to_vec()))));
    }

    #[test]
    fn a_key_once_is_a_list_of_one_and_no_key_is_none() {
        let body = read(&[("lots", "3")], None).unwrap();

        assert_eq!(body.lots.unwrap(), [IdInput(3)]);
        assert!(body.name.is_none() && !body.category.is_sent() && !body.flag.is_sent() && body.image.is_none());
    }

    #[test]
    fn what_does_not_fit_is_told_at_its_key() {
        let wrong_type = FieldProblem::WrongType;
        let cases = [
            (("category", ""), wrong_type.clone()),
            (("category", "1.5"), wrong_type.clone()),
            (("category", " 7"), wrong_type.clone()),
            (("category", "1e3"), wrong_type.clone()),
            (("category", "9223372036854775808"), wrong_type.clone()),
            (("category", "null"), wrong_type.clone()),
            (("category", "0"), FieldProblem::UnknownObject),
            (("flag", "yes"), wrong_type.clone()),
            (("price", "abc"), FieldProblem::NotANumber),
            (("image", "text"), FieldProblem::InvalidFormat),
        ];
        for ((key, text), problem) in cases {
            assert_eq!(
                read(&[(key, text)], None).unwrap_err(),
                (key.to_owned(), problem),
                "{key}={text}"
            );
        }
        let twice = read(&[("name", "Choy"), ("name", "Non")], None).unwrap_err();
        assert_eq!(twice, ("name".to_owned(), wrong_type.clone()));
        let in_json = serde_json::from_str::<Body>(r#"{"image": "bytes"}"#);
        assert_eq!(
            token::read(&in_json.unwrap_err().to_string()),
            FieldProblem::InvalidFormat
        );
    }
}
