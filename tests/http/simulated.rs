//! The simulator that developers have, played against a server: what a scenario says of each answer is compared by the scenario itself.

use chrono::TimeDelta;
use savdo_domain::ids::OrderId;
use savdo_persistence::testing::Backend;
use savdo_server::simulate::{Provider, Scenario, Simulation};
use savdo_tests::{Client, Server};
use serde_json::json;

use crate::online::{medicine, pharmacy};

const ORDERS: &str = "/api/v1/pharmacy/orders/";

/// A server with an order that awaits its payment.
struct Laptop {
    server: Server,
    buyer: Client,
    order_id: OrderId,
}

impl Laptop {
    fn on(backend: Backend) -> Self {
        let server = Server::on(backend);
        let shop = pharmacy(&server);
        let product = medicine(&server, &shop, "Dori", "12000.00");
        let buyer = server.client_of(&server.world.customer()).unnoted();
        let item = json!({ "product_id": product, "quantity": 1 });
        let _ = buyer.post("/api/v1/pharmacy/cart/items/", &item).expect_status(201);
        let checkout = json!({ "delivery_address": "Toshkent, Navoiy 1" });
        let order = buyer.post(ORDERS, &checkout).expect_status(201);
        Self {
            order_id: OrderId::new(order.integer("/id")),
            server,
            buyer,
        }
    }

    fn play(&self, provider: Provider, scenario: Scenario) -> anyhow::Result<String> {
        let clock = &self.server.world.clock;
        let simulation = Simulation {
            context: &self.server.world.context,
            server: self.server.address(),
            provider,
            scenario,
            order_id: self.order_id,
            wait: &|time| clock.advance(TimeDelta::from_std(time).unwrap()),
        };
        let mut told = Vec::new();
        simulation.play(&mut told)?;
        Ok(String::from_utf8(told).unwrap())
    }

    fn stands(&self) -> String {
        let order = self
            .buyer
            .get(&format!("{ORDERS}{}/", self.order_id))
            .expect_status(200);
        format!("{} {}", order.text("/status"), order.text("/payment_status"))
    }
}

/// Plays each scenario against an order of its own, on both databases.
fn ends(provider: Provider, scenarios: &[(Scenario, &str)]) {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        for (scenario, end) in scenarios {
            let laptop = Laptop::on(backend);

            let told = laptop.play(provider, *scenario).unwrap();

            assert_eq!(laptop.stands(), *end, "{scenario:?}: {told}");
            let last = told.lines().last().unwrap();
            let (status, money) = end.split_once(' ').unwrap();
            assert_eq!(last, format!("Order {}: {status}, its money: {money}", laptop.order_id));
        }
    }
}

#[test]
fn payme_is_played_in_every_scenario() {
    let scenarios = [
        (Scenario::Pay, "paid paid"),
        (Scenario::Repeat, "paid paid"),
        (Scenario::CancelBefore, "awaiting_payment unpaid"),
        (Scenario::CancelAfter, "cancelled refunded"),
        (Scenario::Timeout, "awaiting_payment unpaid"),
        (Scenario::WrongAmount, "awaiting_payment unpaid"),
    ];
    ends(Provider::Payme, &scenarios);
}

#[test]
fn click_is_played_in_every_scenario() {
    let scenarios = [
        (Scenario::Pay, "paid paid"),
        (Scenario::Repeat, "paid paid"),
        (Scenario::CancelBefore, "awaiting_payment unpaid"),
        (Scenario::CancelAfter, "paid paid"),
        (Scenario::Timeout, "awaiting_payment pending"),
        (Scenario::WrongAmount, "awaiting_payment unpaid"),
    ];
    ends(Provider::Click, &scenarios);
}

#[test]
fn what_is_said_is_shown_without_the_key() {
    let laptop = Laptop::on(Backend::Sqlite);

    let told = laptop.play(Provider::Payme, Scenario::Pay).unwrap();

    for method in [
        "CheckPerformTransaction",
        "CreateTransaction",
        "PerformTransaction",
        "SetFiscalData",
        "CheckTransaction",
    ] {
        assert!(
            told.contains(&format!("\n{method} {{")) || told.starts_with(method),
            "{told}"
        );
    }
    assert!(told.contains("\"state\":2") && !told.contains("Basic"), "{told}");
}

#[test]
fn an_answer_that_the_scenario_has_otherwise_ends_it() {
    let laptop = Laptop::on(Backend::Sqlite);
    laptop.play(Provider::Payme, Scenario::Pay).unwrap();

    let refused = laptop.play(Provider::Payme, Scenario::Pay).unwrap_err().to_string();

    assert!(
        refused.starts_with("CheckPerformTransaction was answered otherwise"),
        "{refused}"
    );
}
