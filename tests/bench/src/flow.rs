//! The flows: what is asked for over and over, and what has to be there before.

use std::net::SocketAddr;

use anyhow::Context as _;
use clap::ValueEnum;
use serde_json::{Value, json};

use crate::client::Ask;
use crate::driver::{self, Load, Lot};
use crate::paying;
use crate::stage::{Door, Method, Person, Stage, log_in, path};

const QUERIES: &str = include_str!("../queries.csv");
/// The kinds of texts in it that somebody types who knows what he wants.
const KINDS: [&str; 2] = ["longer", "Cyrillic for Latin"];
/// So many customers sign in; each gets a session beside the one that he has.
const VISITORS: usize = 32;
/// So many pages are leafed through, if there are so many.
const PAGES: i64 = 200;
/// So many products are on each.
const PAGE_SIZE: i64 = 20;
/// So many log-ins find a place, with those beside them.
const LOGINS_AT_ONCE: usize = 16;
/// How many lines a cart gets before it is emptied.
pub(crate) const CART_LINES: usize = 3;
/// How many writes are made ready at a time that need nothing before them.
const LOT: usize = 4_000;

/// One thing that is done over and over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Flow {
    /// A customer signs in.
    LogIn,
    /// Anybody opens the catalogue: 20 products.
    Page,
    /// Anybody leafs through the catalogue.
    Pages,
    /// Anybody looks for a text among what needs no prescription, up to a price.
    Search,
    /// Anybody opens one product.
    Product,
    /// A customer puts a product into his cart.
    CartAdd,
    /// A customer orders the three lines of his cart.
    Checkout,
    /// A customer looks at his orders.
    OwnOrders,
    /// The operator says that an order is packed.
    StatusChange,
    /// One of many sellers sells three lines at the counter.
    Sale,
    /// Goods come in by hand.
    MovementIn,
    /// The owner looks at the last sales.
    SalesList,
    /// Payme opens a transaction: CreateTransaction.
    PaymeCreate,
    /// Payme has the money: PerformTransaction.
    PaymePerform,
    /// Click begins an attempt: Prepare.
    ClickPrepare,
    /// Click has the money: Complete.
    ClickComplete,
}

impl Flow {
    /// What it is called in tables.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::LogIn => "log-in",
            Self::Page => "product page of 20",
            Self::Pages => "other pages of 20",
            Self::Search => "filtered search",
            Self::Product => "one product",
            Self::CartAdd => "cart add",
            Self::Checkout => "checkout of 3 lines",
            Self::OwnOrders => "own orders",
            Self::StatusChange => "status change",
            Self::Sale => "POS sale of 3 lines",
            Self::MovementIn => "movement in",
            Self::SalesList => "sales list",
            Self::PaymeCreate => "Payme Create",
            Self::PaymePerform => "Payme Perform",
            Self::ClickPrepare => "Click Prepare",
            Self::ClickComplete => "Click Complete",
        }
    }

    /// The load of it: the server turns away who wants a password hashed when too many wait for it, by design.
    pub(crate) fn bounded(self, load: Load) -> Load {
        let connections = match self {
            Self::LogIn => load.connections.min(LOGINS_AT_ONCE),
            _ => load.connections,
        };
        Load { connections, ..load }
    }

    /// Makes requests of it ready; what has to be there before, is there then.
    pub(crate) async fn lot(self, stage: &mut Stage, address: SocketAddr) -> anyhow::Result<Lot> {
        Ok(match self {
            Self::LogIn => Lot::cycle(
                visitors(stage)
                    .iter()
                    .map(|one| log_in(Door::Pharmacy, &one.name))
                    .collect(),
            ),
            Self::Page => Lot::cycle(vec![Ask::get(path("pharmacy/products/?page_size=20"))]),
            Self::Pages => Lot::cycle(pages(stage.store.offered(stage.store_id)?)),
            Self::Search => Lot::cycle(searches()),
            Self::Product => {
                let goods = stage.goods.iter();
                Lot::cycle(
                    goods
                        .map(|one| Ask::get(path(&format!("pharmacy/products/{}/", one.id))))
                        .collect(),
                )
            }
            Self::CartAdd => Lot::once(cart_adds(stage)?),
            Self::Checkout => {
                let buyers = stage.buyers.clone();
                Lot::once(stage.checkouts(&buyers, Method::Cash)?)
            }
            Self::OwnOrders => {
                let ask = Ask::get(path("pharmacy/orders/"));
                Lot::cycle(stage.readers.iter().map(|one| ask.clone().by(&one.token)).collect())
            }
            Self::StatusChange => Lot::once(status_changes(stage, address).await?),
            Self::Sale => Lot::once(sales(stage)?),
            Self::MovementIn => {
                let products = stage.arrivals.ids().into_iter().cycle().take(LOT);
                Lot::once(
                    products
                        .map(|product| stage.arrival((stage.branch_id, product), "10"))
                        .collect(),
                )
            }
            Self::SalesList => Lot::cycle(vec![Ask::get(path("sales/?page_size=20")).by(&stage.owner.token)]),
            Self::PaymeCreate => Lot::once(paying::creates(stage, address).await?),
            Self::PaymePerform => Lot::once(paying::performs(stage, address).await?),
            Self::ClickPrepare => Lot::once(paying::prepares(stage, address).await?),
            Self::ClickComplete => Lot::once(paying::completes(stage, address).await?),
        })
    }

    /// Does once what costs more the first time: a hash is made anew when its cost has changed.
    pub(crate) async fn warm(self, stage: &mut Stage, address: SocketAddr) -> anyhow::Result<()> {
        if self != Self::LogIn {
            return Ok(());
        }
        let visitors = visitors(stage);
        let (first, others) = visitors.split_first().context("nobody signs in")?;
        driver::answers(address, Lot::once(vec![log_in(Door::Pharmacy, &first.name)]), 1).await?;
        let others: Vec<String> = others.iter().map(|one| one.id.to_string()).collect();
        stage.store.execute(&format!(
            "UPDATE users SET password_hash = (SELECT password_hash FROM users WHERE id = {}) WHERE id IN ({})",
            first.id,
            others.join(", ")
        ))?;
        Ok(())
    }
}

