//! A year of trade in a store with very many products, written beside the use-cases: what they would have left is computed by the domain,
//! numbered here, and written in batches (`savdo_persistence::bulk`).
//!
//! The year goes by twice, the same dice falling the same way: first in memory alone, so that products, levels and batches are written
//! once, as they lie in the end. The goods of the counter lie in a branch of their own, whose shifts cross nobody else's; orders are
//! served from where the store serves them. Deliberately absent: notifications, which count as read and thrown away.

mod book;
mod order_rows;
mod stock;
mod till;
mod web;

use chrono::{Days, NaiveDate};
use savdo_domain::ids::{LocationId, ProductId, StoreId};
use savdo_domain::stock::{LocationKind, Place};
use savdo_persistence::Tx;
use savdo_persistence::bulk::{self, NextIds};
use savdo_services::audit::Author;

use super::dice::Dice;
use super::people::{Buyer, Member};
use book::Book;
use stock::{Delivery, Stock};

pub(super) use stock::Ware;

/// The currency of all prices.
const SOM: i64 = 1;
/// How much lies of each product at the least when the year ends, in whole units.
const LEFT: i64 = 2_000;
/// On a day so much happens at the least, so that few documents fill few days.
const DAILY: usize = 10;

/// What a year is made of.
pub(super) struct Plan {
    pub(super) store_id: StoreId,
    /// When the goods come.
    pub(super) opening: NaiveDate,
    /// The day after the last of the year.
    pub(super) today: NaiveDate,
    pub(super) sales: usize,
    pub(super) orders: usize,
    /// The branch whose counter sells.
    pub(super) shop: LocationId,
    pub(super) shop_name: &'static str,
    /// The branch that serves online orders.
    pub(super) online: LocationId,
    pub(super) owner: Author,
    pub(super) manager: Member,
    pub(super) operator: Author,
    pub(super) system: Author,
    pub(super) sellers: Vec<Member>,
    pub(super) couriers: Vec<Member>,
    pub(super) buyers: Vec<Buyer>,
    /// All products, their ids one after the other.
    pub(super) on_shelf: Vec<Ware>,
    /// Those that customers order.
    pub(super) offered: Vec<Ware>,
}

/// How a year ended.
pub(super) struct Ending {
    shop: Stock,
    online: Stock,
    first: ProductId,
    order_counts: Vec<i64>,
}

/// A year that goes by.
struct Course<'a> {
    plan: &'a Plan,
    book: Book,
    shop: Stock,
    online: Stock,
    first: ProductId,
    order_counts: Vec<i64>,
    sale_number: i64,
    dice: Dice,
}

impl Plan {
    /// How the year ends; nothing is written.
    pub(super) fn rehearse(&self, next: &NextIds) -> anyhow::Result<Ending> {
        let mut course = Course::new(self, Book::new(self.store_id, 0, next.clone()), 0);
        course.run(None, None)?;
        Ok(Ending {
            shop: course.shop,
            online: course.online,
            first: course.first,
            order_counts: course.order_counts,
        })
    }

    /// Writes the year that ends so. The products are there.
    pub(super) fn write(&self, tx: &mut Tx<'_>, next: NextIds, ending: &Ending) -> anyhow::Result<()> {
        let number = bulk::first_sale_number(tx, self.store_id)?;
        let book = Book::new(self.store_id, bulk::transaction_id(tx)?, next);
        let mut course = Course::new(self, book, number);
        course.run(Some(tx), Some(ending))?;
        bulk::count_sales_to(tx, self.store_id, course.sale_number)?;
        Ok(course.book.next.leave_unscoped(tx)?)
    }
}

impl Ending {
    /// How many orders with a product were handed over.
    pub(super) fn order_count(&self, id: ProductId) -> i64 {
        let position = id.get().checked_sub(self.first.get());
        let position = position.and_then(|position| usize::try_from(position).ok());
        position
            .and_then(|position| self.order_counts.get(position))
            .copied()
            .unwrap_or_default()
    }
}

