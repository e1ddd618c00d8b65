//! Samples of the online pharmacy.

use serde_json::json;

use super::{Sample, get, of, patch, post};

const TEMPLATE: &str = "/api/v1/pharmacy/notification-templates/{id}/";

/// A sample of every row of it.
pub(super) fn samples() -> Vec<Sample> {
    let order = "/api/v1/pharmacy/orders/{id}/";
    vec![
        get("/api/v1/products/"),
        get("/api/v1/pharmacy/stores/"),
        get("/api/v1/pharmacy/categories/").filters(&[("store", "store")]),
        get("/api/v1/pharmacy/categories/{id}/").id_of("category"),
        get("/api/v1/pharmacy/products/").filters(&[
            ("category", "category"),
            ("substance", "substance"),
            ("store", "store"),
        ]),
        get("/api/v1/pharmacy/products/{id}/").id_of("product"),
        patch(
            "/api/v1/pharmacy/products/{id}/",
            json!({ "category": "@category", "active_substances": ["@substance"] }),
        )
        .id_of("product"),
        post(
            "/api/v1/pharmacy/products/",
            json!({
                "name": "Ibuprofen", "category": "@category", "sku": "IBU-200", "price": "12000", "manufacturer": "Nika Pharm",
                "active_substances": ["@substance"], "stock": 3,
            }),
        ),
        of("PUT", "/api/v1/pharmacy/products/{id}/")
            .with(json!({
                "name": "Paratsetamol", "category": "@category", "sku": "PAR-500", "price": "12000",
                "manufacturer": "Nika Pharm", "active_substances": ["@substance"],
            }))
            .id_of("product"),
        of("DELETE", "/api/v1/pharmacy/products/{id}/").id_of("product"),
        of("PUT", "/api/v1/pharmacy/products/{id}/image/")
            .picture("image")
            .id_of("product"),
        of("DELETE", "/api/v1/pharmacy/products/{id}/image/").id_of("product"),
        get("/api/v1/pharmacy/products/{id}/alternatives/").id_of("product"),
        get("/api/v1/pharmacy/substances/").filters(&[("store", "store")]),
        post("/api/v1/pharmacy/substances/", json!({ "name": "Ibuprofen" })),
        get("/api/v1/pharmacy/substances/{id}/").id_of("substance"),
        patch(
            "/api/v1/pharmacy/substances/{id}/",
            json!({ "description": "Og'riqqa" }),
        )
        .id_of("substance"),
        of("DELETE", "/api/v1/pharmacy/substances/{id}/").id_of("spare_substance"),
        get("/api/v1/pharmacy/cart/"),
        of("DELETE", "/api/v1/pharmacy/cart/"),
        post(
            "/api/v1/pharmacy/cart/items/",
            json!({ "product_id": "@offered", "quantity": 1 }),
        ),
        patch("/api/v1/pharmacy/cart/items/{id}/", json!({ "quantity": 2 })).id_of("cart_line"),
        of("DELETE", "/api/v1/pharmacy/cart/items/{id}/").id_of("cart_line"),
        post("/api/v1/pharmacy/cart/split/", json!({ "part": "all" })),
        get("/api/v1/pharmacy/orders/").filters(&[
            ("customer", "customer"),
            ("courier", "courier"),
            ("store", "store"),
        ]),
        post(
            "/api/v1/pharmacy/orders/",
            json!({ "delivery_address": "Toshkent, Navoiy 1" }),
        ),
        get(order).id_of("order"),
        get("/api/v1/pharmacy/orders/{id}/history/").id_of("order"),
        post(
            "/api/v1/pharmacy/orders/{id}/cancel/",
            json!({ "reason": "Kerak emas" }),
        )
        .id_of("order"),
        of("POST", "/api/v1/pharmacy/prescriptions/"),
        get("/api/v1/pharmacy/prescriptions/").filters(&[("order_id", "order"), ("store", "store")]),
        get("/api/v1/pharmacy/prescriptions/pending/").filters(&[("store", "store")]),
        get("/api/v1/pharmacy/prescriptions/{id}/").id_of("prescription"),
        get("/api/v1/pharmacy/prescriptions/{id}/images/{image_id}/").id_of("prescription"),
        post("/api/v1/pharmacy/prescriptions/{id}/approve/", json!({})).id_of("prescription"),
        post(
            "/api/v1/pharmacy/prescriptions/{id}/reject/",
            json!({ "reason": "Muhr ko'rinmaydi" }),
        )
        .id_of("prescription"),
        post(
            "/api/v1/pharmacy/orders/{id}/status/",
            json!({ "status": "preparing", "comment": "" }),
        )
        .id_of("order"),
        post(
            "/api/v1/pharmacy/orders/{id}/cash-received/",
            json!({ "amount": "12000.00" }),
        )
        .id_of("order"),
        post(
            "/api/v1/pharmacy/orders/{id}/assign-courier/",
            json!({ "courier_id": "@courier" }),
        )
        .id_of("order"),
        get("/api/v1/pharmacy/payments/").filters(&[("order_id", "order"), ("store", "store")]),
        post(
            "/api/v1/pharmacy/payments/",
            json!({ "order_id": "@order", "provider": "payme" }),
        ),
        get("/api/v1/pharmacy/payments/{id}/").id_of("payment"),
        get("/api/v1/pharmacy/payments/{id}/logs/").id_of("payment"),
        post(
            "/api/v1/pharmacy/payments/{id}/refund/",
            json!({ "reason": "Naqd qaytarildi", "reference": "K-17" }),
        )
        .id_of("payment"),
        get("/api/v1/pharmacy/deliveries/").filters(&[("courier", "courier"), ("order_id", "order")]),
        get("/api/v1/pharmacy/deliveries/{id}/").id_of("delivery"),
        get("/api/v1/pharmacy/deliveries/{id}/history/").id_of("delivery"),
        post(
            "/api/v1/pharmacy/deliveries/{id}/status/",
            json!({ "status": "on_the_way" }),
        )
        .id_of("delivery"),
        post("/api/v1/pharmacy/deliveries/{id}/cancel/", json!({ "reason": "" })).id_of("delivery"),
        get("/api/v1/pharmacy/notifications/"),
        get("/api/v1/pharmacy/notifications/unread-count/"),
        get("/api/v1/pharmacy/notifications/failed-count/"),
        of("POST", "/api/v1/pharmacy/notifications/mark-all-read/"),
        get("/api/v1/pharmacy/notifications/{id}/").id_of("notice"),
        of("POST", "/api/v1/pharmacy/notifications/{id}/mark-as-read/").id_of("notice"),
        of("POST", "/api/v1/pharmacy/notifications/{id}/retry/").id_of("notice"),
        get("/api/v1/pharmacy/notification-templates/").filters(&[("store", "store")]),
        post(
            "/api/v1/pharmacy/notification-templates/",
            json!({
                "notification_type": "order_paid", "channel": "system", "language": "ru", "template_text": "Оплачен заказ {order_id}",
            }),
        ),
        get(TEMPLATE).id_of("template"),
        of("PUT", TEMPLATE)
            .with(json!({ "template_text": "{order_id} yo'q" }))
            .id_of("template"),
        patch(TEMPLATE, json!({ "is_active": false })).id_of("template"),
        of("DELETE", TEMPLATE).id_of("template"),
    ]
}
