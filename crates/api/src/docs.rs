//! The viewer of the OpenAPI document: files that are part of the binary.

use std::sync::{Arc, LazyLock};

use actix_web::http::header::ContentType;
use actix_web::{HttpRequest, HttpResponse, web};
use utoipa_swagger_ui::Config;

use crate::problem::Problem;

/// Where the viewer lies; its pages name their parts relative to it.
const BASE: &str = "/api/docs/";

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
    let page = String::from_utf8_lossy(&found.bytes).replacen("<head>", &format!("<head><base href=\"{BASE}\">"), 1);
    Ok(HttpResponse::Ok().content_type(ContentType::html()).body(page))
}
