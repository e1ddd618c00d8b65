//! What people try at the catalogue and at stock by hand (reliability.md 29, 30, 33, 36, 46 to 48, 68 to 70, 79, 80 and 95).

use savdo_domain::access::Role;
use savdo_domain::ids::ProductId;
use savdo_persistence::on_both;
use savdo_services::testing::{Goods, Shop, at_once, money, picture, receipt};
use savdo_tests::{Answer, Client, Form, Server};
use serde_json::{Value, json};

use crate::online;

const WAREHOUSE: &str = "/api/v1/warehouse/";
const PRODUCTS: &str = "/api/v1/warehouse/products/";
const STOCKS: &str = "/api/v1/warehouse/stocks/";
const MOVEMENTS: &str = "/api/v1/warehouse/movements/";

fn told(answer: &Answer) -> (u16, &str) {
    let code = answer.body.get("code").and_then(Value::as_str);
    (answer.status, code.unwrap_or_default())
}

/// The only field that an answer blames, with its path.
fn blamed(answer: &Answer) -> (u16, Vec<&str>) {
    let fields = answer.body.as_object().unwrap().keys().map(String::as_str);
    (answer.status, fields.collect())
}

fn send(client: &Client, method: &str, path: &str, body: &str) -> Answer {
    let client = client.with_header("content-type", "application/json");
    client.send(method, path, Some(body.as_bytes()))
}

/// A shop with one of everything that lies, each with the id 1 in an empty database.
fn stocked(server: &Server, name: &str) -> (Shop, ProductId) {
    let shop = server.world.shop();
    let category = server.world.category(&shop, name);
    let goods = Goods {
        category: Some(category),
        ..Goods::named(name).at(money("10000.00"))
    };
    let product = server.world.product(&shop, goods);
    server.world.warehouse(&shop, name);
    server.world.receive(&shop, receipt(&shop, product, "5", "4000.00"));
    (shop, product)
}

