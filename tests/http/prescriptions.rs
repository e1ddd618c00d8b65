//! Prescriptions (pharmacy.md 2.6 to 2.8).

use savdo_domain::access::Role;
use savdo_persistence::testing::Backend;
use savdo_services::testing::{Shop, picture};
use savdo_tests::{Answer, Client, Form, Server, same_on_both};
use serde_json::{Value, json};

use crate::online::{on_prescription, pharmacy};

const ITEMS: &str = "/api/v1/pharmacy/cart/items/";
const ORDERS: &str = "/api/v1/pharmacy/orders/";
const PRESCRIPTIONS: &str = "/api/v1/pharmacy/prescriptions/";

/// An order that waits for a prescription.
fn waiting(server: &Server, shop: &Shop, client: &Client, name: &str, method: &str) -> i64 {
    let product = on_prescription(server, shop, name, "30000.00");
    let client = client.unnoted();
    let _ = client
        .post(ITEMS, &json!({ "product_id": product, "quantity": 2 }))
        .expect_status(201);
    let body = json!({ "delivery_address": "Toshkent, Navoiy 1", "payment_method": method });
    client.post(ORDERS, &body).expect_status(201).integer("/id")
}

fn form(order: i64) -> Form {
    Form::of("order_id", &order.to_string()).file("images", "retsept.png", &picture(1).0)
}

fn submit(client: &Client, form: &Form) -> Answer {
    client.send_form("POST", PRESCRIPTIONS, form)
}

/// The path of an address that an answer names.
fn path(server: &Server, address: &Value) -> String {
    let address = address.as_str().unwrap();
    address.strip_prefix(server.address()).unwrap().to_owned()
}

#[test]
fn a_prescription_is_shown_looked_at_rejected_and_approved() {
    same_on_both!(|server: &Server| {
        let shop = pharmacy(server);
        let client = server.client_of(&server.world.customer());
        let operator = server.client_of(&server.world.hire(&shop, Role::Operator));
        let order = waiting(server, &shop, &client, "Tramadol", "cash");

        let two = form(order).file("images", "../../etc/x.jpg", &picture(2).0);
        let first = submit(&client, &two).integer("/id");
        client.get(&format!("{ORDERS}{order}/"));
        operator.get(&format!("{PRESCRIPTIONS}pending/"));
        operator.get(&format!("{PRESCRIPTIONS}{first}/"));
        operator.post(
            &format!("{PRESCRIPTIONS}{first}/reject/"),
            &json!({ "reason": " Muhr  ko'rinmaydi " }),
        );
        client.get(&format!("{PRESCRIPTIONS}?status=rejected&order_id={order}"));
        let second = submit(&client, &form(order)).integer("/id");
        operator
            .with_header("accept-language", "ru")
            .act(&format!("{PRESCRIPTIONS}{second}/approve/"));
        client.get(&format!("{ORDERS}{order}/history/"));
        operator.get(&format!(
            "{PRESCRIPTIONS}?created_from=2026-03-12&created_to=2026-03-12"
        ));
        operator.get(&format!("{PRESCRIPTIONS}pending/"));
    });
}

