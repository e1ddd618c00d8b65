//! A level set to what was counted by hand.

use anyhow::Context as _;
use chrono::NaiveDate;
use savdo_domain::access::{Actor, Permission, RowStatus};
use savdo_domain::ids::LevelId;
use savdo_domain::stock::{self as rules, Correction, Demand, MovementReason, NewBatch, Policy, Receipt, StockRefusal};
use savdo_domain::{Quantity, Refusal};
use savdo_persistence::sales::{self, CounterView, GoodsView};
use savdo_persistence::stock::{self, StockView};
use savdo_persistence::{Tx, products};

use crate::once::Once;
use crate::stock::by_hand::Mover;
use crate::stock::ledger::{self, Document, Moved};
use crate::stock::traces::leave_traces;
use crate::{Context, Result};

/// What lies there in truth.
#[derive(Debug, Clone)]
pub struct CorrectStock {
    /// How much was counted.
    pub quantity: Quantity,
    /// What the caller believes to be kept; no comparison without it.
    pub expected: Option<Quantity>,
    /// A remark, possibly empty.
    pub description: String,
    /// The maker's series of what lies there beyond what was kept, possibly empty.
    pub series: String,
    /// Its last day of use.
    pub expires_on: Option<NaiveDate>,
}

/// Corrects a level: what lies there beyond what was kept is a batch at the purchase price; what is missing leaves what
/// cannot be sold first. A level that is right already is left without a trace.
///
/// Holds the place and the product, then locks the level.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`] for another store's; [`StockRefusal::Changed`]; [`StockRefusal::LocationInactive`],
/// [`StockRefusal::ProductInactive`]; series and expiry of a medicine that is more than was kept.
pub fn correct<O: Once<StockView>>(
    context: &Context,
    actor: &Actor,
    id: LevelId,
    command: CorrectStock,
    once: &O,
) -> Result<O::Answer> {
    let mover = Mover::new(context, actor, Permission::ChangeStock)?;
    once.write(context, actor, "stock_correct", move |tx| {
        let found = stock::place_of_level(tx, mover.store_id, id)?;
        let (location_id, product_id) = found.ok_or(Refusal::NotFound)?;
        let place = sales::hold_counter(tx, mover.store_id, location_id)?;
        let place = place.with_context(|| format!("level {id} lies nowhere"))?;
        let goods = mover.hold_goods(tx, product_id)?;
        let goods = goods.with_context(|| format!("level {id} is of nothing"))?;
        let locked = stock::lock_levels(tx, mover.store_id, location_id, &[product_id])?;
        let level = locked.first().with_context(|| format!("level {id} is gone"))?.level;
        let correction = rules::correct(level.on_hand, command.quantity, command.expected)?;
        let document = mover.document(place.place(), MovementReason::Adjustment, &command.description);
        let moved = match correction {
            Correction::Nothing => Vec::new(),
            Correction::Up(more) => {
                check_in_use(&place, &goods)?;
                vec![put_in(tx, &mover, &document, &command, &goods, more)?]
            }
            Correction::Down(less) => {
                check_in_use(&place, &goods)?;
                take_out(tx, &document, &goods, less)?
            }
        };
        if !moved.is_empty() {
            leave_traces(tx, &mover.author, &document, place.low_stock, &moved)?;
        }
        let view = stock::find_stock(tx, mover.store_id, mover.day, id)?;
        Ok(view.ok_or(Refusal::NotFound)?)
    })
}

fn check_in_use(place: &CounterView, goods: &GoodsView) -> Result<()> {
    if place.status != RowStatus::Active {
        return Err(StockRefusal::LocationInactive.into());
    }
    if goods.status != RowStatus::Active {
        return Err(StockRefusal::ProductInactive.into());
    }
    Ok(())
}

fn put_in(
    tx: &mut Tx<'_>,
    mover: &Mover,
    document: &Document<'_>,
    command: &CorrectStock,
    goods: &GoodsView,
    more: Quantity,
) -> Result<Moved> {
    let prices = products::purchase_prices(tx, mover.store_id, &[goods.id])?;
    let batch: NewBatch = rules::receive(Receipt {
        quantity: more,
        unit_cost: prices.get(&goods.id).copied().unwrap_or_default(),
        series: command.series.clone(),
        expires_on: command.expires_on,
        must_be_traceable: goods.is_medicine,
    })?;
    let received = ledger::receive(tx, document, goods.id, &batch)?;
    Ok(Moved::from((received, more)))
}

fn take_out(tx: &mut Tx<'_>, document: &Document<'_>, goods: &GoodsView, less: Quantity) -> Result<Vec<Moved>> {
    let demand = Demand {
        line: 0,
        product_id: goods.id,
        product_name: &goods.name,
        quantity: less,
    };
    ledger::take(tx, document, Policy::UnsellableFirst, &[demand])
}
