//! Where the goods of batches went: the documents by which they left, less what came back.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};
use savdo_domain::Quantity;
use savdo_domain::ids::{BatchId, MovementId, StoreId};
use savdo_domain::stock::DocumentType;

use crate::columns::coded;
use crate::database::Reader;
use crate::error::Error;
use crate::fragments::fragments;
use crate::schema::{orders, stock_movement_parts, stock_movements, users};
use crate::workers::full_name;

/// Goods of a batch that a document took and that have not come back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedView {
    /// The batch.
    pub batch_id: BatchId,
    /// What kind of document.
    pub document_type: DocumentType,
    /// Which one: a movement by hand is its own.
    pub document_id: i64,
    /// On which day of the store.
    pub day: NaiveDate,
    /// How much, above zero.
    pub quantity: Quantity,
    /// Who got it, where that is known.
    pub customer_name: Option<String>,
}

fragments! {
    /// How much of a part has come back.
    CameBack: BigInt = "(SELECT CAST(COALESCE(SUM(undoing.quantity), 0) AS BIGINT) FROM stock_movement_parts AS undoing \
        WHERE undoing.store_id = stock_movement_parts.store_id AND undoing.undoes_id = stock_movement_parts.id)";
    /// The order that a movement belongs to.
    OfOrder: Nullable<BigInt> =
        "(CASE WHEN stock_movements.document_type = 'order' THEN stock_movements.document_id END)";
}

/// What went out of these batches of the store, in the order of the documents' movements. Several lines of a document are one.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn issued(reader: &mut Reader<'_>, store_id: StoreId, batches: &[BatchId]) -> Result<Vec<IssuedView>, Error> {
    let ids: Vec<i64> = batches.iter().map(|id| id.get()).collect();
    let rows: Vec<IssuedRow> = reader.statement("parts_issued_of_batches", |on| {
        stock_movement_parts::table
            .inner_join(stock_movements::table)
            .left_join(
                orders::table.on(orders::store_id
                    .eq(stock_movements::store_id)
                    .and(orders::id.nullable().eq(OfOrder))),
            )
            .left_join(users::table.on(users::id.nullable().eq(orders::buyer_id.nullable())))
            .filter(stock_movement_parts::store_id.eq(store_id.get()))
            .filter(stock_movement_parts::batch_id.eq_any(&ids))
            .filter(stock_movement_parts::quantity.lt(0))
            .order((
                stock_movement_parts::batch_id,
                stock_movements::id,
                stock_movement_parts::id,
            ))
            .select((
                stock_movement_parts::batch_id,
                (
                    stock_movements::id,
                    stock_movements::document_type,
                    stock_movements::document_id,
                    stock_movements::day,
                ),
                (stock_movement_parts::quantity, CameBack),
                (
                    users::first_name.nullable(),
                    users::last_name.nullable(),
                    users::phone.nullable(),
                ),
            ))
            .load(on)
    })?;
    let mut issued: Vec<(MovementId, IssuedView)> = Vec::new();
    for row in rows {
        let (movement_id, view) = row.into_view()?;
        match issued.last_mut() {
            Some((last, told)) if (*last, told.batch_id) == (movement_id, view.batch_id) => {
                told.quantity = told
                    .quantity
                    .checked_add(view.quantity)
                    .ok_or_else(|| out_of_range(movement_id))?;
            }
            Some(_) | None => issued.push((movement_id, view)),
        }
    }
    let kept = issued.into_iter().map(|(_, view)| view);
    Ok(kept.filter(|view| view.quantity.is_positive()).collect())
}

fn out_of_range(id: MovementId) -> Error {
    Error::Corrupt {
        table: "stock_movements",
        id: id.get(),
        why: "its parts and what came back of them do not sum to what fits".to_owned(),
    }
}

#[derive(Queryable)]
struct IssuedRow {
    batch_id: i64,
    movement: (i64, String, Option<i64>, NaiveDate),
    amounts: (i64, i64),
    buyer: (Option<String>, Option<String>, Option<String>),
}

impl IssuedRow {
    fn into_view(self) -> Result<(MovementId, IssuedView), Error> {
        let Self {
            batch_id,
            movement: (movement_id, document_type, document_id, day),
            amounts: (quantity, came_back),
            buyer: (first_name, last_name, phone),
        } = self;
        let id = MovementId::new(movement_id);
        let left = quantity.checked_add(came_back).and_then(i64::checked_neg);
        let view = IssuedView {
            batch_id: BatchId::new(batch_id),
            document_type: coded("stock_movements", movement_id, &document_type)?,
            document_id: document_id.unwrap_or(movement_id),
            day,
            quantity: Quantity::from_thousandths(left.ok_or_else(|| out_of_range(id))?),
            customer_name: first_name.zip(last_name).map(|(first_name, last_name)| {
                full_name(&first_name, &last_name, phone.as_deref().unwrap_or_default())
            }),
        };
        Ok((id, view))
    }
}
