//! The verbs through which all stock changes, whichever channel asks.
//!
//! Each locks the levels in the order of product ids, reads the batches in a later statement, lets the domain decide, and writes
//! all of it at once. In the order of locks they come after the document's own; audit and event follow. Goods come back to
//! products in use alone, so that nothing lies of what is put aside; who takes in holds the product himself, since he names it.
//! Deliberately absent: rights, audit and events, which belong to the document.

use std::collections::BTreeMap;

use anyhow::Context as _;
use savdo_domain::ids::{LocationId, MovementId, ProductId};
use savdo_domain::stock::{
    self as rules, Demand, DocumentType, Level, LineBack, NewBatch, Policy, StockRefusal, Undoing, Withdraw, Withdrawal,
};
use savdo_domain::{Money, Quantity};
use savdo_persistence::stock::{self, Received};
use savdo_persistence::{Tx, products};

pub(crate) use savdo_persistence::stock::Document;

/// A movement made by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moved {
    /// The movement.
    pub(crate) id: MovementId,
    /// How much moved, below zero where it left.
    pub(crate) quantity: Quantity,
    /// How much lies at the place afterwards.
    pub(crate) on_hand: Quantity,
}

impl From<(Received, Quantity)> for Moved {
    fn from((received, quantity): (Received, Quantity)) -> Self {
        Self {
            id: received.movement_id,
            quantity,
            on_hand: received.on_hand,
        }
    }
}