impl<'a> Course<'a> {
    fn new(plan: &'a Plan, book: Book, sale_number: i64) -> Self {
        let count = plan.on_shelf.len();
        let first = plan.on_shelf.first().map_or(ProductId::new(1), |ware| ware.id);
        let at = |location_id| Place {
            location_id,
            kind: LocationKind::Branch,
        };
        Self {
            plan,
            book,
            shop: Stock::empty(at(plan.shop), first, count),
            online: Stock::empty(at(plan.online), first, count),
            first,
            order_counts: vec![0; count],
            sale_number,
            dice: Dice::new(365),
        }
    }

    fn run(&mut self, mut tx: Option<&mut Tx<'_>>, ending: Option<&Ending>) -> anyhow::Result<()> {
        let plan = self.plan;
        let delivery = |each: usize, of: &[Ware]| Delivery {
            owner: &plan.owner,
            day: plan.opening,
            today: plan.today,
            plenty: plenty(each, of.len()),
        };
        let mut turn = |book: &mut Book| book.turn_page(tx.as_deref_mut());
        if plan.sales > 0 {
            let goods = delivery(plan.sales, &plan.on_shelf);
            let end = ending.map(|ending| &ending.shop);
            self.shop
                .take_in(&mut self.book, &plan.on_shelf, &goods, end, &mut turn)?;
        }
        if plan.orders > 0 {
            let goods = delivery(plan.orders, &plan.offered);
            let end = ending.map(|ending| &ending.online);
            self.online
                .take_in(&mut self.book, &plan.offered, &goods, end, &mut turn)?;
        }
        for (day, count) in days(plan, plan.sales) {
            self.sell_all_day(day, count)?;
            turn(&mut self.book)?;
        }
        for (day, count) in days(plan, plan.orders) {
            let is_last = day.succ_opt() == Some(plan.today);
            self.order_all_day(day, count, is_last)?;
            turn(&mut self.book)?;
        }
        Ok(())
    }

    /// Some of these, none twice; every other is one of the tenth that sells best.
    fn pick(&mut self, wares: &'a [Ware], count: usize) -> Vec<&'a Ware> {
        let mut picked: Vec<&Ware> = Vec::with_capacity(count);
        for _ in 0..count {
            let best = wares.get(..wares.len().div_ceil(10)).unwrap_or_default();
            let among = if self.dice.falls(50) { best } else { wares };
            let ware = self.dice.pick(among);
            picked.extend(ware.filter(|ware| picked.iter().all(|other| other.id != ware.id)));
        }
        picked
    }

    /// Counts an order that was handed over at one of its products.
    fn count(&mut self, id: ProductId) {
        let position = id.get().checked_sub(self.first.get());
        let position = position.and_then(|position| usize::try_from(position).ok());
        if let Some(count) = position.and_then(|position| self.order_counts.get_mut(position)) {
            *count += 1;
        }
    }
}

/// The last days of the year, each with how many documents it has.
fn days(plan: &Plan, count: usize) -> Vec<(NaiveDate, usize)> {
    let of_year = plan
        .today
        .signed_duration_since(plan.opening)
        .num_days()
        .saturating_sub(1);
    let of_year = usize::try_from(of_year).unwrap_or(1).max(1);
    let days = count.div_ceil(DAILY).min(of_year);
    let share = |day: usize| count * day / days.max(1);
    let date = |day: usize| {
        plan.today
            .checked_sub_days(Days::new(u64::try_from(days - day).unwrap_or(1)))
    };
    (0..days)
        .filter_map(|day| Some((date(day)?, share(day + 1) - share(day))))
        .collect()
}

/// What is enough of each of `products` when documents take up to ten pieces of some, five in a hundred of those ten times as often.
fn plenty(documents: usize, products: usize) -> i64 {
    let each = documents
        .saturating_mul(60)
        .checked_div(products.max(1))
        .unwrap_or_default();
    LEFT.saturating_add(i64::try_from(each).unwrap_or(i64::MAX / 1_000_000))
}
