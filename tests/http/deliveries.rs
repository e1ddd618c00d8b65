//! Orders on their way to their buyers (pharmacy.md 2.5, 2.10, 3.5).

use savdo_domain::access::Role;
use savdo_tests::{Server, same_on_both};
use serde_json::json;

use crate::online::{medicine, pharmacy};

const ORDERS: &str = "/api/v1/pharmacy/orders/";
const DELIVERIES: &str = "/api/v1/pharmacy/deliveries/";

#[test]
fn an_order_is_carried_to_its_buyer_and_paid_at_the_door() {
    same_on_both!(|server: &Server| {
        let shop = pharmacy(server);
        let aspirin = medicine(server, &shop, "Aspirin", "12000.00");
        let courier = server.world.hire(&shop, Role::Courier);
        let client = server.client_of(&server.world.customer());
        let operator = server.client_of(&server.world.hire(&shop, Role::Operator));
        let rider = server.client_of(&courier);
        let item = json!({ "product_id": aspirin, "quantity": 2 });
        let _ = client
            .unnoted()
            .post("/api/v1/pharmacy/cart/items/", &item)
            .expect_status(201);
        let checkout = json!({ "delivery_address": "Toshkent, Navoiy 1", "payment_method": "cash" });
        let id = client.unnoted().post(ORDERS, &checkout).integer("/id");
        let order = format!("{ORDERS}{id}/");
        let packed = json!({ "status": "ready_for_delivery" });
        let assign = format!("{order}assign-courier/");

        operator.post(&assign, &json!({ "courier_id": courier.user_id }));
        let _ = operator
            .unnoted()
            .post(&format!("{order}status/"), &packed)
            .expect_status(200);
        operator.post(&assign, &json!({}));
        operator.post(&assign, &json!({ "courier_id": "x" }));
        operator.post(&assign, &json!({ "courier_id": shop.owner.user_id }));
        let delivery = operator
            .post(&assign, &json!({ "courier_id": courier.user_id }))
            .integer("/id");
        let delivery = format!("{DELIVERIES}{delivery}/");
        rider.get(&format!("{DELIVERIES}?active=true"));
        client.get(DELIVERIES);
        rider.get(&delivery);
        rider.get(&order);
        client.get(&order);
        rider.post(&format!("{delivery}status/"), &json!({ "status": "ready" }));
        operator.post(&format!("{delivery}status/"), &json!({ "status": "on_the_way" }));
        rider.post(
            &format!("{delivery}status/"),
            &json!({ "status": "on_the_way", "comment": "Chiqdim" }),
        );
        client.get(&order);
        operator.post(&assign, &json!({ "courier_id": courier.user_id }));
        rider.post(&format!("{delivery}cancel/"), &json!({ "reason": "Uzoq" }));
        rider.post(&format!("{order}status/"), &json!({ "status": "delivered" }));
        rider.post(
            &format!("{order}status/"),
            &json!({ "status": "delivered", "cash_received": "24000" }),
        );
        rider.get(&delivery);
        rider.get(&format!("{delivery}history/"));
        client.get(&order);
        client.get(&format!("{order}history/"));
    });
}

#[test]
fn cash_is_received_and_a_delivery_called_off() {
    same_on_both!(|server: &Server| {
        let shop = pharmacy(server);
        let aspirin = medicine(server, &shop, "Aspirin", "12000.00");
        let courier = server.world.hire(&shop, Role::Courier);
        let client = server.client_of(&server.world.customer());
        let operator = server.client_of(&server.world.hire(&shop, Role::Operator));
        let item = json!({ "product_id": aspirin, "quantity": 1 });
        let _ = client
            .unnoted()
            .post("/api/v1/pharmacy/cart/items/", &item)
            .expect_status(201);
        let checkout = json!({ "delivery_address": "Toshkent, Navoiy 1", "payment_method": "cash" });
        let order = format!("{ORDERS}{}/", client.unnoted().post(ORDERS, &checkout).integer("/id"));
        let cash = format!("{order}cash-received/");

        client.post(&cash, &json!({ "amount": "12000.00" }));
        operator.post(&cash, &json!({}));
        operator.post(&cash, &json!({ "amount": "12000.001" }));
        operator.post(&cash, &json!({ "amount": "11000.00" }));
        operator.post(&cash, &json!({ "amount": 12000 }));
        operator.post(&cash, &json!({ "amount": "12000.00" }));
        let packed = json!({ "status": "ready_for_delivery" });
        let _ = operator
            .unnoted()
            .post(&format!("{order}status/"), &packed)
            .expect_status(200);
        let assigned = operator.unnoted().post(
            &format!("{order}assign-courier/"),
            &json!({ "courier_id": courier.user_id }),
        );
        let delivery = format!("{DELIVERIES}{}/", assigned.integer("/id"));
        operator.post(&format!("{delivery}cancel/"), &json!({ "reason": "x".repeat(256) }));
        operator.post(&format!("{delivery}cancel/"), &json!({ "cancel_order": "yes" }));
        operator.post(&format!("{delivery}cancel/"), &json!({ "reason": "Kuryer kasal" }));
        operator.act(&format!("{delivery}cancel/"));
        let assigned = operator.unnoted().post(
            &format!("{order}assign-courier/"),
            &json!({ "courier_id": courier.user_id }),
        );
        let delivery = format!("{DELIVERIES}{}/", assigned.integer("/id"));
        operator.post(&format!("{delivery}cancel/"), &json!({ "cancel_order": true }));
        operator.post(
            &format!("{delivery}cancel/"),
            &json!({ "cancel_order": true, "reason": "Mijoz rad etdi" }),
        );
        client.get(&order);
    });
}
