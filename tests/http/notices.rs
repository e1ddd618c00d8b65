//! `/api/v1/pharmacy/notifications/`.

use chrono::TimeDelta;
use savdo_domain::access::{Actor, Role};
use savdo_domain::dispatch::Outcome;
use savdo_services::testing::{Goods, Mailbox, Shop, receipt};
use savdo_tests::{Server, same_on_both};
use serde_json::json;

const NOTICES: &str = "/api/v1/pharmacy/notifications/";

/// A store whose customer cancelled an order; no short message of it arrived.
fn told(server: &Server, mailbox: &Mailbox) -> (Shop, Actor) {
    let world = &server.world;
    let shop = world.shop();
    world.open_online(&shop);
    let product = world.online_product(&shop, Goods::named("Paratsetamol"));
    world.receive(&shop, receipt(&shop, product, "5", "1"));
    let customer = world.customer();
    let buyer = server.client_of(&customer).unnoted();
    let item = json!({ "product_id": product, "quantity": 1 });
    let _ = buyer.post("/api/v1/pharmacy/cart/items/", &item).expect_status(201);
    let checkout = json!({ "delivery_address": "Toshkent, Navoiy 1" });
    let orders = "/api/v1/pharmacy/orders/";
    let order = buyer.post(orders, &checkout).expect_status(201).integer("/id");
    let _ = buyer.act(&format!("{orders}{order}/cancel/")).expect_status(200);
    send(server, mailbox, true);
    (shop, customer)
}

/// Lets the worker do what is due; short messages fail or arrive.
fn send(server: &Server, mailbox: &Mailbox, is_refused: bool) {
    let why = "no such number".to_owned();
    let refused = Outcome::Permanent { why };
    mailbox.will_answer_texts(is_refused.then(|| refused.into()));
    let runner = server.world.runner(mailbox);
    for _ in 0..2 {
        runner.send_due(|| false).unwrap();
    }
}

#[test]
fn a_customer_reads_what_became_of_an_order() {
    same_on_both!(|server: &Server| {
        let mailbox = Mailbox::default();
        let (_, customer) = told(server, &mailbox);
        let client = server.client_of(&customer);
        client.get(&format!("{NOTICES}unread-count/"));
        client.get(&format!("{NOTICES}failed-count/"));
        let newest = client.get(&format!("{NOTICES}?page_size=1")).integer("/results/0/id");
        client
            .with_header("accept-language", "en")
            .get(&format!("{NOTICES}?channel=sms&is_read=false&type=order_cancelled"));
        server.world.clock.advance(TimeDelta::minutes(1));
        client
            .with_header("accept-language", "ru")
            .get(&format!("{NOTICES}{newest}/"));
        client.get(&format!("{NOTICES}?is_read=true"));
        client.act(&format!("{NOTICES}{newest}/mark-as-read/"));
        client.act(&format!("{NOTICES}{newest}/mark-as-read/"));
        client.act(&format!("{NOTICES}mark-all-read/"));
        client.act(&format!("{NOTICES}mark-all-read/"));
        client.get(&format!("{NOTICES}unread-count/"));
        let text = client
            .unnoted()
            .get(&format!("{NOTICES}?channel=sms"))
            .integer("/results/0/id");
        client.act(&format!("{NOTICES}{text}/retry/"));
        client.act(&format!("{NOTICES}{text}/retry/"));
        send(server, &mailbox, false);
        client.get(&format!("{NOTICES}{text}/"));
    });
}

#[test]
fn what_is_refused_of_messages() {
    same_on_both!(|server: &Server| {
        let mailbox = Mailbox::default();
        let (shop, customer) = told(server, &mailbox);
        let client = server.client_of(&customer);
        client.get(&format!("{NOTICES}?channel=fax&is_read=maybe&type=order"));
        client.get(&format!("{NOTICES}?page=2"));
        let text = client
            .unnoted()
            .get(&format!("{NOTICES}?channel=sms"))
            .integer("/results/0/id");
        let retry = format!("{NOTICES}{text}/retry/");
        let listed = client.unnoted().get(NOTICES).integer("/results/0/id");
        client.act(&format!("{NOTICES}{listed}/retry/"));
        let operator = server.client_of(&server.world.hire(&shop, Role::Operator));
        for _ in 0..3 {
            operator.act(&retry);
            send(server, &mailbox, true);
            operator.with_header("accept-language", "en").act(&retry);
            server.world.clock.advance(TimeDelta::seconds(30));
        }
        let stranger = server.client_of(&server.world.customer());
        stranger.get(&format!("{NOTICES}{text}/"));
        stranger.act(&format!("{NOTICES}{text}/mark-as-read/"));
        stranger.act(&retry);
        operator.get(&format!("{NOTICES}{text}/"));
        server.client().get(NOTICES);
    });
}
