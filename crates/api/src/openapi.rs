//! The OpenAPI 3.1 document, made from the route table.

use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn, PathItem, PathsBuilder};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder, RefOr, Required, Response, SecurityRequirement,
};

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
            Access::SignedIn | Access::May(_) => Some(vec![SecurityRequirement::new("bearer", Vec::<String>::new())]),
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

/// What an operation that honours idempotency keys takes and answers beside its own.
pub(crate) fn describe_keys(operation: &mut Operation) {
    let key = ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "1 to 255 visible ASCII characters: the same key and body have one effect and get the first answer again",
        ))
        .schema(Some(ObjectBuilder::new().schema_type(SchemaType::Type(Type::String))));
    operation.parameters.get_or_insert_default().push(RefOr::T(key.build()));
    for (status, code) in [("409", "idempotency_in_flight"), ("422", "idempotency_key_reused")] {
        let known = operation.responses.responses.entry(status.to_owned());
        let response = known.or_insert_with(|| RefOr::T(Response::default()));
        if let RefOr::T(response) = response {
            let others = std::mem::take(&mut response.description);
            let codes = [others.as_str(), code].into_iter().filter(|code| !code.is_empty());
            response.description = codes.collect::<Vec<_>>().join(", ");
        }
    }
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