/// Who signs in while others work.
pub(crate) fn visitors(stage: &Stage) -> Vec<Person> {
    stage.buyers.iter().rev().take(VISITORS).cloned().collect()
}

/// The pages after the first of so many products; the last may be part of one.
fn pages(products: i64) -> Vec<Ask> {
    let last = (products / PAGE_SIZE).min(PAGES + 1);
    let address = |number| path(&format!("pharmacy/products/?page_size={PAGE_SIZE}&page={number}"));
    (2..=last).map(|number| Ask::get(address(number))).collect()
}

fn searches() -> Vec<Ask> {
    let texts = QUERIES.lines().filter_map(|line| line.split_once(','));
    let texts = texts.filter(|(kind, _)| KINDS.contains(kind));
    texts
        .map(|(_, text)| {
            let text: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
            let query = format!("search={text}&requires_prescription=false&price_max=250000&page_size=20");
            Ask::get(path(&format!("pharmacy/products/?{query}")))
        })
        .collect()
}

/// Everybody's first line, then everybody's second: no cart is asked for twice at once.
fn cart_adds(stage: &mut Stage) -> anyhow::Result<Vec<Ask>> {
    let empty: Vec<_> = stage.buyers.iter().map(|buyer| (buyer.id, Vec::new())).collect();
    stage.store.fill_carts(stage.store_id, &empty)?;
    let mut asks = Vec::new();
    let picked: Vec<_> = stage.buyers.iter().map(|_| stage.dice.three(&stage.goods)).collect();
    for line in 0..CART_LINES {
        for (buyer, goods) in stage.buyers.iter().zip(&picked) {
            let goods = goods.get(line).context("a line of each cart")?;
            let body = json!({"product_id": goods.id, "quantity": 1});
            asks.push(
                Ask::post(path("pharmacy/cart/items/"), &body, 201)
                    .by(&buyer.token)
                    .once(),
            );
        }
    }
    Ok(asks)
}

async fn status_changes(stage: &mut Stage, address: SocketAddr) -> anyhow::Result<Vec<Ask>> {
    let buyers: Vec<Person> = stage.buyers.iter().take(LOT).cloned().collect();
    let checkouts = stage.checkouts(&buyers, Method::Cash)?;
    let orders = driver::answers(address, Lot::once(checkouts), 16).await?;
    let body = json!({"status": "ready_for_delivery"});
    orders
        .iter()
        .map(|order| {
            let order: Value = serde_json::from_slice(order)?;
            let id = order.get("id").or_else(|| order.pointer("/data/id"));
            let id = id.and_then(Value::as_i64).context("an order without an id")?;
            let path = path(&format!("pharmacy/orders/{id}/status/"));
            Ok(Ask::post(path, &body, 200).by(&stage.operator.token).once())
        })
        .collect()
}

fn sales(stage: &mut Stage) -> anyhow::Result<Vec<Ask>> {
    let sellers = stage.sellers.iter().cycle().take(LOT);
    let shelf = stage.shelf.ids();
    let mut asks = Vec::new();
    for seller in sellers {
        let lines = stage.dice.three(&shelf);
        let lines: Vec<Value> = lines
            .iter()
            .map(|product| json!({"product": product, "quantity": "1"}))
            .collect();
        let body = json!({"branch": stage.counter_id, "payment_type": "cash", "items": lines});
        asks.push(Ask::post(path("sales/"), &body, 201).by(&seller.person.token).once());
    }
    Ok(asks)
}
