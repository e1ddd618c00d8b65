//! Sales at the counter (shop.md 16).

use savdo_domain::access::Role;
use savdo_domain::ids::ProductId;
use savdo_persistence::on_both;
use savdo_services::testing::{Goods, Shop, money, receipt, sale};
use savdo_tests::{Server, same_on_both};
use serde_json::{Value, json};

const SALES: &str = "/api/v1/sales/";

fn stocked(server: &Server, shop: &Shop, name: &str, price: &str) -> ProductId {
    let product = server.world.product(shop, Goods::named(name).at(money(price)));
    server.world.receive(shop, receipt(shop, product, "10", "50.00"));
    product
}

fn for_cash(items: Value) -> Value {
    json!({ "payment_type": "cash", "items": items })
}

#[test]
fn goods_are_sold_and_the_sale_is_shown() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let dear = stocked(server, &shop, "Choynak", "999.99");
        let cheap = stocked(server, &shop, "Piyola", "100.00");
        let seller = server.world.hire(&shop, Role::Seller);
        let client = server.client_of(&seller);
        let mut body = for_cash(json!([{ "product": dear, "quantity": 1 }, { "product": cheap, "quantity": "3" }]));
        body["discount_amount"] = json!("100.00");
        body["paid_amount"] = json!(1199.99);
        body["description"] = json!("chek");

        let sold = client.post(SALES, &body);
        let id = sold.integer("/data/id");
        client.get(&format!("/api/v1/sales/{id}"));
        server.client_of(&shop.owner).get(&format!("/api/v1/trade/sales/{id}/"));
        client.get("/api/v1/sales/999/");
        client.patch(&format!("/api/v1/sales/{id}/"), &json!({}));
    });
}

#[test]
fn a_sale_that_cannot_be_is_refused() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let product = stocked(server, &shop, "Choynak", "100.00");
        let short = stocked(server, &shop, "Piyola", "10.00");
        let free = stocked(server, &shop, "Qoshiq", "0.00");
        let seller = server.world.hire(&shop, Role::Seller);
        let client = server.client_of(&seller);
        let one = |product| json!([{ "product": product, "quantity": "1" }]);

        client.post(SALES, &json!({}));
        client.post(SALES, &for_cash(json!([])));
        client.post(
            SALES,
            &for_cash(json!([{ "product": product, "quantity": 1 }, { "product": 999, "quantity": "0" }, {}])),
        );
        client.post(
            SALES,
            &for_cash(json!([{ "product": product, "quantity": "1" }, { "product": 999, "quantity": "0" }])),
        );
        client.post(SALES, &for_cash(json!([{ "product": product, "quantity": "1.0001" }])));
        client.post(SALES, &json!({ "payment_type": "debt", "items": one(product) }));
        client.post(
            SALES,
            &json!({ "payment_type": "cash", "items": one(product), "paid_amount": "99.00" }),
        );
        client.post(
            SALES,
            &json!({ "payment_type": "cash", "items": one(product), "customer": 1 }),
        );
        client.post(
            SALES,
            &json!({ "payment_type": "cash", "items": one(product), "branch": 999 }),
        );
        client.post(
            SALES,
            &json!({ "payment_type": "cash", "items": one(product), "discount_amount": "100.00" }),
        );
        client.post(SALES, &for_cash(one(free)));
        client.post(
            SALES,
            &for_cash(json!([{ "product": product, "quantity": "1", "unit_price": "120.00" }])),
        );
        client.post(
            SALES,
            &for_cash(json!([{ "product": short, "quantity": "6" }, { "product": short, "quantity": "5" }])),
        );
        let courier = server.world.hire(&shop, Role::Courier);
        server.client_of(&courier).post(SALES, &for_cash(one(product)));
    });
}

