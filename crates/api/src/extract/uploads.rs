//! A file in a body.

use savdo_domain::FieldProblem;
use savdo_services::files::Upload;
use serde::{Deserialize, Deserializer};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema, SchemaFormat};
use utoipa::{PartialSchema, ToSchema};

use super::sent::Sent;
use super::token::refused;

/// A file of a form. In JSON there is none: only null can stand for it there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileInput(pub Upload);

impl<'de> Deserialize<'de> for FileInput {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Sent::deserialize(deserializer)? {
            Sent::File(bytes) => Ok(Self(Upload(bytes))),
            Sent::Json(_) | Sent::Text(_) => Err(refused(&FieldProblem::InvalidFormat)),
        }
    }
}

impl FileInput {
    /// How the document shows it in JSON.
    #[must_use]
    pub fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(SchemaType::Type(Type::Null)).into()
    }
}

/// How the document shows the body `T` as a form: a key that JSON has only null for is a file here, and nothing else is null.
#[derive(Debug)]
pub struct FormOf<T>(std::marker::PhantomData<T>);

/// `ComposeSchema` is what a generic type needs in the OpenAPI document.
impl<T: PartialSchema> utoipa::__dev::ComposeSchema for FormOf<T> {
    fn compose(_: Vec<RefOr<Schema>>) -> RefOr<Schema> {
        match T::schema() {
            RefOr::T(Schema::Object(mut body)) => {
                body.properties = body
                    .properties
                    .into_iter()
                    .map(|(key, value)| (key, in_form(value)))
                    .collect();
                Schema::Object(body).into()
            }
            other => other,
        }
    }
}

impl<T: ToSchema> ToSchema for FormOf<T> {
    fn name() -> std::borrow::Cow<'static, str> {
        "Form".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
    }
}

fn in_form(value: RefOr<Schema>) -> RefOr<Schema> {
    match value {
        RefOr::T(Schema::Object(mut value)) => {
            match &mut value.schema_type {
                SchemaType::Type(Type::Null) => {
                    value.schema_type = SchemaType::Type(Type::String);
                    value.format = Some(SchemaFormat::Custom("binary".to_owned()));
                }
                SchemaType::Array(types) => types.retain(|kind| *kind != Type::Null),
                SchemaType::Type(_) | SchemaType::AnyValue => {}
            }
            if let Some(values) = &mut value.enum_values {
                values.retain(|value| !value.is_null());
            }
            Schema::Object(value).into()
        }
        RefOr::T(Schema::OneOf(mut one_of)) => {
            one_of.items.retain(|item| !is_null(item));
            match one_of.items.pop() {
                Some(only) if one_of.items.is_empty() => only,
                last => {
                    one_of.items.extend(last);
                    Schema::OneOf(one_of).into()
                }
            }
        }
        other => other,
    }
}

fn is_null(schema: &RefOr<Schema>) -> bool {
    matches!(schema, RefOr::T(Schema::Object(object)) if matches!(object.schema_type, SchemaType::Type(Type::Null)))
}

/// The bytes of a file in an answer.
#[derive(Debug, ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "it stands in the document alone")]
pub struct FileBytes(Vec<u8>);
