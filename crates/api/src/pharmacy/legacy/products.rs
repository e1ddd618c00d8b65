//! What older clients ask of the catalogue otherwise: other names of filters, other orders, and where it begins.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, web};
use savdo_domain::ids::{CategoryId, StoreId, SubstanceId};
use savdo_domain::{FieldErrors, FieldProblem};
use savdo_services::catalogue::{BrowseProducts, ShelfColumn, ShelfOrdering};
use savdo_services::{Context, SortBy};
use serde::Deserialize;

use crate::extract::{FlagFilter, IdFilter, MoneyInput, PageQuery, Query, TextInput};
use crate::guards::MaybeSignedIn;
use crate::pharmacy::products;
use crate::problem::Problem;
use crate::routes::Route;
use crate::{reply, route};

/// The routes of this file that stand for no other.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![route!(AnyoneOrSignedIn, pharmacy::legacy::products; root)]
}

/// Which products a list shows: today's filters, and by their older names.
#[derive(Debug, Deserialize)]
pub struct OlderShelfQuery {
    category: Option<IdFilter>,
    substance: Option<IdFilter>,
    manufacturer: Option<TextInput>,
    price_min: Option<MoneyInput>,
    price_max: Option<MoneyInput>,
    #[serde(rename = "price__gte")]
    price_at_least: Option<MoneyInput>,
    #[serde(rename = "price__lte")]
    price_at_most: Option<MoneyInput>,
    in_stock: Option<FlagFilter>,
    requires_prescription: Option<FlagFilter>,
    is_prescription_required: Option<FlagFilter>,
    is_active: Option<FlagFilter>,
    store: Option<IdFilter>,
    search: Option<TextInput>,
    ordering: Option<TextInput>,
    include_hidden: Option<FlagFilter>,
}

/// Where the catalogue begins, for clients that know its older addresses.
///
/// # Errors
/// None.
#[utoipa::path(get, path = "/api/v1/products/", tag = "online products", responses(
    (status = 200, description = "Name to absolute address", body = BTreeMap<String, String>),
))]
pub async fn root(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let origin = reply::origin(&request);
    let collections = ["categories", "products"].map(|name| (name, format!("{origin}/api/v1/products/{name}/")));
    Ok(reply::found(BTreeMap::from(collections)))
}

/// The products that are offered online, asked for by names old or new.
///
/// # Errors
/// As today's; an unknown order is the usual one, and 400 for two names of one filter that say different things.
pub async fn list(
    context: web::Data<Context>,
    MaybeSignedIn(actor): MaybeSignedIn,
    Query(query): Query<OlderShelfQuery>,
    page: PageQuery,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let query = query.into_query(&page)?;
    products::browsed(&context, actor, query, &page, &request).await
}

impl OlderShelfQuery {
    fn into_query(self, page: &PageQuery) -> Result<BrowseProducts, Problem> {
        let mut errors = FieldErrors::new();
        let price_min = either(&mut errors, "price__gte", self.price_min, self.price_at_least);
        let price_max = either(&mut errors, "price__lte", self.price_max, self.price_at_most);
        let of_prescription = (self.requires_prescription, self.is_prescription_required);
        let of_prescription = either(
            &mut errors,
            "is_prescription_required",
            of_prescription.0,
            of_prescription.1,
        );
        errors.into_result().map_err(|errors| Problem::Refused(errors.into()))?;
        let is_online = self.is_active.map(|flag| flag.0);
        Ok(BrowseProducts {
            store: self.store.map(|id| StoreId::new(id.0)),
            category: self.category.map(|id| CategoryId::new(id.0)),
            substance: self.substance.map(|id| SubstanceId::new(id.0)),
            manufacturer: self.manufacturer.map(|text| text.0),
            price_min: price_min.map(|price| price.0),
            price_max: price_max.map(|price| price.0),
            in_stock: self.in_stock.map(|flag| flag.0),
            requires_prescription: of_prescription.map(|flag| flag.0),
            search: self.search.unwrap_or_default().0,
            is_online,
            sort: sort(self.ordering.as_ref().map(|ordering| ordering.0.as_str())),
            // What is not offered is hidden; who may not see it finds nothing.
            include_hidden: self.include_hidden.is_some_and(|flag| flag.0) || is_online == Some(false),
            page: page.page(),
        })
    }
}

/// What was said under either name.
pub(super) fn either<T: PartialEq>(
    errors: &mut FieldErrors,
    older: &'static str,
    new: Option<T>,
    old: Option<T>,
) -> Option<T> {
    if new.is_some() && old.is_some() && new != old {
        errors.add(older, FieldProblem::Contradiction);
    }
    new.or(old)
}

/// The order by its older name or that of today; any other text is no order.
fn sort(name: Option<&str>) -> SortBy<ShelfColumn> {
    match name {
        Some("created_at") => SortBy::ascending(ShelfColumn::Id),
        Some("order_count") => SortBy::ascending(ShelfColumn::Popularity),
        Some("-order_count" | "popular") => ShelfOrdering::Popular.sort(),
        Some("price") => ShelfOrdering::Price.sort(),
        Some("-price") => ShelfOrdering::PriceDescending.sort(),
        Some("name") => ShelfOrdering::Name.sort(),
        Some("-name") => ShelfOrdering::NameDescending.sort(),
        Some(_) | None => ShelfOrdering::Newest.sort(),
    }
}