#[test]
fn what_prescriptions_refuse() {
    same_on_both!(|server: &Server| {
        let shop = pharmacy(server);
        let client = server.client_of(&server.world.customer());
        let stranger = server.client_of(&server.world.customer());
        let operator = server.client_of(&server.world.hire(&shop, Role::Operator));
        let order = waiting(server, &shop, &client, "Tramadol", "online");
        let of_order = || Form::of("order_id", &order.to_string());

        client.post(PRESCRIPTIONS, &json!({ "order_id": order }));
        submit(&client, &Form::default());
        submit(&client, &of_order());
        submit(&client, &Form::default().file("images", "a.png", &picture(1).0));
        submit(&client, &of_order().text("images", "a text"));
        submit(&client, &form(0));
        submit(
            &client,
            &Form::of("order_id", "x").file("images", "a.png", &picture(1).0),
        );
        submit(
            &client,
            &(0..6).fold(of_order(), |form, red| form.file("images", "a.png", &picture(red).0)),
        );
        for bytes in [b"".as_slice(), b"%PDF-1.7", b"GIF89a", b"\xff\xd8\xff\xe0"] {
            submit(&client, &of_order().file("images", "a.jpg", bytes));
        }
        submit(&stranger, &form(order));
        submit(&client, &form(999));
        let id = submit(&client, &form(order)).integer("/id");
        submit(&client, &form(order));
        stranger.get(&format!("{PRESCRIPTIONS}{id}/"));
        stranger.get(&format!("{PRESCRIPTIONS}{id}/images/1/"));
        stranger.get(PRESCRIPTIONS);
        stranger.get(&format!("{PRESCRIPTIONS}pending/"));
        client.get(&format!("{PRESCRIPTIONS}?status=open&created_from=yesterday"));
        client.act(&format!("{PRESCRIPTIONS}{id}/approve/"));
        operator.post(&format!("{PRESCRIPTIONS}{id}/reject/"), &json!({}));
        operator.post(
            &format!("{PRESCRIPTIONS}{id}/reject/"),
            &json!({ "reason": "x".repeat(501) }),
        );
        operator.act(&format!("{PRESCRIPTIONS}{id}/approve/"));
        operator.act(&format!("{PRESCRIPTIONS}{id}/approve/"));
        operator.post(&format!("{PRESCRIPTIONS}{id}/reject/"), &json!({ "reason": "Kech" }));
        submit(&client, &form(order));
    });
}

#[test]
fn no_ticket_is_kept_with_an_answer_and_one_that_comes_again_shows_its_pictures() {
    let server = Server::on(Backend::Sqlite);
    let shop = pharmacy(&server);
    let client = server.client_of(&server.world.customer()).unnoted();
    let order = waiting(&server, &shop, &client, "Tramadol", "cash");
    let keyed = client.with_header("idempotency-key", "once");
    let first = submit(&keyed, &form(order)).expect_status(201);
    let id = first.integer("/id");
    server.world.clock.advance(chrono::TimeDelta::minutes(6));
    assert_eq!(
        client.get(&path(&server, &first.body["images"][0]["image"])).status,
        200,
        "by token"
    );

    let again = submit(&keyed, &form(order)).expect_status(201);

    assert_eq!(
        (again.integer("/id"), again.header("idempotent-replayed")),
        (id, "true")
    );
    let nobody = server.client().unnoted();
    assert_eq!(
        nobody.get(&path(&server, &first.body["images"][0]["image"])).status,
        401
    );
    assert_eq!(
        nobody.get(&path(&server, &again.body["rasmlar"][0]["image"])).status,
        200
    );
    let kept = server.world.database.dump_of(&["idempotency_keys"]);
    assert!(kept.contains("/images/") && !kept.contains("?t="), "{kept}");
    let stranger = server.client_of(&server.world.customer()).unnoted();
    assert_eq!(stranger.act(&format!("{PRESCRIPTIONS}{id}/approve/")).status, 403);
    assert!(
        server
            .world
            .database
            .dump_of(&["audit_entries"])
            .contains("view_denied")
    );
}

