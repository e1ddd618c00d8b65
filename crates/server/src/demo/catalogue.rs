//! The shelf: every article of the tables, and the goods that came on the day of opening.

use std::collections::BTreeMap;

use anyhow::Context as _;
use chrono::{Days, NaiveDate};
use savdo_domain::catalog::Unit;
use savdo_domain::ids::{CategoryId, LocationId, ProductId, SubstanceId};
use savdo_domain::stock::MovementType;
use savdo_domain::{Money, Quantity};
use savdo_services::Context;
use savdo_services::categories::{self, CreateCategory};
use savdo_services::once::Unkeyed;
use savdo_services::products::{self, CreateProduct, OfferProduct};
use savdo_services::stock::{self, MoveGoods};
use savdo_services::substances::{self, CreateSubstance};

use super::people::People;
use super::tables::{self, Article};
use super::{DAYS, card};

/// What an article costs the chain, in hundredths of its price.
const COST_PERCENT: i64 = 78;

/// A product on the shelf.
#[derive(Debug, Clone)]
pub(super) struct Stocked {
    pub(super) id: ProductId,
    pub(super) unit: Unit,
    pub(super) is_online: bool,
    pub(super) needs_prescription: bool,
    pub(super) is_in_north: bool,
}

/// Goods that come.
#[derive(Debug, Clone, Copy)]
struct Delivery {
    branch: LocationId,
    quantity: i64,
    expires_on: NaiveDate,
}

/// Makes every article, offers the medicines online, and takes goods in.
pub(super) fn stock_up(context: &Context, people: &People, opening: NaiveDate) -> anyhow::Result<Vec<Stocked>> {
    let mut categories = BTreeMap::new();
    let mut substances = BTreeMap::new();
    let mut shelf = Vec::new();
    for (number, article) in tables::articles()?.iter().enumerate() {
        let category = category_of(context, people, &mut categories, &article.category)?;
        let medicine = article.medicine.as_ref();
        let substance = medicine
            .map(|medicine| substance_of(context, people, &mut substances, &medicine.substance))
            .transpose()?;
        let stocked = put_on_shelf(context, people, (number, category, substance), article)
            .with_context(|| format!("{} cannot be put on the shelf", article.name))?;
        for delivery in deliveries(people, number, article, opening) {
            take_in(context, people, stocked.id, article, delivery)
                .with_context(|| format!("{} cannot be taken in", article.name))?;
        }
        shelf.push(stocked);
    }
    Ok(shelf)
}

fn category_of(
    context: &Context,
    people: &People,
    known: &mut BTreeMap<String, CategoryId>,
    name: &str,
) -> anyhow::Result<CategoryId> {
    if let Some(id) = known.get(name) {
        return Ok(*id);
    }
    let command = CreateCategory {
        name: name.to_owned(),
        description: String::new(),
        icon: String::new(),
    };
    let id = categories::create(context, &people.owner, command, &Unkeyed)?.id;
    known.insert(name.to_owned(), id);
    Ok(id)
}

fn substance_of(
    context: &Context,
    people: &People,
    known: &mut BTreeMap<String, SubstanceId>,
    name: &str,
) -> anyhow::Result<SubstanceId> {
    if let Some(id) = known.get(name) {
        return Ok(*id);
    }
    let command = CreateSubstance {
        name: name.to_owned(),
        description: String::new(),
        store: None,
    };
    let id = substances::create(context, &people.owner, command, &Unkeyed)?.id;
    known.insert(name.to_owned(), id);
    Ok(id)
}

fn put_on_shelf(
    context: &Context,
    people: &People,
    (number, category, substance): (usize, CategoryId, Option<SubstanceId>),
    article: &Article,
) -> anyhow::Result<Stocked> {
    let command = CreateProduct {
        name: article.name.clone(),
        category: Some(category),
        unit: article.unit,
        purchase_price: cost_of(article)?,
        sale_price: article.price,
        is_medicine: article.medicine.is_some(),
        ..CreateProduct::default()
    };
    let id = products::create(context, &people.owner, command, &Unkeyed)?.stored.id;
    let medicine = article.medicine.as_ref();
    if let Some(medicine) = medicine {
        let command = OfferProduct {
            category: Some(category),
            sku: Some(format!("D-{:04}", number + 1)),
            manufacturer: Some(medicine.maker.clone()),
            active_substances: substance.map(|id| vec![id]),
            needs_prescription: Some(medicine.needs_prescription),
            is_active: Some(true),
            ..OfferProduct::default()
        };
        products::offer(context, &people.owner, id, command, &Unkeyed)?;
    }
    Ok(Stocked {
        id,
        unit: article.unit,
        is_online: medicine.is_some(),
        needs_prescription: medicine.is_some_and(|medicine| medicine.needs_prescription),
        is_in_north: is_in_north(number),
    })
}

fn cost_of(article: &Article) -> anyhow::Result<Money> {
    article.price.scaled(COST_PERCENT, 100).context("a cost out of range")
}

/// Every other article lies in the northern branch too.
fn is_in_north(number: usize) -> bool {
    number.is_multiple_of(2)
}

/// What comes on the day of opening: of each tenth article a batch that has expired by now, of another tenth too little, of
/// every third a batch that expires soon, and of those on the card enough for everybody who tries it.
fn deliveries(people: &People, number: usize, article: &Article, opening: NaiveDate) -> Vec<Delivery> {
    let spread = u64::try_from(number).unwrap_or_default();
    let plenty = 30 + i64::try_from(number % 7).unwrap_or_default() * 15;
    let at = |branch, quantity, expires_after| Delivery {
        branch,
        quantity,
        expires_on: opening
            .checked_add_days(Days::new(expires_after))
            .unwrap_or(NaiveDate::MAX),
    };
    let mut deliveries = vec![if card::SHOWN.contains(&article.name.as_str()) {
        at(people.center, 2_000, DAYS + 700)
    } else if number % 10 == 6 {
        at(people.center, 3 + plenty % 3, DAYS + 200 + spread)
    } else {
        at(people.center, plenty, DAYS + 120 + spread * 2)
    }];
    if number % 10 == 3 {
        deliveries.push(at(people.center, plenty, DAYS - 3 - spread % 9));
    } else if number.is_multiple_of(3) {
        deliveries.push(at(people.center, 15, DAYS + 5 + spread % 25));
    }
    if is_in_north(number) {
        deliveries.push(at(people.north, plenty, DAYS + 90 + spread * 3));
    }
    deliveries
}

/// Only medicines have a series and an expiry.
fn take_in(
    context: &Context,
    people: &People,
    product_id: ProductId,
    article: &Article,
    delivery: Delivery,
) -> anyhow::Result<()> {
    let is_medicine = article.medicine.is_some();
    let series = format!("{}-{product_id}", delivery.expires_on.format("%y%m"));
    let command = MoveGoods {
        product_id,
        movement_type: MovementType::In,
        quantity: Quantity::from_pieces(delivery.quantity).context("a quantity out of range")?,
        branch: Some(delivery.branch),
        warehouse: None,
        unit_cost: Some(cost_of(article)?),
        supplier: None,
        description: String::new(),
        series: if is_medicine { series } else { String::new() },
        expires_on: is_medicine.then_some(delivery.expires_on),
        batch: None,
    };
    stock::move_goods(context, &people.owner, command, &Unkeyed)?;
    Ok(())
}
