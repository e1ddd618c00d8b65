//! Goods moved by hand: taken in, each line into a batch of its own, or taken out.

use std::collections::BTreeMap;

use anyhow::Context as _;
use chrono::NaiveDate;
use savdo_domain::access::{Actor, Permission, RowStatus};
use savdo_domain::ids::{BatchId, LocationId, ProductId};
use savdo_domain::stock::{self as rules, Demand, MovementReason, MovementType, NewBatch, Place, Policy, Receipt};
use savdo_domain::{FieldErrors, FieldProblem, Money, Quantity};
use savdo_persistence::sales::{self, GoodsView};
use savdo_persistence::stock::{self, MovementView};
use savdo_persistence::{Tx, products};

use crate::limits::Limit;
use crate::once::Once;
use crate::stock::by_hand::Mover;
use crate::stock::ledger::{self, Document, Moved};
use crate::stock::traces::leave_traces;
use crate::{Context, Result};

/// Goods of one product to be moved.
#[derive(Debug, Clone)]
pub struct MoveGoods {
    /// The product.
    pub product_id: ProductId,
    /// Which way.
    pub movement_type: MovementType,
    /// How much.
    pub quantity: Quantity,
    /// At this branch.
    pub branch: Option<LocationId>,
    /// At this warehouse.
    pub warehouse: Option<LocationId>,
    /// The price of one unit that comes in; the product's purchase price of this moment when none is given. Of goods that leave it
    /// counts for nothing: they are worth what their batches are.
    pub unit_cost: Option<Money>,
    /// From or to whom; the shop has no suppliers yet, so that none is known.
    pub supplier: Option<i64>,
    /// A remark, possibly empty.
    pub description: String,
    /// The maker's series of goods that come in, possibly empty.
    pub series: String,
    /// Their last day of use.
    pub expires_on: Option<NaiveDate>,
    /// The one batch that goods leave.
    pub batch: Option<BatchId>,
}

/// Goods of several products to be moved at one place, all of them or none.
#[derive(Debug, Clone)]
pub struct MoveMany {
    /// Which way.
    pub movement_type: MovementType,
    /// At this branch.
    pub branch: Option<LocationId>,
    /// At this warehouse.
    pub warehouse: Option<LocationId>,
    /// A remark, possibly empty.
    pub description: String,
    /// The goods.
    pub items: Vec<GoodsLine>,
}

/// One line of [`MoveMany`], as the keys of [`MoveGoods`] of the same name.
#[derive(Debug, Clone)]
pub struct GoodsLine {
    /// The product.
    pub product_id: ProductId,
    /// How much.
    pub quantity: Quantity,
    /// The price of one unit.
    pub unit_cost: Option<Money>,
    /// From or to whom.
    pub supplier: Option<i64>,
    /// The maker's series.
    pub series: String,
    /// The last day of use.
    pub expires_on: Option<NaiveDate>,
    /// The one batch that goods leave.
    pub batch: Option<BatchId>,
}

/// Moves goods of one product.
///
/// # Errors
/// A missing right: to take goods out needs more than to take them in. Problems at every field that does not fit, series and
/// expiry of a medicine included. [`StockRefusal`](rules::StockRefusal) for less than is asked.
pub fn move_goods<O: Once<MovementView>>(
    context: &Context,
    actor: &Actor,
    command: MoveGoods,
    once: &O,
) -> Result<O::Answer> {
    let mover = Mover::new(context, actor, right(command.movement_type))?;
    let (order, line) = command.split();
    once.write(context, actor, "stock_move", move |tx| {
        let lines = std::slice::from_ref(&line);
        let moved = mover.carry_out(tx, &order, lines, |errors, mut of_lines| {
            of_lines.drain(..).for_each(|of_line| errors.merge(of_line));
        })?;
        let moved = moved.into_iter().next();
        Ok(moved.context("goods were moved without a movement")?)
    })
}

