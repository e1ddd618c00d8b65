//! Ids in bodies and queries.

use savdo_domain::FieldProblem;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::openapi::schema::{SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::extract::inputs::{digits, integer, integer_schema, plain_number, text_schema};
use crate::extract::token::refused;

/// The id of an object: an integer from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct IdInput(pub i64);

impl<'de> Deserialize<'de> for IdInput {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match integer(deserializer)? {
            Some(id) if id >= 1 => Ok(Self(id)),
            Some(_) => Err(refused(&FieldProblem::UnknownObject)),
            None => Err(refused(&FieldProblem::WrongType)),
        }
    }
}

impl PartialSchema for IdInput {
    fn schema() -> RefOr<Schema> {
        integer_schema("Id of an object", 1, None)
    }
}

impl ToSchema for IdInput {}

/// The id of an object that is sent as a number or as its digits in a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct AnyIdInput(pub i64);

impl<'de> Deserialize<'de> for AnyIdInput {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match plain_number(&digits(deserializer)?) {
            Some(id) if id >= 1 => Ok(Self(id)),
            Some(_) => Err(refused(&FieldProblem::UnknownObject)),
            None => Err(refused(&FieldProblem::WrongType)),
        }
    }
}

impl PartialSchema for AnyIdInput {
    fn schema() -> RefOr<Schema> {
        text_schema("Id of an object, as number or string")
            .schema_type(SchemaType::Array(vec![Type::Integer, Type::String]))
            .minimum(Some(1))
            .pattern(Some(r"^\s*0*[1-9][0-9]*\s*$"))
            .into()
    }
}

impl ToSchema for AnyIdInput {}

/// The id of an object in a query, as digits. A number that no object can have is no problem: it finds nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdFilter(pub i64);

impl<'de> Deserialize<'de> for IdFilter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = digits(deserializer)?;
        let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // No row has the id 0, which stands for every number that no id can be.
        let id = plain_number(&text).unwrap_or_default();
        if is_plain {
            Ok(Self(id))
        } else {
            Err(refused(&FieldProblem::NotANumber))
        }
    }
}

impl PartialSchema for IdFilter {
    fn schema() -> RefOr<Schema> {
        integer_schema("Id of an object; one of nobody finds nothing", 0, None)
    }
}

impl ToSchema for IdFilter {}
