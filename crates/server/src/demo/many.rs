//! A catalogue as large as is asked for, to see how the server does with it.
//!
//! The chain gets its products, and fifty neighbours a hundredth of their number each: a search of one store must not pay for
//! what stands in others. A hundred customers come with it, who can order at once. Rows of products are computed by the domain and
//! written in batches, beside the use-cases, in one transaction; the same dice fall every time.

use std::collections::HashSet;
use std::iter;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use savdo_domain::access::{Actor, Permission, RowStatus};
use savdo_domain::catalog::{ProductNames, barcode, slug};
use savdo_domain::ids::{CategoryId, StoreId, WorkerId};
use savdo_domain::{Money, text};
use savdo_persistence::Tx;
use savdo_persistence::products::{Product, insert_many, load_unscoped, settle_unscoped};
use savdo_services::categories::{self, ListCategories};
use savdo_services::{Context, Page};

use super::dice::Dice;
use super::people;
use super::tables::{self, Article};

const NEIGHBOURS: usize = 50;
/// The share of the chain's products that a neighbour has.
const NEIGHBOUR_SHARE: usize = 100;
const BUYERS: usize = 100;
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

/// Adds `count` products to the chain, and to its neighbours theirs; all of them or, if anything fails, none. Before them come
/// the neighbours and the customers.
///
/// # Errors
/// A failed statement, or a use-case that said no.
pub fn load(context: &Context, count: usize) -> anyhow::Result<()> {
    let mut shelves = vec![Shelf::new(context, &people::owner(context)?, (count, 7))?];
    for number in 1..=NEIGHBOURS {
        let neighbour = people::neighbour(context, number)?;
        let seed = u64::try_from(number).unwrap_or_default();
        shelves.push(Shelf::new(context, &neighbour, (count / NEIGHBOUR_SHARE, seed))?);
    }
    (1..=BUYERS).try_for_each(|number| people::buyer(context, number))?;
    let now = context.now();
    context.database().write("products_load", move |tx| {
        let fill = |tx: &mut Tx<'_>| shelves.iter().try_for_each(|shelf| shelf.fill(tx, now));
        load_unscoped::<anyhow::Error>(tx, fill)
    })?;
    Ok(settle_unscoped(context.database())?)
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
        })
    }

    fn fill(&self, tx: &mut Tx<'_>, now: DateTime<Utc>) -> anyhow::Result<()> {
        let mut dice = Dice::new(self.seed);
        // What the chain has already is called as the tables say.
        let mut taken: HashSet<String> = self
            .articles
            .iter()
            .map(|article| text::name_key(&article.name))
            .collect();
        let mut made = 0;
        while made < self.count {
            let batch = BATCH.min(self.count - made);
            let numbers = (made + 1)..=(made + batch);
            let products: Option<Vec<_>> = numbers
                .map(|number| self.product(number, &mut taken, &mut dice))
                .collect();
            let products = products.context("no article in the tables")?;
            insert_many(tx, self.store_id, &products, (now, self.worker_id))?;
            made += batch;
            tracing::info!(
                made,
                count = self.count,
                "{made} of {} products of {}",
                self.count,
                self.store_id
            );
        }
        Ok(())
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
