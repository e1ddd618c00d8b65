//! Returns of what was sold (shop.md 17).

use savdo_domain::access::Role;
use savdo_domain::ids::ProductId;
use savdo_persistence::on_both;
use savdo_services::testing::{Goods, Shop, back, money, receipt, sale, shift};
use savdo_tests::{Answer, Server, same_on_both};
use serde_json::{Value, json};

const RETURNS: &str = "/api/v1/sale-returns/";

fn stocked(server: &Server, shop: &Shop, name: &str, price: &str) -> ProductId {
    let product = server.world.product(shop, Goods::named(name).at(money(price)));
    server.world.receive(shop, receipt(shop, product, "10", "50.00"));
    product
}

fn told(answer: &Answer) -> (u16, &str) {
    let code = answer.body.get("code").and_then(Value::as_str);
    (answer.status, code.unwrap_or_default())
}

#[test]
fn goods_are_brought_back_and_the_return_is_confirmed() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let dear = stocked(server, &shop, "Choynak", "999.99");
        let cheap = stocked(server, &shop, "Piyola", "100.00");
        let hired = server.world.hire(&shop, Role::Seller);
        let (seller, owner) = (server.client_of(&hired), server.client_of(&shop.owner));
        let items = json!([{ "product": dear, "quantity": 1 }, { "product": cheap, "quantity": "3" }]);
        let selling = json!({ "payment_type": "card", "items": items, "discount_amount": "100.00" });
        let sold = seller.unnoted().post("/api/v1/sales/", &selling).expect_status(201);
        let (sale, line) = (sold.integer("/data/id"), sold.integer("/data/items/1/id"));
        let back = json!({
            "sale": sale, "reason": "siniq chiqdi", "customer": 77,
            "items": [{ "product": dear, "quantity": 1, "unit_price": "1.00" }, { "sale_item": line, "quantity": "1" }],
        });

        let id = seller.post(RETURNS, &back).integer("/data/id");
        let address = format!("{RETURNS}{id}/");
        seller.get(&address);
        seller.act(&format!("{address}confirm/"));
        owner.act(&format!("{address}confirm/"));
        owner.patch(&format!("{address}confirm/"), &json!({}));
        owner.act(&format!("{address}cancel/"));
        owner.get(&format!("/api/v1/trade/sale-returns/{id}/"));
        owner.get(&format!("/api/v1/sales/{sale}/"));
        owner.act(&format!("/api/v1/sales/{sale}/cancel/"));
        let rest = json!({ "sale": sale, "items": [{ "product": cheap, "quantity": 2 }], "refund_method": "cash" });
        let rest = owner.post("/api/v1/trade/sale-returns", &rest).integer("/data/id");
        owner.patch(&format!("/api/v1/trade/sale-returns/{rest}/cancel/"), &json!({}));
        owner.get("/api/v1/audit-logs/?action=confirm");
    });
}

#[test]
fn what_a_return_is_refused_for() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let product = stocked(server, &shop, "Choynak", "100.00");
        let other = stocked(server, &shop, "Piyola", "10.00");
        let sale = server.world.sell(&shop.owner, sale(&shop, &[(product, "3")])).sale.id;
        let client = server.client_of(&shop.owner);
        let of = |items: Value| json!({ "sale": sale, "items": items });

        client.post(RETURNS, &json!({}));
        client.post(
            RETURNS,
            &json!({ "sale": null, "items": [{}], "branch": 999, "refund_method": "transfer" }),
        );
        client.post(RETURNS, &of(json!([])));
        client.post(
            RETURNS,
            &of(json!([
                { "product": product, "quantity": "1" },
                { "product": other, "quantity": "0" },
                { "sale_item": 999, "quantity": "1" },
                { "quantity": "1" },
            ])),
        );
        client.post(RETURNS, &of(json!([{ "product": product, "quantity": "3.001" }])));
        client.post(
            RETURNS,
            &json!({ "sale": 999, "items": [{ "product": product, "quantity": 1 }] }),
        );
        client.post(
            RETURNS,
            &json!({ "sale": sale, "branch": 999, "items": [{ "product": product, "quantity": 1 }] }),
        );
        client.get("/api/v1/sale-returns/999/");
        client.act("/api/v1/sale-returns/999/confirm/");
        client.patch("/api/v1/sale-returns/1/", &json!({}));
        client.delete("/api/v1/sale-returns/1/");
        let settings = format!("/api/v1/settings/{}/", shop.store_id);
        let _ = client
            .patch(&settings, &json!({ "sale_return_enabled": false }))
            .expect_status(200);
        client.post(RETURNS, &of(json!([{ "product": product, "quantity": 1 }])));
        client.act("/api/v1/sale-returns/999/cancel/");
        client.get(RETURNS);
    });
}

