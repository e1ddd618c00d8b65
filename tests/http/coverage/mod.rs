//! The table of routes, tried row by row: every row has a sample here, and what holds of all is generated from both.
//!
//! A sample says what a good request of its row looks like; ids stand in it as `@sale`, so that they can be those of one's
//! own store or of another. A route without a sample fails the first test.

mod accounts;
mod catalogue;
mod hostile;
mod ids;
mod legacy;
mod nulls;
mod online;
mod rights;
mod stock;
mod surplus;
mod tenants;
mod written;

use std::collections::{BTreeMap, BTreeSet};

use savdo_api::routes::{self, Route};
use savdo_services::testing::picture;
use savdo_tests::{Answer, Client, Form};
use serde_json::{Value, json};

/// A good request of one row.
pub(crate) struct Sample {
    method: &'static str,
    path: &'static str,
    /// What `{id}` is an id of.
    pub(crate) of: Option<&'static str>,
    body: Value,
    /// The parameters that are ids, and of what.
    pub(crate) filters: &'static [(&'static str, &'static str)],
    /// What the query must hold besides, with an `&` at its end.
    pub(crate) query: &'static str,
    /// The key of the picture that is sent as a form, and nothing else.
    picture: Option<&'static str>,
}

/// The ids of one store's things, by their names in samples.
pub(crate) type Ids = BTreeMap<&'static str, i64>;

/// Sends these bytes as JSON, or as the form that they are.
pub(crate) fn send(client: &Client, method: &str, path: &str, body: &[u8]) -> Answer {
    let form = Form::content_type();
    let is_form = body.starts_with(b"--");
    let client = client.with_header("content-type", if is_form { &form } else { "application/json" });
    client.send(method, path, (method != "GET").then_some(body))
}

fn of(method: &'static str, path: &'static str) -> Sample {
    Sample {
        method,
        path,
        of: None,
        body: Value::Null,
        filters: &[],
        query: "",
        picture: None,
    }
}

fn get(path: &'static str) -> Sample {
    of("GET", path)
}

fn post(path: &'static str, body: Value) -> Sample {
    of("POST", path).with(body)
}

fn patch(path: &'static str, body: Value) -> Sample {
    of("PATCH", path).with(body)
}

impl Sample {
    fn with(self, body: Value) -> Self {
        Self { body, ..self }
    }

    fn id_of(self, of: &'static str) -> Self {
        Self { of: Some(of), ..self }
    }

    fn filters(self, filters: &'static [(&'static str, &'static str)]) -> Self {
        Self { filters, ..self }
    }

    fn query(self, query: &'static str) -> Self {
        Self { query, ..self }
    }

    fn picture(self, key: &'static str) -> Self {
        Self {
            picture: Some(key),
            ..self
        }
    }

    /// That of a route; an older address has that of the route which it stands for.
    pub(crate) fn of_route(route: &Route) -> Self {
        Self::of_path(route.method.as_str(), &route.main_path())
    }

    pub(crate) fn of_path(method: &str, path: &str) -> Self {
        let mut samples = samples().into_iter();
        samples
            .find(|sample| sample.method == method && sample.path == path)
            .unwrap_or_else(|| panic!("{method} {path} has no sample"))
    }

    /// An address of the row, the `{id}` in it being this one's.
    pub(crate) fn address(&self, pattern: &str, ids: &Ids) -> String {
        let id = self
            .of
            .map_or_else(|| "0".to_owned(), |noun| stock::called(noun, ids[noun]));
        let pattern = pattern.replace("{uid}", "1").replace("{token}", "unknown");
        let pattern = pattern.replace("{name}", "unknown.jpg").replace("{image_id}", "1");
        pattern.replace("{id}", &id)
    }

    /// The body with these ids; empty where the row takes none.
    pub(crate) fn body(&self, ids: &Ids) -> Vec<u8> {
        if let Some(key) = self.picture {
            return Form::default().file(key, "a.png", &picture(1).0).body();
        }
        match filled(&self.body, &mut |noun| ids[noun]) {
            Value::Null => Vec::new(),
            body => body.to_string().into_bytes(),
        }
    }