/// Cases 24 and 70 of the abuse cases.
#[test]
fn a_picture_is_shown_by_token_or_ticket_and_to_nobody_else() {
    let server = Server::on(Backend::Sqlite);
    let shop = pharmacy(&server);
    let customer = server.world.customer();
    let client = server.client_of(&customer);
    let order = waiting(&server, &shop, &client, "Tramadol", "cash");
    let hostile = ["../../etc/x", "..\\..\\x", "a\u{202e}gpj.exe", &"x".repeat(4000)];
    let named = hostile
        .iter()
        .take(4)
        .fold(Form::of("order_id", &order.to_string()), |form, name| {
            form.file("images", name, &picture(1).0)
        });
    let sent = submit(&client, &named).expect_status(201);
    let with_ticket = path(&server, sent.at("/images/0/image"));
    let (bare, ticket) = with_ticket.split_once("?t=").unwrap();
    let anybody = server.client().unnoted();
    let refused = |answer: &Answer, code: &str| assert_eq!((answer.status, answer.text("/code")), (401, code));

    for answer in [anybody.get(&with_ticket), client.get(bare), client.get(&with_ticket)] {
        assert_eq!(answer.status, 200);
        let id = sent.integer("/id");
        assert_eq!(answer.header("content-type"), "image/jpeg");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("content-security-policy"), "sandbox");
        assert_eq!(
            answer.header("content-disposition"),
            format!("inline; filename=\"prescription-{id}.jpg\"")
        );
    }
    refused(&anybody.get(bare), "not_authenticated");
    refused(&anybody.get(&format!("{bare}?t=")), "not_authenticated");
    refused(&anybody.get(&format!("{bare}?t=x")), "token_not_valid");
    refused(&anybody.get(&format!("{bare}?t={ticket}x")), "token_not_valid");
    refused(&anybody.signed_in("broken").get(&with_ticket), "token_not_valid");
    let other = path(&server, sent.at("/images/1/image"));
    let (other, _) = other.split_once("?t=").unwrap();
    refused(&anybody.get(&format!("{other}?t={ticket}")), "token_not_valid");

    let tokens = server.world.tokens_of(&customer);
    let session = server.client().unnoted().signed_in(&tokens.access);
    let seen = session.get(&format!("{PRESCRIPTIONS}{}/", sent.integer("/id")));
    let with_ticket = path(&server, seen.at("/images/0/image"));
    assert_eq!(anybody.get(&with_ticket).status, 200);
    let out = session.post("/api/v1/pharmacy/auth/logout/", &json!({ "refresh": tokens.refresh }));
    assert_eq!(out.status, 200, "{}", out.text);
    refused(&anybody.get(&with_ticket), "token_not_valid");
    server.world.clock.advance(chrono::TimeDelta::minutes(5));
    refused(&anybody.get(&format!("{bare}?t={ticket}")), "token_not_valid");
}

/// Cases 67, 68, 69 and 71 of the abuse cases.
#[test]
fn a_form_that_is_too_large_or_none_at_all_is_refused_as_a_whole() {
    let server = Server::on(Backend::Sqlite);
    let shop = pharmacy(&server);
    let client = server.client_of(&server.world.customer());
    let order = waiting(&server, &shop, &client, "Tramadol", "cash");
    let before = server.world.everything();
    let as_form = |content_type: &str, body: &[u8]| {
        let client = client.with_header("content-type", content_type);
        let answer = client.send("POST", PRESCRIPTIONS, Some(body));
        (answer.status, answer.text("/code").to_owned())
    };
    let refused = |status: u16, code: &str| (status, code.to_owned());
    let (ours, whole) = (Form::content_type(), form(order).body());

    assert_eq!(
        as_form("multipart/form-data; boundary=other", &whole),
        refused(400, "malformed_body")
    );
    assert_eq!(
        as_form(&ours, &whole[..whole.len() - 10]),
        refused(400, "malformed_body")
    );
    let many = (0..10_000).fold(form(order), |form, _| form.text("x", "1"));
    assert_eq!(as_form(&ours, &many.body()), refused(400, "malformed_body"));
    assert_eq!(
        as_form("application/json", b"{}"),
        refused(415, "unsupported_media_type")
    );
    let most = vec![0; 5 * 1024 * 1024];
    let large = (0..6).fold(form(order), |form, _| form.file("images", "a.jpg", &most));
    assert_eq!(as_form(&ours, &large.body()), refused(413, "image_too_large"));
    let keyed = client
        .with_header("idempotency-key", "k-1")
        .with_header("content-type", &ours);
    let answer = keyed.send("POST", PRESCRIPTIONS, Some(&large.body()));
    assert_eq!((answer.status, answer.text("/code")), (413, "image_too_large"));

    // A drawing of 40 bytes that would unfold to 7.5 GB.
    let mut bomb = picture(1).0;
    bomb[16..24].copy_from_slice(&[0, 0, 0xc3, 0x50, 0, 0, 0xc3, 0x50]);
    let bomb = Form::of("order_id", &order.to_string()).file("images", "bomb.png", &bomb);
    assert_eq!(submit(&client, &bomb).status, 400);
    assert!(server.world.everything() == before);

    // What follows the end of a picture is gone, and so is what stands in its head.
    let foreign = b"PK\x03\x04 zip";
    let polyglot = [picture(1).0, foreign.to_vec()].concat();
    let polyglot = Form::of("order_id", &order.to_string()).file("images", "a.png", &polyglot);
    let sent = submit(&client, &polyglot).expect_status(201);
    let shown = client.get(&path(&server, sent.at("/images/0/image")));
    assert!(!shown.text.contains("zip") && !shown.text.contains("Exif"));
}