#[test]
fn a_return_without_an_open_shift_waits_for_one() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let product = stocked(server, &shop, "Choynak", "100.00");
        let sale = server.world.sell(&shop.owner, sale(&shop, &[(product, "2")])).sale.id;
        let id = server
            .world
            .bring_back(&shop.owner, back(sale, &[(product, "1")]))
            .sale_return
            .id;
        server.world.use_shifts(&shop);
        let client = server.client_of(&shop.owner);

        client.act(&format!("{RETURNS}{id}/confirm/"));
        let shift = server.world.open_shift(&shop.owner, shift(&shop)).shift.id;
        client.act(&format!("{RETURNS}{id}/confirm/"));
        client.get(&format!("{RETURNS}?smena={shift}"));
        client.get(&format!("/api/v1/shifts/{shift}/x-report/"));
    });
}

#[test]
fn returns_are_listed() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let product = stocked(server, &shop, "Choynak", "100.00");
        let sale = server.world.sell(&shop.owner, sale(&shop, &[(product, "5")])).sale.id;
        let ids = ["2", "1"].map(|pieces| {
            server
                .world
                .bring_back(&shop.owner, back(sale, &[(product, pieces)]))
                .sale_return
                .id
        });
        server.world.confirm_return(&shop.owner, ids[0]);
        let client = server.client_of(&shop.owner);

        client.get(RETURNS);
        client.get("/api/v1/trade/sale-returns?page_size=1&page=2&ordering=created_on");
        client.get(&format!(
            "{RETURNS}?status=confirmed,cancelled&sale={sale}&date_from=2026-03-12&date_to=2026-03-12"
        ));
        client.get(&format!("{RETURNS}?customer=7"));
        client.get(&format!("{RETURNS}?date_from=2026-03-13&date_to=2026-03-12"));
        client.get(&format!("{RETURNS}?status=paid"));
        client.get(&format!("{RETURNS}?ordering=total_amount"));
        client.get(&format!("{RETURNS}?page_size=501"));
    });
}