/// Moves goods of several products. Of goods that leave, the lines of one product are one movement.
///
/// # Errors
/// As [`move_goods`], the problems of a line under `items` at its place; [`Error::Throttled`](crate::Error::Throttled).
pub fn move_many<O: Once<Vec<MovementView>>>(
    context: &Context,
    actor: &Actor,
    command: MoveMany,
    once: &O,
) -> Result<O::Answer> {
    let mover = Mover::new(context, actor, right(command.movement_type))?;
    context.admit(Limit::BulkOfUser, &actor.user_id.to_string())?;
    let MoveMany {
        movement_type,
        branch,
        warehouse,
        description,
        items,
    } = command;
    let order = Order {
        movement_type,
        branch,
        warehouse,
        description,
    };
    once.write(context, actor, "stock_move_many", move |tx| {
        mover.carry_out(tx, &order, &items, |errors, of_lines| {
            errors.add_elements("items", of_lines)
        })
    })
}

/// What the lines of one request have in common.
#[derive(Debug, Clone)]
struct Order {
    movement_type: MovementType,
    branch: Option<LocationId>,
    warehouse: Option<LocationId>,
    description: String,
}

/// A line whose product is known.
struct KnownLine<'a> {
    /// Its place among all lines.
    position: usize,
    line: &'a GoodsLine,
    goods: GoodsView,
}

impl MoveGoods {
    fn split(self) -> (Order, GoodsLine) {
        let Self {
            product_id,
            movement_type,
            quantity,
            branch,
            warehouse,
            unit_cost,
            supplier,
            description,
            series,
            expires_on,
            batch,
        } = self;
        let order = Order {
            movement_type,
            branch,
            warehouse,
            description,
        };
        let line = GoodsLine {
            product_id,
            quantity,
            unit_cost,
            supplier,
            series,
            expires_on,
            batch,
        };
        (order, line)
    }
}

impl Mover {
    /// Finds what the lines name, moves the goods and leaves the traces; `place_problems` puts the problems of the lines where
    /// the request has its lines.
    fn carry_out(
        &self,
        tx: &mut Tx<'_>,
        order: &Order,
        lines: &[GoodsLine],
        place_problems: impl Fn(&mut FieldErrors, Vec<FieldErrors>),
    ) -> Result<Vec<MovementView>> {
        let mut errors = FieldErrors::new();
        let place = self.find_place(tx, order.branch, order.warehouse, &mut errors)?;
        let at = place.as_ref().map(|place| place.place());
        let (known, mut problems) = self.find_goods(tx, order, at, lines)?;
        let batches = match order.movement_type {
            MovementType::In => self.batches(tx, &known, &mut problems)?,
            MovementType::Out => Vec::new(),
        };
        place_problems(&mut errors, problems);
        errors.into_result()?;
        let place = place.context("a place without problems is missing")?;
        let reason = match order.movement_type {
            MovementType::In => MovementReason::Receipt,
            MovementType::Out => MovementReason::Adjustment,
        };
        let document = self.document(place.place(), reason, &order.description);
        let moved = match order.movement_type {
            MovementType::In => take_in(tx, &document, &known, &batches)?,
            MovementType::Out => take_out(tx, &document, &known)?,
        };
        leave_traces(tx, &self.author, &document, place.low_stock, &moved)
    }

