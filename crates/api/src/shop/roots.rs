//! The beginnings of the shop API: what there is, with its addresses (shop.md 1.1).

use std::collections::BTreeMap;

use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse};

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

/// Whatever can be got one segment below `root`.
fn collections(request: &HttpRequest, root: &str) -> BTreeMap<String, String> {
    let origin = reply::origin(request);
    let readable = routes::all().into_iter().filter(|route| route.method == Method::GET);
    readable
        .filter_map(|route| {
            let segment = route.path.strip_prefix(root)?.strip_suffix('/')?;
            let is_collection = !segment.is_empty() && !segment.contains(['/', '{']);
            is_collection.then(|| (segment.to_owned(), format!("{origin}{}", route.path)))
        })
        .collect()
}
