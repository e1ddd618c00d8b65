//! How the document shows which page of a list is wanted. They are read by [`PageQuery`](super::PageQuery), together with the
//! cursor that stands in the links of a list and is nobody's to make up.

use utoipa::IntoParams;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

/// Which page of a list of the shop.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it stands in the document alone")]
pub struct ShopPage {
    /// From 1, which it is when not sent.
    #[param(minimum = 1, maximum = 1_000_000)]
    page: Option<i64>,
    /// 100 when not sent.
    #[param(minimum = 1, maximum = 500)]
    page_size: Option<i64>,
}

/// Which page of a list of the pharmacy.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it stands in the document alone")]
pub struct PharmacyPage {
    /// From 1, which it is when not sent.
    #[param(required = false, schema_with = number)]
    page: Option<i64>,
    /// 20 when not sent; more than 100 counts as 100.
    #[param(required = false, schema_with = size)]
    page_size: Option<i64>,
}

fn number() -> Schema {
    from_one("From 1, which it is when not sent.")
}

fn size() -> Schema {
    from_one("20 when not sent; more than 100 counts as 100.")
}

/// A whole number without a greatest one, not even that of 64 bits.
fn from_one(description: &str) -> Schema {
    let number = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1));
    number.description(Some(description)).into()
}
