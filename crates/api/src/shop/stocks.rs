//! What lies where (shop.md 11).

use actix_web::{HttpRequest, HttpResponse, web};
use savdo_domain::access::{Permission, Right};
use savdo_domain::catalog::Unit;
use savdo_domain::ids::{CategoryId, LevelId, LocationId, ProductId};
use savdo_domain::stock::LocationKind;
use savdo_domain::zone::Zone;
use savdo_services::Context;
use savdo_services::stock::{self, ListStock, StockColumn, StockView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::extract::{FlagFilter, IdFilter, Ordering, PageQuery, Query, SearchFilter, ShopPage};
use crate::guards::SignedIn;
use crate::problem::Problem;
use crate::reply;
use crate::routes::Route;
use crate::shop::zone_of;
use crate::{blocking, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![route!(May(Right::ShopList(Permission::ViewStock)), shop::stocks; list)]
}

/// Which stock is wanted.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StockQuery {
    /// In this branch.
    #[param(inline)]
    branch: Option<IdFilter>,
    /// In this warehouse.
    #[param(inline)]
    warehouse: Option<IdFilter>,
    /// Of this product.
    #[param(inline)]
    product: Option<IdFilter>,
    /// Of the products of this category.
    #[param(inline)]
    category: Option<IdFilter>,
    /// Name or barcode of the product.
    #[param(inline)]
    search: Option<SearchFilter>,
    /// Only where something lies; false: only where nothing does.
    #[param(inline)]
    nonzero: Option<FlagFilter>,
    /// By `id`, `quantity`, `product_name`, `updated_on`; `-` before one for descending.
    #[param(schema_with = Ordering::<StockColumn>::schema)]
    ordering: Option<Ordering<StockColumn>>,
}

impl StockQuery {
    fn into_command(self, page: &PageQuery) -> ListStock {
        ListStock {
            branch: self.branch.map(|id| LocationId::new(id.0)),
            warehouse: self.warehouse.map(|id| LocationId::new(id.0)),
            product: self.product.map(|id| ProductId::new(id.0)),
            category: self.category.map(|id| CategoryId::new(id.0)),
            search: self.search.unwrap_or_default().0,
            is_nonzero: self.nonzero.map(|flag| flag.0),
            sort: self.ordering.map(|ordering| ordering.0).unwrap_or_default(),
            page: page.page(),
        }
    }
}

/// How much of a product lies at a place.
#[derive(Debug, Serialize, ToSchema)]
pub struct StockReply {
    #[schema(value_type = i64)]
    id: LevelId,
    #[schema(value_type = i64)]
    product_id: ProductId,
    product_name: String,
    #[schema(value_type = String)]
    product_unit: Unit,
    /// `branch` or `warehouse`.
    #[schema(value_type = String)]
    location_type: LocationKind,
    location_name: String,
    /// All that lies there.
    quantity: String,
    /// What can be sold: neither expired nor blocked.
    available: String,
    updated_on: String,
}

impl StockReply {
    fn new(view: StockView, zone: Zone) -> Self {
        Self {
            id: view.id,
            product_id: view.product_id,
            product_name: view.product_name,
            product_unit: view.unit,
            location_type: view.place.kind,
            location_name: view.location_name,
            quantity: view.quantity.to_string(),
            available: view.available.to_string(),
            updated_on: zone.write(view.updated_at),
        }
    }
}

/// The stock of the store.
///
/// # Errors
/// Field errors of the query; 403 without the right.
#[utoipa::path(get, path = "/api/v1/warehouse/stocks/", tag = "stock", params(StockQuery, ShopPage), responses(
    (status = 200, description = "A page of the stock", body = Vec<StockReply>),
    (status = 400, description = "A filter that cannot be"),
))]
pub async fn list(
    context: web::Data<Context>,
    SignedIn(actor): SignedIn,
    request: HttpRequest,
    Query(query): Query<StockQuery>,
    page: PageQuery,
) -> Result<HttpResponse, Problem> {
    let zone = zone_of(&actor);
    let command = query.into_command(&page);
    let listed = blocking::run(&context, move |context| stock::list(context, &actor, command)).await?;
    reply::listed(listed.map(|view| StockReply::new(view, zone)), &page, &request)
}
