//! Null and missing keys: a body takes them exactly where the OpenAPI document says so.

use savdo_api::routes;
use savdo_persistence::testing::{Backend, TestDatabase};
use savdo_tests::{Answer, Server};
use serde_json::{Map, Value, json};

use super::stock::stocked;
use super::{Sample, send};

pub(super) fn document() -> Value {
    serde_json::from_str(&savdo_api::openapi::text().unwrap()).unwrap()
}

/// A schema, wherever it stands.
fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(path) => resolved(document, document.pointer(path.trim_start_matches('#')).unwrap()),
        None => schema,
    }
}

fn takes_null(document: &Value, schema: &Value) -> bool {
    let schema = resolved(document, schema);
    let is_null = |kind: &Value| kind == "null";
    let of_type = is_null(&schema["type"]) || schema["type"].as_array().is_some_and(|kinds| kinds.iter().any(is_null));
    let one_of = schema["oneOf"].as_array();
    of_type || one_of.is_some_and(|kinds| kinds.iter().any(|kind| takes_null(document, kind)))
}

/// One key of a body.
pub(super) struct Key {
    /// JSON pointer to the object that it stands in.
    pub(super) parent: String,
    pub(super) name: String,
    takes_null: bool,
    is_required: bool,
}

impl Key {
    /// Whether an answer is a field error of this key.
    fn is_blamed(&self, answer: &Answer) -> bool {
        let Self { parent, name, .. } = self;
        answer.status == 400 && answer.body.pointer(&format!("{parent}/{name}")).is_some()
    }

    /// The object of the body that it stands in.
    fn object<'a>(&self, body: &'a mut Value) -> &'a mut Map<String, Value> {
        body.pointer_mut(&self.parent).and_then(Value::as_object_mut).unwrap()
    }
}

/// The keys of a schema, and of the objects in its lists as far as the body has any.
pub(super) fn keys(document: &Value, schema: &Value, parent: &str, body: &Value) -> Vec<Key> {
    let schema = resolved(document, schema);
    let mut found = Vec::new();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let required = schema["required"].as_array();
        found.push(Key {
            parent: parent.to_owned(),
            name: name.clone(),
            takes_null: takes_null(document, property),
            is_required: required.is_some_and(|names| names.contains(&json!(name))),
        });
        let element = format!("{parent}/{name}/0");
        if body.pointer(&element).is_some_and(Value::is_object) {
            found.extend(keys(document, &resolved(document, property)["items"], &element, body));
        }
    }
    found
}

#[test]
fn a_body_takes_null_exactly_where_the_document_says_so() {
    let server = Server::unlimited(TestDatabase::new(Backend::Sqlite));
    let stocked = stocked(&server);
    let shop = &stocked.shop;
    // Somebody who has a branch of his own, for the bodies that may leave it out.
    let place = format!(
        "UPDATE workers SET branch_id = {} WHERE store_id = {}",
        shop.branch_id, shop.store_id
    );
    server.world.database.execute(&place);
    let owner = server.client_of(&server.world.again(&shop.owner)).unnoted();
    let document = document();

    let mut keys_tried = 0;
    let mut routes = routes::all();
    // What has two names is required under the older one; a language may be left out at the older address.
    let differs = ["/api/v7/prescriptions/{id}/reject/", "/api/v5/notifications/templates/"];
    routes.retain(|route| !route.path.contains("logout") && !differs.contains(&route.path.as_str()));
    for route in routes {
        let operation = &document["paths"][&route.main_path()][route.method.as_str().to_lowercase()];
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        let sample = Sample::of_route(&route);
        let body: Value = serde_json::from_slice(&sample.body(&stocked.ids)).unwrap_or_default();
        for key in keys(&document, schema, "", &body) {
            let sent = |change: &dyn Fn(&mut Map<String, Value>)| {
                let mut body = body.clone();
                change(key.object(&mut body));
                let path = sample.address(&route.path, &stocked.ids);
                send(&owner, route.method.as_str(), &path, body.to_string().as_bytes())
            };
            let name = format!("{} {}: {}/{}", route.method, route.path, key.parent, key.name);

            let with_null = sent(&|object| drop(object.insert(key.name.clone(), Value::Null)));
            assert_eq!(
                !key.is_blamed(&with_null),
                key.takes_null,
                "{name} null => {}",
                with_null.text
            );
            let without = sent(&|object| drop(object.remove(&key.name)));
            assert_eq!(
                key.is_blamed(&without),
                key.is_required,
                "{name} missing => {}",
                without.text
            );
            keys_tried += 1;
        }
    }
    assert!(keys_tried > 100, "{keys_tried}");
}
