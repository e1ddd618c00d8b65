//! A chain as large as is asked for, to see how the server does with it.
//!
//! The chain gets its products, and fifty neighbours theirs: a search of one store must not pay for what stands in others. Sellers and
//! customers come with them, who can sell and order at once, and a year of what they did. People are made by the use-cases; rows of
//! products and documents are computed by the domain and written in batches, beside the use-cases, in one transaction; the same dice
//! fall every time.

use std::collections::HashSet;
use std::iter;

use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use savdo_domain::access::{Actor, Permission, Role, RowStatus};
use savdo_domain::catalog::{ProductNames, barcode, slug};
use savdo_domain::ids::{CategoryId, ProductId, StoreId, WorkerId};
use savdo_domain::{Money, text};
use savdo_persistence::Tx;
use savdo_persistence::bulk::{self, NextIds, without_indexes_unscoped};
use savdo_persistence::products::{OrderedProduct, Product, insert_many};
use savdo_services::audit::Author;
use savdo_services::categories::{self, ListCategories};
use savdo_services::{Context, FixedClock, Page};

use super::dice::Dice;
use super::people::{self, Member, People};
use super::tables::{self, Article};
use super::year::{Plan, Ware};
use super::{Size, hour};

const NEIGHBOURS: usize = 50;
/// How many products are made at a time.
const BATCH: usize = 5_000;
/// Of what brands are made, in both alphabets.
const SYLLABLES: [(&str, &str); 24] = [
    ("ba", "ба"),
    ("de", "де"),
    ("fo", "фо"),
    ("ki", "ки"),
    ("lu", "лу"),
    ("ma", "ма"),
    ("ne", "не"),
    ("po", "по"),
    ("ri", "ри"),
    ("sa", "са"),
    ("ti", "ти"),
    ("vo", "во"),
    ("xa", "ха"),
    ("za", "за"),
    ("ter", "тер"),
    ("nor", "нор"),
    ("vit", "вит"),
    ("flu", "флу"),
    ("gen", "ген"),
    ("dol", "дол"),
    ("g'o", "ғў"),
    ("met", "мет"),
    ("sha", "ша"),
    ("lan", "лан"),
];

/// Adds `count` products to the chain, and to its neighbours theirs, with the sales and orders of a year; all of it or, if anything
/// fails, none. Before them come the neighbours and who buys and sells.
///
/// # Errors
/// A failed statement, or a use-case that said no.
pub(super) fn load(
    context: &Context,
    clock: &FixedClock,
    people: &People,
    size: &Size,
    (opening, today): (NaiveDate, NaiveDate),
) -> anyhow::Result<()> {
    let count = size.products.unwrap_or_default();
    let others = size.other_products.unwrap_or(count / 2);
    clock.set(hour(opening, 9));
    let mut shelf = Shelf::new(context, &people.owner, (count, 7))?;
    let mut neighbours = Vec::new();
    for number in 1..=NEIGHBOURS {
        let neighbour = people::neighbour(context, number)?;
        let seed = u64::try_from(number).unwrap_or_default();
        let share = others * number / NEIGHBOURS - others * (number - 1) / NEIGHBOURS;
        neighbours.push(Shelf::new(context, &neighbour, (share, seed))?);
    }
    let plan = plan(context, clock, people, size, (opening, today))?;
    let now = hour(opening, 9);
    clock.set(now);
    shelf.first = context.database().read("demo_first", bulk::product_id_unscoped)?;
    let plan = shelf.stocked(plan)?;
    context.database().write("demo_load", move |tx| {
        let fill = |tx: &mut Tx<'_>| fill(tx, now, (&shelf, &plan), &neighbours);
        without_indexes_unscoped::<anyhow::Error>(tx, fill)
    })?;
    Ok(bulk::settle_unscoped(context.database())?)
}

