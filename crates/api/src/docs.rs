//! The viewer of the OpenAPI document: files that are part of the binary.

use std::sync::{Arc, LazyLock};

use actix_web::http::header::{CONTENT_SECURITY_POLICY, ContentType};
use actix_web::{HttpRequest, HttpResponse, web};
use utoipa_swagger_ui::Config;

use crate::problem::Problem;

/// Where the viewer lies; its pages name their parts relative to it.
const BASE: &str = "/api/docs/";

/// The viewer runs its own scripts and calls this server, nothing else. Its script sets styles in the page.
const PAGE: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                    connect-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'";

static VIEWER: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| {
    let config = Config::from("/api/schema/")
        .try_it_out_enabled(true)
        .persist_authorization(false);
    Arc::new(config)
});

/// Registers the viewer with its alias.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    for (page, file) in [("/api/docs", "/api/docs/{file}"), ("/docs", "/docs/{file}")] {
        let page = web::resource([page.to_owned(), format!("{page}/")]);
        config.service(only_read(page));
        config.service(only_read(web::resource(file)));
    }
}

fn only_read(resource: actix_web::Resource) -> actix_web::Resource {
    let refused = || async {
        let allow = "GET, HEAD".to_owned();
        Err::<HttpResponse, _>(Problem::MethodNotAllowed { allow })
    };
    resource
        .route(web::get().to(serve))
        .route(web::head().to(serve))
        .default_service(web::to(refused))
}

async fn serve(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let file = request.match_info().get("file").unwrap_or_default();
    let found = utoipa_swagger_ui::serve(file, Arc::clone(&VIEWER)).map_err(|error| Problem::internal(&error))?;
    let found = found.ok_or(Problem::NotFound)?;
    if !found.content_type.starts_with("text/html") {
        return Ok(HttpResponse::Ok()
            .content_type(found.content_type)
            .body(found.bytes.into_owned()));
    }
    let page = page_of(&found.bytes);
    Ok(HttpResponse::Ok()
        .content_type(ContentType::html())
        .insert_header((CONTENT_SECURITY_POLICY, PAGE))
        .body(page))
}

/// The page of the viewer, whose parts are named relative to one address.
fn page_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replacen("<head>", &format!("<head><base href=\"{BASE}\">"), 1)
}
