//! `/api/v1/settings/`.

use savdo_domain::access::Role;
use savdo_tests::{Server, same_on_both};
use serde_json::json;

#[test]
fn settings_are_shown_and_changed_key_by_key() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let owner = server.client_of(&shop.owner);
        owner.get("/api/v1/settings/");
        owner.get("/api/v1/settings/1/");
        owner.patch(
            "/api/v1/settings/1/",
            &json!({
                "allow_card": false, "max_discount_percent": "7.5", "default_currency": "USD", "receipt_header": " Xush ",
                "telegram_enabled": true, "telegram_chat_id": "-100", "ofd_token": "sirli-token-9876",
                "online_enabled": true, "online_location": shop.branch_id, "payment_minutes": 1440, "unknown": 1,
            }),
        );
        let unchanged = owner.patch(
            "/api/v1/settings/1/",
            &json!({ "ofd_token": "***9876", "telegram_enabled": false, "telegram_chat_id": null, "online_location": null }),
        );
        assert_eq!(unchanged.body["data"]["ofd_token"], "***9876");
    });
}

#[test]
fn what_settings_refuse() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let _ = server.world.shop();
        let owner = server.client_of(&shop.owner);
        owner.patch(
            "/api/v1/settings/1/",
            &json!({ "allow_cash": false, "allow_card": false }),
        );
        owner.patch(
            "/api/v1/settings/1/",
            &json!({ "telegram_enabled": true, "payment_minutes": 9 }),
        );
        owner.patch("/api/v1/settings/1/", &json!({ "online_location": 2 }));
        owner.patch(
            "/api/v1/settings/1/",
            &json!({ "allow_cash": null, "receipt_header": null }),
        );
        owner.patch("/api/v1/settings/1/", &json!({ "allow_cash": "yes" }));
        owner.patch("/api/v1/settings/1/", &json!({ "max_discount_percent": "100.01" }));
        owner.patch("/api/v1/settings/1/", &json!({ "shifts_per_day": 1.5 }));
        owner.patch("/api/v1/settings/1/", &json!({ "default_currency": "GBP" }));
        owner.patch("/api/v1/settings/1/", &json!({ "receipt_header": "x".repeat(1001) }));
        owner.patch("/api/v1/settings/1/", &json!({ "id": 5 }));
        owner.patch("/api/v1/settings/2/", &json!({ "allow_debt": true }));
        owner.get("/api/v1/settings/2/");
        owner.get("/api/v1/settings/x/");
        server.client().get("/api/v1/settings/");
        server.client_of(&server.world.customer()).get("/api/v1/settings/");
        server
            .client_of(&server.world.hire(&shop, Role::Seller))
            .get("/api/v1/settings/1/");
    });
}
