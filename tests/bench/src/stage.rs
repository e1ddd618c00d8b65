//! What the flows find when they begin: many users who are signed in, goods that do not run out, orders to look at.
//!
//! Made over HTTP, beside the demo, before anything is measured; only carts are filled by the database itself, which takes as
//! long for thousands of them as a request for one.

use std::collections::HashSet;
use std::net::SocketAddr;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use crate::client::{Ask, Connection, Token};
use crate::dice::Dice;
use crate::driver::{self, Lot};
use crate::store::{Account, Goods, Store};

const API: &str = "/api/v1";
/// The password of everybody in the demo.
const PASSWORD: &str = "demo-parol-2026";
const AT_ONCE: usize = 16;
/// More are not needed: each has a cart, which a lot of checkouts empties.
const BUYERS_MAX: usize = 5_000;
const SELLERS_MAX: usize = 100;
/// Buyers with so many orders look at them.
const ORDERS_TO_SEE: usize = 20;
const READERS: usize = 50;
/// Of so many products people order and sell, and of as many others goods come in.
const GOODS: usize = 1_000;

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    /// The user's id.
    pub(crate) id: i64,
    /// The phone or the name.
    pub(crate) name: String,
    /// What he shows.
    pub(crate) token: Token,
}

/// Everybody and everything.
pub(crate) struct Stage {
    /// The database.
    pub(crate) store: Store,
    /// The chain.
    pub(crate) store_id: i64,
    /// The branch that serves online orders, where all is sold.
    pub(crate) branch_id: i64,
    /// Customers.
    pub(crate) buyers: Vec<Person>,
    /// Those of them who have orders to look at.
    pub(crate) readers: Vec<Person>,
    /// Who sells.
    pub(crate) sellers: Vec<Person>,
    /// Who changes the status of orders.
    pub(crate) operator: Person,
    /// The owner of the chain.
    pub(crate) owner: Person,
    /// What is ordered and sold.
    pub(crate) goods: Vec<Goods>,
    /// What comes in.
    pub(crate) arrivals: Vec<Goods>,
    /// What falls.
    pub(crate) dice: Dice,
}

/// Whose door somebody signs in by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    /// Staff, by name.
    Shop,
    /// Customers, by phone.
    Pharmacy,
}

impl Stage {
    /// Signs everybody in and takes goods in.
    pub(crate) async fn set(mut store: Store, address: SocketAddr) -> anyhow::Result<Self> {
        let owner = one(address, Door::Shop, "egasi").await?;
        let settings = Ask::get(path("settings/")).by(&owner.token);
        let settings = Connection::open(address).await?.json(&settings).await?;
        let branch_id = settings.pointer("/0/online_location").and_then(Value::as_i64);
        let branch_id = branch_id.context("the chain of the demo has no branch that serves online orders")?;
        let store_id = store.number(&format!(
            "SELECT store_id AS number FROM locations WHERE id = {branch_id}"
        ))?;
        let all = store.goods(store_id, 2 * GOODS)?;
        let (goods, arrivals) = all.split_at_checked(all.len() / 2).context("half of the goods")?;
        let buyers = store.buyers(BUYERS_MAX)?;
        if buyers.len() < READERS {
            bail!("the demo has too few customers: fill it with --products");
        }
        let sellers = store.sellers(branch_id, SELLERS_MAX)?;
        let mut stage = Self {
            store_id,
            branch_id,
            buyers: sign_in(address, Door::Pharmacy, buyers).await?,
            readers: Vec::new(),
            sellers: sign_in(address, Door::Shop, sellers).await?,
            operator: one(address, Door::Shop, "operator").await?,
            owner,
            goods: goods.to_vec(),
            arrivals: arrivals.to_vec(),
            dice: Dice::new(20_260_312),
            store,
        };
        stage.take_goods_in(address).await?;
        stage.order_something_to_see(address).await?;
        stage.store.settle()?;
        Ok(stage)
    }

