//! A key of a PATCH: missing, null, or a value.
//!
//! Two types, so that what is refused and what the OpenAPI document says of it cannot disagree: [`Patch`] takes no null, and
//! [`Clearable`] does. Both need `#[serde(default)]` on the body, so that a missing key is missing.

use savdo_domain::{FieldErrors, FieldProblem};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use validator::ValidateLength;

/// A key that may be missing (leave as it is) or hold a value. Null is a problem of the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patch<T>(Sent<T>);

/// A key that may be missing (leave as it is), null (clear), or hold a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clearable<T>(Sent<T>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sent<T> {
    Missing,
    Null,
    Value(T),
}

impl<T> Patch<T> {
    /// The value, if one was sent; null is noted as a problem at `field`.
    pub fn not_null(self, field: &str, errors: &mut FieldErrors) -> Option<T> {
        match self.0 {
            Sent::Missing => None,
            Sent::Null => {
                errors.add(field, FieldProblem::Null);
                None
            }
            Sent::Value(value) => Some(value),
        }
    }
}

impl<T> Patch<T> {
    /// The value of a key that must be sent; its absence, like null, is noted as a problem at `field`.
    pub fn required(self, field: &str, errors: &mut FieldErrors) -> Option<T> {
        if !self.is_sent() {
            errors.add(field, FieldProblem::Required);
        }
        self.not_null(field, errors)
    }
}

impl<T> Clearable<T> {
    /// `None`: not sent; `Some(None)`: null; `Some(Some(value))`: a value.
    pub fn into_change<U>(self, convert: impl FnOnce(T) -> U) -> Option<Option<U>> {
        match self.0 {
            Sent::Missing => None,
            Sent::Null => Some(None),
            Sent::Value(value) => Some(Some(convert(value))),
        }
    }
}

macro_rules! keys {
    ($($name:ident: $called:literal, |$of_value:ident| $schema:expr;)+) => {$(
        impl<T> $name<T> {
            /// Whether the key was sent at all.
            pub const fn is_sent(&self) -> bool {
                !matches!(self.0, Sent::Missing)
            }
        }

        impl<T> Default for $name<T> {
            fn default() -> Self {
                Self(Sent::Missing)
            }
        }

        impl<'de, T: Deserialize<'de>> Deserialize<'de> for $name<T> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = Option::<T>::deserialize(deserializer)?;
                Ok(Self(value.map_or(Sent::Null, Sent::Value)))
            }
        }

        /// What `validator` tells of a value that does not fit.
        impl<T: Serialize> Serialize for $name<T> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match &self.0 {
                    Sent::Missing | Sent::Null => serializer.serialize_none(),
                    Sent::Value(value) => value.serialize(serializer),
                }
            }
        }

        impl<T: ValidateLength<u64>> ValidateLength<u64> for $name<T> {
            fn length(&self) -> Option<u64> {
                match &self.0 {
                    Sent::Missing | Sent::Null => None,
                    Sent::Value(value) => value.length(),
                }
            }
        }

        /// `ComposeSchema` is what a generic field type needs in the OpenAPI document.
        impl<T: PartialSchema> utoipa::__dev::ComposeSchema for $name<T> {
            fn compose(of_value: Vec<RefOr<Schema>>) -> RefOr<Schema> {
                let $of_value = of_value.into_iter().next().unwrap_or_else(T::schema);
                $schema
            }
        }

        impl<T: ToSchema> ToSchema for $name<T> {
            fn name() -> std::borrow::Cow<'static, str> {
                $called.into()
            }

            fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
                T::schemas(schemas);
            }
        }
    )+};
}

keys! {
    Patch: "Patch", |of_value| of_value;
    Clearable: "Clearable", |of_value| {
        let null = ObjectBuilder::new().schema_type(SchemaType::Type(Type::Null));
        OneOfBuilder::new().item(null).item(of_value).into()
    };
}
