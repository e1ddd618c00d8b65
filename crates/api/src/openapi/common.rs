//! What operations of one kind have in common: the statuses that a body, a token or a path parameter brings with it, the shapes
//! of refusals, the header of idempotency keys. A handler's own description of a status stands before these.

use actix_web::http::Method;
use utoipa::openapi::path::{HttpMethod, Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{AdditionalProperties, AnyOfBuilder, ArrayBuilder, ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Required, Response, Schema};

use crate::dialect::Dialect;
use crate::routes::Route;

const REFUSAL: &str = "Refusal";
const FIELD_ERRORS: &str = "FieldErrors";
const USERS_FAILURE: &str = "UsersFailure";

/// The operation of a route, with what is common to its kind.
pub(super) fn describe(route: &Route) -> Operation {
    let mut operation = route.operation.clone();
    for parameter in operation.parameters.iter_mut().flatten() {
        match parameter {
            RefOr::T(parameter) if parameter.parameter_in == ParameterIn::Query => allow_empty(parameter),
            RefOr::T(_) | RefOr::Ref(_) => {}
        }
    }
    // An address that answers any method asks nothing and refuses nothing.
    if !route.takes_any_method() {
        for (status, description) in statuses(route) {
            let responses = &mut operation.responses.responses;
            let known = responses.entry(status.to_owned());
            known.or_insert_with(|| RefOr::T(Response::new(description)));
        }
    }
    if route.is_once {
        describe_keys(&mut operation);
    }
    let dialect = Dialect::of(&route.path);
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response {
            describe_refusal(dialect, status, response);
        }
    }
    operation
}

/// An empty value in a query counts as not sent: a text that may not be empty must be sent, any other value may be empty. The
/// builder knows neither of a parameter with a schema of its own.
fn allow_empty(parameter: &mut Parameter) {
    if let Some(RefOr::T(Schema::Object(object))) = &parameter.schema
        && object.min_length.is_some_and(|length| length > 0)
    {
        parameter.required = Required::True;
        return;
    }
    let others = parameter.extensions.get_or_insert_default();
    others.insert("allowEmptyValue".to_owned(), true.into());
}

fn statuses(route: &Route) -> Vec<(&'static str, &'static str)> {
    let has_body = route.operation.request_body.is_some();
    let has_parameter = |place: &ParameterIn| {
        let parameters = route.operation.parameters.iter().flatten();
        parameters
            .filter_map(|parameter| match parameter {
                RefOr::T(parameter) => Some(&parameter.parameter_in),
                RefOr::Ref(_) => None,
            })
            .any(|its| its == place)
    };
    let mut statuses = vec![("429", "throttled"), ("500", "internal_error"), ("503", "busy")];
    if has_body || has_parameter(&ParameterIn::Query) {
        statuses.push(("400", "Field errors"));
    }
    if has_body {
        statuses.extend([("413", "body_too_large"), ("415", "unsupported_media_type")]);
    }
    if route.access.wants_token() {
        statuses.extend([
            ("401", "not_authenticated, token_not_valid, user_inactive"),
            ("403", "Without the right"),
        ]);
    }
    if has_parameter(&ParameterIn::Path) {
        statuses.push(("404", "not_found"));
    }
    statuses
}

/// Gives a refusal that says nothing of its body the shape that all of them have.
fn describe_refusal(dialect: Dialect, status: &str, response: &mut Response) {
    let is_refusal = status.starts_with('4') || status.starts_with('5');
    if !is_refusal || !response.content.is_empty() {
        return;
    }
    let shapes: &[&str] = match (status, dialect) {
        ("400", Dialect::Shop | Dialect::Pharmacy) => &[REFUSAL, FIELD_ERRORS],
        ("400" | "429", Dialect::PharmacyUsers) => &[REFUSAL, USERS_FAILURE],
        (_, Dialect::Shop | Dialect::Pharmacy | Dialect::PharmacyUsers | Dialect::Provider(_)) => &[REFUSAL],
    };
    let schema: RefOr<Schema> = match shapes {
        [shape] => Ref::from_schema_name(*shape).into(),
        shapes => {
            let any = AnyOfBuilder::new();
            let any = shapes
                .iter()
                .fold(any, |any, shape| any.item(Ref::from_schema_name(*shape)));
            any.into()
        }
    };
    let content = ContentBuilder::new().schema(Some(schema)).build();
    response
        .content
        .insert("application/json".to_owned(), RefOr::T(content));
}

