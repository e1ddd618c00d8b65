//! Pictures of products: forms, what is refused of them, and how a picture is served.

use savdo_persistence::on_both;
use savdo_persistence::testing::Backend;
use savdo_services::testing::picture;
use savdo_tests::{Answer, Client, Form, Server, same_on_both};
use serde_json::{Value, json};

use crate::online;

const PRODUCTS: &str = "/api/v1/warehouse/products/";

fn with_picture(name: &str) -> Form {
    Form::of("name", name).file("image", "choynak.png", &picture(1).0)
}

/// The path of an address that an answer names.
fn path(server: &Server, address: &Value) -> String {
    let address = address.as_str().unwrap();
    address.strip_prefix(server.address()).unwrap().to_owned()
}

fn send_form(client: &Client, form: &Form) -> Answer {
    client.send_form("POST", PRODUCTS, form)
}

#[test]
fn a_product_is_made_and_changed_by_form_as_by_json() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let category = server.world.category(&shop, "Idishlar");
        let client = server.client_of(&shop.owner);
        let form = with_picture(" Ko'k  choynak ")
            .text("category", &category.to_string())
            .text("unit", "quti")
            .text("sale_price", "120000.50")
            .text("is_medicine", "false")
            .text("barcode", "")
            .text("unknown", "changes nothing");

        send_form(&client, &form);
        client.get(PRODUCTS);
        client.get("/api/v1/warehouse/products/1/");
        client.send_form(
            "PATCH",
            "/api/v1/warehouse/products/1/",
            &Form::of("sale_price", "99000"),
        );
        client.patch("/api/v1/warehouse/products/1/", &json!({ "image": null }));
        client.send_form("PATCH", "/api/v1/warehouse/products/1/", &Form::default());
    });
}

/// Cases 69, 71 and 72 of the abuse cases: of a product there is one picture.
#[test]
fn what_is_no_picture_is_refused_at_its_key() {
    same_on_both!(|server: &Server| {
        let shop = server.world.shop();
        let client = server.client_of(&shop.owner);
        let large = [b"\xff\xd8\xff".as_slice(), &vec![0; 5 * 1024 * 1024]].concat();
        let files: [(&str, &[u8]); 6] = [
            ("a.jpg", b"<html><script>alert(1)</script></html>"),
            ("a.png", b"%PDF-1.7"),
            ("a.gif", b"GIF89a"),
            ("a.jpg", b""),
            ("a.jpg", b"\xff\xd8\xff\xe0"),
            ("a.jpg", &large),
        ];
        for (name, bytes) in files {
            send_form(&client, &Form::of("name", "Choynak").file("image", name, bytes));
        }
        send_form(&client, &Form::of("name", "Choynak").text("image", "a text"));
        send_form(
            &client,
            &with_picture("Choynak").file("image", "second.png", &picture(2).0),
        );
        client.post(
            PRODUCTS,
            &json!({ "name": "Choynak", "image": "http://savdo.uz/a.jpg" }),
        );
        send_form(&client, &with_picture("").text("sale_price", "x"));
        client.get(PRODUCTS);
    });
}

