//! Stores that are open online (pharmacy.md 2.2).

use actix_web::{HttpRequest, HttpResponse, web};
use savdo_domain::ids::StoreId;
use savdo_services::Context;
use savdo_services::catalogue::{self, OnlineStoreView};
use serde::Serialize;
use utoipa::ToSchema;

use crate::pharmacy::shown::shown;
use crate::problem::Problem;
use crate::routes::Route;
use crate::{reply, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![route!(AnyoneOrSignedIn, pharmacy::stores; list)]
}

/// A store that is open online.
#[derive(Debug, Serialize, ToSchema)]
pub struct OnlineStoreReply {
    #[schema(value_type = i64)]
    id: StoreId,
    name: String,
    address: String,
    phone: String,
    /// Whether orders may be paid in cash.
    cash_enabled: bool,
    /// The payment providers that it takes.
    providers: Vec<String>,
}

/// The stores that are open online, by name.
///
/// # Errors
/// None of the request.
#[utoipa::path(get, path = "/api/v1/pharmacy/stores/", tag = "online stores", responses(
    (status = 200, description = "The stores", body = Vec<OnlineStoreReply>),
    (status = 304, description = "As the caller has it: If-None-Match names its ETag"),
))]
pub async fn list(context: web::Data<Context>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    shown(&context, &request, None, |context, _| {
        let stores = catalogue::stores(context)?;
        let stores = stores.into_iter().map(OnlineStoreReply::from).collect();
        Ok(reply::all::<OnlineStoreReply>(stores))
    })
    .await
}

impl From<OnlineStoreView> for OnlineStoreReply {
    fn from(view: OnlineStoreView) -> Self {
        Self {
            id: view.id,
            name: view.name,
            address: view.address,
            phone: view.phone,
            cash_enabled: view.cash_enabled,
            providers: Vec::new(),
        }
    }
}
