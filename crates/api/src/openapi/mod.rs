//! The OpenAPI 3.1 document, made from the route table.
//!
//! A handler says what is its own; what every operation of its kind takes and answers is added here, from its row.

mod common;

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
    for (name, schema) in common::schemas() {
        components = components.schema(name, schema);
    }
    // Older addresses say what those that they stand for say.
    for route in all().into_iter().filter(|route| route.older.is_none()) {
        let methods = common::methods(&route);
        let mut operation = common::describe(&route);
        operation.operation_id = name(&operation);
        operation.security = match route.access {
            Access::Anyone => None,
            Access::AnyoneOrSignedIn => Some(vec![
                SecurityRequirement::default(),
                SecurityRequirement::new("bearer", Vec::<String>::new()),
            ]),
            Access::SignedIn | Access::SignedInOrTicket | Access::May(_) => {
                Some(vec![SecurityRequirement::new("bearer", Vec::<String>::new())])
            }
        };
        // The first is the handler's own.
        for (index, (method, name)) in methods.into_iter().enumerate() {
            let mut operation = operation.clone();
            if index > 0 {
                operation.operation_id = operation.operation_id.map(|id| format!("{id}_by_{name}"));
            }
            paths = paths.path(route.path.clone(), PathItem::new(method, operation));
        }
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
