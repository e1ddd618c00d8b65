//! The beginnings of the shop API: what there is, with its addresses (shop.md 1.1).

use std::collections::BTreeMap;

use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse};
use savdo_domain::access::Right;

use crate::dialect::Dialect;
use crate::guards::SignedIn;
use crate::problem::Problem;
use crate::reply;
use crate::route;
use crate::routes::{self, Route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(SignedIn, shop::roots; root),
        route!(SignedIn, shop::roots; warehouse_root),
        route!(SignedIn, shop::roots; support_root),
        route!(May(Right::Installation), shop::roots; superadmin_root),
    ]
}

/// The collections of the shop, by the segment of their path.
///
/// # Errors
/// 401 when not signed in.
#[utoipa::path(get, path = "/api/v1/", tag = "roots", responses(
    (status = 200, description = "Path segment to absolute address", body = BTreeMap<String, String>),
))]
pub async fn root(request: HttpRequest, SignedIn(_): SignedIn) -> Result<HttpResponse, Problem> {
    Ok(reply::found(collections(&request, "/api/v1/")))
}

/// The collections of the warehouse, by the segment of their path.
///
/// # Errors
/// 401 when not signed in.
#[utoipa::path(get, path = "/api/v1/warehouse/", tag = "roots", responses(
    (status = 200, description = "Path segment to absolute address", body = BTreeMap<String, String>),
))]
pub async fn warehouse_root(request: HttpRequest, SignedIn(_): SignedIn) -> Result<HttpResponse, Problem> {
    Ok(reply::found(collections(&request, "/api/v1/warehouse/")))
}

/// The collections of the support, by the segment of their path.
///
/// # Errors
/// 401 when not signed in.
#[utoipa::path(get, path = "/api/v1/support/", tag = "roots", responses(
    (status = 200, description = "Path segment to absolute address", body = BTreeMap<String, String>),
))]
pub async fn support_root(request: HttpRequest, SignedIn(_): SignedIn) -> Result<HttpResponse, Problem> {
    Ok(reply::found(collections(&request, "/api/v1/support/")))
}

/// The collections of the admin panel, by the segment of their path.
///
/// # Errors
/// 401 when not signed in; 403 `admin_only`.
#[utoipa::path(get, path = "/api/v1/superadmin/", tag = "roots", responses(
    (status = 200, description = "Path segment to absolute address", body = BTreeMap<String, String>),
    (status = 403, description = "admin_only"),
))]
pub async fn superadmin_root(request: HttpRequest, SignedIn(actor): SignedIn) -> Result<HttpResponse, Problem> {
    let may = actor.check(Right::Installation);
    may.map_err(|refusal| Problem::Refused(refusal.into()))?;
    Ok(reply::found(collections(&request, "/api/v1/superadmin/")))
}

/// Whatever can be got one segment below `root`.
fn collections(request: &HttpRequest, root: &str) -> BTreeMap<String, String> {
    let origin = reply::origin(request);
    let of_shop = |route: &Route| Dialect::of(&route.path) == Dialect::Shop;
    let readable = routes::all()
        .into_iter()
        .filter(|route| route.method == Method::GET && of_shop(route));
    readable
        .filter_map(|route| {
            let segment = route.path.strip_prefix(root)?.strip_suffix('/')?;
            let is_collection = !segment.is_empty() && !segment.contains(['/', '{']);
            is_collection.then(|| (segment.to_owned(), format!("{origin}{}", route.path)))
        })
        .collect()
}