/// Cases 67 and 71 of the abuse cases.
#[test]
fn a_body_that_is_no_form_is_refused_as_a_whole() {
    let server = Server::on(Backend::Sqlite);
    let shop = server.world.shop();
    let client = server.client_of(&shop.owner);
    let as_form = |content_type: &str, body: &[u8]| {
        let answer = client
            .with_header("content-type", content_type)
            .send("POST", PRODUCTS, Some(body));
        (answer.status, answer.text("/code").to_owned())
    };
    let whole = with_picture("Choynak").body();
    let refused = |status: u16, code: &str| (status, code.to_owned());
    let ours = Form::content_type();

    assert_eq!(as_form("multipart/form-data", &whole), refused(400, "malformed_body"));
    assert_eq!(
        as_form("multipart/form-data; boundary=other", &whole),
        refused(400, "malformed_body")
    );
    assert_eq!(
        as_form(&ours, &whole[..whole.len() - 10]),
        refused(400, "malformed_body")
    );
    assert_eq!(as_form(&ours, b"{}"), refused(400, "malformed_body"));
    let many = (0..10_000).fold(Form::of("name", "Choynak"), |form, _| form.text("x", "1"));
    assert_eq!(as_form(&ours, &many.body()), refused(400, "malformed_body"));
    assert_eq!(
        as_form("application/x-www-form-urlencoded", b"name=x"),
        refused(415, "unsupported_media_type")
    );
    assert_eq!(
        as_form("multipart/mixed; boundary=x", b"--x--"),
        refused(415, "unsupported_media_type")
    );
    let too_large = Form::of("name", "Choynak").file("image", "a.jpg", &vec![0; 10 * 1024 * 1024]);
    assert_eq!(as_form(&ours, &too_large.body()), refused(413, "body_too_large"));
    let large_json = json!({ "name": "Choynak", "description": "x".repeat(1024 * 1024) }).to_string();
    assert_eq!(
        as_form("application/json", large_json.as_bytes()),
        refused(413, "body_too_large")
    );
    // Where no file may come, no form may.
    let category = client.send_form("POST", "/api/v1/warehouse/categories/", &Form::of("name", "Idish"));
    assert_eq!(
        (category.status, category.text("/code")),
        (415, "unsupported_media_type")
    );
    assert_eq!(server.world.context.stored_files(), [""; 0]);
    assert_eq!(client.get(PRODUCTS).body, json!([]));
}

#[test]
fn a_picture_is_served_to_anybody_and_kept_for_good() {
    let server = Server::on(Backend::Sqlite);
    let shop = server.world.shop();
    let client = server.client_of(&shop.owner);
    let made = send_form(&client, &with_picture("Choynak")).expect_status(201);
    let address = path(&server, made.at("/data/image"));
    let stranger = server.client();

    let served = stranger.get(&address).expect_status(200);

    assert_eq!(served.header("content-type"), "image/jpeg");
    assert_eq!(served.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(served.header("x-content-type-options"), "nosniff");
    assert_eq!(served.header("cross-origin-resource-policy"), "cross-origin");
    assert_eq!(served.header("content-length"), served.bytes.len().to_string());
    assert!(served.bytes.starts_with(b"\xff\xd8\xff") && served.bytes.ends_with(b"\xff\xd9"));
    let head = stranger.send("HEAD", &address, None);
    assert_eq!((head.status, head.bytes.len()), (200, 0));
    assert_eq!(head.header("content-length"), served.header("content-length"));
    for other in [
        "/media/products/unknown.jpg",
        "/media/products/..%2f..%2fsavdo.db",
        "/media/products/",
        "/media/",
        &address.replace(".jpg", ".pdf"),
        &address.replace(".jpg", ".jpg.part"),
        &address.replace("products", "receipts"),
    ] {
        let answer = stranger.get(other);
        assert_eq!((answer.status, answer.text("/code")), (404, "not_found"), "{other}");
    }
    assert_eq!(stranger.delete(&address).status, 405);
    let _ = client
        .patch("/api/v1/warehouse/products/1/", &json!({ "image": null }))
        .expect_status(200);
    assert_eq!(stranger.get(&address).status, 404);
}

#[test]
fn a_large_picture_is_served_whole() {
    let server = Server::on(Backend::Sqlite);
    let name = format!("{}.jpg", "5".repeat(32));
    let bytes: Vec<u8> = (0..300_000_u32)
        .map(|number| u8::try_from(number % 251).unwrap())
        .collect();
    let folder = server.world.files().join("products");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(&name), &bytes).unwrap();

    let served = server
        .client()
        .get(&format!("/media/products/{name}"))
        .expect_status(200);

    assert!(served.bytes == bytes);
}

