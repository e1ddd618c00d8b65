//! The values that bodies and queries are made of.
//!
//! In JSON an amount may be a string or a number, an id and a number of pieces only an integer. In a query and in a form all
//! is text.

use chrono::NaiveDate;
use savdo_domain::coded::Coded;
use savdo_domain::sale::ClientId;
use savdo_domain::zone::Moment;
use savdo_domain::{FieldProblem, Money, Percent, Quantity};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema, SchemaFormat};
use utoipa::{PartialSchema, ToSchema};
use validator::ValidateLength;

use crate::extract::sent::Sent;
use crate::extract::token::{self, refused};

/// The number that a text of nothing but digits is.
pub(super) fn plain_number(text: &str) -> Option<i64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_plain)
}

/// The digits of a string or a number.
pub(super) fn digits<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    match Sent::deserialize(deserializer)? {
        Sent::Json(Value::String(text)) | Sent::Text(text) => Ok(text.trim().to_owned()),
        Sent::Json(Value::Number(number)) => Ok(number.to_string()),
        Sent::Json(_) | Sent::File(_) => Err(refused(&FieldProblem::WrongType)),
    }
}

macro_rules! amounts {
    ($($(#[$doc:meta])* $name:ident($inner:ty) in $min:literal ..= $max:literal, example $example:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = digits(deserializer)?;
                let range = || FieldProblem::OutOfRange { min: $min.to_owned(), max: $max.to_owned() };
                let parse = |text: &str| <$inner>::parse(text).map_err(|error| token::of_decimal(error, $min, $max));
                let amount = parse(&text).map_err(|problem| refused::<D::Error>(&problem))?;
                let is_inside = parse($min).is_ok_and(|min| min <= amount) && parse($max).is_ok_and(|max| amount <= max);
                if is_inside { Ok(Self(amount)) } else { Err(refused(&range())) }
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let description = concat!("Decimal, as string or number: ", $min, " to ", $max);
                let places = $example.split_once('.').map_or(0, |(_, fraction)| fraction.len());
                text_schema(description)
                    .schema_type(SchemaType::Array(vec![Type::String, Type::Number]))
                    .pattern(Some(format!(r"^\s*[0-9]+(\.[0-9]{{1,{places}}})?\s*$")))
                    .examples([Value::String($example.to_owned())])
                    .into()
            }
        }

        impl ToSchema for $name {}
    )+};
}

amounts! {
    /// An amount in so'm with at most two decimals.
    MoneyInput(Money) in "0" ..= "9999999999.99", example "15000.00";
    /// A total in so'm with at most two decimals, as large as a document can be.
    TotalInput(Money) in "0" ..= "99999999999999.99", example "24000.00";
    /// A quantity with at most three decimals.
    QuantityInput(Quantity) in "0" ..= "9999999.999", example "2.500";
    /// A percentage with at most two decimals.
    PercentInput(Percent) in "0" ..= "100", example "7.50";
}

pub(super) fn text_schema(description: &str) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::String))
        .description(Some(description))
}

/// A whole number that is given as JSON integer, or in its digits in a form.
pub(super) fn integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    match Sent::deserialize(deserializer)? {
        Sent::Json(Value::Number(number)) => {
            Ok(number.as_i64().filter(|_| number.to_string().bytes().all(is_integral)))
        }
        Sent::Text(digits) => Ok(digits.parse().ok().filter(|_| digits.bytes().all(is_integral))),
        Sent::Json(_) | Sent::File(_) => Err(refused(&FieldProblem::WrongType)),
    }
}

/// A text.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    match Sent::deserialize(deserializer)? {
        Sent::Json(Value::String(text)) | Sent::Text(text) => Ok(text),
        Sent::Json(_) | Sent::File(_) => Err(refused(&FieldProblem::WrongType)),
    }
}

const fn is_integral(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b'-'
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident($inner:ty), $problem:expr, $description:literal, $format:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(pub $inner);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = text(deserializer)?;
                <$inner>::parse(text.trim()).map(Self).map_err(|_| refused(&$problem))
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                text_schema($description)
                    .format(Some(SchemaFormat::Custom($format.to_owned())))
                    .into()
            }
        }

        impl ToSchema for $name {}
    )+};
}

texts! {
    /// An id that a client made.
    UuidInput(ClientId), FieldProblem::InvalidFormat, "A UUID of the client's making", "uuid";
    /// A moment, with an offset or by the clock of the store.
    MomentInput(Moment), FieldProblem::InvalidMoment, "RFC 3339; without an offset by the clock of the store", "date-time";
}

/// A number of whole pieces or another small count: a JSON integer. Its range is the caller's rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct PiecesInput(pub i64);

impl<'de> Deserialize<'de> for PiecesInput {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        integer(deserializer)?
            .map(Self)
            .ok_or_else(|| refused(&FieldProblem::WrongType))
    }
}

