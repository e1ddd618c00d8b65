//! What people try at the online pharmacy (reliability.md 25, 33, 34, 44, 67, 70, 72, 93 and 95).

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use savdo_domain::access::Role;
use savdo_domain::ids::ProductId;
use savdo_persistence::on_both;
use savdo_persistence::testing::Backend;
use savdo_services::testing::{at_once, picture};
use savdo_tests::{Answer, Client, Form, Server};
use serde_json::{Value, json};

use crate::online::{medicine, on_prescription, pharmacy};

const ITEMS: &str = "/api/v1/pharmacy/cart/items/";
const ORDERS: &str = "/api/v1/pharmacy/orders/";
const DELIVERIES: &str = "/api/v1/pharmacy/deliveries/";
const PRESCRIPTIONS: &str = "/api/v1/pharmacy/prescriptions/";
const PRODUCTS: &str = "/api/v1/pharmacy/products/";
const SUBSTANCES: &str = "/api/v1/pharmacy/substances/";
const ME: &str = "/api/v1/pharmacy/me/";

fn in_cash() -> Value {
    json!({ "delivery_address": "Toshkent, Navoiy 1", "payment_method": "cash" })
}

fn put(client: &Client, product: ProductId, pieces: i64) -> i64 {
    let item = json!({ "product_id": product, "quantity": pieces });
    client.post(ITEMS, &item).expect_status(201).integer("/items/0/id")
}

fn order(client: &Client, product: ProductId, body: &Value) -> i64 {
    put(client, product, 1);
    client.post(ORDERS, body).expect_status(201).integer("/id")
}

/// The only fields that an answer blames.
fn blamed(answer: &Answer) -> (u16, Vec<&str>) {
    let fields = answer.body.as_object().unwrap().keys().map(String::as_str);
    (answer.status, fields.collect())
}

fn told(answer: &Answer) -> (u16, &str) {
    let code = answer.body.get("code").and_then(Value::as_str);
    (answer.status, code.unwrap_or_default())
}

