//! Desks of single stores (payments.md 1.2): the credential decides whose orders there are.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chrono::TimeDelta;
use savdo_domain::ids::OrderId;
use savdo_domain::payment::desk::{DeskSecret, Environment};
use savdo_services::desks::{self, AddDesk, DeskIds, PaymeTerms, Rotation, Switch};
use savdo_services::testing::Shop;
use savdo_tests::{Answer, Client};
use serde_json::{Value, json};

use super::{ID, ORDERS, OTHER_ID, PAYME, TOTAL, Till, basic, number, on_both};
use crate::online::{medicine, pharmacy};

const OWN_KEY: &str = "dokon&kaliti?0123456789@abc#def%ghij";
const NEW_KEY: &str = "yangi&kalit?0123456789@abc#def%ghijk";

/// Payme with this key.
fn with_key(till: &Till, key: &str) -> Client {
    let client = till.server.client().unnoted();
    client.with_header("authorization", &basic(&format!("Paycom:{key}")))
}

fn ask(client: &Client, method: &str, params: &Value) -> Answer {
    client.post(PAYME, &json!({ "method": method, "params": params, "id": 7 }))
}

fn fault(client: &Client, method: &str, params: &Value) -> i64 {
    number(&ask(client, method, params))
}

/// An order in another shop than that of the till.
fn ordered(till: &Till, shop: &Shop, name: &str) -> OrderId {
    let product = medicine(&till.server, shop, name, "12000.00");
    let item = json!({ "product_id": product, "quantity": 1 });
    let _ = till
        .buyer
        .post("/api/v1/pharmacy/cart/items/", &item)
        .expect_status(201);
    let order = till
        .buyer
        .post(ORDERS, &json!({ "delivery_address": "Toshkent, Navoiy 1" }));
    OrderId::new(order.expect_status(201).integer("/id"))
}

fn checking(order: OrderId) -> Value {
    json!({ "amount": TOTAL, "account": { "order_id": order.to_string() } })
}

/// What Payme is told of all time.
fn listed(client: &Client) -> Vec<String> {
    let answer = ask(client, "GetStatement", &json!({ "from": 1, "to": i64::MAX }));
    let transactions = answer.at("/result/transactions").as_array().unwrap().clone();
    let ids = transactions.iter().map(|one| one["id"].as_str().unwrap().to_owned());
    ids.collect()
}

#[test]
fn a_desk_of_a_store_opens_its_orders_alone_and_the_default_those_of_the_others() {
    on_both(|till| {
        let other = pharmacy(&till.server);
        till.server.world.payme_desk(Some(other.store_id), "own1", OWN_KEY);
        let own = with_key(till, OWN_KEY);
        let (here, there) = (till.order(), ordered(till, &other, "Boshqa dori"));

        for (client, order, told) in [
            (&till.payme, here, 0),
            (&till.payme, there, -31050),
            (&own, here, -31050),
            (&own, there, 0),
        ] {
            assert_eq!(fault(client, "CheckPerformTransaction", &checking(order)), told);
        }
        assert_eq!(
            fault(&till.payme, "CreateTransaction", &till.creating(ID, there)),
            -31050
        );
        assert_eq!(fault(&own, "CreateTransaction", &till.creating(ID, here)), -31050);
        assert_eq!(till.rows("provider_transactions"), 0);
    });
}

#[test]
fn a_transaction_of_another_desk_is_not_found_and_in_no_statement() {
    on_both(|till| {
        let other = pharmacy(&till.server);
        till.server.world.payme_desk(Some(other.store_id), "own1", OWN_KEY);
        let own = with_key(till, OWN_KEY);
        let (here, there) = (till.order(), ordered(till, &other, "Boshqa dori"));
        assert_eq!(fault(&till.payme, "CreateTransaction", &till.creating(ID, here)), 0);
        assert_eq!(fault(&own, "CreateTransaction", &till.creating(OTHER_ID, there)), 0);

        for (client, id) in [(&till.payme, OTHER_ID), (&own, ID)] {
            for method in ["CheckTransaction", "PerformTransaction"] {
                assert_eq!(fault(client, method, &json!({ "id": id })), -31003, "{method}");
            }
            let cancel = json!({ "id": id, "reason": 5 });
            assert_eq!(fault(client, "CancelTransaction", &cancel), -31003);
        }
        assert_eq!(
            (listed(&till.payme), listed(&own)),
            (vec![ID.to_owned()], vec![OTHER_ID.to_owned()])
        );
        assert_eq!(fault(&own, "PerformTransaction", &json!({ "id": OTHER_ID })), 0);
        assert_eq!(till.stands(there), ("paid".to_owned(), "paid".to_owned()));
        assert_eq!(till.stands(here), ("awaiting_payment".to_owned(), "pending".to_owned()));
    });
}