    /// The goods of the lines that name some, held in the order of their ids, and what is wrong with each line.
    fn find_goods<'a>(
        &self,
        tx: &mut Tx<'_>,
        order: &Order,
        place: Option<Place>,
        lines: &'a [GoodsLine],
    ) -> Result<(Vec<KnownLine<'a>>, Vec<FieldErrors>)> {
        let mut ids: Vec<ProductId> = lines.iter().map(|line| line.product_id).collect();
        ids.sort_unstable();
        ids.dedup();
        for id in &ids {
            products::hold(tx, self.store_id, *id)?;
        }
        let goods = sales::goods(tx, self.store_id, &ids)?;
        let active = goods.into_iter().filter(|goods| goods.status == RowStatus::Active);
        let by_id: BTreeMap<ProductId, GoodsView> = active.map(|goods| (goods.id, goods)).collect();
        let (mut known, mut problems) = (Vec::new(), Vec::new());
        for (position, line) in lines.iter().enumerate() {
            let mut errors = judge(order.movement_type, line);
            match by_id.get(&line.product_id) {
                Some(goods) => known.push(KnownLine {
                    position,
                    line,
                    goods: goods.clone(),
                }),
                None => errors.add("product", FieldProblem::UnknownObject),
            }
            if let (Some(place), Some(batch)) = (place, line.batch)
                && !stock::lies_at(tx, self.store_id, place.location_id, line.product_id, batch)?
            {
                errors.add("batch", FieldProblem::UnknownObject);
            }
            problems.push(errors);
        }
        Ok((known, problems))
    }

    /// The batch that each line makes; what is wrong with one is told at its line.
    fn batches(&self, tx: &mut Tx<'_>, known: &[KnownLine<'_>], problems: &mut [FieldErrors]) -> Result<Vec<NewBatch>> {
        let unpriced = known.iter().filter(|known| known.line.unit_cost.is_none());
        let unpriced: Vec<ProductId> = unpriced.map(|known| known.goods.id).collect();
        let prices = products::purchase_prices(tx, self.store_id, &unpriced)?;
        let mut batches = Vec::with_capacity(known.len());
        for KnownLine { position, line, goods } in known {
            let purchase_price = || prices.get(&goods.id).copied().unwrap_or_default();
            let batch = rules::receive(Receipt {
                quantity: line.quantity,
                unit_cost: line.unit_cost.unwrap_or_else(purchase_price),
                series: line.series.clone(),
                expires_on: line.expires_on,
                must_be_traceable: goods.is_medicine,
            });
            match batch {
                Ok(batch) => batches.push(batch),
                Err(errors) => problems
                    .get_mut(*position)
                    .context("a line without its problems")?
                    .merge(errors),
            }
        }
        Ok(batches)
    }
}

/// To take goods out needs more than to take them in.
const fn right(movement_type: MovementType) -> Permission {
    match movement_type {
        MovementType::In => Permission::ReceiveStock,
        MovementType::Out => Permission::ChangeStock,
    }
}

/// What is wrong with a line whatever it names.
fn judge(movement_type: MovementType, line: &GoodsLine) -> FieldErrors {
    let mut errors = FieldErrors::new();
    if !line.quantity.is_positive() {
        errors.add("quantity", FieldProblem::NotPositive);
    }
    if line.supplier.is_some() {
        errors.add("supplier", FieldProblem::UnknownObject);
    }
    let of_the_other_way = match movement_type {
        MovementType::In => vec![("batch", line.batch.is_some())],
        MovementType::Out => vec![
            ("series", !line.series.is_empty()),
            ("expires_on", line.expires_on.is_some()),
        ],
    };
    for (field, _) in of_the_other_way.into_iter().filter(|(_, is_sent)| *is_sent) {
        errors.add(field, FieldProblem::Contradiction);
    }
    errors
}

/// Takes the batches in, in the order of product ids, which is that of the locks; answers the movements in the order of the lines.
fn take_in(
    tx: &mut Tx<'_>,
    document: &Document<'_>,
    known: &[KnownLine<'_>],
    batches: &[NewBatch],
) -> Result<Vec<Moved>> {
    let mut lines: Vec<_> = known.iter().zip(batches).enumerate().collect();
    lines.sort_by_key(|(_, (known, _))| known.goods.id);
    let mut moved = Vec::with_capacity(lines.len());
    for (position, (known, batch)) in lines {
        let received = ledger::receive(tx, document, known.goods.id, batch)?;
        moved.push((position, Moved::from((received, batch.quantity))));
    }
    moved.sort_by_key(|(position, _)| *position);
    Ok(moved.into_iter().map(|(_, line)| line).collect())
}

fn take_out(tx: &mut Tx<'_>, document: &Document<'_>, known: &[KnownLine<'_>]) -> Result<Vec<Moved>> {
    let demands: Vec<Demand<'_>> = known
        .iter()
        .map(|KnownLine { line, goods, .. }| Demand {
            line: 0,
            product_id: goods.id,
            product_name: &goods.name,
            quantity: line.quantity,
        })
        .collect();
    let policy = match known {
        [KnownLine { line, .. }] => line.batch.map_or(Policy::UnsellableFirst, Policy::ThisBatch),
        _ => Policy::UnsellableFirst,
    };
    ledger::take(tx, document, policy, &demands)
}
