//! What people try who have an account and not the right (reliability.md 28 and 31).

use savdo_domain::access::Role;
use savdo_persistence::on_both;
use savdo_services::testing::{Goods, PASSWORD, money, receipt};
use savdo_tests::{Answer, Server};
use serde_json::{Value, json};

const WORKERS: &str = "/api/v1/workers/";

fn told(answer: &Answer) -> (u16, &str) {
    let code = answer.body.get("code").and_then(Value::as_str);
    (answer.status, code.unwrap_or_default())
}

on_both! {
    /// Case 28 of the abuse cases.
    fn nobody_below_the_owner_makes_admins_or_gives_roles_that_are_above_him(database: TestDatabase) {
        let server = Server::over(database);
        let shop = server.world.shop();
        let people = [Role::Operator, Role::Courier, Role::Seller, Role::Manager].map(|role| server.world.hire(&shop, role));
        let target = server.world.hire(&shop, Role::Seller).worker.unwrap().id;
        // Even with the section of workers, and all others, the role is not enough.
        let all = "boshqaruv,dokonlar,mahsulotlar,mijozlar,ombor,savdolar,sotuv,xarajatlar,xodimlar";
        server.world.database.execute(&format!("UPDATE workers SET sections_added = '{all}' WHERE role IN ('operator', 'courier', 'seller')"));
        let clients = people.map(|actor| (actor.worker.as_ref().unwrap().id, server.client_of(&actor).unnoted()));
        let owner = server.client_of(&shop.owner).unnoted();
        let before = server.world.database.dump();
        let hiring = |role: &str| json!({
            "first_name": "Yangi", "last_name": "Xodim", "username": "yangi", "phone1": "+998901112233", "password": PASSWORD,
            "role": role, "is_superuser": true, "is_staff": true,
        });
        let worker = format!("{WORKERS}{target}/");

        for (own, client) in &clients {
            for role in ["owner", "manager"] {
                let changed = json!({ "role": role, "is_superuser": true });
                assert_eq!(client.post(WORKERS, &hiring(role)).status, 403, "{role}");
                assert_eq!(client.patch(&worker, &changed).status, 403, "{role}");
                assert_eq!(client.patch(&format!("{WORKERS}{own}/"), &changed).status, 403, "{role}");
            }
            // No role of this name can be given by anybody.
            assert!([400, 403].contains(&client.post(WORKERS, &hiring("admin")).status));
            assert!([400, 403].contains(&client.patch(&worker, &json!({ "role": "admin" })).status));
            let settings = json!({ "add": ["sozlamalar"] });
            assert_eq!(client.post(&format!("{worker}permissions/"), &settings).status, 403);
        }
        for (_, client) in clients.iter().take(3) {
            for verb in ["activate", "deactivate"] {
                assert_eq!(told(&client.act(&format!("{worker}{verb}/"))), (403, "role_required"));
            }
            assert_eq!(told(&client.delete(&worker)), (403, "role_required"));
        }
        assert_eq!(owner.post(WORKERS, &hiring("admin")).status, 400);

        assert!(server.world.database.dump() == before, "something changed");
    }

    /// Case 31 of the abuse cases, without the shifts that are not built.
    fn a_seller_changes_no_prices_and_gives_no_discount_above_the_limit(database: TestDatabase) {
        let server = Server::over(database);
        let shop = server.world.shop();
        let product = server.world.product(&shop, Goods::named("Un").at(money("10000.00")));
        server.world.receive(&shop, receipt(&shop, product, "10", "5000.00"));
        let limit = json!({ "max_discount_percent": "10" });
        let settings = format!("/api/v1/settings/{}/", shop.store_id);
        let _ = server.client_of(&shop.owner).unnoted().patch(&settings, &limit).expect_status(200);
        let hired = server.world.hire(&shop, Role::Seller);
        let seller = server.client_of(&hired).unnoted();
        let before = server.world.database.dump();
        let selling = |line: Value, discount: &str| {
            let mut line = line;
            line["product"] = json!(product);
            line["quantity"] = json!("1");
            let body = json!({ "branch": shop.branch_id, "payment_type": "cash", "items": [line], "discount_amount": discount });
            seller.post("/api/v1/sales/", &body)
        };

        for change in [json!({ "purchase_price": "1" }), json!({ "sale_price": "1" }), json!({ "name": "Shakar", "purchase_price": "1" })] {
            let answer = seller.patch(&format!("/api/v1/warehouse/products/{product}/"), &change);
            assert_eq!(told(&answer), (403, "role_required"), "{change}");
        }
        let new = json!({ "name": "Shakar", "sale_price": "1", "purchase_price": "1" });
        assert_eq!(told(&seller.post("/api/v1/warehouse/products/", &new)), (403, "role_required"));
        assert_eq!(told(&seller.patch(&settings, &json!({ "max_discount_percent": "0" }))).0, 403);

        for line in [json!({ "item_discount_pct": "10.01" }), json!({ "unit_price": "8999.99" })] {
            let answer = selling(line.clone(), "0");
            assert_eq!(told(&answer), (403, "discount_limit_exceeded"), "{line}");
        }
        let half = json!({ "item_discount_pct": "5" });
        assert_eq!(told(&selling(half, "600.00")), (403, "discount_limit_exceeded"), "both together");

        assert!(server.world.database.dump() == before, "something changed");
        assert_eq!(selling(json!({ "item_discount_pct": "10" }), "0").status, 201);
    }
}
