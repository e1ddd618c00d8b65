//! What is different at the addresses that older clients know (pharmacy.md, part 4); that the rest is the same is in `coverage`.

use savdo_domain::access::Role;
use savdo_domain::notice::{Channel, NoticeStatus, NoticeType};
use savdo_persistence::testing::Backend;
use savdo_services::limits::Limit;
use savdo_services::testing::{Goods, Shop, money};
use savdo_tests::{Client, Server, same_on_both};
use serde_json::{Value, json};

use crate::online::{medicine, on_prescription, pharmacy};

pub(crate) const CHECKOUT: &str = "/api/v3/orders/checkout/";
const PRODUCTS: &str = "/api/v1/products/products/";

pub(crate) fn in_cash() -> Value {
    json!({ "delivery_address": "Toshkent, Navoiy 1", "payment_method": "cash" })
}

pub(crate) fn put(client: &Client, product: impl serde::Serialize) -> i64 {
    let line = json!({ "product_id": product, "quantity": 1 });
    let cart = client
        .unnoted()
        .post("/api/v3/orders/cart/add/", &line)
        .expect_status(201);
    cart.integer("/items/0/id")
}

/// An order of this customer, at its older address.
fn ordered(server: &Server, shop: &Shop, client: &Client) -> String {
    let aspirin = medicine(server, shop, "Aspirin", "12000.00");
    put(client, aspirin);
    let order = client.unnoted().post(CHECKOUT, &in_cash()).expect_status(201);
    format!("/api/v3/orders/{}/", order.integer("/id"))
}

#[test]
fn the_catalogue_is_found_by_the_names_that_its_filters_had() {
    same_on_both!(|server: &Server| {
        let shop = pharmacy(server);
        medicine(server, &shop, "Aspirin", "12000.00");
        on_prescription(server, &shop, "Tramadol", "90000.00");
        medicine(server, &shop, "Validol", "5000.00");
        server
            .world
            .product(&shop, Goods::named("Yashirin").at(money("1000.00")));
        server
            .world
            .database
            .execute("UPDATE products SET order_count = 7 - id");
        let nobody = server.client();
        let staff = server.client_of(&server.world.hire(&shop, Role::Operator));

        nobody.get("/api/v1/products/");
        nobody.get("/api/v1/products/?page=x");
        nobody.get(PRODUCTS);
        nobody.get(&format!("{PRODUCTS}?page_size=1&ordering=price"));
        nobody.get(&format!("{PRODUCTS}?price__gte=6000&price__lte=50000"));
        nobody.get(&format!("{PRODUCTS}?price__gte=much"));
        nobody.get(&format!(
            "{PRODUCTS}?price__gte=6000&price_min=7000&is_prescription_required=true&requires_prescription=false"
        ));
        nobody.get(&format!(
            "{PRODUCTS}?price__gte=90000&price_min=90000.00&is_active=false"
        ));
        nobody.act("/api/v1/products/categories/");
        staff.get(&format!("{PRODUCTS}?is_active=false"));
    });
}

#[test]
fn the_catalogue_is_sorted_as_it_was_and_by_date_where_the_order_is_unknown() {
    let server = Server::on(Backend::Sqlite);
    let shop = pharmacy(&server);
    for (name, price) in [
        ("Aspirin", "12000.00"),
        ("Tramadol", "90000.00"),
        ("Validol", "5000.00"),
    ] {
        medicine(&server, &shop, name, price);
    }
    server
        .world
        .database
        .execute("UPDATE products SET order_count = id % 3");
    let names = |ordering: &str| {
        let answer = server.client().get(&format!("{PRODUCTS}?ordering={ordering}"));
        let rows = answer.body.as_array().unwrap().clone();
        rows.iter()
            .map(|row| row["name"].as_str().unwrap().chars().next().unwrap())
            .collect::<String>()
    };
    let counts = server
        .world
        .database
        .lines("SELECT order_count || '' AS line FROM products ORDER BY id");
    assert_eq!(counts, ["1", "2", "0"]);

    let sorted = [
        "price",
        "-price",
        "created_at",
        "-created_at",
        "order_count",
        "-order_count",
        "popularity",
    ]
    .map(names);

    assert_eq!(sorted, ["VAT", "TAV", "ATV", "VTA", "VAT", "TAV", "VTA"]);
}