/// Takes what the lines of a document ask for; `policy` says from which batches.
///
/// # Errors
/// [`StockRefusal::Insufficient`] with every short product, and nothing has moved; a product that never was at the place is short
/// by all of it.
pub(crate) fn withdraw(
    tx: &mut Tx<'_>,
    document: &Document<'_>,
    policy: Policy,
    demands: &[Demand<'_>],
) -> crate::Result<Withdrawal> {
    let (withdrawal, _) = draw(tx, document, policy, demands)?;
    Ok(withdrawal)
}

/// As [`withdraw`], by hand: answers the movements, one for each product, in the order of their ids.
///
/// # Errors
/// As [`withdraw`].
pub(crate) fn take(
    tx: &mut Tx<'_>,
    document: &Document<'_>,
    policy: Policy,
    demands: &[Demand<'_>],
) -> crate::Result<Vec<Moved>> {
    let (withdrawal, ids) = draw(tx, document, policy, demands)?;
    let moved = ids.into_iter().zip(withdrawal.movements).map(|(id, movement)| Moved {
        id,
        quantity: movement.quantity,
        on_hand: movement.level.on_hand,
    });
    Ok(moved.collect())
}

fn draw(
    tx: &mut Tx<'_>,
    document: &Document<'_>,
    policy: Policy,
    demands: &[Demand<'_>],
) -> crate::Result<(Withdrawal, Vec<MovementId>)> {
    let (store_id, location_id) = (document.store_id, document.place.location_id);
    let products: Vec<ProductId> = demands.iter().map(|demand| demand.product_id).collect();
    // A level made since then is not locked: its product counts as absent.
    let locked = stock::lock_levels(tx, store_id, location_id, &products)?;
    let locked: Vec<ProductId> = locked.iter().map(|level| level.product_id).collect();
    let batches = stock::unspent_batches(tx, store_id, location_id, &locked)?;
    let withdraw = Withdraw {
        place: document.place,
        policy,
        day: document.day,
    };
    let withdrawal = withdraw.allocate(batches, demands)?;
    let ids = stock::write(tx, document, &withdrawal.movements)?;
    Ok((withdrawal, ids))
}

/// Puts what another document took from this place back into the batches it came from: exactly what is left to undo of it.
///
/// The caller holds the lock of the document undone and has changed its state, so that nothing is undone twice at once.
///
/// # Errors
/// [`StockRefusal::ProductInactive`] where a product was put aside meanwhile; [`crate::Error::Unexpected`] when the ledger
/// contradicts itself.
pub(crate) fn put_back(
    tx: &mut Tx<'_>,
    document: &Document<'_>,
    undone_type: DocumentType,
    undone_id: i64,
) -> crate::Result<()> {
    let (store_id, location_id) = (document.store_id, document.place.location_id);
    let parts = stock::issued_parts(tx, store_id, location_id, undone_type, undone_id)?;
    let undoings = rules::undo_all(&parts);
    let undoings = undoings.with_context(|| format!("putting back {undone_type} {undone_id} of store {store_id}"))?;
    restore(tx, document, &undoings)
}

/// Brings back what the named lines of another document took at `left_from`, each for a line of this one: into the batches it
/// came from, what was taken last first; at another place into batches like them. Answers what the goods of each line of this
/// document are worth.
///
/// The caller holds the lock of the document undone.
///
/// # Errors
/// As [`put_back`].
pub(crate) fn bring_back(
    tx: &mut Tx<'_>,
    document: &Document<'_>,
    (undone_type, undone_id, left_from): (DocumentType, i64, LocationId),
    lines: &[LineBack],
) -> crate::Result<BTreeMap<i64, Money>> {
    let store_id = document.store_id;
    let broken = || format!("bringing back goods of {undone_type} {undone_id} of store {store_id}");
    let parts = stock::issued_parts(tx, store_id, left_from, undone_type, undone_id)?;
    let undoings = rules::undo_lines(&parts, lines).with_context(broken)?;
    if document.place.location_id == left_from {
        restore(tx, document, &undoings)?;
    } else {
        carry(tx, document, left_from, &undoings)?;
    }
    let mut worth = BTreeMap::new();
    for undoing in &undoings {
        let value = worth.entry(undoing.line).or_insert(Money::ZERO);
        *value = undoing.value.checked_add(*value).with_context(broken)?;
    }
    Ok(worth)
}

/// Puts goods back where they lay.
fn restore(tx: &mut Tx<'_>, document: &Document<'_>, undoings: &[Undoing]) -> crate::Result<()> {
    let (store_id, location_id) = (document.store_id, document.place.location_id);
    let products = hold_products(tx, document, undoings)?;
    stock::lock_levels(tx, store_id, location_id, &products)?;
    let batches = stock::put_back_batches(tx, store_id, location_id, undoings)?;
    let put_back = rules::put_back(undoings, batches, document.day)
        .with_context(|| format!("putting goods back at {location_id} of store {store_id}"))?;
    stock::write(tx, document, &put_back.movements)?;
    Ok(())
}

/// Takes goods in that had left another place. The levels there are locked as well: under them it is said of a batch that it is
/// in quarantine, and goods of it that come back meanwhile are, or are not, but wholly.
fn carry(tx: &mut Tx<'_>, document: &Document<'_>, left_from: LocationId, undoings: &[Undoing]) -> crate::Result<()> {
    let (store_id, location_id) = (document.store_id, document.place.location_id);
    let products = hold_products(tx, document, undoings)?;
    for product_id in &products {
        lock_both(tx, document, left_from, *product_id)?;
    }
    let origins = stock::origins(tx, store_id, undoings)?;
    let lying = stock::unspent_batches(tx, store_id, location_id, &products)?;
    let arrivals = rules::carry(undoings, &origins, &lying, document.day)
        .with_context(|| format!("carrying goods to {location_id} of store {store_id}"))?;
    for arrival in &arrivals {
        stock::arrive(tx, document, arrival)?;
    }
    Ok(())
}

/// The products that come back, by id, all of them in use and held so.
fn hold_products(tx: &mut Tx<'_>, document: &Document<'_>, undoings: &[Undoing]) -> crate::Result<Vec<ProductId>> {
    let mut ids: Vec<ProductId> = undoings.iter().map(|undoing| undoing.product_id).collect();
    ids.sort_unstable();
    ids.dedup();
    if !products::hold_active(tx, document.store_id, &ids)? {
        return Err(StockRefusal::ProductInactive.into());
    }
    Ok(ids)
}

/// Locks the levels of a product at the document's place, which is made if goods never lay there, and at another: of one
/// product in the order of places, so that goods on their way there and back wait for each other in one order.
fn lock_both(
    tx: &mut Tx<'_>,
    document: &Document<'_>,
    left_from: LocationId,
    product_id: ProductId,
) -> crate::Result<()> {
    let is_first = left_from < document.place.location_id;
    if is_first {
        stock::lock_levels(tx, document.store_id, left_from, &[product_id])?;
    }
    lock_or_make(tx, document, product_id)?;
    if !is_first {
        stock::lock_levels(tx, document.store_id, left_from, &[product_id])?;
    }
    Ok(())
}

/// Locks the level of a product at the document's place, which is made if goods never lay there.
fn lock_or_make(tx: &mut Tx<'_>, document: &Document<'_>, product_id: ProductId) -> crate::Result<Level> {
    let (store_id, location_id) = (document.store_id, document.place.location_id);
    let mut locked = stock::lock_levels(tx, store_id, location_id, &[product_id])?;
    if locked.is_empty() {
        stock::make_level(tx, store_id, location_id, product_id, document.at)?;
        locked = stock::lock_levels(tx, store_id, location_id, &[product_id])?;
    }
    let level = locked.first().map(|locked| locked.level);
    Ok(level.with_context(|| format!("level of product {product_id} at {location_id} was made"))?)
}

/// Takes a new batch in.
///
/// # Errors
/// [`StockRefusal::AmountOutOfRange`] when the level would not fit.
pub(crate) fn receive(
    tx: &mut Tx<'_>,
    document: &Document<'_>,
    product_id: ProductId,
    batch: &NewBatch,
) -> crate::Result<Received> {
    let level = lock_or_make(tx, document, product_id)?;
    let level = level.after_receipt(batch.quantity, batch.expires_on, document.day);
    let level = level.ok_or(StockRefusal::AmountOutOfRange)?;
    Ok(stock::receive(tx, document, product_id, batch, level)?)
}
