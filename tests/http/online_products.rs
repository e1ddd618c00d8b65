//! `/api/v1/pharmacy/products/` as the staff of the online pharmacy write it.

use savdo_domain::access::Role;
use savdo_persistence::on_both;
use savdo_persistence::testing::Backend;
use savdo_services::testing::{Goods, picture, receipt};
use savdo_tests::{Answer, Client, Form, Server, same_on_both};
use serde_json::{Value, json};

const PRODUCTS: &str = "/api/v1/pharmacy/products/";
const PRODUCT: &str = "/api/v1/pharmacy/products/1/";
const IMAGE: &str = "/api/v1/pharmacy/products/1/image/";

fn nurofen() -> Value {
    json!({
        "name": " Nurofen  Forte ", "category": 1, "sku": "NUR-400", "price": "24000", "manufacturer": "Reckitt",
    })
}

/// The same with other keys.
fn nurofen_with(keys: &Value) -> Value {
    let mut body = nurofen();
    let entries = keys.as_object().unwrap().clone();
    body.as_object_mut().unwrap().extend(entries);
    body
}

fn image(bytes: &[u8], name: &str) -> Form {
    Form::default().file("image", name, bytes)
}

fn set_image(client: &Client, form: &Form) -> Answer {
    client.send_form("PUT", IMAGE, form)
}

fn told(answer: &Answer) -> (u16, &str) {
    let code = answer.body.get("code").and_then(Value::as_str);
    (answer.status, code.unwrap_or_default())
}

#[test]
fn a_product_is_made_changed_and_archived_by_staff() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        server.world.open_online(&shop);
        server.world.category(&shop, "Dorilar");
        server.world.substance(&shop, "Ibuprofen");
        let operator = server.client_of(&server.world.hire(&shop, Role::Operator));
        let whole = nurofen_with(&json!({
            "description": "Og'riqqa", "usage": "Suv bilan", "active_substances": [1], "is_prescription_required": true,
            "is_active": true, "stock": 5, "expiry_date": "2026-03-12", "purchase_price": "18000.50",
            "mxik_code": "12345678901234567", "package_code": "77", "vat_percent": "12", "image": null, "id": 9, "order_count": 7,
        }));
        let kept = operator.with_header("idempotency-key", "bir");
        kept.post(PRODUCTS, &whole);
        kept.post(PRODUCTS, &whole);
        server.client().get(PRODUCT);
        operator.get("/api/v1/warehouse/products/1/");
        let kept = operator.with_header("idempotency-key", "ikki");
        kept.patch(PRODUCT, &json!({ "stock": 8, "expected_stock": 5 }));
        kept.patch(PRODUCT, &json!({ "stock": 8, "expected_stock": 5 }));
        operator.patch(PRODUCT, &json!({ "stock": 8, "expected_stock": 5 }));
        operator.put(PRODUCT, &nurofen_with(&json!({ "price": 25000, "stock": 0 })));
        operator.put(PRODUCT, &json!({ "name": "Nurofen" }));
        operator.delete(PRODUCT);
        operator.get(PRODUCT);
        operator.delete(PRODUCT);
    });
}

