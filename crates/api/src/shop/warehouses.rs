//! Warehouses (shop.md 11).

use actix_web::{HttpRequest, HttpResponse, web};
use savdo_domain::access::{Permission, Right, RowStatus};
use savdo_domain::account::Language;
use savdo_domain::ids::{LocationId, ProductId};
use savdo_domain::zone::Zone;
use savdo_domain::{FieldErrors, Money, Quantity};
use savdo_services::Context;
use savdo_services::warehouses::{
    self, ChangeWarehouse, CreateWarehouse, LocationColumn, PlacedView, WarehouseDetailView, WarehouseView,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::extract::{
    Body, CodeInput, InLanguage, Keyed, NameInput, PageQuery, Patch, PathId, Query, RowsQuery, ShopPage, TextInput,
};
use crate::guards::SignedIn;
use crate::messages::{self, Done};
use crate::problem::Problem;
use crate::reply::{self, Absent, MessageReply, Written};
use crate::routes::Route;
use crate::{blocking, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(May(Right::ShopList(Permission::ViewStock)), shop::warehouses; list),
        route!(May(Right::Shop(Permission::ChangeStock)), shop::warehouses; create).once(),
        route!(May(Right::Shop(Permission::ViewStock)), shop::warehouses; detail),
        route!(May(Right::Shop(Permission::ChangeStock)), shop::warehouses; change),
        route!(May(Right::Shop(Permission::ChangeStock)), shop::warehouses; close),
    ]
}

/// A warehouse to be opened.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct WarehouseBody {
    /// 1 to 200 characters, unique among the active warehouses of the store.
    #[validate(required, length(min = 1, max = 200))]
    #[schema(required, nullable = false)]
    name: Option<NameInput>,
    /// Up to 300 characters.
    #[validate(length(max = 300))]
    address: Option<TextInput>,
}

impl From<WarehouseBody> for CreateWarehouse {
    fn from(body: WarehouseBody) -> Self {
        Self {
            name: body.name.unwrap_or_default().0,
            address: body.address.unwrap_or_default().0,
        }
    }
}

/// A change of a warehouse: any of the keys.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct WarehousePatch {
    /// 1 to 200 characters, unique among the active warehouses of the store.
    #[serde(default)]
    #[validate(length(min = 1, max = 200))]
    name: Patch<NameInput>,
    /// Up to 300 characters.
    #[serde(default)]
    #[validate(length(max = 300))]
    address: Patch<TextInput>,
    /// Inactive only where nothing lies.
    #[serde(default)]
    #[schema(schema_with = CodeInput::<RowStatus>::schema)]
    status: Patch<CodeInput<RowStatus>>,
}

impl TryFrom<WarehousePatch> for ChangeWarehouse {
    type Error = FieldErrors;

    fn try_from(body: WarehousePatch) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let command = Self {
            name: body.name.not_null("name", &mut errors).map(|name| name.0),
            address: body.address.not_null("address", &mut errors).map(|address| address.0),
            phone: None,
            status: body.status.not_null("status", &mut errors).map(|status| status.0),
        };
        errors.into_result().map(|()| command)
    }
}

/// A warehouse in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct WarehouseRowReply {
    #[schema(value_type = i64)]
    id: LocationId,
    name: String,
    address: String,
    #[schema(value_type = String)]
    status: RowStatus,
    status_display: String,
    /// Products that are kept there.
    stock_count: i64,
}

/// A warehouse.
#[derive(Debug, Serialize, ToSchema)]
pub struct WarehouseReply {
    #[schema(value_type = i64)]
    id: LocationId,
    name: String,
    address: String,
    #[schema(value_type = String)]
    status: RowStatus,
    status_display: String,
    store_name: String,
    created_on: String,
    /// The first 500 products that are kept there, by name.
    products: Vec<WarehouseProductReply>,
    /// How many are kept there in all.
    products_count: i64,
}

/// A product that is kept in a warehouse.
#[derive(Debug, Serialize, ToSchema)]
pub struct WarehouseProductReply {
    #[schema(value_type = i64)]
    product_id: ProductId,
    product_name: String,
    #[schema(value_type = String)]
    quantity: Quantity,
    #[schema(value_type = String)]
    purchase_price: Money,
    #[schema(value_type = String)]
    sale_price: Money,
    barcode: String,
    #[schema(value_type = Option<String>)]
    barcode_image_url: Absent,
    /// When the first goods of it came there.
    added_on: String,
}

impl WarehouseRowReply {
    fn new(view: WarehouseView, language: Language) -> Self {
        let WarehouseView { warehouse, stock_count } = view;
        Self {
            id: warehouse.id,
            name: warehouse.name,
            address: warehouse.address,
            status: warehouse.status,
            status_display: messages::label(language, "row_status", warehouse.status),
            stock_count,
        }
    }
}