#[test]
fn the_address_of_a_picture_begins_as_the_installation_is_called() {
    let server = Server::configured(&[("SAVDO_SERVER__PUBLIC_URL", "https://api.dokon.uz/")]);
    let shop = server.world.shop();

    let made = send_form(&server.client_of(&shop.owner), &with_picture("Choynak")).expect_status(201);

    assert!(
        made.text("/data/image")
            .starts_with("https://api.dokon.uz/media/products/")
    );
}

#[test]
fn customers_see_the_picture_wherever_the_product_is() {
    let server = Server::on(Backend::Sqlite);
    let shop = online::pharmacy(&server);
    let product = online::medicine(&server, &shop, "Analgin", "100.00");
    let owner = server.client_of(&shop.owner);
    let form = Form::default().file("image", "analgin.png", &picture(1).0);
    let address = format!("{PRODUCTS}{product}/");
    let image = owner
        .send_form("PATCH", &address, &form)
        .expect_status(200)
        .at("/data/image")
        .clone();
    let customer = server.client_of(&server.world.customer());
    let pharmacy = |path: &str| format!("/api/v1/pharmacy/{path}");

    let item = json!({ "product_id": product, "quantity": 1 });
    let cart = customer.post(&pharmacy("cart/items/"), &item).expect_status(201);
    let order = json!({ "delivery_address": "Toshkent, Navoiy 1", "payment_method": "cash" });
    let order = customer.post(&pharmacy("orders/"), &order).expect_status(201);

    assert_eq!(cart.at("/items/0/product/image"), &image);
    assert_eq!(order.at("/items/0/product/image"), &image);
    assert_eq!(customer.get(&pharmacy("products/")).at("/results/0/image"), &image);
    assert_eq!(
        customer.get(&pharmacy(&format!("products/{product}/"))).at("/image"),
        &image
    );
    assert_eq!(owner.get(PRODUCTS).at("/0/image"), &image);
}

on_both! {
    fn a_form_sent_again_under_its_key_makes_one_product(database: TestDatabase) {
        let server = Server::over(database);
        let shop = server.world.shop();
        let client = server.client_of(&shop.owner).with_header("idempotency-key", "key-1");
        // Another boundary and another name of the file: the same parts.
        let other = String::from_utf8_lossy(b"other-boundary").into_owned();
        let mut body = format!("--{other}\r\ncontent-disposition: form-data; name=name\r\n\r\nChoynak\r\n--{other}\r\n\
            Content-Disposition: form-data; name=\"image\"; filename=\"b.jpg\"\r\nContent-Type: image/png\r\n\r\n").into_bytes();
        body.extend(&picture(1).0);
        body.extend(format!("\r\n--{other}--\r\n").bytes());
        let as_other = client.with_header("content-type", &format!("multipart/form-data; boundary={other}"));

        let first = send_form(&client, &with_picture("Choynak")).expect_status(201);
        let again = as_other.send("POST", PRODUCTS, Some(&body)).expect_status(201);
        let another = Form::of("name", "Choynak").file("image", "choynak.png", &picture(2).0);
        let another = send_form(&client, &another);

        assert_eq!((again.header("idempotent-replayed"), &again.text), ("true", &first.text));
        assert_eq!((another.status, another.text("/code")), (422, "idempotency_key_reused"));
        assert_eq!(server.world.context.stored_files().len(), 1);
    }
}

/// Case 72 of the abuse cases.
#[test]
fn no_room_on_the_disk_is_507_and_nothing_remains() {
    let server = Server::on(Backend::Sqlite);
    let shop = server.world.shop();
    let client = server.client_of(&shop.owner);
    server.world.context.file_faults().fail_at(3);

    let refused = send_form(&client, &with_picture("Choynak"));

    assert_eq!((refused.status, refused.text("/code")), (507, "storage_full"));
    assert_eq!(server.world.context.stored_files(), [""; 0]);
    assert_eq!(client.get(PRODUCTS).body, json!([]));
    let _ = send_form(&client, &with_picture("Choynak")).expect_status(201);
}