#[test]
fn a_product_comes_as_a_form_with_its_picture() {
    let server = Server::on(Backend::Sqlite);
    let shop = server.world.shop();
    server.world.open_online(&shop);
    server.world.category(&shop, "Dorilar");
    for name in ["Ibuprofen", "Kofein"] {
        server.world.substance(&shop, name);
    }
    let client = server.client_of(&shop.owner);
    let form = Form::of("name", "Nurofen")
        .text("category", "1")
        .text("sku", "NUR-400")
        .text("price", "24000.50")
        .text("manufacturer", "Reckitt")
        .text("active_substances", "2")
        .text("active_substances", "1")
        .text("is_active", "false")
        .text("stock", "3")
        .file("image", "../../a.jpg", &picture(1).0);

    let made = client.send_form("POST", PRODUCTS, &form).expect_status(201);

    assert_eq!(made.at("/active_substances/1/name"), &json!("Kofein"));
    assert_eq!((made.at("/is_active"), made.at("/stock")), (&json!(false), &json!(3)));
    let address = made.text("/image").strip_prefix(server.address()).unwrap().to_owned();
    let served = server.client().get(&address).expect_status(200);
    assert_eq!(served.header("cache-control"), "public, max-age=31536000, immutable");
    let put = Form::of("name", "Nurofen")
        .text("category", "1")
        .text("sku", "NUR-400")
        .text("price", "1")
        .text("manufacturer", "Reckitt");
    let put = client.send_form("PUT", PRODUCT, &put).expect_status(200);
    assert_eq!(
        (put.at("/price"), put.at("/image")),
        (&json!("1.00"), made.at("/image"))
    );
    let patched = client.send_form("PATCH", PRODUCT, &image(&picture(2).0, "b.png"));
    assert_ne!(patched.expect_status(200).at("/image"), made.at("/image"));
    assert_eq!(server.client().get(&address).status, 404);
    let _ = client.delete(IMAGE).expect_status(204);
    let _ = client.delete(IMAGE).expect_status(204);
    assert_eq!(client.get(PRODUCT).at("/image"), &Value::Null);
    assert_eq!(server.world.context.stored_files(), [""; 0]);
}

/// Cases 33, 36 and 40 of the abuse cases, and what is said of a product that cannot be.
#[test]
fn what_is_refused_of_a_product_that_staff_write() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        server.world.open_online(&shop);
        server.world.category(&shop, "Dorilar");
        let owner = server.client_of(&shop.owner);
        owner.post(PRODUCTS, &json!({}));
        owner.post(
            PRODUCTS,
            &json!({ "name": " ", "category": 9, "sku": "", "price": "-1", "manufacturer": " " }),
        );
        owner.post(
            PRODUCTS,
            &nurofen_with(&json!({ "category": 9, "active_substances": [7], "expiry_date": "2026-03-11" })),
        );
        for stock in [json!(-1), json!(1_000_001), json!("2"), json!(1.5), json!(true)] {
            owner.post(PRODUCTS, &nurofen_with(&json!({ "stock": stock })));
        }
        owner.post(PRODUCTS, &nurofen_with(&json!({ "price": "10000000000" })));
        owner.post(PRODUCTS, &nurofen());
        owner.post(
            PRODUCTS,
            &nurofen_with(&json!({ "name": "NUROFEN forte", "sku": "nur-400" })),
        );
        owner.patch(PRODUCT, &json!({ "expected_stock": 1 }));
        owner.patch(PRODUCT, &json!({ "stock": null, "expiry_date": "12.03.2026" }));
        owner.put(PRODUCT, &nurofen_with(&json!({ "stock": -5 })));
        let admin = server.client_of(&server.world.admin());
        admin.post(PRODUCTS, &nurofen_with(&json!({ "name": "Bint", "sku": "B" })));
        admin.post(
            PRODUCTS,
            &nurofen_with(&json!({ "name": "Bint", "sku": "B", "store": 1 })),
        );
        owner.post(
            PRODUCTS,
            &nurofen_with(
                &json!({ "name": "Oltin", "sku": "O", "stock": 1_000_000, "purchase_price": "9999999999.99" }),
            ),
        );
        let customer = server.client_of(&server.world.customer());
        customer.post(PRODUCTS, &nurofen());
        customer.put(PRODUCT, &nurofen());
        customer.delete(PRODUCT);
        customer.delete(IMAGE);
        let stranger = server.client_of(&server.world.shop().owner);
        stranger.delete(PRODUCT);
        stranger.delete(IMAGE);
        server.client().delete(PRODUCT);
    });
}