    /// So much of each product that no run sells it out.
    async fn take_goods_in(&self, address: SocketAddr) -> anyhow::Result<()> {
        let goods = self.goods.iter();
        let asks = goods.map(|one| self.arrival(*one, "900000")).collect();
        driver::answers(address, Lot::once(asks), AT_ONCE).await?;
        Ok(())
    }

    /// Goods that come in by hand.
    pub(crate) fn arrival(&self, goods: Goods, quantity: &str) -> Ask {
        let body = json!({
            "movement_type": "in",
            "branch": self.branch_id,
            "product": goods.id,
            "quantity": quantity,
            "unit_cost": "1000.00",
            "series": "BENCH-1",
            "expires_on": "2035-01-01",
        });
        Ask::post(path("warehouse/movements/"), &body, 201)
            .by(&self.owner.token)
            .once()
    }

    async fn order_something_to_see(&mut self, address: SocketAddr) -> anyhow::Result<()> {
        let missing = READERS.saturating_sub(self.store.readers(ORDERS_TO_SEE)?.len());
        let later: Vec<Person> = self.buyers.iter().take(READERS).cloned().collect();
        if missing > 0 {
            for _ in 0..ORDERS_TO_SEE {
                let asks = self.checkouts(&later)?;
                driver::answers(address, Lot::once(asks), AT_ONCE).await?;
            }
        }
        let busy: HashSet<i64> = self
            .store
            .readers(ORDERS_TO_SEE)?
            .iter()
            .map(|reader| reader.id)
            .collect();
        self.readers = self
            .buyers
            .iter()
            .filter(|buyer| busy.contains(&buyer.id))
            .cloned()
            .collect();
        Ok(())
    }

    /// Fills the carts of these buyers, and tells the checkouts that empty them.
    pub(crate) fn checkouts(&mut self, buyers: &[Person]) -> anyhow::Result<Vec<Ask>> {
        let carts: Vec<_> = buyers
            .iter()
            .map(|buyer| (buyer.id, self.dice.three(&self.goods)))
            .collect();
        self.store.fill_carts(self.store_id, &carts)?;
        let body = json!({"delivery_address": "Toshkent, Chilonzor 9-kvartal, 14-uy", "payment_method": "cash"});
        let ask = Ask::post(path("pharmacy/orders/"), &body, 201);
        Ok(buyers.iter().map(|buyer| ask.clone().by(&buyer.token).once()).collect())
    }
}

/// An address of the API.
pub(crate) fn path(rest: &str) -> String {
    format!("{API}/{rest}")
}

/// A log-in.
pub(crate) fn log_in(door: Door, name: &str) -> Ask {
    let (path, field) = match door {
        Door::Shop => (path("auth/login/"), "username"),
        Door::Pharmacy => (path("pharmacy/auth/login/"), "phone_number"),
    };
    Ask::post(path, &json!({field: name, "password": PASSWORD}), 200)
}

async fn one(address: SocketAddr, door: Door, name: &str) -> anyhow::Result<Person> {
    let account = Account {
        id: 0,
        name: name.to_owned(),
    };
    let mut signed_in = sign_in(address, door, vec![account]).await?;
    signed_in.pop().with_context(|| format!("{name} cannot sign in"))
}

async fn sign_in(address: SocketAddr, door: Door, accounts: Vec<Account>) -> anyhow::Result<Vec<Person>> {
    let mut connection = Connection::open(address).await?;
    let mut people = Vec::new();
    for account in accounts {
        let answer = connection.json(&log_in(door, &account.name)).await?;
        let access = answer.get("access").or_else(|| answer.pointer("/data/access"));
        let access = access.and_then(Value::as_str).context("a log-in without a token")?;
        people.push(Person {
            id: account.id,
            name: account.name,
            token: Token::new(access),
        });
    }
    Ok(people)
}
