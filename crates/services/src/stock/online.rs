//! Stock as the staff of the online pharmacy writes it: whole pieces of one product at the branch that serves online.
//!
//! A number said there is the number that customers see, so that only what can be sold counts and leaves. Goods that come are one
//! batch, without a series.

use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, Utc};
use savdo_domain::ids::{ProductId, StoreId};
use savdo_domain::stock::{self as rules, Correction, Demand, Level, MovementReason, Policy, Receipt};
use savdo_domain::zone::Zone;
use savdo_domain::{FieldErrors, FieldProblem, Money, Quantity};
use savdo_persistence::sales::{self, CounterView};
use savdo_persistence::{Tx, products, settings, stock, stores};

use crate::Result;
use crate::audit::Author;
use crate::stock::by_hand::Mover;
use crate::stock::ledger;
use crate::stock::traces::leave_traces;

/// What is said of a product's stock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ShownStock {
    /// How many pieces can be sold.
    pub pieces: Option<i64>,
    /// How many the caller believes can be sold; no comparison without it.
    pub expected: Option<i64>,
    /// The last day of use of pieces that come.
    pub expires_on: Option<NaiveDate>,
    /// What such a piece cost; the product's purchase price without it.
    pub unit_cost: Option<Money>,
}

/// The branch that serves online orders and the day there, kept until the end of the transaction.
pub(crate) struct Shelf {
    mover: Mover,
    place: Option<CounterView>,
}

impl Shelf {
    /// Holds the settings and the branch; they come before the product in the order of locks. Nothing where nothing is said of
    /// stock.
    ///
    /// # Errors
    /// A failed statement.
    pub(crate) fn hold(
        tx: &mut Tx<'_>,
        store_id: StoreId,
        (author, at): (&Author, DateTime<Utc>),
        said: &ShownStock,
    ) -> Result<Option<Self>> {
        if *said == ShownStock::default() {
            return Ok(None);
        }
        let zone: Zone = stores::find(tx, store_id)?.zone;
        settings::hold(tx, store_id)?;
        let place = match products::shops::online_location(tx, store_id)? {
            Some(id) => sales::hold_counter(tx, store_id, id)?,
            None => None,
        };
        let mover = Mover {
            store_id,
            author: author.clone(),
            day: zone.day(at),
            at,
        };
        Ok(Some(Self { mover, place }))
    }

    /// Notes what is wrong with what is said: a day that has passed, pieces where no branch serves.
    pub(crate) fn check(&self, said: &ShownStock, errors: &mut FieldErrors) {
        if said.expires_on.is_some_and(|day| day < self.mover.day) {
            let min = self.mover.day.to_string();
            let max = "9999-12-31".to_owned();
            errors.add("expiry_date", FieldProblem::OutOfRange { min, max });
        }
        if said.pieces.is_some() && self.place.is_none() {
            errors.add("stock", FieldProblem::NoActiveBranch);
        }
    }

    /// Takes in the first pieces of a product just made.
    ///
    /// # Errors
    /// Goods worth more than fits.
    pub(crate) fn receive(&self, tx: &mut Tx<'_>, goods: (ProductId, &str), said: &ShownStock) -> Result<()> {
        let pieces = Quantity::from_pieces(said.pieces.unwrap_or_default()).unwrap_or_default();
        self.put(tx, goods, MovementReason::Receipt, Correction::Up(pieces), said)
    }

    /// Makes of the pieces that can be sold those that are said; the product is locked.
    ///
    /// # Errors
    /// [`StockRefusal::Changed`](rules::StockRefusal::Changed) where the caller believes other pieces; goods worth more than fits.
    pub(crate) fn set(&self, tx: &mut Tx<'_>, goods: (ProductId, &str), said: &ShownStock) -> Result<()> {
        let shown = self.shown(tx, goods.0)?;
        let pieces = |number: i64| Quantity::from_pieces(number).context("pieces out of range");
        let expected = said.expected.map(pieces).transpose()?;
        let wanted = said.pieces.map_or(Ok(shown), pieces)?;
        let correction = rules::correct(shown, wanted, expected)?;
        self.put(tx, goods, MovementReason::Adjustment, correction, said)
    }

    /// The whole pieces that can be sold now, from now on unchanged.
    fn shown(&self, tx: &mut Tx<'_>, product_id: ProductId) -> Result<Quantity> {
        let Some(place) = &self.place else {
            return Ok(Quantity::ZERO);
        };
        let (store_id, location_id) = (self.mover.store_id, place.location_id);
        stock::lock_levels(tx, store_id, location_id, &[product_id])?;
        let batches = stock::unspent_batches(tx, store_id, location_id, &[product_id])?;
        let level = Level::of(&batches, self.mover.day).context("batches sum to more than fits")?;
        Ok(Quantity::from_pieces(level.sellable.whole_pieces()).context("pieces out of range")?)
    }

    fn put(
        &self,
        tx: &mut Tx<'_>,
        (product_id, name): (ProductId, &str),
        reason: MovementReason,
        correction: Correction,
        said: &ShownStock,
    ) -> Result<()> {
        let Some(place) = &self.place else { return Ok(()) };
        let document = self.mover.document(place.place(), reason, "");
        let moved = match correction {
            Correction::Nothing => return Ok(()),
            Correction::Up(more) if more.is_zero() => return Ok(()),
            Correction::Up(more) => {
                let prices = products::purchase_prices(tx, self.mover.store_id, &[product_id])?;
                let purchase_price = prices.get(&product_id).copied().unwrap_or_default();
                let batch = rules::receive(Receipt {
                    quantity: more,
                    unit_cost: said.unit_cost.unwrap_or(purchase_price),
                    series: String::new(),
                    expires_on: said.expires_on,
                    must_be_traceable: false,
                });
                let batch = batch.map_err(|errors| errors.renamed("unit_cost", "purchase_price"))?;
                let received = ledger::receive(tx, &document, product_id, &batch)?;
                vec![ledger::Moved::from((received, more))]
            }
            Correction::Down(less) => {
                let demand = Demand {
                    line: 0,
                    product_id,
                    product_name: name,
                    quantity: less,
                };
                ledger::take(tx, &document, Policy::SellableOnly, &[demand])?
            }
        };
        leave_traces(tx, &self.mover.author, &document, place.low_stock, &moved)?;
        Ok(())
    }
}