on_both! {
    fn a_product_of_an_unfinished_order_is_not_archived(database: TestDatabase) {
        let server = Server::over(database);
        let shop = server.world.shop();
        let product = server.world.online_product(&shop, Goods::named("Nurofen"));
        server.world.receive(&shop, receipt(&shop, product, "2", "1"));
        let (buyer, other) = (server.client_of(&server.world.customer()), server.client_of(&server.world.customer()));
        let item = json!({ "product_id": product, "quantity": 1 });
        for client in [&buyer, &other] {
            let _ = client.post("/api/v1/pharmacy/cart/items/", &item).expect_status(201);
        }
        let checkout = json!({ "delivery_address": "Toshkent, Navoiy 1" });
        let order = buyer.post("/api/v1/pharmacy/orders/", &checkout).expect_status(201).integer("/id");
        let owner = server.client_of(&shop.owner);

        assert_eq!(told(&owner.delete(PRODUCT)), (409, "product_in_open_order"));
        let cancel = format!("/api/v1/pharmacy/orders/{order}/cancel/");
        let _ = buyer.post(&cancel, &json!({ "reason": "" })).expect_status(200);
        let _ = owner.delete(PRODUCT).expect_status(204);

        assert_eq!(other.get("/api/v1/pharmacy/cart/").at("/items"), &json!([]));
        assert_eq!(told(&other.post("/api/v1/pharmacy/orders/", &checkout)), (400, "cart_empty"));
        let order = buyer.get(&format!("/api/v1/pharmacy/orders/{order}/"));
        assert_eq!(order.at("/items/0/product_name"), &json!("Nurofen"));
    }
}

/// Cases 67 to 72 of the abuse cases.
#[test]
fn what_is_no_picture_leaves_neither_row_nor_file() {
    let server = Server::on(Backend::Sqlite);
    let shop = server.world.shop();
    server.world.online_product(&shop, Goods::named("Nurofen"));
    let client = server.client_of(&shop.owner);
    let before = server.world.everything();
    let large = [b"\xff\xd8\xff".as_slice(), &vec![0; 5 * 1024 * 1024]].concat();
    let bomb = [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xc3\x50\0\0\xc3\x50\x08\x02\0\0\0".as_slice(),
        &[0; 40_000],
    ]
    .concat();
    let files: [&[u8]; 8] = [
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
        b"%PDF-1.7",
        b"GIF89a",
        b"",
        b"\xff\xd8\xff\xe0",
        &bomb,
        &large,
    ];

    for (number, bytes) in files.into_iter().enumerate() {
        let answer = set_image(&client, &image(bytes, "a.jpg"));
        assert_eq!((answer.status, told(&answer).1), (400, ""), "{number}: {}", answer.text);
        assert!(answer.body.get("image").is_some(), "{number}: {}", answer.text);
    }
    let two = image(&picture(1).0, "a.png").file("image", "b.png", &picture(2).0);
    for wrong in [Form::default(), Form::of("image", "a text"), two] {
        let answer = set_image(&client, &wrong);
        assert!(
            answer.status == 400 && answer.body.get("image").is_some(),
            "{}",
            answer.text
        );
    }
    let many = (0..10_000).fold(Form::default(), |form, _| form.text("x", "1"));
    assert_eq!(told(&set_image(&client, &many)), (400, "malformed_body"));
    let too_large = set_image(&client, &image(&vec![0; 6 * 1024 * 1024], "a.jpg"));
    assert_eq!(told(&too_large), (413, "image_too_large"));
    let too_large = client.send_form("PATCH", PRODUCT, &image(&vec![0; 6 * 1024 * 1024], "a.jpg"));
    assert_eq!(told(&too_large), (413, "image_too_large"));
    let json = client.put(IMAGE, &json!({ "image": null }));
    assert_eq!(told(&json), (415, "unsupported_media_type"));
    server.world.context.file_faults().fail_at(3);
    assert_eq!(
        told(&set_image(&client, &image(&picture(1).0, "a.png"))),
        (507, "storage_full")
    );
    assert!(server.world.everything() == before, "something remains");

    let broken = image(&picture(1).0, "a\r\nb.png");
    assert_eq!(told(&set_image(&client, &broken)), (400, "malformed_body"));
    let named = image(&picture(1).0, "D:\\x\u{202e}../../etc/x");
    let stored = set_image(&client, &named).expect_status(200);
    let name = stored.text("/image").rsplit('/').next().unwrap();
    assert_eq!(
        (name.len(), name.split_once('.').map(|(_, kind)| kind)),
        (36, Some("jpg")),
        "{name}"
    );
}
