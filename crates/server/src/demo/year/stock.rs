//! What lies at a place while the year goes by: batches in memory, taken and put back by the domain.

use anyhow::Context as _;
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use savdo_domain::catalog::Unit;
use savdo_domain::ids::{BatchId, MovementId, ProductId};
use savdo_domain::stock::{
    Batch, BatchChange, Demand, DocumentType, IssuedPart, Level, MovementReason, MovementType, Place, Policy, PutBack,
    StockRefusal, Withdraw, Withdrawal, put_back, undo_all,
};
use savdo_domain::{Money, Quantity};
use savdo_persistence::bulk::{StockBatchRow, StockLevelRow};
use savdo_persistence::stock::Document;
use savdo_services::audit::Author;
use savdo_services::stock::traces::{MovedGoods, of_movement};

use super::super::hour;
use super::book::{Book, take};

/// How many rows gather before they are written.
const PAGE: usize = 20_000;

/// A product of the large catalogue, as documents need it.
#[derive(Debug, Clone)]
pub(crate) struct Ware {
    pub(crate) id: ProductId,
    pub(crate) name: String,
    pub(crate) unit: Unit,
    pub(crate) price: Money,
    pub(crate) cost: Money,
    pub(crate) is_medicine: bool,
    /// Whether customers order it as it is.
    pub(crate) is_offered: bool,
}

/// What lies of a product.
#[derive(Debug, Clone, Default)]
struct Lot {
    batches: Vec<Batch>,
    moved_at: DateTime<Utc>,
}

/// What lies at a place, product by product.
#[derive(Debug, Clone)]
pub(super) struct Stock {
    place: Place,
    first: ProductId,
    lots: Vec<Lot>,
}

/// Goods that come on the first day.
pub(super) struct Delivery<'a> {
    pub(super) owner: &'a Author,
    pub(super) day: NaiveDate,
    pub(super) today: NaiveDate,
    /// How much comes of each product at the least, in whole units.
    pub(super) plenty: i64,
}

impl Stock {
    /// Nothing yet, of products that are numbered from `first`.
    pub(super) fn empty(place: Place, first: ProductId, count: usize) -> Self {
        Self {
            place,
            first,
            lots: vec![Lot::default(); count],
        }
    }

    pub(super) const fn place(&self) -> Place {
        self.place
    }

    fn lot(&mut self, id: ProductId) -> Option<&mut Lot> {
        let position = id.get().checked_sub(self.first.get())?;
        self.lots.get_mut(usize::try_from(position).ok()?)
    }