fn fill(
    tx: &mut Tx<'_>,
    now: DateTime<Utc>,
    (shelf, plan): (&Shelf, &Plan),
    neighbours: &[Shelf],
) -> anyhow::Result<()> {
    let next = NextIds::find_unscoped(tx)?;
    let ending = plan.rehearse(&next)?;
    tracing::info!("A year went by in memory");
    let mut first = shelf.fill(tx, shelf.first, now, |id| ending.order_count(id))?;
    for neighbour in neighbours {
        first = neighbour.fill(tx, first, now, |_| 0)?;
    }
    plan.write(tx, next, &ending)
}

/// The year, whose goods are still to be told.
fn plan(
    context: &Context,
    clock: &FixedClock,
    people: &People,
    size: &Size,
    (opening, today): (NaiveDate, NaiveDate),
) -> anyhow::Result<Plan> {
    // As many are hired within a minute as one owner may not.
    let join = |post, branch, number| {
        clock.advance(TimeDelta::seconds(10));
        people::join(context, &people.owner, post, branch, number)
    };
    let shop = if size.sellers() == 0 {
        people.center
    } else {
        people::open_shop(context, &people.owner)?
    };
    let sellers = (1..=size.sellers()).map(|number| join((Role::Seller, people::SELLERS, "+9989030"), shop, number));
    let sellers: Vec<_> = sellers.collect::<anyhow::Result<_>>()?;
    let couriers = 1..=size.couriers();
    let couriers = couriers.map(|number| join((Role::Courier, people::COURIERS, "+9989040"), people.center, number));
    let couriers: Vec<_> = couriers.collect::<anyhow::Result<_>>()?;
    let buyers: Vec<_> = (1..=size.customers())
        .map(|number| people::buyer(context, number))
        .collect::<anyhow::Result<_>>()?;
    let seat = people.owner.permit(Permission::ChangeCatalogue);
    Ok(Plan {
        store_id: seat.map_err(savdo_services::Error::from)?.store_id(),
        opening,
        today,
        sales: size.sales,
        orders: size.orders,
        shop,
        shop_name: people::SHOP,
        online: people.center,
        owner: Author::from(&people.owner),
        manager: Member::of(&people.manager)?,
        operator: Author::from(&people.operator),
        system: Author::system(),
        sellers,
        couriers,
        buyers,
        on_shelf: Vec::new(),
        offered: Vec::new(),
    })
}

fn category_ids(context: &Context, owner: &Actor) -> anyhow::Result<Vec<CategoryId>> {
    let query = ListCategories {
        statuses: vec![RowStatus::Active],
        search: String::new(),
        sort: Vec::new(),
        page: Page::new(1, 500),
    };
    let listed = categories::list(context, owner, query)?;
    Ok(listed.rows.into_iter().map(|row| row.id).collect())
}

/// A store that gets products, and what they are made of.
struct Shelf {
    store_id: StoreId,
    worker_id: WorkerId,
    categories: Vec<CategoryId>,
    articles: Vec<Article>,
    count: usize,
    seed: u64,
    /// The number of its first product, where that is known before.
    first: ProductId,
}

impl Shelf {
    fn new(context: &Context, owner: &Actor, (count, seed): (usize, u64)) -> anyhow::Result<Self> {
        let seat = owner.permit(Permission::ChangeCatalogue);
        let seat = seat.map_err(savdo_services::Error::from)?;
        Ok(Self {
            store_id: seat.store_id(),
            worker_id: seat.worker_id(),
            categories: category_ids(context, owner)?,
            articles: tables::articles()?,
            count,
            seed,
            first: ProductId::new(1),
        })
    }

    /// Its products, one after the other; the same every time.
    fn products(&self) -> impl Iterator<Item = anyhow::Result<Product>> {
        let mut dice = Dice::new(self.seed);
        // What the chain has already is called as the tables say.
        let names = self.articles.iter().map(|article| text::name_key(&article.name));
        let mut taken: HashSet<String> = names.collect();
        (1..=self.count).map(move |number| {
            self.product(number, &mut taken, &mut dice)
                .context("no article in the tables")
        })
    }

