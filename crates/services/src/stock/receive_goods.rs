//! Goods taken in by hand: one movement, one batch.

use chrono::{DateTime, NaiveDate, Utc};
use savdo_domain::access::{Actor, Permission, RowStatus};
use savdo_domain::catalog::Unit;
use savdo_domain::coded::Coded;
use savdo_domain::ids::{BatchId, LocationId, MovementId, ProductId, StoreId};
use savdo_domain::stock::{self as rules, DocumentType, LocationKind, MovementReason, MovementType, Place, Receipt};
use savdo_domain::{FieldErrors, FieldProblem, Money, Quantity};
use savdo_persistence::sales::{self, CounterView, GoodsView};
use savdo_persistence::{Tx, products};
use serde_json::json;

use crate::audit::{self, Action, Author, Entry};
use crate::events::{self, Event};
use crate::once::Once;
use crate::stock::ledger::{self, Document};
use crate::{Context, Result};

/// Goods to be taken in.
#[derive(Debug, Clone)]
pub struct ReceiveGoods {
    /// The product.
    pub product_id: ProductId,
    /// Which way; only goods that come in are taken yet.
    pub movement_type: MovementType,
    /// How much.
    pub quantity: Quantity,
    /// Into this branch.
    pub branch: Option<LocationId>,
    /// Into this warehouse.
    pub warehouse: Option<LocationId>,
    /// The price of one unit; the product's purchase price of this moment when none is given.
    pub unit_cost: Option<Money>,
    /// From whom; the shop has no suppliers yet, so that none is known.
    pub supplier: Option<i64>,
    /// A remark, possibly empty.
    pub description: String,
    /// The maker's series, possibly empty.
    pub series: String,
    /// The last day of use.
    pub expires_on: Option<NaiveDate>,
}

/// Goods that were taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptView {
    /// The movement.
    pub id: MovementId,
    /// The product.
    pub product_id: ProductId,
    /// Its name.
    pub product_name: String,
    /// The unit it is sold in.
    pub unit: Unit,
    /// Where the goods lie.
    pub place: Place,
    /// The name of the place.
    pub location_name: String,
    /// How much came.
    pub quantity: Quantity,
    /// The price of one unit.
    pub unit_cost: Money,
    /// What all of it is worth.
    pub total_cost: Money,
    /// The batch that was made.
    pub batch_id: BatchId,
    /// Who took them in.
    pub worker_name: String,
    /// A remark, possibly empty.
    pub description: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Takes goods in.
///
/// # Errors
/// A missing right; problems at every field that does not fit, series and expiry of a medicine included.
pub fn receive_goods<O: Once<ReceiptView>>(
    context: &Context,
    actor: &Actor,
    command: ReceiveGoods,
    once: &O,
) -> Result<O::Answer> {
    let seat = actor.permit(Permission::ReceiveStock)?;
    let (store_id, zone) = (seat.store_id(), seat.zone());
    let (author, worker_name) = (Author::from(actor), actor.name.clone());
    let now = context.now();
    once.write(context, actor, "stock_receive", move |tx| {
        let (goods, counter) = find(tx, store_id, &command)?;
        let unit_cost = match command.unit_cost {
            Some(unit_cost) => unit_cost,
            None => purchase_price(tx, store_id, goods.id)?,
        };
        let batch = rules::receive(Receipt {
            quantity: command.quantity,
            unit_cost,
            series: command.series.clone(),
            expires_on: command.expires_on,
            must_be_traceable: goods.is_medicine,
        })?;
        let place = Place {
            location_id: counter.location_id,
            kind: counter.kind,
        };
        let document = Document {
            store_id,
            place,
            document_type: DocumentType::Manual,
            document_id: None,
            reason: MovementReason::Receipt,
            actor_id: author.user_id,
            day: zone.day(now),
            at: now,
            description: &command.description,
        };
        let received = ledger::receive(tx, &document, goods.id, &batch)?;
        let view = ReceiptView {
            id: received.movement_id,
            product_id: goods.id,
            product_name: goods.name,
            unit: goods.unit,
            place,
            location_name: counter.name,
            quantity: batch.quantity,
            unit_cost,
            total_cost: batch.value,
            batch_id: received.batch_id,
            worker_name: worker_name.clone(),
            description: command.description.clone(),
            created_at: now,
        };
        leave_traces(tx, store_id, &author, &view, received.on_hand)?;
        Ok(view)
    })
}

/// Product and place; every field of which something is wrong is named at once.
fn find(tx: &mut Tx<'_>, store_id: StoreId, command: &ReceiveGoods) -> Result<(GoodsView, CounterView)> {
    let mut errors = FieldErrors::new();
    products::hold(tx, store_id, command.product_id)?;
    let goods = sales::goods(tx, store_id, &[command.product_id])?.into_iter().next();
    let goods = goods.filter(|goods| goods.status == RowStatus::Active);
    let goods = errors.keep("product", goods.ok_or(FieldProblem::UnknownObject));
    if command.movement_type != MovementType::In {
        let value = command.movement_type.code().to_owned();
        errors.add("movement_type", FieldProblem::UnknownChoice { value });
    }
    if !command.quantity.is_positive() {
        errors.add("quantity", FieldProblem::NotPositive);
    }
    if command.supplier.is_some() {
        errors.add("supplier", FieldProblem::UnknownObject);
    }
    let counter = match (command.branch, command.warehouse) {
        (Some(branch), None) => find_place(tx, store_id, branch, LocationKind::Branch, &mut errors)?,
        (None, Some(warehouse)) => find_place(tx, store_id, warehouse, LocationKind::Warehouse, &mut errors)?,
        (Some(_), Some(_)) | (None, None) => {
            errors.add(FieldErrors::NON_FIELD, FieldProblem::ExactlyOnePlace);
            None
        }
    };
    match (goods, counter) {
        (Some(goods), Some(counter)) if errors.is_empty() => Ok((goods, counter)),
        _ => Err(errors.into()),
    }
}

fn find_place(
    tx: &mut Tx<'_>,
    store_id: StoreId,
    id: LocationId,
    kind: LocationKind,
    errors: &mut FieldErrors,
) -> Result<Option<CounterView>> {
    let place = sales::hold_counter(tx, store_id, id)?;
    let place = place.filter(|place| place.kind == kind && place.status == RowStatus::Active);
    Ok(errors.keep(kind.code(), place.ok_or(FieldProblem::UnknownObject)))
}

fn purchase_price(tx: &mut Tx<'_>, store_id: StoreId, product_id: ProductId) -> Result<Money> {
    let prices = products::purchase_prices(tx, store_id, &[product_id])?;
    Ok(prices.get(&product_id).copied().unwrap_or_default())
}

fn leave_traces(
    tx: &mut Tx<'_>,
    store_id: StoreId,
    author: &Author,
    view: &ReceiptView,
    on_hand: Quantity,
) -> Result<()> {
    let entry = Entry {
        store_id: Some(store_id),
        action: Action::Create,
        subject_type: "stock_movement",
        subject_id: view.id.get(),
        description: format!("Kirim: {}, {} {}", view.product_name, view.quantity, view.unit),
        details: None,
    };
    audit::record(tx, author, view.created_at, entry)?;
    let payload = json!({
        "product_id": view.product_id,
        "location_id": view.place.location_id,
        "on_hand": on_hand,
    });
    let subject = ("stock_movement", view.id.get());
    events::publish(tx, store_id, view.created_at, Event::StockChanged, subject, &payload)?;
    Ok(())
}