#[test]
fn an_order_is_told_twice_where_it_is_placed_whichever_address_the_key_came_to_first() {
    let server = Server::on(Backend::Sqlite);
    let shop = pharmacy(&server);
    let aspirin = medicine(&server, &shop, "Aspirin", "12000.00");
    let client = server
        .client_of(&server.world.customer())
        .with_header("idempotency-key", "bir-marta");
    put(&server.client_of(&server.world.customer()), aspirin);
    let plain = client.signed_in(client.token());
    put(&plain, aspirin);

    let first = client.post(CHECKOUT, &in_cash()).expect_status(201);
    let today = client.post("/api/v1/pharmacy/orders/", &in_cash()).expect_status(201);
    let again = client.post("/api/v3/orders/checkout", &in_cash()).expect_status(201);
    let listed = client.post("/api/v3/orders/orders/", &in_cash()).expect_status(201);

    assert_eq!(
        [&today, &again, &listed].map(|answer| answer.header("idempotent-replayed").to_owned()),
        ["true", "true", "true"]
    );
    let mut told = today.body.clone();
    assert_eq!(told.get("data"), None);
    told["data"] = today.body.clone();
    assert_eq!((&first.body, &again.body, &listed.body), (&told, &told, &today.body));
    assert_eq!(
        server
            .client_of(&shop.owner)
            .get("/api/v3/orders/")
            .body
            .as_array()
            .map(Vec::len),
        Some(1)
    );
}

#[test]
fn whether_an_order_goes_there_is_told_before_who_may_send_it() {
    same_on_both!(|server: &Server| {
        let shop = pharmacy(server);
        let customer = server.client_of(&server.world.customer());
        let operator = server.client_of(&server.world.hire(&shop, Role::Operator));
        let stranger = server.client_of(&server.world.customer());
        let order = ordered(server, &shop, &customer);
        let change = format!("{order}change-status/");
        let same = change.replace("/orders/", "/orders/orders/");

        customer.post(&change, &json!({ "status": "delivered" }));
        customer.post(&change, &json!({ "status": "ready_for_delivery" }));
        customer.post(&same, &json!({ "status": "packed" }));
        stranger.post(&same, &json!({ "status": "delivered" }));
        operator.post(&same, &json!({ "status": "on_the_way" }));
        operator.post(&same, &json!({ "status": "ready_for_delivery" }));
        operator.post(&change, &json!({ "status": "ready_for_delivery" }));
        operator.post(&change, &json!({ "status": "on_the_way" }));
        customer.act(&format!("{order}cancel/"));
    });
}

#[test]
fn a_courier_learns_of_a_colleagues_delivery_that_it_is_not_his_and_of_no_other() {
    same_on_both!(|server: &Server| {
        let shop = pharmacy(server);
        let other = pharmacy(server);
        let customer = server.client_of(&server.world.customer()).unnoted();
        let order = ordered(server, &shop, &customer);
        let operator = server.client_of(&server.world.hire(&shop, Role::Operator));
        let [his, colleague] = [(); 2].map(|()| server.world.hire(&shop, Role::Courier));
        let elsewhere = server.client_of(&server.world.hire(&other, Role::Courier));
        let (his, colleague, id) = (server.client_of(&his), server.client_of(&colleague), his.user_id);
        let base = "/api/v4/delivery";
        let assign = order.replace("/api/v3/orders/", &format!("{base}/operator/orders/")) + "assign-courier/";

        operator.post(&assign, &json!({ "courier_id": id }));
        let packed = json!({ "status": "ready_for_delivery" });
        let _ = operator
            .unnoted()
            .post(&format!("{order}change-status/"), &packed)
            .expect_status(200);
        let delivery = operator.post(&assign, &json!({ "courier_id": id })).integer("/id");
        let delivery = format!("{base}/courier/deliveries/{delivery}/");
        operator.get(&format!("{base}/operator/deliveries/"));
        operator.get(&format!("{base}/courier/deliveries/"));
        his.get(&format!("{base}/operator/deliveries/"));
        his.get(&format!("{base}/courier/deliveries/"));
        his.get(&format!("{base}/courier/deliveries/?page=1"));
        let on = json!({ "status": "on_the_way" });
        for rider in [&colleague, &elsewhere] {
            rider.get(&delivery);
            rider.post(&format!("{delivery}update-status/"), &on);
            rider.get(&format!("{base}/courier/deliveries/"));
        }
        colleague.get(&format!("{base}/courier/deliveries/999999/"));
        customer.signed_in(customer.token()).get(&delivery);
        let _ = his
            .unnoted()
            .post(&format!("{delivery}update-status/"), &on)
            .expect_status(200);
        his.post(&format!("{delivery}update-status/"), &on);
        operator.post(&assign, &json!({ "courier_id": id }));
        operator.get(&format!("{base}/operator/deliveries/"));
    });
}

#[test]
fn a_line_of_another_cart_is_a_bad_request_and_stays() {
    let server = Server::on(Backend::Sqlite);
    let shop = pharmacy(&server);
    let aspirin = medicine(&server, &shop, "Aspirin", "12000.00");
    let [customer, stranger] = [(); 2].map(|()| server.client_of(&server.world.customer()));
    let line = put(&customer, aspirin);
    let cart = format!("/api/v3/orders/cart/{line}/");
    let before = server.world.database.dump();

    let two = json!({ "quantity": 2 });
    for answer in [
        stranger.patch(&cart, &two),
        stranger.delete(&cart),
        stranger.patch(&format!("{cart}update_quantity/"), &two),
        stranger.delete(&format!("{cart}remove/")),
    ] {
        assert_eq!(
            (answer.status, answer.text("/code")),
            (400, "not_found"),
            "{}",
            answer.text
        );
        assert!(!answer.text("/detail").is_empty());
    }
    assert!(server.world.database.dump() == before, "something changed");
    assert_eq!(stranger.get("/api/v1/pharmacy/cart/").body["items"], json!([]));
    assert_eq!(
        customer
            .patch(&format!("{cart}update_quantity/"), &two)
            .integer("/items/0/quantity"),
        2
    );
    assert_eq!(customer.delete(&format!("{cart}remove/")).body["is_empty"], true);
}

