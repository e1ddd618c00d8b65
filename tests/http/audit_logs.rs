//! The audit log (shop.md 6).

use savdo_domain::access::Role;
use savdo_services::testing::{Goods, money, receipt};
use savdo_tests::{Server, same_on_both};
use serde_json::json;

const LOG: &str = "/api/v1/audit-logs/";

#[test]
fn an_owner_reads_what_was_done_in_his_store() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let product = server.world.product(&shop, Goods::named("Choynak").at(money("100.00")));
        server.world.receive(&shop, receipt(&shop, product, "10", "50.00"));
        let owner = server.client_of(&shop.owner);
        let quiet = owner.unnoted();
        let line = json!({ "product": product, "quantity": 1, "item_discount_pct": "10" });
        let sale = json!({ "branch": shop.branch_id, "payment_type": "cash", "items": [line] });
        assert_eq!(quiet.post("/api/v1/sales/", &sale).status, 201);
        let renamed = format!("/api/v1/warehouse/products/{product}/");
        assert_eq!(
            quiet
                .patch(&renamed, &json!({ "name": "Piyola", "sale_price": "120.00" }))
                .status,
            200
        );
        let settings = format!("/api/v1/settings/{}/", shop.store_id);
        assert_eq!(
            quiet
                .patch(&settings, &json!({ "ofd_token": "juda-maxfiy-belgi" }))
                .status,
            200
        );
        assert_eq!(
            quiet
                .patch("/api/v1/auth/profil/", &json!({ "first_name": "Aziza" }))
                .status,
            200
        );

        owner.get(&format!("{LOG}?model=sale"));
        owner.get(&format!("{LOG}?model=product&action=update"));
        owner.get(&format!("{LOG}?model=settings"));
        let told = owner.get(&format!("{LOG}?action=update&ordering=-created_at&page_size=1"));
        owner.get(&format!("{LOG}{}/", told.integer("/0/id")));
        owner.get(&format!("/api/v1/workers/audit-logs/{}/", told.integer("/0/id")));
        owner.get("/api/v1/workers/audit-logs/?action=create&ordering=created_at&page_size=1");
        owner.get(&format!("{LOG}?action=status,approve"));
        owner.get(&format!(
            "{LOG}?target_id={product}&model=product&worker=1&action=create"
        ));
        owner.get(&format!("{LOG}?worker=999"));
        let whole = quiet.get(&format!("{LOG}?page_size=500")).text;
        assert!(!whole.contains("juda-maxfiy") && !whole.contains("tong-otguncha-7"));
    });
}

#[test]
fn what_the_audit_log_refuses() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let owner = server.client_of(&shop.owner);
        for query in [
            "action=sold",
            "ordering=id",
            "ordering=password",
            "worker=x",
            "target_id=x",
            "date_from=12.03.2026",
            "date_from=2026-03-13&date_to=2026-03-12",
            "page=0",
            "page_size=501",
        ] {
            owner.get(&format!("{LOG}?{query}"));
        }
        owner.get(&format!("{LOG}999/"));
        owner.get(&format!("{LOG}abc/"));
        owner.delete(&format!("{LOG}1/"));
        server.client_of(&server.world.hire(&shop, Role::Manager)).get(LOG);
        server.client_of(&server.world.customer()).get(LOG);
        server.client().get(LOG);
        server
            .client_of(&server.world.admin())
            .get(&format!("{LOG}?action=login&page_size=1&ordering=created_at"));
    });
}