    /// Takes goods; less than is asked for takes none.
    pub(super) fn withdraw(
        &mut self,
        (day, at): (NaiveDate, DateTime<Utc>),
        demands: &[Demand<'_>],
    ) -> anyhow::Result<Option<Withdrawal>> {
        let products = demands.iter().map(|demand| demand.product_id);
        let batches = self.batches(products);
        let withdraw = Withdraw {
            place: self.place,
            policy: Policy::SellableOnly,
            day,
        };
        let withdrawal = match withdraw.allocate(batches, demands) {
            Ok(withdrawal) => withdrawal,
            Err(StockRefusal::Insufficient(_)) => return Ok(None),
            Err(refusal) => anyhow::bail!("goods cannot be taken: {refusal:?}"),
        };
        for movement in &withdrawal.movements {
            self.change(movement.product_id, &movement.batches, at);
        }
        Ok(Some(withdrawal))
    }

    /// Puts back all that these parts took.
    pub(super) fn put_back(
        &mut self,
        (day, at): (NaiveDate, DateTime<Utc>),
        parts: &[IssuedPart],
    ) -> anyhow::Result<PutBack> {
        let undoings = undo_all(parts)?;
        let batches = self.batches(undoings.iter().map(|undoing| undoing.product_id));
        let back = put_back(&undoings, batches, day)?;
        for movement in &back.movements {
            self.change(movement.product_id, &movement.batches, at);
        }
        Ok(back)
    }

    fn batches(&mut self, products: impl Iterator<Item = ProductId>) -> Vec<Batch> {
        let mut products: Vec<ProductId> = products.collect();
        products.sort_unstable();
        products.dedup();
        let mut batches = Vec::new();
        for id in products {
            batches.extend(self.lot(id).into_iter().flat_map(|lot| lot.batches.iter().cloned()));
        }
        batches
    }

    fn change(&mut self, id: ProductId, changes: &[BatchChange], at: DateTime<Utc>) {
        let Some(lot) = self.lot(id) else { return };
        lot.moved_at = lot.moved_at.max(at);
        for change in changes {
            if let Some(batch) = lot.batches.iter_mut().find(|batch| batch.id == change.batch_id) {
                (batch.left, batch.value) = (change.left, change.value_left);
            }
        }
    }

    /// Takes in each of these products. Levels and batches are written as they lie at the `end` of the year, where that is known.
    pub(super) fn take_in(
        &mut self,
        book: &mut Book,
        wares: &[Ware],
        delivery: &Delivery<'_>,
        end: Option<&Self>,
        turn_page: &mut impl FnMut(&mut Book) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let opening = hour(delivery.day, 10);
        for (number, ware) in (0_i64..).zip(wares) {
            // A hundred in a second.
            let at = opening + TimeDelta::milliseconds(number.saturating_mul(10));
            let mut on_hand = Quantity::ZERO;
            for (quantity, expires_on) in batches(number, delivery) {
                let quantity = Quantity::from_pieces(quantity).context("a quantity out of range")?;
                on_hand = on_hand.checked_add(quantity).context("a level out of range")?;
                let expires_on = expires_on.filter(|_| ware.is_medicine);
                self.receive(
                    book,
                    ware,
                    (quantity, on_hand, expires_on),
                    (delivery.owner, delivery.day, at),
                    end,
                )?;
            }
            if let Some(end) = end {
                end.write_level(book, ware.id, delivery.today)?;
            }
            if book.rows.stock_movements.len() >= PAGE {
                turn_page(book)?;
            }
        }
        turn_page(book)
    }

    fn receive(
        &mut self,
        book: &mut Book,
        ware: &Ware,
        (quantity, on_hand, expires_on): (Quantity, Quantity, Option<NaiveDate>),
        (owner, day, at): (&Author, NaiveDate, DateTime<Utc>),
        end: Option<&Self>,
    ) -> anyhow::Result<()> {
        let value = ware.cost.times(quantity).context("a value out of range")?;
        let document = Document {
            store_id: book.store_id,
            place: self.place,
            document_type: DocumentType::Manual,
            document_id: None,
            reason: MovementReason::Receipt,
            actor_id: owner.user_id,
            day,
            at,
            description: "",
        };
        let movement_id = book.movement(&document, ware.id.get(), (quantity, value));
        let batch = Batch {
            id: BatchId::new(take(&mut book.next.stock_batches)),
            product_id: ware.id,
            left: quantity,
            value,
            expires_on,
            is_blocked: false,
            received_at: at,
        };
        book.part(movement_id, batch.id.get(), 0, (quantity, value), None);
        note_receipt(book, (movement_id, &document), ware, (quantity, on_hand), owner);
        let left = end.and_then(|end| end.batch(ware.id, batch.id)).unwrap_or(&batch);
        book.rows.stock_batches.push(StockBatchRow {
            id: batch.id.get(),
            store_id: book.store_id.get(),
            location_id: self.place.location_id.get(),
            product_id: ware.id.get(),
            origin_movement_id: movement_id,
            unit_cost: ware.cost.tiyin(),
            quantity_received: quantity.thousandths(),
            quantity_left: left.left.thousandths(),
            value_left: left.value.tiyin(),
            is_spent: left.left.is_zero(),
            series: expires_on.map_or_else(String::new, |on| format!("{}-{}", on.format("%y%m"), ware.id)),
            expires_on,
            is_blocked: false,
            block_reason: "",
            received_at: at.naive_utc(),
        });
        let lot = self.lot(ware.id).context("goods of an unknown product")?;
        lot.batches.push(batch);
        lot.moved_at = at;
        Ok(())
    }

    fn at(&self, id: ProductId) -> Option<&Lot> {
        let position = id.get().checked_sub(self.first.get())?;
        self.lots.get(usize::try_from(position).ok()?)
    }

    fn batch(&self, product: ProductId, id: BatchId) -> Option<&Batch> {
        self.at(product)?.batches.iter().find(|batch| batch.id == id)
    }

    fn write_level(&self, book: &mut Book, id: ProductId, today: NaiveDate) -> anyhow::Result<()> {
        let lot = self.at(id).context("a level of an unknown product")?;
        let level = Level::of(&lot.batches, today).context("a level out of range")?;
        book.rows.stock_levels.push(StockLevelRow {
            id: take(&mut book.next.stock_levels),
            store_id: book.store_id.get(),
            location_id: self.place.location_id.get(),
            product_id: id.get(),
            on_hand: level.on_hand.thousandths(),
            sellable: level.sellable.thousandths(),
            nearest_expiry: level.nearest_expiry,
            is_hidden: false,
            updated_at: lot.moved_at.naive_utc(),
        });
        Ok(())
    }
}

/// Of every fourth product something comes that expires soon, and is sold first.
fn batches(number: i64, delivery: &Delivery<'_>) -> Vec<(i64, Option<NaiveDate>)> {
    let spread = u64::try_from(number).unwrap_or_default();
    let after = |days| delivery.today.checked_add_days(Days::new(days));
    let plenty = delivery.plenty.saturating_add(number % 7 * 50);
    let rest = (plenty, after(400 + spread % 500));
    if number % 4 == 0 {
        vec![(plenty / 40, after(40 + spread % 200)), rest]
    } else {
        vec![rest]
    }
}

fn note_receipt(
    book: &mut Book,
    (movement_id, document): (i64, &Document<'_>),
    ware: &Ware,
    (quantity, on_hand): (Quantity, Quantity),
    owner: &Author,
) {
    let goods = MovedGoods {
        product_id: ware.id,
        name: &ware.name,
        unit: ware.unit,
        movement_type: MovementType::In,
        quantity,
        on_hand,
    };
    let (entry, news) = of_movement(document, MovementId::new(movement_id), &goods);
    book.note((owner, document.at), entry);
    book.publish(document.at, &news);
}
