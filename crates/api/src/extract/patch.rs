//! A key of a PATCH: missing, null, or a value.

use serde::{Deserialize, Deserializer};
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

impl<T: ValidateLength<u64>> ValidateLength<u64> for Patch<T> {
    fn length(&self) -> Option<u64> {
        match self {
            Self::Missing | Self::Null => None,
            Self::Value(value) => value.length(),
        }
    }
}

impl<T: PartialSchema> PartialSchema for Patch<T> {
    fn schema() -> RefOr<Schema> {
        T::schema()
    }
}

impl<T: ToSchema> ToSchema for Patch<T> {
    fn name() -> std::borrow::Cow<'static, str> {
        T::name()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
    }
}
