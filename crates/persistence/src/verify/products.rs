//! Products: the keys and search texts beside their names, what the search index holds of them, and their newest price.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, sql_query};
use savdo_domain::catalog::ProductNames;
use savdo_domain::ids::{ProductId, StoreId};

use super::{Mismatch, Rule};
use crate::connection::AnyConnection;
use crate::database::Reader;
use crate::error::Error;
use crate::products::visibility::offered_alone;
use crate::products::{online_search as made_online_search, walk_search};
use crate::schema::{products, shelf_texts};
use crate::substances::{self, ActiveSubstance};

/// How many products are compared at a time.
const BATCH: i64 = 5_000;

pub(super) fn rules() -> Vec<Rule> {
    let rule = |says, sql: &'static str| Rule::new("products", says, sql);
    vec![
        rule("its newest price is the one it is sold at", PRICE),
        rule("nothing lies in stock of what is put aside", INACTIVE_STOCK),
        rule("no unfinished order holds what is put aside", INACTIVE_ORDERS),
        rule("what is archived is not offered", ARCHIVED),
        rule("what is searched of it stands in the table of texts", TEXTS),
        Rule::new("product_texts", "each belongs to a product", TEXTS_ALONE),
        rule(
            "what customers search of it stands in the table of public texts",
            SHELF_TEXTS,
        ),
        Rule::new(
            "shelf_texts",
            "each belongs to a product that is offered",
            SHELF_TEXTS_ALONE,
        ),
    ]
}

const INACTIVE_STOCK: &str = "SELECT product.id, 0 AS expected, SUM(level.on_hand) AS found FROM products AS product \
    JOIN stock_levels AS level ON level.store_id = product.store_id AND level.product_id = product.id \
    WHERE product.status <> 'active' GROUP BY product.id";

const INACTIVE_ORDERS: &str = "SELECT product.id, 0 AS expected, COUNT(orders.id) AS found FROM products AS product \
    JOIN order_lines AS line ON line.store_id = product.store_id AND line.product_id = product.id \
    JOIN orders ON orders.store_id = line.store_id AND orders.id = line.order_id \
    WHERE product.status <> 'active' AND orders.status NOT IN ('delivered', 'cancelled') GROUP BY product.id";

const ARCHIVED: &str = "SELECT product.id, 0 AS expected, 1 AS found FROM products AS product \
    WHERE product.archived_at IS NOT NULL AND product.is_online";

/// Not asked product by product: SQLite would look for the newest among the prices of all products, from the last on.
const PRICE: &str = "SELECT product.id, product.sale_price AS expected, price.price AS found FROM products AS product \
    LEFT JOIN (\
        SELECT store_id, product_id, MAX(id) AS id FROM product_prices GROUP BY store_id, product_id\
    ) AS newest ON newest.store_id = product.store_id AND newest.product_id = product.id \
    LEFT JOIN product_prices AS price ON price.id = newest.id";

const TEXTS: &str = "SELECT product.id, 1 AS expected, (\
        SELECT count(*) FROM product_texts AS texts WHERE texts.id = product.id AND texts.store_id = product.store_id \
        AND texts.status = product.status AND texts.name_key = product.name_key AND texts.shop_search = product.shop_search\
    ) AS found FROM products AS product";

const TEXTS_ALONE: &str = "SELECT texts.id, 1 AS expected, (\
        SELECT count(*) FROM products AS product WHERE product.id = texts.id\
    ) AS found FROM product_texts AS texts";

/// By the rule of visibility, store and category aside.
const SHELF_TEXTS: &str = concat!(
    "SELECT products.id, CASE WHEN products.category_id IS NOT NULL AND ",
    offered_alone!(),
    " THEN 1 ELSE 0 END AS expected, (\
        SELECT count(*) FROM shelf_texts AS texts WHERE texts.id = products.id AND texts.store_id = products.store_id \
        AND texts.category_id = products.category_id AND texts.online_search = products.online_search\
    ) AS found FROM products"
);

const SHELF_TEXTS_ALONE: &str = concat!(
    "SELECT texts.id, 1 AS expected, (SELECT count(*) FROM products WHERE products.id = texts.id \
        AND products.store_id = texts.store_id AND products.category_id = texts.category_id AND ",
    offered_alone!(),
    ") AS found FROM shelf_texts AS texts"
);

#[derive(Queryable)]
struct TextsRow {
    id: i64,
    store_id: i64,
    name: String,
    manufacturer: String,
    sku: String,
    barcode: String,
    name_key: String,
    manufacturer_key: String,
    sku_key: String,
    shop_search: String,
    online_search: String,
    walk_search: Option<String>,
}

/// What an index of SQLite holds of each product: how many three characters, and their sum as numbers.
type Grams = HashMap<i64, (u64, u64)>;

/// Products whose keys or search texts are not those of their names, and on SQLite those that its indexes do not hold as they
/// are: PostgreSQL keeps its own from the row. Of all stores, for an operator of the installation.
///
/// # Errors
/// A failed statement.
pub fn texts_unscoped(reader: &mut Reader<'_>) -> Result<Vec<Mismatch>, Error> {
    let mut mismatches = Vec::new();
    let mut grams = Grams::new();
    let mut after = 0;
    loop {
        let rows = page(reader, after)?;
        let Some(last) = rows.last() else { break };
        after = last.id;
        let keys: Vec<_> = rows.iter().map(TextsRow::key).collect();
        let active = substances::of_products(reader, &keys)?;
        for row in &rows {
            let active = active.get(&ProductId::new(row.id)).map(Vec::as_slice);
            mismatches.extend(row.differing(active.unwrap_or_default()));
            grams.insert(row.id, grams_of(&row.shop_search));
        }
    }
    let counters = held(reader, "SELECT term, doc FROM product_grams_instance")?;
    let shelves = held(reader, "SELECT term, doc FROM shelf_grams_instance")?;
    if let (Some(counters), Some(shelves)) = (counters, shelves) {
        mismatches.extend(misplaced("the search index has its texts", &grams, &counters));
        mismatches.extend(misplaced(
            "the public search index has its texts",
            &shelved(reader)?,
            &shelves,
        ));
    }
    Ok(mismatches)
}

