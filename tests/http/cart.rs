//! The caller's cart (pharmacy.md 2.4).

use savdo_tests::{Server, same_on_both};
use serde_json::json;

use crate::online::{medicine, on_prescription, pharmacy};

const CART: &str = "/api/v1/pharmacy/cart/";
const ITEMS: &str = "/api/v1/pharmacy/cart/items/";
const SPLIT: &str = "/api/v1/pharmacy/cart/split/";

#[test]
fn a_cart_is_filled_changed_and_emptied() {
    same_on_both!(|server: &Server| {
        let shop = pharmacy(server);
        let aspirin = medicine(server, &shop, "Aspirin", "12000.00");
        let client = server.client_of(&server.world.customer());

        client.get(CART);
        let line = client
            .post(ITEMS, &json!({ "product_id": aspirin }))
            .integer("/items/0/id");
        client.post(ITEMS, &json!({ "product_id": aspirin, "quantity": 2 }));
        client.patch(&format!("{ITEMS}{line}/"), &json!({ "quantity": 5 }));
        client.delete(&format!("{ITEMS}{line}/"));
        client.post(ITEMS, &json!({ "product_id": aspirin, "quantity": 1 }));
        client.delete(CART);
    });
}

#[test]
fn what_a_cart_cannot_hold_is_refused() {
    same_on_both!(|server: &Server| {
        let (shop, other) = (pharmacy(server), pharmacy(server));
        let aspirin = medicine(server, &shop, "Aspirin", "12000.00");
        let foreign = medicine(server, &other, "Analgin", "5000.00");
        let client = server.client_of(&server.world.customer());
        let stranger = server.client_of(&server.world.customer());
        let line = client
            .post(ITEMS, &json!({ "product_id": aspirin, "quantity": 1 }))
            .integer("/items/0/id");

        for body in [
            json!({}),
            json!({ "product_id": "1" }),
            json!({ "product_id": 0 }),
            json!({ "product_id": 999, "quantity": 101 }),
            json!({ "product_id": aspirin, "quantity": null }),
            json!({ "product_id": aspirin, "quantity": "1" }),
            json!({ "product_id": aspirin, "quantity": 1.5 }),
            json!({ "product_id": aspirin, "quantity": 0 }),
            json!({ "product_id": aspirin, "quantity": 100 }),
            json!({ "product_id": aspirin, "quantity": 10 }),
            json!({ "product_id": foreign }),
        ] {
            client.post(ITEMS, &body);
        }
        for body in [json!({}), json!({ "quantity": 0 }), json!({ "quantity": 11 })] {
            client.patch(&format!("{ITEMS}{line}/"), &body);
        }
        stranger.patch(&format!("{ITEMS}{line}/"), &json!({ "quantity": 1 }));
        stranger.delete(&format!("{ITEMS}{line}/"));
        client.delete(&format!("{ITEMS}x/"));
    });
}

#[test]
fn a_mixed_cart_is_split_and_brought_together() {
    same_on_both!(|server: &Server| {
        let shop = pharmacy(server);
        let (aspirin, tramadol) = (
            medicine(server, &shop, "Aspirin", "12000.00"),
            on_prescription(server, &shop, "Tramadol", "30000.00"),
        );
        let client = server.client_of(&server.world.customer());
        client.unnoted().post(ITEMS, &json!({ "product_id": aspirin }));

        client.post(SPLIT, &json!({ "part": "without_prescription" }));
        client.post(ITEMS, &json!({ "product_id": tramadol }));
        client.post(SPLIT, &json!({ "part": "without_prescription" }));
        client.post(SPLIT, &json!({ "part": "all" }));
        client.post(SPLIT, &json!({ "part": "half" }));
        client.post(SPLIT, &json!({}));
    });
}