/// The shapes of refusals (shop.md 1.3, pharmacy.md 1.3).
pub(super) fn schemas() -> [(&'static str, RefOr<Schema>); 3] {
    let text = || ObjectBuilder::new().schema_type(SchemaType::Type(Type::String));
    let refusal = ObjectBuilder::new()
        .description(Some(
            "Why not. The code never changes, the text is for people; some codes bring figures.",
        ))
        .property("detail", text())
        .required("detail")
        .property("code", text())
        .required("code");
    let problems = ArrayBuilder::new().description(Some("Texts, or for a list one object for each element"));
    let field_errors = ObjectBuilder::new()
        .description(Some(
            "Every field that is wrong; what concerns several is under `non_field_errors`.",
        ))
        .additional_properties(Some(AdditionalProperties::from(Schema::from(problems.build()))));
    let users_failure = ObjectBuilder::new()
        .description(Some("Every wrong field stands at the top once more."))
        .property("message", text())
        .required("message")
        .property("detail", text())
        .required("detail")
        .property("errors", Ref::from_schema_name(FIELD_ERRORS))
        .required("errors")
        .property("error_code", text())
        .required("error_code");
    [
        (REFUSAL, refusal.into()),
        (FIELD_ERRORS, field_errors.into()),
        (USERS_FAILURE, users_failure.into()),
    ]
}

/// What an operation that honours idempotency keys takes and answers beside its own.
fn describe_keys(operation: &mut Operation) {
    let key = ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "1 to 255 visible ASCII characters: the same key and body have one effect and get the first answer again",
        ))
        .schema(Some(
            ObjectBuilder::new()
                .schema_type(SchemaType::Type(Type::String))
                .pattern(Some("^[!-~]{1,255}$")),
        ));
    operation.parameters.get_or_insert_default().push(RefOr::T(key.build()));
    let codes = [
        ("400", "idempotency_key_invalid"),
        ("409", "idempotency_in_flight"),
        ("422", "idempotency_key_reused"),
    ];
    for (status, code) in codes {
        let known = operation.responses.responses.entry(status.to_owned());
        let response = known.or_insert_with(|| RefOr::T(Response::default()));
        if let RefOr::T(response) = response {
            let others = std::mem::take(&mut response.description);
            let codes = [others.as_str(), code].into_iter().filter(|code| !code.is_empty());
            response.description = codes.collect::<Vec<_>>().join(", ");
        }
    }
}

/// The methods of a route, as the document knows them, with their names; HEAD is GET without the body and goes without saying.
pub(super) fn methods(route: &Route) -> Vec<(HttpMethod, &'static str)> {
    let known = [
        (Method::GET, HttpMethod::Get, "get"),
        (Method::POST, HttpMethod::Post, "post"),
        (Method::PUT, HttpMethod::Put, "put"),
        (Method::PATCH, HttpMethod::Patch, "patch"),
        (Method::DELETE, HttpMethod::Delete, "delete"),
        (Method::OPTIONS, HttpMethod::Options, "options"),
        (Method::TRACE, HttpMethod::Trace, "trace"),
    ];
    let answered = route.methods();
    // What a body comes to is told by its own method alone.
    let is_every_method_told = route.takes_any_method() && route.operation.request_body.is_none();
    let mut methods: Vec<_> = known
        .into_iter()
        .filter(|(method, ..)| is_every_method_told || answered.contains(method))
        .collect();
    methods.sort_by_key(|(method, ..)| *method != route.method);
    methods.into_iter().map(|(_, method, name)| (method, name)).collect()
}
