//! Payme calls us (payments.md 2), and buyers start what it is called for: each row of its tables, over HTTP.

mod calls;
mod desks;
mod detail;
mod edges;
mod envelope;
mod refunding;
mod starting;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use savdo_domain::access::{Actor, Role};
use savdo_domain::ids::OrderId;
use savdo_persistence::testing::Backend;
use savdo_services::testing::{PAYME_KEY, Shop};
use savdo_tests::{Answer, Client, Server};
use serde_json::{Value, json};

use crate::online::{medicine, on_prescription, pharmacy};

const PAYME: &str = "/api/v1/payments/payme/";
pub(crate) const ORDERS: &str = "/api/v1/pharmacy/orders/";
/// What an order of these tests costs, in tiyin.
const TOTAL: i64 = 1_200_000;
pub(crate) const ID: &str = "5305e3bab097f420a62ced0b";
const OTHER_ID: &str = "5305e3bab097f420a62ced0c";

/// Runs a test on a server over each database.
pub(crate) fn on_both(test: fn(&Till)) {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        test(&Till::open(Server::on(backend)));
    }
}

fn basic(login_and_key: &str) -> String {
    format!("Basic {}", STANDARD.encode(login_and_key))
}

/// A pharmacy that is paid through Payme.
pub(crate) struct Till {
    pub(crate) server: Server,
    pub(crate) shop: Shop,
    payme: Client,
    pub(crate) buyer: Client,
    customer: Actor,
}

impl Till {
    pub(crate) fn open(server: Server) -> Self {
        let shop = pharmacy(&server);
        let credential = basic(&format!("Paycom:{PAYME_KEY}"));
        let payme = server.client().unnoted().with_header("authorization", &credential);
        let customer = server.world.customer();
        let buyer = server.client_of(&customer).unnoted();
        Self {
            server,
            shop,
            payme,
            buyer,
            customer,
        }
    }

    /// An order that awaits its payment.
    pub(crate) fn order(&self) -> OrderId {
        self.placed(&json!({ "delivery_address": "Toshkent, Navoiy 1" }), false)
    }

    pub(crate) fn placed(&self, checkout: &Value, needs_prescription: bool) -> OrderId {
        let count = self.rows("products");
        let make = if needs_prescription { on_prescription } else { medicine };
        let product = make(&self.server, &self.shop, &format!("Dori {count}"), "12000.00");
        let item = json!({ "product_id": product, "quantity": 1 });
        let _ = self
            .buyer
            .post("/api/v1/pharmacy/cart/items/", &item)
            .expect_status(201);
        let order = self.buyer.post(ORDERS, checkout).expect_status(201);
        OrderId::new(order.integer("/id"))
    }

    fn call(&self, method: &str, params: &Value) -> Answer {
        let body = json!({ "jsonrpc": "2.0", "method": method, "params": params, "id": 7 });
        self.payme.post(PAYME, &body).expect_status(200)
    }

    /// The number of the fault; zero for a result.
    #[track_caller]
    pub(crate) fn fault(&self, method: &str, params: &Value) -> i64 {
        number(&self.call(method, params))
    }

    pub(crate) fn create(&self, id: &str, order: OrderId) -> Answer {
        self.call("CreateTransaction", &self.creating(id, order))
    }

    fn creating(&self, id: &str, order: OrderId) -> Value {
        let time = self.server.world.context.now().timestamp_millis();
        json!({ "id": id, "time": time, "amount": TOTAL, "account": { "order_id": order.to_string() } })
    }

    /// An order with an open transaction.
    fn opened(&self) -> OrderId {
        let order = self.order();
        assert_eq!(number(&self.create(ID, order)), 0);
        order
    }

    /// An order that is paid.
    fn paid(&self) -> OrderId {
        let order = self.opened();
        assert_eq!(self.fault("PerformTransaction", &json!({ "id": ID })), 0);
        order
    }

    /// Where the order and its money stand.
    pub(crate) fn stands(&self, order: OrderId) -> (String, String) {
        // His session may be over by the clock of the test.
        let buyer = self.server.client_of(&self.customer).unnoted();
        let order = buyer.get(&format!("{ORDERS}{order}/"));
        (
            order.text("/status").to_owned(),
            order.text("/payment_status").to_owned(),
        )
    }

    /// What the transaction is, as CheckTransaction tells it: state and reason.
    fn state(&self, id: &str) -> (i64, Option<i64>) {
        let answer = self.call("CheckTransaction", &json!({ "id": id }));
        (answer.integer("/result/state"), answer.at("/result/reason").as_i64())
    }

    /// How many rows a table has.
    pub(crate) fn rows(&self, table: &str) -> usize {
        let rows = self
            .server
            .world
            .database
            .lines(&format!("SELECT 'x' AS line FROM {table}"));
        rows.len()
    }

    /// The order leaves with its courier.
    fn leaves(&self, order: OrderId) {
        let owner = self.server.client_of(&self.shop.owner).unnoted();
        let courier = self.server.world.hire(&self.shop, Role::Courier);
        let path = format!("{ORDERS}{order}/");
        let status = format!("{path}status/");
        let _ = owner
            .post(&status, &json!({ "status": "preparing" }))
            .expect_status(200);
        let _ = owner
            .post(&status, &json!({ "status": "ready_for_delivery" }))
            .expect_status(200);
        let assigned = owner.post(
            &format!("{path}assign-courier/"),
            &json!({ "courier_id": courier.user_id }),
        );
        let delivery = assigned.integer("/id");
        let rider = self.server.client_of(&courier).unnoted();
        let path = format!("/api/v1/pharmacy/deliveries/{delivery}/status/");
        let _ = rider.post(&path, &json!({ "status": "on_the_way" })).expect_status(200);
    }
}

/// The number of the fault; zero for a result.
#[track_caller]
pub(crate) fn number(answer: &Answer) -> i64 {
    assert_eq!(answer.status, 200, "{}", answer.text);
    let (result, error) = (answer.body.get("result"), answer.body.get("error"));
    assert!(result.is_some() != error.is_some(), "{}", answer.text);
    let Some(error) = error else { return 0 };
    for language in ["ru", "uz", "en"] {
        let text = error["message"][language].as_str().unwrap_or_default();
        assert!(!text.is_empty(), "{}", answer.text);
    }
    error["code"].as_i64().unwrap()
}
