//! A key of a PATCH: missing, null, or a value.

use savdo_domain::{FieldErrors, FieldProblem};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use validator::ValidateLength;

/// A key that may be missing (leave as it is), null (clear), or hold a value.
///
/// Needs `#[serde(default)]` on the body, so that a missing key is [`Patch::Missing`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// The key was not sent.
    #[default]
    Missing,
    /// The key was sent as null.
    Null,
    /// The key was sent with a value.
    Value(T),
}

impl<T> Patch<T> {
    /// Whether the key was sent at all.
    pub const fn is_sent(&self) -> bool {
        !matches!(self, Self::Missing)
    }

    /// The value of a key that may be missing but not null; null is noted as a problem at `field`.
    pub fn not_null(self, field: &str, errors: &mut FieldErrors) -> Option<T> {
        match self {
            Self::Missing => None,
            Self::Null => {
                errors.add(field, FieldProblem::Null);
                None
            }
            Self::Value(value) => Some(value),
        }
    }

    /// `None`: not sent; `Some(None)`: null; `Some(Some(value))`: a value.
    pub fn into_change<U>(self, convert: impl FnOnce(T) -> U) -> Option<Option<U>> {
        match self {
            Self::Missing => None,
            Self::Null => Some(None),
            Self::Value(value) => Some(Some(convert(value))),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::<T>::deserialize(deserializer).map(|value| value.map_or(Self::Null, Self::Value))
    }
}

/// What `validator` tells of a value that does not fit.
impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Missing | Self::Null => serializer.serialize_none(),
            Self::Value(value) => value.serialize(serializer),
        }
    }
}

impl<T: ValidateLength<u64>> ValidateLength<u64> for Patch<T> {
    fn length(&self) -> Option<u64> {
        match self {
            Self::Missing | Self::Null => None,
            Self::Value(value) => value.length(),
        }
    }
}

/// In the OpenAPI document null is one of two; `ComposeSchema` is what a generic field type needs.
impl<T: PartialSchema> utoipa::__dev::ComposeSchema for Patch<T> {
    fn compose(of_value: Vec<RefOr<Schema>>) -> RefOr<Schema> {
        let of_value = of_value.into_iter().next().unwrap_or_else(T::schema);
        let null = ObjectBuilder::new().schema_type(SchemaType::Type(Type::Null));
        OneOfBuilder::new().item(null).item(of_value).into()
    }
}

impl<T: ToSchema> ToSchema for Patch<T> {
    fn name() -> std::borrow::Cow<'static, str> {
        "Patch".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
    }
}