#[test]
fn a_buyer_is_sent_to_the_desk_of_his_store() {
    on_both(|till| {
        till.server.world.payme_desk(Some(till.shop.store_id), "own1", OWN_KEY);
        let order = till.order();
        let wish = json!({ "order_id": order, "provider": "payme" });

        let started = till.buyer.post("/api/v1/pharmacy/payments/", &wish).expect_status(201);

        let encoded = started
            .text("/pay_url")
            .strip_prefix("https://test.paycom.uz/")
            .unwrap();
        let expected = format!("m=own1;ac.order_id={order};a={TOTAL}");
        let beginning = STANDARD_NO_PAD.encode(&expected.as_bytes()[..expected.len() / 3 * 3]);
        assert!(encoded.starts_with(&beginning), "{encoded}");
    });
}

#[test]
fn both_keys_open_a_desk_while_it_rotates_and_then_the_new_one_alone() {
    on_both(|till| {
        let context = &till.server.world.context;
        let order = till.order();
        let id = till.server.world.payme_desk(Some(till.shop.store_id), "own1", OWN_KEY);
        let told =
            || [OWN_KEY, NEW_KEY].map(|key| fault(&with_key(till, key), "CheckPerformTransaction", &checking(order)));
        assert_eq!(told(), [0, -32504]);

        desks::rotate(context, id, Rotation::To(DeskSecret::new(NEW_KEY)))
            .unwrap()
            .unwrap();
        assert_eq!(told(), [0, 0]);
        assert_eq!(
            fault(&with_key(till, OWN_KEY), "CreateTransaction", &till.creating(ID, order)),
            0
        );
        desks::rotate(context, id, Rotation::DropPrevious).unwrap().unwrap();

        assert_eq!(told(), [-32504, -31053]);
        assert_eq!(
            fault(&with_key(till, NEW_KEY), "PerformTransaction", &json!({ "id": ID })),
            0
        );
    });
}

#[test]
fn a_desk_that_is_off_or_of_the_other_world_opens_nothing() {
    on_both(|till| {
        let world = &till.server.world;
        let (order, store_id) = (till.order(), Some(till.shop.store_id));
        let id = world.payme_desk(store_id, "own1", OWN_KEY);
        world.desk(AddDesk {
            store_id,
            environment: Some(Environment::Production),
            ids: DeskIds::Payme {
                merchant_id: "own1".to_owned(),
                terms: PaymeTerms {
                    login: "Paycom".to_owned(),
                    account_field: "order_id".to_owned(),
                    sends_detail: false,
                },
            },
            secret: DeskSecret::new(NEW_KEY),
        });
        let told = |key: &str| fault(&with_key(till, key), "CheckPerformTransaction", &checking(order));
        assert_eq!((told(OWN_KEY), told(NEW_KEY)), (0, -32504));

        desks::switch(&world.context, id, Switch::Off).unwrap().unwrap();

        assert_eq!((told(OWN_KEY), told("")), (-32504, -32504));
        assert_eq!(
            fault(&till.payme, "CheckPerformTransaction", &checking(order)),
            -31050,
            "not the default's"
        );
        let wish = json!({ "order_id": order, "provider": "payme" });
        let refused = till.buyer.post("/api/v1/pharmacy/payments/", &wish);
        assert_eq!(
            (refused.status, refused.text("/code")),
            (409, "provider_not_configured")
        );
        assert_eq!(till.rows("provider_transactions"), 0);
    });
}

#[test]
fn while_the_database_does_not_tell_its_desks_nobody_is_let_in_or_told_that_he_is_not() {
    on_both(|till| {
        let order = till.order();
        let world = &till.server.world;
        assert_eq!(fault(&till.payme, "CheckPerformTransaction", &checking(order)), 0);

        world.database.execute("ALTER TABLE payment_desks RENAME TO elsewhere");
        world.clock.advance(TimeDelta::seconds(5));

        let stranger = with_key(till, "x");
        for client in [&till.payme, &stranger] {
            let answer = ask(client, "CheckPerformTransaction", &checking(order));
            assert_eq!((number(&answer), answer.integer("/id")), (-32400, 7));
        }
        assert_eq!(number(&till.payme.get(PAYME)), -32300);
        world.database.execute("ALTER TABLE elsewhere RENAME TO payment_desks");
        assert_eq!(fault(&till.payme, "CheckPerformTransaction", &checking(order)), 0);
        assert_eq!(fault(&stranger, "CheckPerformTransaction", &checking(order)), -32504);
    });
}
