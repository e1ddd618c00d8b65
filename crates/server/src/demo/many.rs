//! A catalogue as large as is asked for, to see how the server does with it.
//!
//! The chain gets its products, and two dozen neighbours a hundredth of their number each: a search of one store must not pay
//! for what stands in others. Rows are computed by the domain and written in batches, beside the use-cases; the same dice fall
//! every time.

use std::collections::HashSet;
use std::iter;

use anyhow::Context as _;
use savdo_domain::access::{Actor, Permission, RowStatus};
use savdo_domain::catalog::{ProductNames, barcode, slug};
use savdo_domain::ids::{CategoryId, StoreId, WorkerId};
use savdo_domain::{Money, text};
use savdo_persistence::products::{Product, insert_many, settle_unscoped};
use savdo_services::categories::{self, ListCategories};
use savdo_services::{Context, Page};

use super::dice::Dice;
use super::people;
use super::tables::{self, Article};

const NEIGHBOURS: usize = 25;
/// The share of the chain's products that a neighbour has.
const NEIGHBOUR_SHARE: usize = 100;
/// How many products are made in one transaction.
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

/// Adds `count` products to the chain, and to its neighbours theirs.
///
/// # Errors
/// A failed statement, or a use-case that said no.
pub fn load(context: &Context, count: usize) -> anyhow::Result<()> {
    let articles = tables::articles()?;
    let owner = people::owner(context)?;
    put(context, &owner, &articles, count, &mut Dice::new(7))?;
    for number in 1..=NEIGHBOURS {
        let neighbour = people::neighbour(context, number)?;
        let seed = u64::try_from(number).unwrap_or_default();
        put(
            context,
            &neighbour,
            &articles,
            count / NEIGHBOUR_SHARE,
            &mut Dice::new(seed),
        )?;
    }
    Ok(settle_unscoped(context.database())?)
}

fn put(context: &Context, owner: &Actor, articles: &[Article], count: usize, dice: &mut Dice) -> anyhow::Result<()> {
    let seat = owner.permit(Permission::ChangeCatalogue);
    let seat = seat.map_err(savdo_services::Error::from)?;
    let shelf = Shelf {
        categories: category_ids(context, owner)?,
        articles,
    };
    // What the chain has already is called as the tables say.
    let mut taken: HashSet<String> = articles.iter().map(|article| text::name_key(&article.name)).collect();
    let mut made = 0;
    while made < count {
        let batch = BATCH.min(count - made);
        let numbers = (made + 1)..=(made + batch);
        let products: Option<Vec<_>> = numbers.map(|number| shelf.product(number, &mut taken, dice)).collect();
        let products = products.context("no article in the tables")?;
        write(context, (seat.store_id(), seat.worker_id()), products)?;
        made += batch;
        tracing::info!(made, count, "{made} of {count} products of {}", seat.store_id());
    }
    Ok(())
}

fn write(context: &Context, (store_id, worker_id): (StoreId, WorkerId), products: Vec<Product>) -> anyhow::Result<()> {
    let now = context.now();
    let write = move |tx: &mut savdo_persistence::Tx<'_>| insert_many(tx, store_id, &products, (now, worker_id));
    Ok(context.database().write("products_load", write)?)
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

/// What products are made of.
struct Shelf<'a> {
    categories: Vec<CategoryId>,
    articles: &'a [Article],
}

impl Shelf<'_> {
    fn product(&self, number: usize, taken: &mut HashSet<String>, dice: &mut Dice) -> Option<Product> {
        let article = dice.pick(self.articles)?;
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
