//! Health, and the description of the API (shop.md 23).

use std::sync::OnceLock;

use actix_web::http::header::ContentType;
use actix_web::{HttpResponse, web};
use savdo_services::Context;
use savdo_services::health::{self, Readiness};
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::Problem;
use crate::routes::Route;
use crate::{openapi, route};

/// Where the OpenAPI document is.
pub(crate) const SCHEMA: &str = "/api/schema/";

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(Anyone, system; health).for_any_method(),
        route!(Anyone, system; ready).unlimited(),
        route!(Anyone, system; schema).alias("/openapi.json"),
    ]
}

/// Whether the parts that the server stands on are in order.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadinessReply {
    /// `ok` or `degraded`.
    #[schema(value_type = String)]
    status: &'static str,
    checks: ChecksReply,
    /// The version of the server.
    #[schema(value_type = String)]
    version: &'static str,
}

/// Each `ok` or a short reason.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChecksReply {
    database: String,
    migrations: String,
    outbox: String,
    disk: String,
}

/// The process is alive.
#[utoipa::path(get, path = "/health/", tag = "system", responses((status = 200, description = "Alive", body = String, content_type = "text/plain")))]
pub async fn health() -> HttpResponse {
    HttpResponse::Ok().content_type(ContentType::plaintext()).body("OK")
}

/// The server can take requests.
///
/// # Errors
/// None: what is not in order is told with 503.
#[utoipa::path(get, path = "/health/ready/", tag = "system", responses(
    (status = 200, description = "Ready", body = ReadinessReply),
    (status = 503, description = "Not ready, or stopping", body = ReadinessReply),
))]
pub async fn ready(watch: web::Data<health::Watch>, context: web::Data<Context>) -> Result<HttpResponse, Problem> {
    let looked = crate::blocking::run(&context, move |context| Ok(watch.look(context))).await;
    let readiness = match looked {
        Err(Problem::Busy) => Readiness::unknown("no thread was free in time"),
        looked => looked?,
    };
    let Readiness {
        database,
        migrations,
        outbox,
        disk,
        is_ready,
    } = readiness;
    let status = if is_ready { "ok" } else { "degraded" };
    let checks = ChecksReply {
        database,
        migrations,
        outbox,
        disk,
    };
    let reply = ReadinessReply {
        status,
        checks,
        version: env!("CARGO_PKG_VERSION"),
    };
    let mut response = if is_ready {
        HttpResponse::Ok()
    } else {
        HttpResponse::ServiceUnavailable()
    };
    Ok(response.json(reply))
}

/// The OpenAPI document of both APIs.
///
/// # Errors
/// None in practice.
#[utoipa::path(get, path = "/api/schema/", tag = "system", responses((status = 200, description = "OpenAPI 3.1 document", body = serde_json::Value)))]
pub async fn schema() -> Result<HttpResponse, Problem> {
    static TEXT: OnceLock<String> = OnceLock::new();
    let text = match TEXT.get() {
        Some(text) => text,
        None => {
            let text = openapi::text().map_err(|error| Problem::internal(&error))?;
            TEXT.get_or_init(|| text)
        }
    };
    Ok(HttpResponse::Ok().content_type(ContentType::json()).body(text.as_str()))
}