on_both! {
    /// Cases 29 and 30 of the abuse cases.
    fn returns_of_another_shop_do_not_exist_and_its_things_are_unknown(database: TestDatabase) {
        let server = Server::over(database);
        let [ours, theirs] = [server.world.shop(), server.world.shop()];
        let product = stocked(&server, &ours, "Choynak", "100.00");
        let foreign = stocked(&server, &theirs, "Piyola", "10.00");
        let sold = |shop: &Shop, product| {
            let sold = server.world.sell(&shop.owner, sale(shop, &[(product, "2")]));
            (sold.sale.id, sold.lines[0].id)
        };
        let ((sale, _), (foreign_sale, foreign_line)) = (sold(&ours, product), sold(&theirs, foreign));
        let id = server.world.bring_back(&theirs.owner, back(foreign_sale, &[(foreign, "1")])).sale_return.id;
        let people = [Role::Manager, Role::Seller].map(|role| server.world.hire(&ours, role));
        let clients = [&people[1], &people[0], &ours.owner].map(|actor| server.client_of(actor).unnoted());
        let before = server.world.database.dump();

        for client in &clients {
            assert_eq!(told(&client.get(&format!("{RETURNS}{id}/"))), (404, "not_found"));
            assert_eq!(client.get(&format!("{RETURNS}?sale={foreign_sale}")).body, json!([]));
            assert_eq!(client.get(&format!("{RETURNS}?branch={}", theirs.branch_id)).body, json!([]));
            let item = json!({ "product": product, "quantity": 1 });
            for body in [
                json!({ "sale": foreign_sale, "items": [{ "product": foreign, "quantity": 1 }] }),
                json!({ "sale": sale, "items": [{ "product": foreign, "quantity": 1 }] }),
                json!({ "sale": sale, "items": [{ "sale_item": foreign_line, "quantity": 1 }] }),
                json!({ "sale": sale, "items": [item], "branch": theirs.branch_id }),
            ] {
                let answer = client.post(RETURNS, &body);
                assert_eq!((answer.status, answer.body.get("code")), (400, None), "{body}");
            }
        }
        for client in &clients[1..] {
            for verb in ["confirm", "cancel"] {
                assert_eq!(told(&client.act(&format!("{RETURNS}{id}/{verb}/"))), (404, "not_found"));
            }
        }

        assert!(server.world.database.dump() == before, "something changed");
    }

    /// Case 33 of the abuse cases.
    fn no_quantity_but_a_plain_one_above_zero_comes_back(database: TestDatabase) {
        let server = Server::over(database);
        let shop = server.world.shop();
        let product = stocked(&server, &shop, "Choynak", "100.00");
        let sold = server.world.sell(&shop.owner, sale(&shop, &[(product, "5")]));
        let client = server.client_of(&shop.owner).unnoted();
        let before = server.world.database.dump();
        let asked = |quantity: &str| {
            let body = format!(
                "{{\"sale\":{},\"items\":[{{\"product\":{product},\"quantity\":{quantity}}}]}}",
                sold.sale.id,
            );
            client.with_header("content-type", "application/json").send("POST", RETURNS, Some(body.as_bytes()))
        };
        let vast = "9".repeat(400);

        let wrong = ["0", "-1", "null", "true", "1e3", "2147483648000000", "9223372036854775808", &vast, "\"0.0005\"", "NaN", "\"-0\"", "[]"];
        for quantity in wrong {
            let answer = asked(quantity);
            assert_eq!(answer.status, 400, "{quantity}: {}", answer.text);
        }
        // Whole pieces or not, as a number or as a text: a quantity of the shop has three decimals.
        assert_eq!(told(&asked("2147483.648")), (409, "return_exceeds_sold"));
        assert!(server.world.database.dump() == before, "something changed");
        for quantity in ["1.5", "\"2\""] {
            assert_eq!(asked(quantity).status, 201, "{quantity}");
        }
    }

    /// Case 49 of the abuse cases.
    fn nothing_comes_back_twice_or_for_more_than_was_sold(database: TestDatabase) {
        let server = Server::over(database);
        let shop = server.world.shop();
        let product = stocked(&server, &shop, "Choynak", "100.00");
        let sold = server.world.sell(&shop.owner, sale(&shop, &[(product, "2")])).sale.id;
        let client = server.client_of(&shop.owner).unnoted();
        let of = |quantity: &str| json!({ "sale": sold, "items": [{ "product": product, "quantity": quantity }] });

        let more = client.post(RETURNS, &of("3"));
        let id = client.post(RETURNS, &of("2")).expect_status(201).integer("/data/id");
        let pending = client.post(RETURNS, &of("0.001"));
        let confirm = format!("{RETURNS}{id}/confirm/");
        let first = client.act(&confirm);
        let twice = client.act(&confirm);
        let again = client.post(RETURNS, &of("1"));

        let item = |returned: &str, requested: &str| {
            json!([{ "product": product, "sold": "2.000", "returned": returned, "requested": requested }])
        };
        for (answer, items) in [(more, item("0.000", "3.000")), (pending, item("2.000", "0.001")), (again, item("2.000", "1.000"))] {
            assert_eq!(told(&answer), (409, "return_exceeds_sold"));
            assert_eq!(answer.body["items"], items);
        }
        assert_eq!((first.status, told(&twice)), (200, (409, "return_not_pending")));
        server.world.check_ledger();
    }

    /// Case 44 of the abuse cases, of a return: the same key many times is one return and one confirmation.
    fn a_return_sent_again_with_its_key_is_the_first_one(database: TestDatabase) {
        let server = Server::over(database);
        let shop = server.world.shop();
        let product = stocked(&server, &shop, "Choynak", "100.00");
        let sold = server.world.sell(&shop.owner, sale(&shop, &[(product, "2")])).sale.id;
        let client = server.client_of(&shop.owner).unnoted();
        let keyed = |key: &str| client.with_header("idempotency-key", key);
        let body = json!({ "sale": sold, "items": [{ "product": product, "quantity": 2 }] });

        let written = [(); 3].map(|()| keyed("a").post(RETURNS, &body));
        let confirm = format!("{RETURNS}{}/confirm/", written[0].integer("/data/id"));
        let confirmed = [(); 3].map(|()| keyed("b").act(&confirm));

        for (status, answers) in [(201, written), (200, confirmed)] {
            assert!(answers.iter().all(|answer| answer.status == status && answer.text == answers[0].text));
            assert_eq!(answers[2].header("idempotent-replayed"), "true");
        }
        assert_eq!(server.world.database.lines("SELECT status AS line FROM sale_returns"), ["confirmed"]);
        server.world.check_ledger();
    }
}
