//! Samples of the rows of categories and products.

use serde_json::json;

use super::{Sample, get, of, patch, post};

/// A sample of each row.
pub(super) fn samples() -> Vec<Sample> {
    let product = json!({ "name": "Choy", "sale_price": "9000", "category": "@category" });
    vec![
        get("/api/v1/warehouse/categories/"),
        post("/api/v1/warehouse/categories/", json!({ "name": "Ichimliklar" })),
        get("/api/v1/warehouse/categories/{id}/").id_of("category"),
        patch("/api/v1/warehouse/categories/{id}/", json!({ "icon": "pill" })).id_of("category"),
        of("DELETE", "/api/v1/warehouse/categories/{id}/").id_of("category"),
        get("/api/v1/warehouse/products/").filters(&[("category", "category"), ("subcategory", "category")]),
        post("/api/v1/warehouse/products/", product),
        get("/api/v1/warehouse/products/scan/").query("code=P1&"),
        get("/api/v1/warehouse/products/{id}/").id_of("product"),
        patch("/api/v1/warehouse/products/{id}/", json!({ "category": "@category" })).id_of("product"),
        of("DELETE", "/api/v1/warehouse/products/{id}/").id_of("product"),
    ]
}
