//! What the flows find when they begin: many users who are signed in, goods that do not run out, orders to look at.
//!
//! Made over HTTP, beside the demo, before anything is measured; only carts are filled by the database itself, which takes as
//! long for thousands of them as a request for one.

use std::collections::{BTreeSet, HashSet};
use std::net::SocketAddr;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use crate::client::{Ask, Connection, Token};
use crate::dice::Dice;
use crate::driver::{self, Lot};
use crate::store::{Account, Goods, Shelf, Store};

const API: &str = "/api/v1";
/// The password of everybody in the demo.
const PASSWORD: &str = "demo-parol-2026";
const AT_ONCE: usize = 16;
/// How much of everything there is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extent {
    /// Customers at most: each has a cart, which a lot of checkouts empties.
    buyers: usize,
    sellers: usize,
    /// Of so many products people order, as many are sold, and of as many others goods come in.
    goods: usize,
    /// So many customers look at their orders,
    readers: usize,
    /// so many each.
    orders: usize,
}

impl Extent {
    /// For figures.
    pub(crate) const FULL: Self = Self {
        buyers: 5_000,
        sellers: 100,
        goods: 1_000,
        readers: 50,
        orders: 20,
    };
    /// To see whether everything works.
    pub(crate) const SMALL: Self = Self {
        buyers: 40,
        sellers: 2,
        goods: 30,
        readers: 2,
        orders: 3,
    };
}

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    /// The user's id.
    pub(crate) id: i64,
    /// The phone or the name.
    pub(crate) name: String,
    /// What he shows.
    pub(crate) token: Token,
    /// The session that it is of.
    pub(crate) session: i64,
}

/// Somebody who sells.
#[derive(Debug, Clone)]
pub(crate) struct Seller {
    /// Who he is.
    pub(crate) person: Person,
    /// As what he works.
    pub(crate) worker_id: i64,
}

/// Everybody and everything.
pub(crate) struct Stage {
    /// The database.
    pub(crate) store: Store,
    /// The chain.
    pub(crate) store_id: i64,
    /// The branch that serves online orders, where goods also come in.
    pub(crate) branch_id: i64,
    /// The branch where most sellers work, and where they sell.
    pub(crate) counter_id: i64,
    /// Customers.
    pub(crate) buyers: Vec<Person>,
    /// Those of them who have orders to look at.
    pub(crate) readers: Vec<Person>,
    /// Who sells.
    pub(crate) sellers: Vec<Seller>,
    /// Who changes the status of orders.
    pub(crate) operator: Person,
    /// The owner of the chain.
    pub(crate) owner: Person,
    /// What is ordered.
    pub(crate) goods: Vec<Goods>,
    /// What is sold.
    pub(crate) shelf: Shelf,
    /// What comes in.
    pub(crate) arrivals: Shelf,
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
    pub(crate) async fn set(mut store: Store, address: SocketAddr, extent: Extent) -> anyhow::Result<Self> {
        let owner = one(&mut store, address, "egasi").await?;
        let settings = Ask::get(path("settings/")).by(&owner.token);
        let settings = Connection::open(address).await?.json(&settings).await?;
        let branch_id = settings.pointer("/0/online_location").and_then(Value::as_i64);
        let branch_id = branch_id.context("the chain of the demo has no branch that serves online orders")?;
        let store_id = store.number(&format!(
            "SELECT store_id AS number FROM locations WHERE id = {branch_id}"
        ))?;
        let goods = store.goods(store_id, extent.goods)?;
        let (shelf, arrivals) = shelves(store.shelf(store_id)?, extent.goods);
        let buyers = store.buyers(extent.buyers)?;
        if buyers.len() < extent.readers {
            bail!("the demo has too few customers: fill it with --products");
        }
        let counter_id = store.counter(store_id)?;
        let mut stage = Self {
            store_id,
            branch_id,
            counter_id,
            buyers: sign_in(&mut store, address, Door::Pharmacy, buyers).await?,
            readers: Vec::new(),
            sellers: sellers(&mut store, address, counter_id, extent).await?,
            operator: one(&mut store, address, "operator").await?,
            owner,
            goods,
            shelf,
            arrivals,
            dice: Dice::new(20_260_312),
            store,
        };
        stage.take_goods_in(address).await?;
        stage.order_something_to_see(address, extent).await?;
        stage.store.settle()?;
        Ok(stage)
    }

    /// So much of each product that no run sells it out.
    async fn take_goods_in(&self, address: SocketAddr) -> anyhow::Result<()> {
        let ordered = self.goods.iter().map(|one| (self.branch_id, one.id));
        let sold = self.shelf.ids().into_iter().map(|product| (self.counter_id, product));
        let many: BTreeSet<(i64, i64)> = ordered.chain(sold).collect();
        let asks = many.into_iter().map(|place| self.arrival(place, "900000"));
        // What comes in later finds a place where it lay before.
        let few = self.arrivals.ids().into_iter();
        let few = few.map(|product| self.arrival((self.branch_id, product), "1"));
        let asks = asks.chain(few).collect();
        driver::answers(address, Lot::once(asks), AT_ONCE).await?;
        Ok(())
    }

