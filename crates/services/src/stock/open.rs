//! Opening stock: what already lies at a place when the store begins to keep it there.

use chrono::NaiveDate;
use savdo_domain::access::{Actor, Permission, RowStatus};
use savdo_domain::ids::{LevelId, LocationId, ProductId};
use savdo_domain::stock::{self as rules, MovementReason, NewBatch, Receipt};
use savdo_domain::{FieldErrors, FieldProblem, Money, Quantity, Refusal};
use savdo_persistence::sales::GoodsView;
use savdo_persistence::stock::{self, StockView};
use savdo_persistence::{Tx, products};
use serde_json::json;

use crate::audit::{self, Action, Entry, Subject};
use crate::once::Once;
use crate::stock::by_hand::Mover;
use crate::stock::ledger::{self, Moved};
use crate::stock::traces::leave_traces;
use crate::{Context, Result};

/// What lies at a place at the beginning. Exactly one place.
#[derive(Debug, Clone)]
pub struct OpenStock {
    /// The product.
    pub product_id: ProductId,
    /// At this branch.
    pub branch: Option<LocationId>,
    /// At this warehouse.
    pub warehouse: Option<LocationId>,
    /// How much; nothing is possible.
    pub quantity: Quantity,
    /// The price of one unit; the product's purchase price of this moment when none is given.
    pub unit_cost: Option<Money>,
    /// The maker's series, possibly empty.
    pub series: String,
    /// The last day of use.
    pub expires_on: Option<NaiveDate>,
}

/// Begins to keep a product at a place: an adjustment into a batch of its own, or an empty level. One that was put aside
/// comes back.
///
/// # Errors
/// A missing right; problems at every field that does not fit, series and expiry of a medicine included; across fields where
/// the product is kept at the place already.
pub fn open<O: Once<StockView>>(context: &Context, actor: &Actor, command: OpenStock, once: &O) -> Result<O::Answer> {
    let mover = Mover::new(context, actor, Permission::ChangeStock)?;
    once.write(context, actor, "stock_open", move |tx| {
        let mut errors = FieldErrors::new();
        let place = mover.find_place(tx, command.branch, command.warehouse, &mut errors)?;
        let goods = mover.hold_goods(tx, command.product_id)?;
        let goods = goods.filter(|goods| goods.status == RowStatus::Active);
        let goods = errors.keep("product", goods.ok_or(FieldProblem::UnknownObject));
        let batch = match &goods {
            Some(goods) => first_batch(tx, &mover, &command, goods, &mut errors)?,
            None => None,
        };
        errors.into_result()?;
        let (Some(place), Some(goods)) = (place, goods) else {
            return Err(Refusal::NotFound.into());
        };
        let id = stock::open_level(tx, mover.store_id, place.location_id, goods.id, mover.at)?;
        let id = id.ok_or_else(|| FieldErrors::across(FieldProblem::AlreadyStocked))?;
        match batch {
            Some(batch) => {
                let document = mover.document(place.place(), MovementReason::Adjustment, "");
                let received = ledger::receive(tx, &document, goods.id, &batch)?;
                let moved = Moved::from((received, batch.quantity));
                leave_traces(tx, &mover.author, &document, place.low_stock, &[moved])?;
            }
            None => note_empty(tx, &mover, id, &format!("{}, {}", goods.name, place.name))?,
        }
        let view = stock::find_stock(tx, mover.store_id, mover.day, id)?;
        Ok(view.ok_or(Refusal::NotFound)?)
    })
}

/// The batch that lies there at the beginning, if anything does.
fn first_batch(
    tx: &mut Tx<'_>,
    mover: &Mover,
    command: &OpenStock,
    goods: &GoodsView,
    errors: &mut FieldErrors,
) -> Result<Option<NewBatch>> {
    if command.quantity.is_zero() {
        return Ok(None);
    }
    let unit_cost = match command.unit_cost {
        Some(unit_cost) => unit_cost,
        None => {
            let prices = products::purchase_prices(tx, mover.store_id, &[goods.id])?;
            prices.get(&goods.id).copied().unwrap_or_default()
        }
    };
    let batch = rules::receive(Receipt {
        quantity: command.quantity,
        unit_cost,
        series: command.series.clone(),
        expires_on: command.expires_on,
        must_be_traceable: goods.is_medicine,
    });
    match batch {
        Ok(batch) => Ok(Some(batch)),
        Err(problems) => {
            errors.merge(problems);
            Ok(None)
        }
    }
}

fn note_empty(tx: &mut Tx<'_>, mover: &Mover, id: LevelId, what: &str) -> Result<()> {
    let entry = Entry {
        store_id: Some(mover.store_id),
        action: Action::Create,
        subject_type: Subject::StockLevel,
        subject_id: id.get(),
        description: format!("Qoldiq ochildi: {what}"),
        details: Some(json!({ "changes": { "quantity": { "old": null, "new": Quantity::ZERO } } })),
    };
    audit::record(tx, &mover.author, mover.at, entry)?;
    Ok(())
}
