//! A provider of payments, played against a running server: so that a developer sees an order become paid without an account at Payme or
//! Click.
//!
//! What a checkout link would tell the provider (the order's total, the desk) is read from the server's database; all else goes over HTTP,
//! with the desk's own credential, as the provider's calls do. Each answer is compared with what the scenario has there. Deliberately
//! absent: real money. With `payments.environment` on production nothing is played.

mod asking;
mod click;
mod payme;

use std::io::Write;
use std::time::Duration;

use anyhow::{Context as _, bail};
use savdo_domain::Money;
use savdo_domain::access::Scope;
use savdo_domain::coded::Coded as _;
use savdo_domain::ids::OrderId;
use savdo_domain::payment::desk::Environment;
use savdo_persistence::orders::{self, OrderView};
use savdo_services::Context;

use asking::Line;

/// Who is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Provider {
    /// Payme, over its Merchant API
    Payme,
    /// Click, over its SHOP API
    Click,
}

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Scenario {
    /// The buyer pays
    Pay,
    /// The same, with each call that changes something made twice, as after an answer that got lost
    Repeat,
    /// The payment is begun and fails at the provider
    CancelBefore,
    /// The buyer pays, and the provider takes it back
    CancelAfter,
    /// The payment is begun and never ends
    Timeout,
    /// The provider names another amount
    WrongAmount,
}

/// What is played, against what.
pub struct Simulation<'a> {
    /// The database that the server works with.
    pub context: &'a Context,
    /// The server, such as `http://127.0.0.1:8000`.
    pub server: &'a str,
    /// Who is played.
    pub provider: Provider,
    /// What happens.
    pub scenario: Scenario,
    /// To which order, which awaits its payment.
    pub order_id: OrderId,
    /// Lets time pass by the clock of the server.
    pub wait: &'a dyn Fn(Duration),
}

/// The order as a link to a checkout tells it.
struct Bought {
    order_id: OrderId,
    amount: Money,
}

impl Simulation<'_> {
    /// Plays it, and writes what was sent, what was answered, and where the order stands then.
    ///
    /// # Errors
    /// Real money, no such order, no desk that serves its store; a server that cannot be reached; an answer that the scenario has
    /// otherwise.
    pub fn play(&self, out: &mut dyn Write) -> anyhow::Result<()> {
        let desks = self.context.desks()?;
        if desks.environment == Environment::Production {
            bail!("payments.environment is production: that is real money, which nobody plays with");
        }
        let order = self.order()?;
        let bought = Bought {
            order_id: order.id,
            amount: order.total_price,
        };
        let line = Line::to(self.server, out);
        match self.provider {
            Provider::Payme => {
                let desk = desks.payme_of(order.store.id);
                let desk = desk.context("no desk at Payme that is on serves the store of this order")?;
                payme::play(self, desk, &bought, line)?;
            }
            Provider::Click => {
                let desk = desks.click_of(order.store.id);
                let desk = desk.context("no desk at Click that is on serves the store of this order")?;
                click::play(self, desk, &bought, line)?;
            }
        }
        let order = self.order()?;
        let (status, money) = (order.status.code(), order.payment_status.code());
        writeln!(out, "Order {}: {status}, its money: {money}", order.id)?;
        Ok(())
    }

    fn order(&self) -> anyhow::Result<OrderView> {
        let found = self.context.database().read("simulate", |reader| {
            orders::read::find(reader, &Scope::All, self.order_id)
        })?;
        found.with_context(|| format!("there is no order {}", self.order_id))
    }
}

/// So many random bytes, for what a provider calls a payment.
fn drawn<const COUNT: usize>() -> anyhow::Result<[u8; COUNT]> {
    let mut random = [0_u8; COUNT];
    getrandom::fill(&mut random)
        .map_err(std::io::Error::other)
        .context("no random numbers")?;
    Ok(random)
}

impl Bought {
    /// More than it costs, by one so'm.
    fn wrong_amount(&self) -> Money {
        const SOM: Money = Money::from_tiyin(100);
        self.amount.checked_add(SOM).unwrap_or(SOM)
    }
}
