//! The OpenAPI document and the table of routes say the same, and the committed document is this one.

use std::collections::BTreeSet;

use savdo_api::routes::{self, Access, Route};
use serde_json::Value;

fn document() -> Value {
    serde_json::from_str(&savdo_api::openapi::text().unwrap()).unwrap()
}

/// The rows that the document describes: older addresses say what those that they stand for say.
fn in_document() -> Vec<Route> {
    let mut rows = routes::all();
    rows.retain(|route| route.older.is_none());
    rows
}

#[test]
fn the_committed_document_is_the_one_that_is_served() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json");

    let committed = std::fs::read_to_string(path).unwrap();

    assert!(
        committed == savdo_api::openapi::text().unwrap(),
        "docs/openapi.json is out of date: cargo run --package savdo-server -- openapi > docs/openapi.json"
    );
}

#[test]
fn every_route_is_in_the_document_and_nothing_else() {
    let document = document();
    let described: BTreeSet<_> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            item.as_object()
                .unwrap()
                .keys()
                .map(move |method| format!("{method} {path}"))
        })
        .collect();

    let routes = in_document();
    // HEAD is GET without the body and goes without saying; what a body comes to is told by its own method alone.
    let served: Vec<_> = routes
        .iter()
        .filter(|route| !route.takes_any_method() || route.operation.request_body.is_some())
        .flat_map(|route| {
            route
                .methods()
                .into_iter()
                .map(move |method| (method.as_str().to_lowercase(), route))
        })
        .filter(|(method, _)| method != "head")
        .map(|(method, route)| format!("{method} {}", route.path))
        .collect();
    let any = ["get", "post", "put", "patch", "delete", "options", "trace"].map(|method| format!("{method} /health/"));

    let answered: BTreeSet<_> = served.iter().cloned().chain(any).collect();
    assert_eq!(described, answered);
    assert_eq!(served.len() + 7, answered.len(), "a route stands in the table twice");
}

#[test]
fn every_route_that_wants_a_token_says_so() {
    let document = document();

    for route in in_document() {
        let operation = &document["paths"][&route.path][route.method.as_str().to_lowercase()];
        let security = operation["security"].as_array().map_or(0, Vec::len);
        let statuses: Vec<_> = operation["responses"].as_object().unwrap().keys().collect();
        match route.access {
            Access::Anyone => assert_eq!(security, 0, "{}", route.path),
            Access::AnyoneOrSignedIn => assert_eq!(security, 2, "{}", route.path),
            Access::SignedIn | Access::SignedInOrTicket | Access::May(_) => {
                assert_eq!(security, 1, "{}", route.path);
                assert!(
                    statuses.iter().any(|status| *status == "401"),
                    "{} {}",
                    route.method,
                    route.path
                );
            }
        }
    }
}

#[test]
fn every_operation_has_a_name_of_its_own() {
    let document = document();
    let items = document["paths"].as_object().unwrap().values();
    let operations: Vec<_> = items.flat_map(|item| item.as_object().unwrap().values()).collect();

    let names: BTreeSet<_> = operations
        .iter()
        .map(|operation| operation["operationId"].as_str().unwrap())
        .collect();

    assert_eq!(names.len(), operations.len());
}

#[test]
fn every_route_that_honours_keys_says_what_it_answers_to_bad_ones() {
    let document = document();

    let keyed: Vec<_> = in_document().into_iter().filter(|route| route.is_once).collect();

    assert!(!keyed.is_empty());
    for route in keyed {
        for method in route.methods() {
            let operation = &document["paths"][&route.path][method.as_str().to_lowercase()];
            let codes = [
                ("400", "idempotency_key_invalid"),
                ("409", "idempotency_in_flight"),
                ("422", "idempotency_key_reused"),
            ];
            for (status, code) in codes {
                let described = operation["responses"][status]["description"].as_str();
                assert!(
                    described.is_some_and(|text| text.contains(code)),
                    "{method} {}: {status}",
                    route.path
                );
            }
        }
    }
}