on_both! {
    /// Case 29 of the abuse cases.
    fn nobody_of_another_shop_meets_goods_by_id_or_by_filter(database: TestDatabase) {
        let server = Server::over(database);
        let (theirs, product) = stocked(&server, "Aspirin");
        let (shop, _) = stocked(&server, "Analgin");
        let seen = ["categories", "products", "warehouses", "stocks", "movements", "batches"];
        let people = [Role::Manager, Role::Seller].map(|role| server.client_of(&server.world.hire(&shop, role)).unnoted());
        let before = server.world.database.dump();

        for client in people {
            for noun in seen {
                let answer = client.get(&format!("{WAREHOUSE}{noun}/1/"));
                assert_eq!(told(&answer), (404, "not_found"), "{noun}");
                for filter in ["store", "store_id"] {
                    let answer = client.get(&format!("{WAREHOUSE}{noun}/?{filter}={}&status=all", theirs.store_id));
                    assert!(!answer.text.contains("Aspirin"), "{noun}: {}", answer.text);
                }
            }
            for query in ["products/scan/?code=P1", "products/scan/?code=2000001000014"] {
                assert_eq!(told(&client.get(&format!("{WAREHOUSE}{query}"))), (404, "not_found"), "{query}");
            }
            for query in [format!("stocks/?product={product}"), format!("movements/?product={product}"), format!("batches/?product={product}"),
                "products/?category=1".to_owned(), format!("stocks/?branch={}", theirs.branch_id)] {
                let answer = client.get(&format!("{WAREHOUSE}{query}"));
                assert_eq!((answer.status, &answer.body), (200, &json!([])), "{query}");
            }
        }
        let manager = server.client_of(&server.world.hire(&shop, Role::Manager)).unnoted();
        let before_writes = server.world.database.dump();
        for noun in ["categories", "products", "warehouses", "batches", "stocks"] {
            let body = json!({ "name": "Meniki", "status": "inactive", "blocked": true, "reason": "x", "quantity": "0" });
            assert_eq!(told(&manager.patch(&format!("{WAREHOUSE}{noun}/1/"), &body)), (404, "not_found"), "{noun}");
        }
        for noun in ["categories", "products", "warehouses", "stocks"] {
            assert_eq!(told(&manager.delete(&format!("{WAREHOUSE}{noun}/1/"))), (404, "not_found"), "{noun}");
        }
        assert!(server.world.database.dump() == before_writes, "something changed");
        assert!(before.len() < before_writes.len(), "nobody was hired");
    }

    /// Case 30 of the abuse cases.
    fn nothing_is_made_of_things_of_another_shop(database: TestDatabase) {
        let server = Server::over(database);
        let (theirs, foreign) = stocked(&server, "Aspirin");
        let (shop, own) = stocked(&server, "Analgin");
        let client = server.client_of(&shop.owner).unnoted();
        let before = server.world.database.dump();
        let unknown = |path: &str, body: Value, field: &str| {
            let answer = client.post(path, &body);
            assert_eq!(blamed(&answer), (400, vec![field]), "{body}: {}", answer.text);
        };

        unknown(PRODUCTS, json!({ "name": "Yod", "category": 1 }), "category");
        let answer = client.patch(&format!("{PRODUCTS}{own}/"), &json!({ "category": 1 }));
        assert_eq!(blamed(&answer), (400, vec!["category"]));
        for path in [STOCKS, MOVEMENTS] {
            let moved = |product: ProductId, key: &str, place: i64| {
                json!({ "product": product, "movement_type": "in", "quantity": "1", key: place })
            };
            unknown(path, moved(foreign, "branch", shop.branch_id.get()), "product");
            unknown(path, moved(own, "branch", theirs.branch_id.get()), "branch");
            // The first warehouse is theirs: their branch has the id 1, it the next.
            unknown(path, moved(own, "warehouse", theirs.branch_id.get() + 1), "warehouse");
        }
        let batch = json!({ "product": own, "movement_type": "out", "quantity": "1", "branch": shop.branch_id, "batch": 1 });
        unknown(MOVEMENTS, batch, "batch");
        let line = json!([{ "product": own, "quantity": "1" }, { "product": foreign, "quantity": "1" }]);
        unknown("/api/v1/warehouse/movements/bulk/", json!({ "movement_type": "in", "branch": shop.branch_id, "items": line }), "items");
        assert!(server.world.database.dump() == before, "something changed");
    }

    /// Cases 33 and 36 of the abuse cases, at goods that come and go by hand, one by one and together.
    fn no_quantity_but_a_plain_one_above_zero_moves_by_hand(database: TestDatabase) {
        let server = Server::over(database);
        let (shop, product) = stocked(&server, "Analgin");
        let client = server.client_of(&shop.owner).unnoted();
        let before = server.world.database.dump();
        let vast = "9".repeat(400);

        let wrong = ["0", "-1", "null", "true", "1e3", "2147483648000000", "9223372036854775808", &vast, "\"0.0005\"", "NaN", "\"-0\"", "[]", "\"١\""];
        for quantity in wrong {
            for way in ["in", "out"] {
                let one = format!(r#"{{"product":{product},"movement_type":"{way}","branch":{},"quantity":{quantity}}}"#, shop.branch_id);
                let many = format!(
                    r#"{{"movement_type":"{way}","branch":{},"items":[{{"product":{product},"quantity":{quantity}}}]}}"#,
                    shop.branch_id,
                );
                for (path, body) in [(MOVEMENTS, one), ("/api/v1/warehouse/movements/bulk/", many)] {
                    let answer = send(&client, "POST", path, &body);
                    assert_eq!(answer.status, 400, "{body}: {}", answer.text);
                }
            }
        }
        for (quantity, cost) in [("9999999.999", "9999999999.99"), ("1", "10000000000"), ("10000000", "1")] {
            let body = json!({ "product": product, "movement_type": "in", "branch": shop.branch_id, "quantity": quantity, "unit_cost": cost });
            assert_eq!(client.post(MOVEMENTS, &body).status, 400, "{body}");
        }
        assert!(server.world.database.dump() == before, "something changed");
    }

    /// Case 46 of the abuse cases, of goods that are taken out by hand.
    fn of_fifty_who_take_the_last_piece_out_by_hand_one_does(database: TestDatabase) {
        let server = Server::over(database);
        let shop = server.world.shop();
        let product = server.world.product(&shop, Goods::named("Analgin"));
        server.world.receive(&shop, receipt(&shop, product, "1", "4000.00"));
        let client = server.client_of(&shop.owner).unnoted();
        let body = json!({ "product": product, "movement_type": "out", "quantity": "1", "branch": shop.branch_id });

        let answers = at_once(50, |_| {
            let answer = client.post(MOVEMENTS, &body);
            (answer.status, told(&answer).1.to_owned())
        });

        let (taken, short): (Vec<_>, Vec<_>) = answers.into_iter().partition(|(status, _)| *status == 201);
        assert_eq!((taken.len(), short.len()), (1, 49));
        assert!(short.iter().all(|answer| *answer == (409, "insufficient_stock".to_owned())), "{short:?}");
        assert_eq!(server.world.levels(), [format!("{product}: 0 0 -")]);
        server.world.check_ledger();
    }

    /// Case 47 of the abuse cases.
    fn what_is_not_offered_is_unknown_to_customers(database: TestDatabase) {
        let server = Server::over(database);
        let shop = online::pharmacy(&server);
        let shown = online::medicine(&server, &shop, "Aspirin", "100.00");
        let draft = server.world.product(&shop, Goods::named("Analgin"));
        server.world.receive(&shop, receipt(&shop, draft, "5", "10.00"));
        let hidden = server.world.online_product(&shop, Goods::named("Yod"));
        let of_hidden = server.world.online_product(&shop, Goods::named("Bint"));
        let owner = server.client_of(&shop.owner).unnoted();
        let _ = owner.delete(&format!("{PRODUCTS}{hidden}/")).expect_status(200);
        let category = owner.get(&format!("{PRODUCTS}{of_hidden}/")).integer("/category_id");
        let _ = owner.delete(&format!("{WAREHOUSE}categories/{category}/")).expect_status(200);
        let customer = server.client_of(&server.world.customer()).unnoted();

        for id in [draft, hidden, of_hidden, ProductId::new(999)] {
            for client in [&customer, &server.client().unnoted()] {
                assert_eq!(told(&client.get(&format!("/api/v1/pharmacy/products/{id}/"))), (404, "not_found"));
            }
            let added = customer.post("/api/v1/pharmacy/cart/items/", &json!({ "product_id": id, "quantity": 1 }));
            assert_eq!(blamed(&added), (400, vec!["product_id"]));
        }
        let all = customer.get("/api/v1/pharmacy/products/?include_hidden=true");
        assert_eq!((all.integer("/count"), all.integer("/results/0/id")), (1, shown.get()));
    }

    /// Case 48 of the abuse cases: what an order took is never corrected away, and who counted before it is told.
    fn a_level_that_an_order_changed_is_not_corrected_by_who_counted_before(database: TestDatabase) {
        let server = Server::over(database);
        let shop = online::pharmacy(&server);
        let product = online::medicine(&server, &shop, "Aspirin", "100.00");
        let owner = server.client_of(&shop.owner).unnoted();
        let customer = server.client_of(&server.world.customer()).unnoted();
        let _ = customer.post("/api/v1/pharmacy/cart/items/", &json!({ "product_id": product, "quantity": 4 })).expect_status(201);
        let order = customer.post("/api/v1/pharmacy/orders/", &json!({ "delivery_address": "Toshkent, Navoiy 1" })).expect_status(201);
        let before = server.world.database.dump();
        let level = "/api/v1/warehouse/stocks/1/";

        let counted = owner.patch(level, &json!({ "quantity": "9", "expected_quantity": "10" }));
        assert_eq!((told(&counted), counted.text("/quantity")), ((409, "stock_changed"), "6.000"));
        for below in ["-4", "-0.001"] {
            assert_eq!(blamed(&owner.patch(level, &json!({ "quantity": below }))), (400, vec!["quantity"]));
        }
        assert!(server.world.database.dump() == before, "something changed");
        // All that lies there may go: the goods of the order left when it was placed, and come back when it is cancelled.
        let _ = owner.patch(level, &json!({ "quantity": "0", "expected_quantity": "6" })).expect_status(200);
        let _ = customer.act(&format!("/api/v1/pharmacy/orders/{}/cancel/", order.integer("/id"))).expect_status(200);
        assert_eq!(server.world.levels(), [format!("{product}: 4000 4000 -")]);
        server.world.check_ledger();
    }

    /// Cases 68 to 70 of the abuse cases.
    fn no_file_reaches_the_disk_but_a_picture_made_anew_under_a_name_of_ours(database: TestDatabase) {
        let server = Server::over(database);
        let shop = server.world.shop();
        let client = server.client_of(&shop.owner).unnoted();
        let good = picture(1).0;
        let mut bomb = good.clone();
        bomb[16..24].copy_from_slice(&[50_000_u32.to_be_bytes(), 50_000_u32.to_be_bytes()].concat());
        let lies: [&[u8]; 7] = [
            b"GIF89a\x01\x00\x01\x00", b"%PDF-1.7", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", b"MZ\x90\x00", b"PK\x03\x04", b"",
            &bomb,
        ];
        for (number, bytes) in lies.into_iter().enumerate() {
            let answer = client.send_form("POST", PRODUCTS, &Form::of("name", "Choynak").file("image", "a.jpg", bytes));
            assert_eq!(blamed(&answer), (400, vec!["image"]), "{number}: {}", answer.text);
        }
        assert_eq!(server.world.context.stored_files(), [""; 0]);

        let polyglot = [good.as_slice(), b"PK\x03\x04<script>alert(1)</script>"].concat();
        let long = "x".repeat(4096);
        for (number, name) in ["../../etc/x", r"D\x.jpg", "a\u{202e}gpj.exe", long.as_str(), ".htaccess", "a.php"].into_iter().enumerate() {
            let form = Form::of("name", &format!("Choynak {number}")).file("image", name, &polyglot);
            let made = client.send_form("POST", PRODUCTS, &form).expect_status(201);
            let address = made.text("/data/image").to_owned();
            let stored = address.rsplit('/').next().unwrap();
            assert!(stored.len() < 60 && stored.ends_with(".jpg") && stored.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.'), "{address}");
            assert!(address.starts_with(&format!("{}/media/products/", server.address())), "{address}");
            let served = client.get(address.strip_prefix(server.address()).unwrap()).expect_status(200);
            assert_eq!((served.header("content-type"), served.header("x-content-type-options")), ("image/jpeg", "nosniff"));
            assert!(!served.bytes.windows(8).any(|part| part == b"<script>"), "a byte that came along survived");
        }
        assert_eq!(server.world.context.stored_files().len(), 6);
    }

    /// Case 79 of the abuse cases, of goods.
    fn what_is_searched_for_among_goods_is_taken_literally(database: TestDatabase) {
        let server = Server::over(database);
        let shop = server.world.shop();
        let client = server.client_of(&shop.owner).unnoted();
        for name in ["100% paxta", "a_b", r"a\b", "' OR 1=1--"] {
            let product = server.world.product(&shop, Goods::named(name));
            server.world.receive(&shop, receipt(&shop, product, "1", "10.00"));
            server.world.warehouse(&shop, name);
        }
        let written = |byte: u8| format!("%{byte:02X}");
        let found = |noun: &str, text: &str| {
            let text: String = text.bytes().map(written).collect();
            let answer = client.get(&format!("{WAREHOUSE}{noun}/?search={text}"));
            (answer.status, answer.body.as_array().map_or(0, Vec::len))
        };

        for noun in ["products", "stocks", "stocks/by-product", "warehouses"] {
            for (text, rows) in [("%", 0), ("_", 0), ("\\", 0), ("0% p", 1), ("a_b", 1), (r"a\b", 1), ("' OR 1=1--", 1), ("' OR 2=2--", 0), ("%%%", 0)] {
                assert_eq!(found(noun, text), (200, rows), "{noun} {text}");
            }
            for text in ["x".repeat(101), "x".repeat(2_500), "a\0b".to_owned()] {
                assert_eq!(found(noun, &text).0, 400, "{noun}");
            }
        }
    }

    /// Case 95 of the abuse cases, of products and warehouses, as far as one spelling can stand for another.
    fn goods_and_places_that_are_one_name_in_another_spelling_are_taken(database: TestDatabase) {
        let server = Server::over(database);
        let shop = server.world.shop();
        let client = server.client_of(&shop.owner).unnoted();
        server.world.product(&shop, Goods::named("O'zbek Dori"));
        server.world.warehouse(&shop, "O'zbek Dori");
        let other = server.world.product(&shop, Goods::named("Boshqa"));
        let before = server.world.database.dump();

        for spelling in ["O'zbek Dori ", "O'zbek  Dori", "O'zbek\u{a0}Dori", "o'ZBEK dORI", "O\u{2bb}zbek Dori", "O\u{2bc}zbek Dori", "O\u{2019}zbek Dori", "O\u{2018}zbek Dori", "O`zbek Dori", "\u{ff2f}'zbek Dori"] {
            let named = json!({ "name": spelling });
            for answer in [client.post(PRODUCTS, &named), client.patch(&format!("{PRODUCTS}{other}/"), &named), client.post("/api/v1/warehouse/warehouses/", &named)] {
                assert_eq!(blamed(&answer), (400, vec!["name"]), "{spelling:?}");
            }
        }
        assert!(server.world.database.dump() == before, "something changed");
    }
}
