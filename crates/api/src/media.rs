//! Pictures of products, for anybody who knows their name (shop.md 23, pharmacy.md 1.1).
//!
//! A name is random and its bytes never change, so that every cache may keep them for good; another picture has another name.

use std::future::{Ready, ready};

use actix_web::body::SizedStream;
use actix_web::dev::Payload;
use actix_web::http::header::{CACHE_CONTROL, ContentType, HeaderName};
use actix_web::{FromRequest, HttpRequest, HttpResponse, HttpResponseBuilder, web};
use savdo_services::Context;
use savdo_services::files::{self, OpenFile};

use crate::extract::FileBytes;
use crate::problem::Problem;
use crate::reply;
use crate::routes::Route;
use crate::{blocking, route};

/// A year: for good, as caches count.
const FOR_GOOD: &str = "public, max-age=31536000, immutable";

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![route!(Anyone, media; product_picture)]
}

/// Where the pictures of products are, as the caller reaches them.
#[derive(Debug, Clone)]
pub struct Pictures {
    origin: String,
}

impl Pictures {
    /// For the caller of this request.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        Self {
            origin: reply::origin(request),
        }
    }

    /// The address of the picture that is stored under this name; none for a product without one.
    #[must_use]
    pub fn address(&self, name: &str) -> Option<String> {
        (!name.is_empty()).then(|| format!("{}/media/products/{name}", self.origin))
    }
}

impl FromRequest for Pictures {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

/// The picture of a product.
///
/// # Errors
/// 404 for any other name.
#[utoipa::path(get, path = "/media/products/{name}", tag = "media", params(("name" = String, Path, description = "As an answer names it")), responses(
    (status = 200, description = "The picture, the same for ever", body = FileBytes, content_type = "image/jpeg"),
))]
pub async fn product_picture(context: web::Data<Context>, name: web::Path<String>) -> Result<HttpResponse, Problem> {
    let name = name.into_inner();
    let found = blocking::run(&context, move |context| files::product_picture(context, &name)).await?;
    let mut response = HttpResponse::Ok();
    response
        .content_type(ContentType::jpeg())
        .insert_header((CACHE_CONTROL, FOR_GOOD))
        // A shop's own pages show it, wherever they come from.
        .insert_header((HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"));
    Ok(streamed(response, found))
}

/// The bytes of a file, read as the caller takes them.
pub(crate) fn streamed(mut response: HttpResponseBuilder, found: OpenFile) -> HttpResponse {
    let OpenFile { file, length, .. } = found;
    response.body(SizedStream::new(length, Box::pin(blocking::pieces(file, length))))
}