#[test]
fn what_is_not_sent_again_is_a_bad_request_with_its_text_twice() {
    same_on_both!(|server: &Server| {
        let customer = server.world.customer();
        let client = server.client_of(&customer);
        let sent = server.world.notice(
            &customer,
            None,
            (NoticeType::OrderCancelled, Channel::System, NoticeStatus::Sent),
        );
        let stranger = server.client_of(&server.world.customer());
        let notices = "/api/v5/notifications/notifications/";

        client.get(notices);
        client.get(&format!("{notices}?page=1"));
        client.act(&format!("{notices}{sent}/retry/"));
        client
            .with_header("accept-language", "en")
            .act(&format!("{notices}{sent}/retry/"));
        stranger.act(&format!("{notices}{sent}/retry/"));
        client.act(&format!("{notices}mark-all-read/"));
    });
}

#[test]
fn a_bare_array_has_at_most_a_thousand_rows_and_says_how_many_there_are() {
    let server = Server::on(Backend::Sqlite);
    let customer = server.world.customer();
    for _ in 0..1_001 {
        server.world.notice(
            &customer,
            None,
            (NoticeType::OrderCreated, Channel::System, NoticeStatus::Sent),
        );
    }
    let client = server.client_of(&customer);

    let answer = client.get("/api/v5/notifications/notifications/?cursor=x");

    let ids: Vec<_> = answer
        .body
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["id"].as_i64().unwrap())
        .collect();
    assert_eq!((ids.len(), answer.header("x-total-count")), (1_000, "1001"));
    assert!(ids.is_sorted_by(|newer, older| newer > older));
    assert_eq!(
        client.get("/api/v5/notifications/notifications/?page_size=500").body["results"]
            .as_array()
            .unwrap()
            .len(),
        100
    );
}

#[test]
fn an_older_address_is_no_way_around_the_limit_of_failed_log_ins() {
    let server = Server::on(Backend::Sqlite);
    let client = server.client();
    let wrong = json!({ "phone_number": "+998907778899", "password": "wrong" });
    let addresses = [
        "/api/v1/pharmacy/auth/login/",
        "/api/v2/users/login/",
        "/api/v2/users/login",
    ];

    let statuses: Vec<_> = (0..11)
        .map(|number| client.post(addresses[number % 3], &wrong).status)
        .collect();

    assert_eq!(statuses, [[400; 10].as_slice(), &[429]].concat());
    for address in addresses {
        let answer = client.post(address, &wrong);
        assert_eq!((answer.status, answer.text("/error_code")), (429, "throttled"));
    }
}

#[test]
fn an_older_address_is_no_way_around_the_limits_of_codes_and_of_requests() {
    let server = Server::on(Backend::Sqlite);
    let client = server.client();
    let phone = json!({ "phone_number": "+998907778899" });
    assert_eq!(client.post("/api/v2/users/password/forgot/", &phone).status, 200);
    let answer = client.post("/api/v1/pharmacy/auth/password/forgot/", &phone);
    assert_eq!((answer.status, answer.text("/error_code")), (429, "otp_too_soon"));

    let shop = server.world.shop();
    let owner = server.client_of(&shop.owner);
    let subject = shop.owner.user_id.to_string();
    assert!((0..1_197).all(|_| server.world.context.admit(Limit::RequestsOfUser, &subject).is_ok()));
    let asked = [
        "/api/v3/orders/",
        "/api/v1/pharmacy/orders/",
        "/api/v3/orders/orders/",
        "/api/v3/orders/",
    ];
    assert_eq!(asked.map(|path| owner.get(path).status), [200, 200, 200, 429]);
}

#[test]
fn an_address_that_never_was_is_unknown_and_another_method_is_named() {
    let server = Server::on(Backend::Sqlite);
    let client = server.client();

    let unknown = client.get("/api/v3/orders/cart/add/more/");
    assert_eq!((unknown.status, unknown.text("/code")), (404, "not_found"));
    let other = client.act("/api/v1/products/categories/");
    assert_eq!((other.status, other.header("allow")), (405, "GET, HEAD"));
    let not_digits = server.client_of(&server.world.customer()).get("/api/v3/orders/x/");
    assert_eq!((not_digits.status, not_digits.text("/code")), (404, "not_found"));
}