fn page(reader: &mut Reader<'_>, after: i64) -> Result<Vec<TextsRow>, Error> {
    reader.statement("verify_products", |on| {
        products::table
            .filter(products::id.gt(after))
            .select((
                products::id,
                products::store_id,
                products::name,
                products::manufacturer,
                products::sku,
                products::barcode,
                products::name_key,
                products::manufacturer_key,
                products::sku_key,
                products::shop_search,
                products::online_search,
                products::walk_search,
            ))
            .order(products::id)
            .limit(BATCH)
            .load(on)
    })
}

impl TextsRow {
    const fn key(&self) -> (StoreId, ProductId) {
        (StoreId::new(self.store_id), ProductId::new(self.id))
    }

    fn differing(&self, active: &[ActiveSubstance]) -> Vec<Mismatch> {
        let Self {
            id,
            store_id: _,
            name,
            manufacturer,
            sku,
            barcode,
            name_key,
            manufacturer_key,
            sku_key,
            shop_search,
            online_search,
            walk_search: walked,
        } = self;
        let names = ProductNames {
            name,
            manufacturer,
            sku,
            barcode,
        };
        let some = |text: &String| Some(text.clone());
        let compared = [
            ("its key is that of its name", some(name_key), Some(names.name_key())),
            (
                "its manufacturer's key is that of the name",
                some(manufacturer_key),
                Some(names.manufacturer_key()),
            ),
            ("its sku's key is that of the sku", some(sku_key), Some(names.sku_key())),
            (
                "the counter finds it by name, barcode and sku",
                some(shop_search),
                Some(names.shop_search()),
            ),
            (
                "customers find it by name, manufacturer, sku and substances",
                some(online_search),
                Some(made_online_search(&names, active)),
            ),
            (
                "its text stands in the index of names",
                walked.clone(),
                walk_search(name_key, shop_search),
            ),
        ];
        let differing = compared.into_iter().filter(|(_, found, expected)| found != expected);
        let mismatch = |(rule, found, expected): (_, Option<String>, Option<String>)| Mismatch {
            table: "products",
            id: *id,
            rule,
            expected: expected.map(quoted),
            found: found.map(quoted),
        };
        differing.map(mismatch).collect()
    }
}

/// On one line: a search text has several.
fn quoted(text: String) -> String {
    format!("{text:?}")
}

fn grams_of(text: &str) -> (u64, u64) {
    let letters: Vec<char> = text.replace(' ', "  ").chars().collect();
    let grams: BTreeSet<String> = letters.windows(3).map(|gram| gram.iter().collect()).collect();
    grams.iter().fold((0, 0), |sum, gram| add(sum, gram))
}

/// One more, and its hash (FNV-1a) to the sum.
fn add((count, total): (u64, u64), gram: &str) -> (u64, u64) {
    let hash = gram.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (count.saturating_add(1), total.wrapping_add(hash))
}

#[derive(QueryableByName)]
struct GramRow {
    #[diesel(sql_type = Text)]
    term: String,
    #[diesel(sql_type = BigInt)]
    doc: i64,
}

/// What an index of SQLite holds; PostgreSQL has none to compare.
fn held(reader: &mut Reader<'_>, instances: &'static str) -> Result<Option<Grams>, Error> {
    reader.statement("verify_search_index", |on| match on {
        AnyConnection::Postgres(_) => Ok(None),
        AnyConnection::Sqlite(on) => {
            let mut found = Grams::new();
            for row in sql_query(instances).load_iter::<GramRow, _>(on)? {
                let GramRow { term, doc } = row?;
                let of_product = found.entry(doc).or_default();
                *of_product = add(*of_product, &term);
            }
            Ok(Some(found))
        }
    })
}

/// What the index of public texts should hold.
fn shelved(reader: &mut Reader<'_>) -> Result<Grams, Error> {
    let texts: Vec<(i64, String)> = reader.statement("verify_shelf_texts", |on| {
        shelf_texts::table
            .select((shelf_texts::id, shelf_texts::online_search))
            .load(on)
    })?;
    Ok(texts.into_iter().map(|(id, text)| (id, grams_of(&text))).collect())
}

fn misplaced(rule: &'static str, expected: &Grams, found: &Grams) -> Vec<Mismatch> {
    let mut ids: BTreeSet<i64> = expected.keys().copied().collect();
    ids.extend(found.keys());
    let count = |grams: Option<&(u64, u64)>| grams.map(|(count, sum)| format!("{count} entries of sum {sum:x}"));
    // A text of fewer than three letters has no entries.
    let sum = |grams: &Grams, id: &i64| grams.get(id).copied().unwrap_or_default();
    let mismatches = ids.into_iter().filter(|id| sum(expected, id) != sum(found, id));
    let mismatch = |id: i64| Mismatch {
        table: "products",
        id,
        rule,
        expected: count(expected.get(&id)),
        found: count(found.get(&id)),
    };
    mismatches.map(mismatch).collect()
}
