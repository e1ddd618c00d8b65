//! `/api/v1/warehouse/batches/`.

use savdo_domain::access::Role;
use savdo_services::stock::MoveGoods;
use savdo_services::testing::{Goods, money, receipt, sale};
use savdo_tests::{Server, same_on_both};
use serde_json::json;

const BATCHES: &str = "/api/v1/warehouse/batches/";
const FIRST: &str = "/api/v1/warehouse/batches/1/";

#[test]
fn batches_are_listed_blocked_corrected_and_traced() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let aspirin = server.world.product(&shop, Goods::named("Aspirin").at(money("500.00")));
        let dated = MoveGoods {
            series: "A-17".to_owned(),
            expires_on: "2026-06-01".parse().ok(),
            ..receipt(&shop, aspirin, "10", "100.55")
        };
        server.world.receive(&shop, dated);
        server.world.receive(&shop, receipt(&shop, aspirin, "5", "200.00"));
        server.world.sell(&shop.owner, sale(&shop, &[(aspirin, "4")]));
        let client = server.client_of(&shop.owner);

        client.get(BATCHES);
        client.get(&format!(
            "{BATCHES}?series=A-17&is_empty=false&expires_before=2026-06-02"
        ));
        client.get(FIRST);
        client.patch(FIRST, &json!({ "blocked": true }));
        client.patch(FIRST, &json!({ "blocked": true, "reason": "Chaqirib olindi" }));
        client.get(&format!("{BATCHES}?blocked=true"));
        client.get("/api/v1/warehouse/stocks/1/");
        client.patch(
            FIRST,
            &json!({ "blocked": false, "expires_on": null, "series": "A-18" }),
        );
        client.get(&format!("{BATCHES}trace/?series=A-18"));
        client.get(&format!("{BATCHES}trace/?series=A-17"));
        let seller = server.client_of(&server.world.hire(&shop, Role::Seller));
        seller.get(&format!("{BATCHES}trace/?series=A-18"));
        seller.patch(FIRST, &json!({ "blocked": true, "reason": "x" }));
    });
}

/// Cases 76, 78, 79 and 80 of the abuse cases.
#[test]
fn what_cannot_be_asked_of_batches_is_refused() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let aspirin = server.world.product(&shop, Goods::named("Aspirin"));
        server.world.receive(&shop, receipt(&shop, aspirin, "10", "100.55"));
        let client = server.client_of(&shop.owner);
        let before = server.world.database.dump();

        for query in [
            "ordering=password",
            "ordering=unit_cost",
            "page=0",
            "page=-1",
            "page_size=501",
            "expires_before=2026-02-30",
            "expired=maybe",
            "product=-1",
            "product=18446744073709551616",
            "series=%27%20OR%201%3D1--",
            "series=%25",
            "search=_",
        ] {
            client.get(&format!("{BATCHES}?{query}"));
        }
        client.get(&format!("{BATCHES}trace/"));
        client.get(&format!("{BATCHES}trace/?series="));
        client.get(&format!("{BATCHES}trace/?series=%25"));
        for id in ["0", "-1", "18446744073709551616", "1;drop", "%00", "..%2f", "%EF%BC%91"] {
            client.get(&format!("{BATCHES}{id}/"));
        }
        for body in [
            json!({}),
            json!({ "qty_left": "5" }),
            json!({ "blocked": "yes" }),
            json!({ "blocked": null }),
            json!({ "blocked": true, "reason": "" }),
            json!({ "blocked": true, "reason": "x".repeat(256) }),
            json!({ "reason": "x" }),
            json!({ "series": "x".repeat(51) }),
            json!({ "series": "a\u{0}b" }),
            json!({ "expires_on": "31.01.2027" }),
        ] {
            client.patch(FIRST, &body);
        }
        client.delete(FIRST);
        assert!(server.world.database.dump() == before, "something changed");
    });
}