impl WarehouseReply {
    fn new(view: WarehouseDetailView, language: Language) -> Self {
        let WarehouseDetailView {
            warehouse,
            store,
            products,
            products_count,
        } = view;
        let products = products.into_iter();
        Self {
            id: warehouse.id,
            name: warehouse.name,
            address: warehouse.address,
            status: warehouse.status,
            status_display: messages::label(language, "row_status", warehouse.status),
            store_name: store.name,
            created_on: store.zone.write(warehouse.created_at),
            products: products
                .map(|product| WarehouseProductReply::new(product, store.zone))
                .collect(),
            products_count,
        }
    }
}

impl WarehouseProductReply {
    fn new(view: PlacedView, zone: Zone) -> Self {
        Self {
            product_id: view.product_id,
            product_name: view.product_name,
            quantity: view.quantity,
            purchase_price: view.purchase_price,
            sale_price: view.sale_price,
            barcode: view.barcode,
            barcode_image_url: Absent,
            added_on: zone.write(view.added_at),
        }
    }
}

/// The warehouses of one's store, searched by name.
///
/// # Errors
/// Field errors of the query; 403 without the right.
#[utoipa::path(get, path = "/api/v1/warehouse/warehouses/", tag = "warehouses", params(RowsQuery<LocationColumn>, ShopPage), responses(
    (status = 200, description = "A page of warehouses; none before a store is made", body = Vec<WarehouseRowReply>),
))]
pub async fn list(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Query(query): Query<RowsQuery<LocationColumn>>,
    page: PageQuery,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let query = query.into_list(page.page());
    let listed = blocking::run(&context, move |context| warehouses::list(context, &actor, query)).await?;
    reply::listed(
        listed.map(|view| WarehouseRowReply::new(view, language)),
        &page,
        &request,
    )
}

/// Opens a warehouse.
///
/// # Errors
/// Field errors; 403 without the right.
#[utoipa::path(post, path = "/api/v1/warehouse/warehouses/", tag = "warehouses", request_body = WarehouseBody, responses(
    (status = 201, description = "The new warehouse", body = Written<WarehouseReply>),
))]
pub async fn create(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Keyed(key, Body(body)): Keyed<Body<WarehouseBody>>,
) -> Result<HttpResponse, Problem> {
    let command = CreateWarehouse::from(body);
    let once = key.answering(move |view| reply::created(language, Done::Created, WarehouseReply::new(view, language)));
    reply::once(
        blocking::run(&context, move |context| {
            warehouses::create(context, &actor, command, &once)
        })
        .await?,
    )
}

/// One warehouse, in whatever status.
///
/// # Errors
/// 403 without the right; 404 for an unknown one, a branch, or another store's.
#[utoipa::path(get, path = "/api/v1/warehouse/warehouses/{id}/", tag = "warehouses", params(("id" = i64, Path, description = "The warehouse")), responses(
    (status = 200, description = "The warehouse", body = WarehouseReply),
    (status = 404, description = "No such warehouse"),
))]
pub async fn detail(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
) -> Result<HttpResponse, Problem> {
    let id = LocationId::new(id);
    let view = blocking::run(&context, move |context| warehouses::detail(context, &actor, id)).await?;
    Ok(reply::found(WarehouseReply::new(view, language)))
}

/// Changes a warehouse, closes it or opens it again.
///
/// # Errors
/// Field errors, `empty_patch`; 403 without the right; 404 for an unknown one, a branch, or another store's; 409
/// `has_stock`, `has_open_documents`.
#[utoipa::path(patch, path = "/api/v1/warehouse/warehouses/{id}/", tag = "warehouses", request_body = WarehousePatch,
    params(("id" = i64, Path, description = "The warehouse")),
    responses(
        (status = 200, description = "The warehouse as it is now", body = Written<WarehouseReply>),
        (status = 400, description = "Field errors, empty_patch"),
        (status = 409, description = "has_stock, has_open_documents"),
    ),
)]
pub async fn change(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
    Body(body): Body<WarehousePatch>,
) -> Result<HttpResponse, Problem> {
    let command = ChangeWarehouse::try_from(body).map_err(|errors| Problem::Refused(errors.into()))?;
    let id = LocationId::new(id);
    let view = blocking::run(&context, move |context| {
        warehouses::change(context, &actor, id, command)
    })
    .await?;
    Ok(reply::changed(
        language,
        Done::Updated,
        WarehouseReply::new(view, language),
    ))
}

/// Closes a warehouse; one that is closed stays so.
///
/// # Errors
/// 403 without the right; 404 for an unknown one, a branch, or another store's; 409 `has_stock`, `has_open_documents`.
#[utoipa::path(delete, path = "/api/v1/warehouse/warehouses/{id}/", tag = "warehouses",
    params(("id" = i64, Path, description = "The warehouse")),
    responses(
        (status = 200, description = "It is closed", body = MessageReply),
        (status = 409, description = "has_stock, has_open_documents"),
    ),
)]
pub async fn close(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
) -> Result<HttpResponse, Problem> {
    let id = LocationId::new(id);
    blocking::run(&context, move |context| warehouses::close(context, &actor, id)).await?;
    Ok(reply::message(language, Done::Deleted))
}