impl PartialSchema for PiecesInput {
    fn schema() -> RefOr<Schema> {
        integer_schema("Whole number", 0, None)
    }
}

impl ToSchema for PiecesInput {}

pub(super) fn integer_schema(description: &str, minimum: i64, maximum: Option<i64>) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::Integer))
        .description(Some(description))
        .minimum(Some(minimum))
        .maximum(maximum)
        .into()
}

/// A calendar date `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateInput(pub NaiveDate);

impl Serialize for DateInput {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for DateInput {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = text(deserializer)?;
        let is_plain = text.len() == 10 && text.bytes().all(is_integral);
        let date = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok().filter(|_| is_plain);
        date.map(Self).ok_or_else(|| refused(&FieldProblem::InvalidDate))
    }
}

impl PartialSchema for DateInput {
    fn schema() -> RefOr<Schema> {
        text_schema("Calendar date")
            .format(Some(SchemaFormat::Custom("date".to_owned())))
            .examples([Value::String("2026-03-12".to_owned())])
            .into()
    }
}

impl ToSchema for DateInput {}

/// A boolean in a query: true, false, 1 or 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FlagFilter(pub bool);

impl<'de> Deserialize<'de> for FlagFilter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) if matches!(text.as_str(), "true" | "1") => Ok(Self(true)),
            Value::String(text) if matches!(text.as_str(), "false" | "0") => Ok(Self(false)),
            Value::String(value) => Err(refused(&FieldProblem::UnknownChoice { value })),
            _ => Err(refused(&FieldProblem::WrongType)),
        }
    }
}

impl PartialSchema for FlagFilter {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(SchemaType::Type(Type::Boolean)).into()
    }
}

impl ToSchema for FlagFilter {}

/// One of the codes of an enum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct CodeInput<T>(pub T);

impl<'de, T: Coded> Deserialize<'de> for CodeInput<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = text(deserializer)?;
        T::from_input(&value)
            .map(Self)
            .ok_or_else(|| refused(&FieldProblem::UnknownChoice { value }))
    }
}

impl<T: Coded> CodeInput<T> {
    /// What may be sent: the codes, then older names.
    fn codes() -> impl Iterator<Item = Value> {
        let codes = T::ALL.iter().map(|value| value.code());
        let aliases = T::ALIASES.iter().map(|(alias, _)| *alias);
        codes.chain(aliases).map(|code| Value::String(code.to_owned()))
    }

    /// How the document shows a list of such.
    #[must_use]
    pub fn list_schema() -> RefOr<Schema> {
        ArrayBuilder::new().items(Self::schema()).into()
    }

    /// How the document shows it.
    #[must_use]
    pub fn schema() -> RefOr<Schema> {
        let codes: Vec<_> = Self::codes().collect();
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .enum_values(Some(codes))
            .into()
    }

    /// How the document shows one that may be null: the same as not sent.
    #[must_use]
    pub fn schema_or_null() -> RefOr<Schema> {
        let codes: Vec<_> = Self::codes().chain([Value::Null]).collect();
        ObjectBuilder::new()
            .schema_type(SchemaType::Array(vec![Type::String, Type::Null]))
            .enum_values(Some(codes))
            .into()
    }
}

impl<T: Coded> PartialSchema for CodeInput<T> {
    fn schema() -> RefOr<Schema> {
        Self::schema()
    }
}

impl<T: Coded> ToSchema for CodeInput<T> {}

/// A boolean: of JSON, or as text in a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct FlagInput(pub bool);

impl<'de> Deserialize<'de> for FlagInput {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Sent::deserialize(deserializer)? {
            Sent::Json(Value::Bool(flag)) => Ok(Self(flag)),
            Sent::Text(text) => match text.as_str() {
                "true" | "1" => Ok(Self(true)),
                "false" | "0" => Ok(Self(false)),
                _ => Err(refused(&FieldProblem::WrongType)),
            },
            Sent::Json(_) | Sent::File(_) => Err(refused(&FieldProblem::WrongType)),
        }
    }
}

impl PartialSchema for FlagInput {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(SchemaType::Type(Type::Boolean)).into()
    }
}

impl ToSchema for FlagInput {}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident by $clean:path;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let sent = text(deserializer)?;
                $clean(&sent).map(Self).map_err(|problem| refused(&problem))
            }
        }

        impl ValidateLength<u64> for $name {
            fn length(&self) -> Option<u64> {
                u64::try_from(self.0.chars().count()).ok()
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).into()
            }
        }

        impl ToSchema for $name {}
    )+};
}

texts! {
    /// A text: trimmed, NFKC.
    TextInput by savdo_domain::text::clean;
    /// A name: trimmed, NFKC, inner white space collapsed, nothing in it that has no width.
    NameInput by savdo_domain::text::clean_name;
}