    /// The plan with these goods.
    fn stocked(&self, plan: Plan) -> anyhow::Result<Plan> {
        let numbered = (self.first.get()..).zip(self.products());
        let wares = numbered.map(|(id, product)| {
            let product = product?;
            Ok(Ware {
                id: ProductId::new(id),
                name: product.name,
                unit: product.unit,
                price: product.sale_price,
                cost: product.first_cost,
                is_medicine: product.is_medicine,
                is_offered: product.is_online && !product.needs_prescription,
            })
        });
        let on_shelf: Vec<Ware> = wares.collect::<anyhow::Result<_>>()?;
        let offered = on_shelf.iter().filter(|ware| ware.is_offered).cloned().collect();
        Ok(Plan {
            on_shelf,
            offered,
            ..plan
        })
    }

    /// Makes its products, numbered from `first`; the number after them.
    fn fill(
        &self,
        tx: &mut Tx<'_>,
        first: ProductId,
        now: DateTime<Utc>,
        order_count: impl Fn(ProductId) -> i64,
    ) -> anyhow::Result<ProductId> {
        let mut next = first;
        let mut products = self.products();
        loop {
            let mut batch = Vec::with_capacity(BATCH);
            let from = next;
            for product in products.by_ref().take(BATCH) {
                batch.push(OrderedProduct {
                    product: product?,
                    order_count: order_count(next),
                });
                next = ProductId::new(next.get() + 1);
            }
            if batch.is_empty() {
                return Ok(next);
            }
            insert_many(tx, self.store_id, (from, &batch), (now, self.worker_id))?;
            let made = next.get() - first.get();
            tracing::info!(made, "{made} of {} products of {}", self.count, self.store_id);
        }
    }

    fn product(&self, number: usize, taken: &mut HashSet<String>, dice: &mut Dice) -> Option<Product> {
        let article = dice.pick(&self.articles)?;
        let mut name = name(article, number, dice);
        if !taken.insert(text::name_key(&name)) {
            name = format!("{name} N{number}");
            taken.insert(text::name_key(&name));
        }
        let medicine = article.medicine.as_ref();
        let sku = medicine.map(|_| format!("N-{number:06}")).unwrap_or_default();
        let manufacturer = medicine.map(|medicine| medicine.maker.clone()).unwrap_or_default();
        let names = ProductNames {
            name: &name,
            manufacturer: &manufacturer,
            sku: &sku,
            barcode: "",
        };
        let category_id = dice.pick(&self.categories).copied();
        let price = i64::try_from(1_000 + dice.below(900) * 500).ok()?;
        let sale_price = Money::from_tiyin(price * 100);
        Some(Product {
            category_id,
            slug: format!("{}-{number}", slug::base(names.name, names.sku)),
            barcode: barcode::ean_13(&format!("478{number:09}")),
            unit: article.unit,
            sale_price,
            first_cost: sale_price.scaled(78, 100)?,
            description: String::new(),
            usage: String::new(),
            mxik_code: String::new(),
            package_code: String::new(),
            vat_percent: None,
            image: String::new(),
            is_medicine: medicine.is_some(),
            needs_prescription: medicine.is_some_and(|medicine| medicine.needs_prescription),
            is_online: medicine.is_some() && category_id.is_some(),
            archived_at: None,
            status: RowStatus::Active,
            substances: Vec::new(),
            manufacturer,
            sku,
            name,
        })
    }
}

/// An article under its own name or a brand's, in the one alphabet or the other.
fn name(article: &Article, number: usize, dice: &mut Dice) -> String {
    let length = 2 + dice.below(3);
    let syllables: Vec<_> = iter::repeat_with(|| dice.pick(&SYLLABLES))
        .take(length)
        .flatten()
        .collect();
    let latin: String = syllables.iter().map(|(latin, _)| *latin).collect();
    let cyrillic: String = syllables.iter().map(|(_, cyrillic)| *cyrillic).collect();
    let (_, what) = article.name.split_once(' ').unwrap_or(("", &article.name));
    match dice.below(20) {
        0..9 => format!("{} {latin}", article.name),
        9..16 => format!("{latin} {what}"),
        16..18 => format!("{cyrillic} {what}"),
        _ => format!("O'z{latin} {number}"),
    }
}