on_both! {
    /// Case 25 of the abuse cases: the phone of who was served.
    fn a_courier_reads_the_phone_of_a_buyer_until_the_goods_are_handed_over(database: TestDatabase) {
        let server = Server::over(database);
        let shop = pharmacy(&server);
        let aspirin = medicine(&server, &shop, "Aspirin", "12000.00");
        let courier = server.world.hire(&shop, Role::Courier);
        let (owner, rider) = (server.client_of(&shop.owner).unnoted(), server.client_of(&courier).unnoted());
        let buyer = server.client_of(&server.world.customer()).unnoted();
        let phone = buyer.get(ME).text("/data/phone_number").to_owned();
        let order = format!("{ORDERS}{}/", order(&buyer, aspirin, &in_cash()));
        let set = |client: &Client, body: Value| client.post(&format!("{order}status/"), &body).expect_status(200);
        set(&owner, json!({ "status": "ready_for_delivery" }));
        let assigned = owner.post(&format!("{order}assign-courier/"), &json!({ "courier_id": courier.user_id }));
        let delivery = format!("{DELIVERIES}{}/", assigned.expect_status(200).integer("/id"));
        let history = format!("{delivery}history/");
        let read = || [&order, &delivery, ORDERS, DELIVERIES, &history].map(|path| rider.get(path).expect_status(200).text);
        let shown = || read().map(|text| text.contains(&phone));
        let phones = || [rider.get(&order).at("/customer/phone_number").clone(), rider.get(&delivery).at("/customer/phone_number").clone()];

        assert_eq!(phones(), [json!(phone), json!(phone)]);
        set(&rider, json!({ "status": "on_the_way" }));
        assert_eq!(phones(), [json!(phone), json!(phone)]);
        let handed = set(&rider, json!({ "status": "delivered", "cash_received": "12000.00" }));

        assert!(!handed.text.contains(&phone));
        assert_eq!(phones(), [Value::Null, Value::Null]);
        assert_eq!(shown(), [false; 5]);
        assert!(owner.get(&order).text.contains(&phone), "staff still call him");
    }

    /// Case 33 of the abuse cases.
    fn a_cart_takes_no_quantity_but_a_plain_whole_one(database: TestDatabase) {
        let server = Server::over(database);
        let shop = pharmacy(&server);
        let aspirin = medicine(&server, &shop, "Aspirin", "12000.00");
        let buyer = server.client_of(&server.world.customer()).unnoted();
        let line = put(&buyer, aspirin, 2);
        let before = server.world.database.dump();
        let vast = "9".repeat(400);
        let as_json = buyer.with_header("content-type", "application/json");

        for quantity in [
            "0", "-1", "1.5", "1.0", "\"2\"", "null", "true", "1e3", "1E0", "101", "2147483648", "4294967297", "9223372036854775807",
            "9223372036854775808", "18446744073709551617", &vast, "[1]", "{}", "-0.0",
        ] {
            let added = format!(r#"{{"product_id":{aspirin},"quantity":{quantity}}}"#);
            let changed = format!(r#"{{"quantity":{quantity}}}"#);
            for (method, path, body) in [("POST", ITEMS.to_owned(), added), ("PATCH", format!("{ITEMS}{line}/"), changed)] {
                let answer = as_json.send(method, &path, Some(body.as_bytes()));
                assert_eq!(blamed(&answer), (400, vec!["quantity"]), "{method} {body}");
            }
        }
        for no_json in ["NaN", "Infinity", "+1", "01", "0x1", "1_0", "١"] {
            let body = format!(r#"{{"product_id":{aspirin},"quantity":{no_json}}}"#);
            let answer = as_json.send("POST", ITEMS, Some(body.as_bytes()));
            assert_eq!(told(&answer), (400, "malformed_body"), "{body}");
        }
        assert!(server.world.database.dump() == before, "something changed");
    }

    /// Case 34 of the abuse cases.
    fn what_a_buyer_says_of_prices_counts_for_nothing(database: TestDatabase) {
        let server = Server::over(database);
        let shop = pharmacy(&server);
        let aspirin = medicine(&server, &shop, "Aspirin", "12000.00");
        let customer = server.world.customer();
        let buyer = server.client_of(&customer).unnoted();
        let wish = |mut body: Value| {
            let wishes = json!({
                "price": "1.00", "product_price": "1.00", "price_at_add": "1.00", "subtotal": "1.00", "total": "1.00", "total_price": "1.00",
                "discount": "99", "discount_amount": "11999.00", "coupon": "TEKIN", "currency": "UZT", "payment_status": "paid",
                "status": "delivered", "customer": 1, "store": 1, "items": [{ "product_id": aspirin, "quantity": 1, "price": "1.00" }],
            });
            for (key, value) in wishes.as_object().unwrap() {
                body[key] = value.clone();
            }
            body
        };

        let cart = buyer.post(ITEMS, &wish(json!({ "product_id": aspirin, "quantity": 2 }))).expect_status(201);
        assert_eq!((cart.text("/total_price"), cart.text("/items/0/price_at_add")), ("24000.00", "12000.00"));
        let line = cart.integer("/items/0/id");
        let cart = buyer.patch(&format!("{ITEMS}{line}/"), &wish(json!({ "quantity": 3 }))).expect_status(200);
        assert_eq!(cart.text("/total_price"), "36000.00");
        let placed = buyer.post(ORDERS, &wish(in_cash())).expect_status(201);

        let kept = buyer.get(&format!("{ORDERS}{}/", placed.integer("/id")));
        for order in [&placed, &kept] {
            assert_eq!((order.text("/total_price"), order.text("/items/0/price")), ("36000.00", "12000.00"));
            assert_eq!((order.text("/status"), order.text("/payment_status")), ("preparing", "pending"));
            assert_eq!((order.integer("/customer/id"), order.integer("/items/0/quantity")), (customer.user_id.get(), 3));
        }
        assert_eq!(server.world.database.lines("SELECT amount || '' AS line FROM payments"), ["3600000"]);
    }

    /// Case 44 of the abuse cases.
    fn one_key_sent_twenty_times_at_once_places_one_order(database: TestDatabase) {
        let server = Server::over(database);
        let shop = pharmacy(&server);
        let aspirin = medicine(&server, &shop, "Aspirin", "12000.00");
        let [buyer, other] = [(); 2].map(|()| {
            let client = server.client_of(&server.world.customer()).unnoted();
            put(&client, aspirin, 1);
            client.with_header("idempotency-key", "bir-marta")
        });

        let answers = at_once(20, |_| buyer.post(ORDERS, &in_cash()));

        let (placed, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 201);
        assert!(!placed.is_empty());
        assert!(placed.iter().all(|answer| answer.text == placed[0].text));
        assert_eq!(placed.iter().filter(|answer| answer.header("idempotent-replayed") != "true").count(), 1);
        for answer in refused {
            assert_eq!(told(answer), (409, "idempotency_in_flight"));
        }
        let again = buyer.post(ORDERS, &in_cash());
        assert_eq!((again.status, &again.text), (201, &placed[0].text));
        let mut changed = in_cash();
        changed["comment"] = json!("Tezroq");
        assert_eq!(told(&buyer.post(ORDERS, &changed)), (422, "idempotency_key_reused"));
        let of_other = other.post(ORDERS, &in_cash()).expect_status(201);
        assert_ne!(of_other.integer("/id"), placed[0].integer("/id"));
        assert_eq!(server.world.levels(), [format!("{aspirin}: 8000 8000 -")]);
        server.world.check_ledger();
    }

    /// Case 93 of the abuse cases: line breaks in what a customer says of himself and of where he lives.
    fn a_line_break_ends_no_name_and_no_address_by_mail(database: TestDatabase) {
        let server = Server::over(database);
        let shop = pharmacy(&server);
        let aspirin = medicine(&server, &shop, "Aspirin", "12000.00");
        let buyer = server.client_of(&server.world.customer()).unnoted();
        let before = server.world.database.dump();

        for email in ["a@savdo.uz\r\nBcc: b@evil.uz", "a@savdo.uz\nb@evil.uz", "\"a\r\n\"@savdo.uz", "a@savdo.uz\u{2028}b", "a@savdo.uz\u{85}"] {
            // At the end a line break is white space like others.
            let answer = buyer.patch(ME, &json!({ "email": email }));
            let kept = answer.status == 200 && answer.text("/data/email") == "a@savdo.uz";
            assert!(kept || (answer.status == 400 && answer.body["email"].is_array()), "{email:?}: {}", answer.text);
        }
        let _ = buyer.patch(ME, &json!({ "email": "" })).expect_status(200);
        assert_eq!(before.matches("evil").count() + server.world.database.dump().matches("evil").count(), 0);
        for breaking in ["Aziza\r\nX-Evil: 1", "Aziza\u{2028}X-Evil: 1", "Aziza\u{b}X-Evil: 1", "Aziza\u{85}X-Evil: 1"] {
            let named = buyer.patch(ME, &json!({ "first_name": breaking })).expect_status(200);
            assert_eq!(named.text("/data/first_name"), "Aziza X-Evil: 1");
        }
        let file = buyer.get("/api/v1/pharmacy/me/export/").expect_status(200);
        assert!(file.headers.keys().all(|name| name != "x-evil"));
        let mut body = in_cash();
        body["comment"] = json!("Qavat 3\r\nEshik 7");
        let placed = order(&buyer, aspirin, &body);
        let shown = buyer.get(&format!("{ORDERS}{placed}/"));
        assert_eq!(shown.text("/comment").lines().count(), 2, "a comment may have lines");
        assert_eq!(shown.text("/customer/first_name"), "Aziza X-Evil: 1");
    }

    /// Case 95 of the abuse cases, of what staff of the pharmacy name.
    fn substances_and_medicines_that_are_one_name_in_another_spelling_are_taken(database: TestDatabase) {
        let server = Server::over(database);
        let shop = pharmacy(&server);
        let category = server.world.category(&shop, "Dorilar");
        let operator = server.client_of(&server.world.hire(&shop, Role::Operator)).unnoted();
        let medicine = |name: &str, maker: &str, sku: &str| json!({
            "name": name, "category": category, "sku": sku, "price": "12000", "manufacturer": maker,
        });
        let _ = operator.post(SUBSTANCES, &json!({ "name": "O'simlik Café" })).expect_status(201);
        let other = operator.post(SUBSTANCES, &json!({ "name": "Kofein" })).expect_status(201).integer("/id");
        let _ = operator.post(PRODUCTS, &medicine("O'simlik Café", "Nika Pharm", "A-1")).expect_status(201);
        let before = server.world.database.dump();

        for spelling in [
            "O'simlik Café ", " O'simlik  Café", "O'simlik\u{a0}Café", "o'SIMLIK cAFÉ", "O\u{2bb}simlik Café", "O\u{2bc}simlik Café",
            "O\u{2019}simlik Café", "O\u{2018}simlik Café", "O`simlik Café", "O'simlik Cafe\u{301}", "\u{ff2f}'simlik Café",
            "O'sim\u{200b}lik Café", "\u{feff}O'simlik Café", "O'simlik\u{200d} Café", "O'simlik \u{2060}Café", "O'sim\u{ad}lik Café",
        ] {
            let named = json!({ "name": spelling });
            assert_eq!(blamed(&operator.post(SUBSTANCES, &named)), (400, vec!["name"]), "{spelling:?}");
            assert_eq!(blamed(&operator.patch(&format!("{SUBSTANCES}{other}/"), &named)), (400, vec!["name"]), "{spelling:?}");
            let made = operator.post(PRODUCTS, &medicine(spelling, " nika  PHARM\u{200b}", "A-2"));
            assert_eq!(blamed(&made), (400, vec!["non_field_errors"]), "{spelling:?}");
        }
        for nothing in ["\u{200b}", " \u{2060}\u{feff} "] {
            assert_eq!(blamed(&operator.post(SUBSTANCES, &json!({ "name": nothing }))), (400, vec!["name"]), "{nothing:?}");
        }
        assert!(server.world.database.dump() == before, "something changed");
    }
}

/// An order that waits for a prescription, and its buyer.
fn waiting(server: &Server) -> (Client, i64) {
    let shop = pharmacy(server);
    let tramadol = on_prescription(server, &shop, "Tramadol", "30000.00");
    let buyer = server.client_of(&server.world.customer()).unnoted();
    let order = order(&buyer, tramadol, &in_cash());
    (buyer, order)
}

/// The head of an upload by the buyer, this line in it.
fn head(buyer: &Client, line: &str) -> String {
    let (kind, token) = (Form::content_type(), buyer.token());
    format!(
        "POST {PRESCRIPTIONS} HTTP/1.1\r\nHost: savdo\r\nAuthorization: Bearer {token}\r\nContent-Type: {kind}\r\n{line}\r\n\r\n"
    )
}

/// Sends a body piece by piece until an answer comes; how much was sent by then, and the answer.
fn sent_until_answered(server: &Server, head: &str, piece: &[u8], most: usize) -> (usize, String) {
    let mut stream = TcpStream::connect(server.address().trim_start_matches("http://")).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    let (mut sent, mut answer) = (0, Vec::new());
    stream.set_read_timeout(Some(Duration::from_millis(1))).unwrap();
    loop {
        let mut chunk = [0; 4096];
        match stream.read(&mut chunk) {
            Ok(length) => {
                answer.extend_from_slice(&chunk[..length]);
                break;
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(_) => break,
        }
        if sent < most {
            if stream.write_all(piece).is_err() {
                stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
            }
            sent += piece.len();
        } else {
            stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        }
    }
    (sent, String::from_utf8_lossy(&answer).into_owned())
}

/// Case 67 of the abuse cases.
#[test]
fn an_upload_that_is_too_large_is_refused_before_it_is_read() {
    let server = Server::on(Backend::Sqlite);
    let (buyer, order) = waiting(&server);
    let before = server.world.everything();
    let form = Form::of("order_id", &order.to_string()).file("images", "a.jpg", b"\xff\xd8\xff");
    let begun = &form.body()[..100];

    let told = head(&buyer, "Content-Length: 1073741824");
    let (sent, answer) = sent_until_answered(&server, &told, begun, 1024);
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(sent <= 1024, "{sent}");

    // Whoever says no length is heard up to the limit of a body, and no further.
    let piece = [b"10000\r\n".as_slice(), &[0; 65_536], b"\r\n"].concat();
    let (sent, answer) = sent_until_answered(
        &server,
        &head(&buyer, "Transfer-Encoding: chunked"),
        &piece,
        64 * 1024 * 1024,
    );
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(sent < 40 * 1024 * 1024, "{sent}");

    assert!(server.world.everything() == before, "something was kept");
}

/// Case 70 of the abuse cases: names of files that no browser sends.
#[test]
fn what_a_file_is_called_by_its_sender_is_nowhere_afterwards() {
    let server = Server::on(Backend::Sqlite);
    let (buyer, order) = waiting(&server);
    let drive = ["C", r":\x.jpg"].concat();
    let hostile = [
        &drive,
        "nul\0name.jpg",
        "a\rb.jpg",
        "%00%0d%0aX-Evil: 1.jpg",
        "a\u{202e}gpj.exe",
    ];
    let before = server.world.context.stored_files();

    for name in hostile {
        let form = Form::of("order_id", &order.to_string()).file("images", name, &picture(1).0);
        let answer = buyer.send_form("POST", PRESCRIPTIONS, &form);
        assert!([201, 400, 409].contains(&answer.status), "{name:?}: {}", answer.text);
        assert!(
            !answer.text.contains("Evil") && !answer.text.contains("gpj"),
            "{}",
            answer.text
        );
    }

    let files = server.world.context.stored_files();
    assert_eq!(
        files.len(),
        before.len() + 1,
        "one is taken, the others come too late or are no forms"
    );
    for file in files {
        let name = file.rsplit('/').next().unwrap();
        assert!(
            name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.'),
            "{file}"
        );
    }
    let dump = server.world.database.dump();
    assert!(!dump.contains("Evil") && !dump.contains("gpj") && !dump.contains(&drive));
}

/// Case 72 of the abuse cases: a full disk.
#[test]
fn a_prescription_for_which_there_is_no_room_is_507_and_nowhere() {
    let server = Server::on(Backend::Sqlite);
    let (buyer, order) = waiting(&server);
    let before = server.world.everything();
    let form = Form::of("order_id", &order.to_string()).file("images", "a.png", &picture(1).0);
    server.world.context.file_faults().fail_at(3);

    let refused = buyer.send_form("POST", PRESCRIPTIONS, &form);

    assert_eq!(told(&refused), (507, "storage_full"));
    assert!(server.world.everything() == before, "something was kept");
    let _ = buyer.send_form("POST", PRESCRIPTIONS, &form).expect_status(201);
}