    /// Goods that come into a branch by hand.
    pub(crate) fn arrival(&self, (branch, product): (i64, i64), quantity: &str) -> Ask {
        let body = json!({
            "movement_type": "in",
            "branch": branch,
            "product": product,
            "quantity": quantity,
            "unit_cost": "1000.00",
            "series": "BENCH-1",
            "expires_on": "2035-01-01",
        });
        Ask::post(path("warehouse/movements/"), &body, 201)
            .by(&self.owner.token)
            .once()
    }

    async fn order_something_to_see(&mut self, address: SocketAddr, extent: Extent) -> anyhow::Result<()> {
        if self.store.readers(extent.orders)?.len() < extent.readers {
            let readers: Vec<Person> = self.buyers.iter().take(extent.readers).cloned().collect();
            for _ in 0..extent.orders {
                let asks = self.checkouts(&readers, Method::Cash)?;
                driver::answers(address, Lot::once(asks), AT_ONCE).await?;
            }
        }
        let busy = self.store.readers(extent.orders)?;
        let busy: HashSet<i64> = busy.iter().map(|reader| reader.id).collect();
        let readers = self.buyers.iter().filter(|buyer| busy.contains(&buyer.id));
        self.readers = readers.cloned().collect();
        Ok(())
    }

    /// Fills the carts of these buyers, and tells the checkouts that empty them.
    pub(crate) fn checkouts(&mut self, buyers: &[Person], method: Method) -> anyhow::Result<Vec<Ask>> {
        let carts: Vec<_> = buyers
            .iter()
            .map(|buyer| (buyer.id, self.dice.three(&self.goods)))
            .collect();
        self.store.fill_carts(self.store_id, &carts)?;
        let body = json!({"delivery_address": "Toshkent, Chilonzor 9-kvartal, 14-uy", "payment_method": method.code()});
        let ask = Ask::post(path("pharmacy/orders/"), &body, 201);
        Ok(buyers.iter().map(|buyer| ask.clone().by(&buyer.token).once()).collect())
    }
}

/// How an order is to be paid.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Method {
    Cash,
    Online,
}

impl Method {
    const fn code(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::Online => "online",
        }
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

/// Every other product of those whose ids follow one another is sold, the others come in.
fn shelves(all: Shelf, goods: usize) -> (Shelf, Shelf) {
    let half = all.count / 2;
    let count = half.min(i64::try_from(goods).unwrap_or(half));
    let step = half / count.max(1);
    let shelf = Shelf {
        first: all.first,
        count,
        step: 2 * step,
    };
    let arrivals = Shelf {
        first: all.first + step,
        ..shelf
    };
    (shelf, arrivals)
}

async fn one(store: &mut Store, address: SocketAddr, name: &str) -> anyhow::Result<Person> {
    let account = store.staff(name)?;
    let mut signed_in = sign_in(store, address, Door::Shop, vec![account]).await?;
    signed_in.pop().with_context(|| format!("{name} cannot sign in"))
}

async fn sellers(
    store: &mut Store,
    address: SocketAddr,
    branch_id: i64,
    extent: Extent,
) -> anyhow::Result<Vec<Seller>> {
    let accounts = store.sellers(branch_id, extent.sellers)?;
    let people = sign_in(store, address, Door::Shop, accounts).await?.into_iter();
    let sellers = people.map(|person| {
        let worker_id = store.worker(person.id)?;
        Ok(Seller { person, worker_id })
    });
    sellers.collect()
}

/// One after the other, so that their sessions follow one another as they do.
async fn sign_in(
    store: &mut Store,
    address: SocketAddr,
    door: Door,
    accounts: Vec<Account>,
) -> anyhow::Result<Vec<Person>> {
    let mut connection = Connection::open(address).await?;
    let mut people = Vec::new();
    for account in accounts {
        let answer = connection.json(&log_in(door, &account.name)).await?;
        let access = answer.get("access").or_else(|| answer.pointer("/data/access"));
        let access = access.and_then(Value::as_str).context("a log-in without a token")?;
        people.push(Person {
            session: store.session(account.id)?,
            id: account.id,
            name: account.name,
            token: Token::new(access),
        });
    }
    Ok(people)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sold_and_what_comes_in_are_different_products_of_the_same_run() {
        let all = Shelf {
            first: 5,
            count: 4_011,
            step: 1,
        };

        let (shelf, arrivals) = shelves(all, 1_000);

        let sold: BTreeSet<i64> = shelf.ids().into_iter().collect();
        let coming: BTreeSet<i64> = arrivals.ids().into_iter().collect();
        assert_eq!((sold.len(), coming.len()), (1_000, 1_000));
        assert!(sold.is_disjoint(&coming));
        assert!(sold.iter().chain(&coming).all(|id| (5..5 + 4_011).contains(id)));
    }
}
