//! The OpenAPI 3.1 document, made from the route table.

use utoipa::openapi::path::{Operation, PathItem, PathsBuilder};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder, SecurityRequirement};

use crate::routes::{Access, all};

/// The document of both APIs.
#[must_use]
pub fn document() -> OpenApi {
    let mut paths = PathsBuilder::new();
    let mut components = ComponentsBuilder::new().security_scheme(
        "bearer",
        SecurityScheme::Http(
            HttpBuilder::new()
                .scheme(HttpAuthScheme::Bearer)
                .bearer_format("JWT")
                .build(),
        ),
    );
    for route in all() {
        let method = route.http_method();
        let mut operation = route.operation;
        operation.operation_id = name(&operation);
        operation.security = match route.access {
            Access::Anyone => None,
            Access::AnyoneOrSignedIn => Some(vec![
                SecurityRequirement::default(),
                SecurityRequirement::new("bearer", Vec::<String>::new()),
            ]),
            Access::SignedIn => Some(vec![SecurityRequirement::new("bearer", Vec::<String>::new())]),
        };
        paths = paths.path(route.path, PathItem::new(method, operation));
        for (name, schema) in route.schemas {
            components = components.schema(name, schema);
        }
    }
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Savdo")
                .version(env!("CARGO_PKG_VERSION"))
                .build(),
        )
        .paths(paths.build())
        .components(Some(components.build()))
        .build()
}

/// Handlers are called alike in many modules; with the tag before it the name is one operation's own.
fn name(operation: &Operation) -> Option<String> {
    let tag = operation.tags.iter().flatten().next()?;
    let handler = operation.operation_id.as_ref()?;
    Some(format!("{tag}_{handler}").replace([' ', '-'], "_"))
}

/// The document as JSON text, as it is served and committed.
///
/// # Errors
/// None in practice: the document is plain data.
pub fn text() -> Result<String, serde_json::Error> {
    document().to_pretty_json().map(|text| text + "\n")
}