#[test]
fn a_sale_is_told_as_its_client_made_it() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let dear = stocked(server, &shop, "Choynak", "999.99");
        let cheap = stocked(server, &shop, "Piyola", "100.00");
        let seller = server.world.hire(&shop, Role::Seller);
        let client = server.client_of(&seller);
        let body = |changes: Value| {
            let mut body = json!({
                "payment_type": "mixed",
                "items": [{ "product": dear, "quantity": 1 }, { "product": cheap, "quantity": 3 }],
                "discount_amount": "100.00",
                "cash_amount": "1000.00",
                "client_id": "0193A5B0-7E1C-7C3D-9A2B-0123456789AB",
                "sold_at": "2026-03-11T23:30:00",
            });
            for (key, value) in changes.as_object().into_iter().flatten() {
                body[key] = value.clone();
            }
            body
        };

        client.post(SALES, &body(json!({ "card_amount": "200.00" })));
        client.post(SALES, &body(json!({ "cash_amount": "1199.99" })));
        client.post(SALES, &body(json!({ "paid_amount": "1200.00" })));
        client.post(SALES, &body(json!({ "client_id": "7" })));
        client.post(SALES, &body(json!({ "sold_at": "11.03.2026" })));
        client.post(SALES, &body(json!({ "sold_at": 1_773_253_800 })));
        client.post(
            SALES,
            &body(json!({ "sold_at": "2026-01-11T23:30:00Z", "client_id": null })),
        );
        client.post(SALES, &body(json!({})));
        client.post(SALES, &body(json!({ "items": [{ "product": cheap, "quantity": 1 }] })));
        let keyed = client.with_header("idempotency-key", "chek-1");
        let first = keyed.unnoted().post(SALES, &body(json!({}))).expect_status(200);
        let again = keyed.unnoted().post(SALES, &body(json!({}))).expect_status(200);
        assert_eq!(first.text, again.text);
    });
}

on_both! {
    fn no_document_has_more_than_five_hundred_lines(database: TestDatabase) {
        let server = &Server::over(database);
        let shop = server.world.shop();
        let product = stocked(server, &shop, "Choynak", "100.00");
        let client = server.client_of(&shop.owner).unnoted();
        let lines = |count| vec![json!({ "product": product, "quantity": "0.01" }); count];
        let sale = |count| {
            client.post(
                SALES,
                &json!({ "branch": shop.branch_id, "payment_type": "cash", "items": lines(count) }),
            )
        };

        let sold = sale(500).expect_status(201).integer("/data/id");
        let refused = [
            sale(501),
            client.post("/api/v1/sale-returns/", &json!({ "sale": sold, "items": lines(501) })),
            client.post(
                "/api/v1/warehouse/movements/bulk/",
                &json!({ "movement_type": "in", "branch": shop.branch_id, "items": lines(501) }),
            ),
        ];

        for answer in refused {
            assert_eq!(answer.status, 400, "{}", answer.text);
            assert!(answer.body["items"][0].is_string(), "{}", answer.text);
        }
    }
}

#[test]
fn a_sale_is_cancelled() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let product = stocked(server, &shop, "Choynak", "100.00");
        let sold = server.world.sell(&shop.owner, sale(&shop, &[(product, "2")])).sale.id;
        let next = server.world.sell(&shop.owner, sale(&shop, &[(product, "1")])).sale.id;
        let path = format!("/api/v1/sales/{sold}/cancel/");
        let seller = server.world.hire(&shop, Role::Seller);

        server.client_of(&seller).act(&path);
        let client = server.client_of(&shop.owner);
        client.post(&path, &json!({ "reason": 5 }));
        client.post(&path, &json!({ "reason": "xato urildi" }));
        client.act(&path);
        client.patch(&format!("/api/v1/trade/sales/{next}/cancel/"), &json!({}));
        client.act("/api/v1/sales/999/cancel/");
    });
}

#[test]
fn sales_are_listed() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let product = stocked(server, &shop, "Choynak", "100.00");
        for pieces in ["2", "1"] {
            server.world.sell(&shop.owner, sale(&shop, &[(product, pieces)]));
        }
        let client = server.client_of(&shop.owner);

        client.get(SALES);
        client.get("/api/v1/trade/sales?page_size=1&page=2&ordering=total_price");
        client.get("/api/v1/sales/?status=cancelled,completed&payment_type=cash&date=2026-03-12&search=2");
        client.get("/api/v1/sales/?customer=7");
        client.get("/api/v1/sales/?date_from=2026-03-13&date_to=2026-03-12");
        client.get("/api/v1/sales/?status=paid");
        client.get("/api/v1/sales/?ordering=worker");
        client.get("/api/v1/sales/?date=12.03.2026");
        client.get("/api/v1/sales/?page_size=501");
    });
}