    /// The nouns of the ids in the body, in their order. What is offered online is everybody's.
    pub(crate) fn nouns(&self) -> Vec<String> {
        let mut nouns = Vec::new();
        filled(&self.body, &mut |noun| {
            nouns.push(noun.to_owned());
            0
        });
        nouns.retain(|noun| noun != "offered");
        nouns
    }

    /// The body, its `foreign`-th id from another store.
    pub(crate) fn body_with_foreign(&self, foreign: usize, ids: &Ids, others: &Ids) -> Vec<u8> {
        let mut place = 0;
        let body = filled(&self.body, &mut |noun| {
            let id = if place == foreign { others[noun] } else { ids[noun] };
            place += 1;
            id
        });
        body.to_string().into_bytes()
    }
}

fn filled(body: &Value, id: &mut dyn FnMut(&str) -> i64) -> Value {
    match body {
        Value::String(text) => match text.strip_prefix('@') {
            Some(noun) => json!(id(noun)),
            None => body.clone(),
        },
        Value::Array(elements) => elements.iter().map(|element| filled(element, id)).collect(),
        Value::Object(entries) => {
            let entries = entries.iter().map(|(key, value)| (key.clone(), filled(value, id)));
            Value::Object(entries.collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => body.clone(),
    }
}

/// A sample of every row.
fn samples() -> Vec<Sample> {
    [
        system(),
        accounts::samples(),
        shop(),
        catalogue::samples(),
        counter(),
        returns(),
        shifts(),
        spending(),
        online::samples(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn system() -> Vec<Sample> {
    vec![
        get("/health/"),
        get("/health/ready/"),
        get("/api/schema/"),
        get("/media/products/{name}"),
        of("POST", "/api/v1/hooks/sms/eskiz/{token}/"),
        of("POST", "/api/v1/hooks/sms/playmobile/{token}/"),
        of("POST", "/api/v1/payments/payme/"),
        of("POST", "/api/v1/payments/click/prepare/"),
        of("POST", "/api/v1/payments/click/complete/"),
        get("/api/v1/"),
        get("/api/v1/warehouse/"),
        get("/api/v1/support/"),
        get("/api/v1/superadmin/"),
    ]
}

fn shop() -> Vec<Sample> {
    let worker = json!({
        "first_name": "Botir", "last_name": "Aliyev", "username": "botir", "phone1": "+998901234567",
        "password": "tong-otguncha-7", "role": "seller", "branch": "@branch",
    });
    vec![
        get("/api/v1/workers/").filters(&[("branch", "branch")]),
        post("/api/v1/workers/", worker),
        get("/api/v1/workers/me/"),
        patch("/api/v1/workers/me/", json!({ "first_name": "Aziza" })),
        get("/api/v1/workers/{id}/").id_of("worker"),
        patch("/api/v1/workers/{id}/", json!({ "branch": "@branch" })).id_of("worker"),
        of("DELETE", "/api/v1/workers/{id}/").id_of("worker"),
        post("/api/v1/workers/{id}/permissions/", json!({ "add": ["xarajatlar"] })).id_of("worker"),
        post("/api/v1/workers/{id}/activate/", json!({})).id_of("worker"),
        post("/api/v1/workers/{id}/deactivate/", json!({})).id_of("worker"),
        get("/api/v1/audit-logs/").filters(&[("worker", "worker"), ("target_id", "audit_entry")]),
        get("/api/v1/audit-logs/{id}/").id_of("audit_entry"),
        get("/api/v1/stores/"),
        post("/api/v1/stores/", json!({ "name": "Savdo Dorixona" })),
        get("/api/v1/stores/{id}/").id_of("store"),
        patch("/api/v1/stores/{id}/", json!({ "status": "active" })).id_of("store"),
        of("DELETE", "/api/v1/stores/{id}/").id_of("store"),
        get("/api/v1/branches/"),
        post("/api/v1/branches/", json!({ "name": "Chilonzor" })),
        get("/api/v1/branches/{id}/").id_of("branch"),
        patch("/api/v1/branches/{id}/", json!({ "phone": "71 200 00 00" })).id_of("branch"),
        of("DELETE", "/api/v1/branches/{id}/").id_of("branch"),
        get("/api/v1/settings/"),
        get("/api/v1/settings/{id}/").id_of("store"),
        patch("/api/v1/settings/{id}/", json!({ "online_location": "@branch" })).id_of("store"),
    ]
}

fn counter() -> Vec<Sample> {
    let sale = json!({
        "branch": "@branch", "payment_type": "cash", "items": [{ "product": "@product", "quantity": "1" }],
    });
    let movement = json!({
        "product": "@product", "movement_type": "in", "quantity": "1", "branch": "@branch", "unit_cost": "5000",
    });
    let stock = "/api/v1/warehouse/stocks/{id}/";
    let warehouse = "/api/v1/warehouse/warehouses/{id}/";
    let level = json!({ "product": "@product", "quantity": "1", "branch": "@branch", "unit_cost": "5000" });
    let movements = json!({
        "movement_type": "in", "branch": "@branch", "items": [{ "product": "@product", "quantity": "1" }],
    });
    vec![
        post("/api/v1/warehouse/movements/", movement),
        post("/api/v1/warehouse/movements/bulk/", movements),
        get("/api/v1/warehouse/movements/").filters(&[
            ("branch", "branch"),
            ("warehouse", "warehouse"),
            ("product", "product"),
            ("worker", "worker"),
            ("supplier", "customer"),
        ]),
        get("/api/v1/warehouse/movements/{id}/").id_of("movement"),
        get("/api/v1/warehouse/stocks/").filters(&[
            ("branch", "branch"),
            ("warehouse", "warehouse"),
            ("product", "product"),
            ("category", "category"),
        ]),
        get("/api/v1/warehouse/warehouses/"),
        post("/api/v1/warehouse/warehouses/", json!({ "name": "Katta ombor" })),
        get(warehouse).id_of("warehouse"),
        patch(warehouse, json!({ "address": "Sergeli 4" })).id_of("warehouse"),
        of("DELETE", warehouse).id_of("warehouse"),
        post("/api/v1/warehouse/stocks/", level),
        get("/api/v1/warehouse/stocks/by-product/").filters(&[("product", "product")]),
        get("/api/v1/warehouse/stocks/low-stock/").filters(&[("branch", "branch"), ("warehouse", "warehouse")]),
        get("/api/v1/warehouse/batches/").filters(&[
            ("branch", "branch"),
            ("warehouse", "warehouse"),
            ("product", "product"),
        ]),
        get("/api/v1/warehouse/batches/trace/")
            .filters(&[("product", "product")])
            .query("series=A-17&"),
        get("/api/v1/warehouse/batches/{id}/").id_of("batch"),
        patch("/api/v1/warehouse/batches/{id}/", json!({ "blocked": false })).id_of("batch"),
        get(stock).id_of("level"),
        patch(stock, json!({ "quantity": "90", "expected_quantity": null })).id_of("level"),
        of("DELETE", stock).id_of("level"),
        get("/api/v1/sales/").filters(&[
            ("branch", "branch"),
            ("customer", "customer"),
            ("worker", "worker"),
            ("smena", "shift"),
        ]),
        post("/api/v1/sales/", sale),
        get("/api/v1/sales/{id}/").id_of("sale"),
        post("/api/v1/sales/{id}/cancel/", json!({ "reason": "Adashib" })).id_of("sale"),
        get("/api/v1/sales/{id}/receipt/").id_of("sale"),
    ]
}

fn returns() -> Vec<Sample> {
    let back = json!({
        "sale": "@returned_sale", "branch": "@branch", "items": [
            { "sale_item": "@returned_line", "product": "@product", "quantity": "1" },
        ],
    });
    vec![
        get("/api/v1/sale-returns/").filters(&[
            ("branch", "branch"),
            ("smena", "shift"),
            ("sale", "returned_sale"),
            ("customer", "customer"),
        ]),
        post("/api/v1/sale-returns/", back),
        get("/api/v1/sale-returns/{id}/").id_of("sale_return"),
        post("/api/v1/sale-returns/{id}/confirm/", json!({})).id_of("sale_return"),
        post("/api/v1/sale-returns/{id}/cancel/", json!({})).id_of("sale_return"),
    ]
}

fn shifts() -> Vec<Sample> {
    vec![
        get("/api/v1/shifts/").filters(&[("branch", "branch")]),
        post(
            "/api/v1/shifts/",
            json!({ "branch": "@branch", "cash_start": "1000", "description": "Ertalabki" }),
        ),
        get("/api/v1/shifts/{id}/").id_of("shift"),
        post("/api/v1/shifts/{id}/close/", json!({ "cash_end": "1000" })).id_of("shift"),
        get("/api/v1/shifts/{id}/x-report/").id_of("shift"),
        get("/api/v1/shifts/{id}/z-report/").id_of("shift"),
    ]
}

fn spending() -> Vec<Sample> {
    let (categories, expenses) = ("/api/v1/expense-categories/{id}/", "/api/v1/expenses/{id}/");
    let expense = json!({
        "category": "@expense_category", "amount": "1000", "date": "2026-03-12", "branch": "@branch",
    });
    vec![
        get("/api/v1/expense-categories/"),
        post("/api/v1/expense-categories/", json!({ "name": "Suv" })),
        get(categories).id_of("expense_category"),
        patch(categories, json!({ "name": "Ijara haqi" })).id_of("expense_category"),
        of("DELETE", categories).id_of("expense_category"),
        get("/api/v1/expenses/").filters(&[
            ("branch", "branch"),
            ("category", "expense_category"),
            ("smena", "shift"),
            ("worker", "worker"),
        ]),
        post("/api/v1/expenses/", expense),
        get(expenses).id_of("expense"),
        patch(expenses, json!({ "category": "@expense_category" })).id_of("expense"),
        of("DELETE", expenses).id_of("expense"),
        get("/api/v1/expenses/{id}/receipt-image/").id_of("expense"),
    ]
}

#[test]
fn every_route_has_a_sample_and_every_sample_a_route() {
    let routes: BTreeSet<_> = routes::all()
        .iter()
        .filter(|route| route.older.is_none())
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    let sampled: Vec<_> = samples()
        .iter()
        .map(|sample| format!("{} {}", sample.method, sample.path))
        .collect();

    assert_eq!(sampled.iter().cloned().collect::<BTreeSet<_>>(), routes);
    assert_eq!(sampled.len(), routes.len(), "a sample stands here twice");
}

/// What the document says of ids in queries and bodies, against the samples: none is left out of the sweep.
#[test]
fn every_id_that_a_route_takes_is_in_its_sample() {
    let document: Value = serde_json::from_str(&savdo_api::openapi::text().unwrap()).unwrap();
    for route in routes::all() {
        let (name, sample) = (format!("{} {}", route.method, route.path), Sample::of_route(&route));
        let operation = &document["paths"][&route.main_path()][route.method.as_str().to_lowercase()];
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let ids = |place: &str| -> BTreeSet<String> {
            let of_place = parameters.iter().filter(|parameter| parameter["in"] == place);
            let ids = of_place.filter(|parameter| parameter["schema"]["type"].to_string().contains("integer"));
            let names = ids.map(|parameter| parameter["name"].as_str().unwrap().to_owned());
            names.filter(|name| name != "page" && name != "page_size").collect()
        };

        let filters: BTreeSet<_> = sample.filters.iter().map(|(filter, _)| (*filter).to_owned()).collect();
        assert_eq!(ids("query"), filters, "{name}");
        let is_payment = sample.of == Some("payment");
        assert_eq!(!ids("path").is_empty() || is_payment, sample.of.is_some(), "{name}");
    }
}
