//! The warehouse: a reserve of what is on the shelf, a few pieces that broke, and a batch in quarantine.

use anyhow::Context as _;
use chrono::{Days, NaiveDate};
use savdo_domain::Quantity;
use savdo_domain::ids::{LocationId, ProductId};
use savdo_domain::stock::MovementType;
use savdo_services::batches::{self, ChangeBatch, ListBatches};
use savdo_services::once::Unkeyed;
use savdo_services::stock::{self, GoodsLine, MoveMany};
use savdo_services::warehouses::{self, CreateWarehouse};
use savdo_services::{Context, Page};

use super::DAYS;
use super::catalogue::Stocked;
use super::people::People;

/// Every so many articles have a reserve.
const EVERY: usize = 6;
const RESERVE: i64 = 40;
const BROKEN: i64 = 2;

/// Opens the warehouse and fills it.
pub(super) fn stock_up(
    context: &Context,
    people: &People,
    shelf: &[Stocked],
    opening: NaiveDate,
) -> anyhow::Result<()> {
    let command = CreateWarehouse {
        name: "Markaziy ombor".to_owned(),
        address: "Toshkent, Sergeli tumani, Yangi hayot ko'chasi 4".to_owned(),
    };
    let place = warehouses::create(context, &people.owner, command, &Unkeyed)?
        .warehouse
        .id;
    let reserve: Vec<&Stocked> = shelf.iter().step_by(EVERY).collect();

    let brought = reserve.iter().map(|stocked| GoodsLine {
        series: if stocked.is_online {
            format!("Z{}", stocked.id)
        } else {
            String::new()
        },
        expires_on: opening
            .checked_add_days(Days::new(DAYS + 500))
            .filter(|_| stocked.is_online),
        ..line(stocked.id, RESERVE)
    });
    carry(context, people, (place, MovementType::In), "Zaxira", brought.collect())?;
    let broken = reserve.iter().take(3).map(|stocked| line(stocked.id, BROKEN));
    carry(
        context,
        people,
        (place, MovementType::Out),
        "Tashishda singan",
        broken.collect(),
    )?;
    quarantine(context, people, place)
}

/// A medicine whose maker asked to hold a series back.
fn quarantine(context: &Context, people: &People, place: LocationId) -> anyhow::Result<()> {
    let query = ListBatches {
        product: None,
        branch: None,
        warehouse: Some(place),
        is_empty: Some(false),
        expires_before: None,
        is_expired: None,
        is_blocked: None,
        series: String::new(),
        sort: Vec::new(),
        page: Page::new(1, 100),
    };
    let batches = batches::list(context, &people.manager, query)?.rows;
    let held = batches.iter().find(|seen| !seen.batch.label.series.is_empty());
    let held = held.context("no medicine lies in the warehouse")?.batch.id;
    let command = ChangeBatch {
        blocked: Some(true),
        reason: Some("Ishlab chiqaruvchining so'rovi".to_owned()),
        ..ChangeBatch::default()
    };
    batches::change(context, &people.manager, held, command)?;
    Ok(())
}

fn line(product_id: ProductId, pieces: i64) -> GoodsLine {
    GoodsLine {
        product_id,
        quantity: Quantity::from_thousandths(pieces * 1_000),
        unit_cost: None,
        supplier: None,
        series: String::new(),
        expires_on: None,
        batch: None,
    }
}

fn carry(
    context: &Context,
    people: &People,
    (place, movement_type): (LocationId, MovementType),
    description: &str,
    items: Vec<GoodsLine>,
) -> anyhow::Result<()> {
    let command = MoveMany {
        movement_type,
        branch: None,
        warehouse: Some(place),
        description: description.to_owned(),
        items,
    };
    stock::move_many(context, &people.manager, command, &Unkeyed)?;
    Ok(())
}
