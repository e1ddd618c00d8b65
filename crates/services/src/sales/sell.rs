//! A sale: priced by the server, paid at once, its goods taken from the branch.

use std::sync::Arc;

use anyhow::Context as _;
use savdo_domain::access::{Actor, Permission, RowStatus};
use savdo_domain::ids::{LocationId, ProductId, SaleId, SaleLineId, StoreId};
use savdo_domain::sale::{
    AcceptedPayments, AskedLine, ClientId, PaymentType, PriceRight, PricedSale, Tendered, check_sold_at, price,
};
use savdo_domain::stock::{Demand, DocumentType, MovementReason, Place, Policy, Withdrawal};
use savdo_domain::zone::Moment;
use savdo_domain::{FieldErrors, FieldProblem, Money, Percent, Quantity, Refusal};
use savdo_persistence::sales::{self, CounterView, GoodsView, NewSaleLine, SaleDetailView, SaleLineView};
use savdo_persistence::{Constraint, Error as StorageError, Tx};

use super::seller::{Seller, completed};
use super::traces::{self, TracedSale};
use super::view::find;
use crate::audit;
use crate::once::Once;
use crate::stock::ledger::{self, Document};
use crate::stock::running_low;
use crate::{Context, Error, Result, counter, events, shifts};

/// A sale to be made.
#[derive(Debug, Clone)]
pub struct Sell {
    /// Where; the seller's own branch when none is named.
    pub branch: Option<LocationId>,
    /// How it is paid.
    pub payment_type: PaymentType,
    /// What is sold, in the order of the receipt.
    pub items: Vec<SellLine>,
    /// The sale's own discount.
    pub discount: Money,
    /// What was handed over, as far as the client says.
    pub tendered: Tendered,
    /// To whom; the shop has no customers yet, so that none is known.
    pub customer: Option<i64>,
    /// A remark, possibly empty.
    pub description: String,
    /// The id that its client gave it: of one id there is one sale.
    pub client_id: Option<ClientId>,
    /// When it was made; now, unless the client says.
    pub sold_at: Option<Moment>,
}

/// A line of a sale to be made.
#[derive(Debug, Clone, Copy)]
pub struct SellLine {
    /// The product.
    pub product_id: ProductId,
    /// How much of it.
    pub quantity: Quantity,
    /// The price of one unit that the client wants.
    pub unit_price: Option<Money>,
    /// The price before discount that the client showed.
    pub original_price: Option<Money>,
    /// A discount given by hand.
    pub discount_percent: Option<Percent>,
}

/// A sale, and whether it was made now or known before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sold {
    /// The sale.
    pub sale: SaleDetailView,
    /// Whether it was made now.
    pub is_new: bool,
}

/// Sells; a sale whose id its client told before is answered as it is, and nothing is written.
///
/// The branch is held in use, then its open shift where the store has shifts; the sale's row comes next, then the levels in the
/// order of product ids. Of those who tell one id at once the schema lets one through; the others begin again and find it.
///
/// # Errors
/// A missing right; problems at `branch`, `customer`, `items`, `payment_type`, `paid_amount`, `cash_amount`, `card_amount`,
/// `discount_amount`, `sold_at`; the [`SaleRefusal`](savdo_domain::sale::SaleRefusal)s about prices;
/// [`ShiftRefusal::NoneOpen`](savdo_domain::shift::ShiftRefusal); a shortage.
pub fn sell<O: Once<Sold>>(context: &Context, actor: &Actor, command: Sell, once: &O) -> Result<O::Answer> {
    let command = Arc::new(command);
    let try_once = || {
        let seat = actor.permit(Permission::Sell)?;
        let now = context.now();
        let seller = Seller::of(
            &seat,
            actor,
            now,
            command.sold_at.map_or(now, |moment| moment.of(seat.zone())),
        );
        let command = Arc::clone(&command);
        once.write(context, actor, "sale_sell", move |tx| made(tx, &seller, &command))
    };
    match try_once() {
        Err(Error::Storage(StorageError::Refused(Constraint::ClientIdTaken))) => try_once(),
        outcome => outcome,
    }
}

fn made(tx: &mut Tx<'_>, seller: &Seller, command: &Sell) -> Result<Sold> {
    if let Some(id) = known(tx, seller, command)? {
        let sale = find(tx, seller.store_id, id)?;
        return Ok(Sold { sale, is_new: false });
    }
    let counter = find_counter(tx, seller, command)?;
    let goods = find_goods(tx, seller, &counter, command)?;
    let shift_id = shifts::must_join(tx, seller.store_id, &counter)?;
    let right = PriceRight {
        is_manager: seller.is_manager,
        allows_discount: counter.allows_discount,
        discount_percent_max: counter.discount_percent_max,
    };
    let priced = price(&asked(command, &goods), command.discount, &right)?;
    let settlement = command.payment_type.settle(priced.net_total, command.tendered)?;

    let (id, number) = sales::insert(tx, &seller.sale((&counter, shift_id), command, &priced, settlement))?;
    let withdrawal = take_goods(tx, seller, &counter, id, command, &goods)?;
    let lines = write_lines(tx, seller.store_id, id, &priced, &goods, &withdrawal)?;
    let sale = seller.view((id, number), &counter, command, &priced, settlement);
    let sale = completed(sale, shift_id, command, lines);
    let details = traces::priced_by_hand(&sale, &goods);
    let (entry, news) = traces::of_new(TracedSale::of(seller.store_id, &sale.sale), details);
    audit::record(tx, &seller.author, seller.at, entry)?;
    events::publish(tx, seller.at, &news)?;
    Ok(Sold { sale, is_new: true })
}

/// The sale that has the id which the client gave this one.
fn known(tx: &mut Tx<'_>, seller: &Seller, command: &Sell) -> Result<Option<SaleId>> {
    match &command.client_id {
        Some(client_id) => Ok(sales::of_client(tx, seller.store_id, client_id)?),
        None => Ok(None),
    }
}

/// The branch that sells, with the store's rules.
fn find_counter(tx: &mut Tx<'_>, seller: &Seller, command: &Sell) -> Result<CounterView> {
    let counter = counter::hold(tx, seller.store_id, command.branch.or(seller.own_branch))?;
    Ok(counter.map_err(|problem| Refusal::field("branch", problem))?)
}

/// The goods of each line; everything that is wrong with the sale before it is priced is named at once.
fn find_goods(tx: &mut Tx<'_>, seller: &Seller, counter: &CounterView, command: &Sell) -> Result<Vec<GoodsView>> {
    let products: Vec<ProductId> = command.items.iter().map(|line| line.product_id).collect();
    let known = sales::goods(tx, seller.store_id, &products)?;
    let find = |id: ProductId| {
        let found = known.binary_search_by_key(&id, |goods| goods.id).ok();
        let found = found.and_then(|position| known.get(position));
        found.filter(|goods| goods.status == RowStatus::Active)
    };
    let mut errors = FieldErrors::new();
    errors.keep("sold_at", check_sold_at(seller.sold_at, seller.at, seller.zone));
    // The shop has no customers yet: nobody is known, and nobody can owe.
    let accepted = AcceptedPayments {
        debt: false,
        ..counter.accepted
    };
    errors.keep("payment_type", accepted.check(command.payment_type));
    if command.customer.is_some() {
        errors.add("customer", FieldProblem::UnknownObject);
    }
    if command.items.is_empty() {
        errors.add("items", FieldProblem::TooShort { min: 1 });
    }
    let (mut goods, mut problems) = (Vec::new(), Vec::new());
    for line in &command.items {
        let mut of_line = FieldErrors::new();
        match find(line.product_id) {
            Some(found) => goods.push(found.clone()),
            None => of_line.add("product", FieldProblem::UnknownObject),
        }
        if !line.quantity.is_positive() {
            of_line.add("quantity", FieldProblem::NotPositive);
        }
        problems.push(of_line);
    }
    errors.add_elements("items", problems);
    errors.into_result()?;
    Ok(goods)
}

fn asked(command: &Sell, goods: &[GoodsView]) -> Vec<AskedLine> {
    let lines = command.items.iter().zip(goods);
    lines
        .map(|(line, goods)| AskedLine {
            product_id: goods.id,
            list_price: goods.sale_price,
            quantity: line.quantity,
            unit_price: line.unit_price,
            original_price: line.original_price,
            discount_percent: line.discount_percent,
            automatic: None,
        })
        .collect()
}

fn take_goods(
    tx: &mut Tx<'_>,
    seller: &Seller,
    counter: &CounterView,
    id: SaleId,
    command: &Sell,
    goods: &[GoodsView],
) -> Result<Withdrawal> {
    let document = Document {
        store_id: seller.store_id,
        place: Place {
            location_id: counter.location_id,
            kind: counter.kind,
        },
        document_type: DocumentType::Sale,
        document_id: Some(id.get()),
        reason: MovementReason::Sale,
        actor_id: seller.author.user_id,
        day: seller.today(),
        at: seller.at,
        description: "",
    };
    let lines = (1..).zip(command.items.iter().zip(goods));
    let demands: Vec<Demand<'_>> = lines
        .map(|(number, (line, goods))| Demand {
            line: number,
            product_id: goods.id,
            product_name: &goods.name,
            quantity: line.quantity,
        })
        .collect();
    let withdrawal = ledger::withdraw(tx, &document, Policy::SellableOnly, &demands)?;
    running_low::tell(tx, (&document).into(), counter.low_stock, &withdrawal)?;
    Ok(withdrawal)
}

/// Writes the lines down, each with the cost of the very goods it took.
fn write_lines(
    tx: &mut Tx<'_>,
    store_id: StoreId,
    id: SaleId,
    priced: &PricedSale,
    goods: &[GoodsView],
    withdrawal: &Withdrawal,
) -> Result<Vec<SaleLineView>> {
    let costs = withdrawal
        .costs_by_line()
        .with_context(|| format!("costs of sale {id} fit"))?;
    let lines = (1..).zip(priced.lines.iter().zip(goods));
    let lines: Vec<NewSaleLine<'_>> = lines
        .map(|(number, (priced, goods))| NewSaleLine {
            product_id: goods.id,
            product_name: &goods.name,
            unit: goods.unit,
            priced,
            cost: costs.get(&number).copied().unwrap_or_default(),
        })
        .collect();
    let ids = sales::insert_lines(tx, store_id, id, &lines)?;
    let written = ids.into_iter().zip(lines.iter().zip(goods));
    Ok(written.map(|(id, (line, goods))| line_view(id, line, goods)).collect())
}

fn line_view(id: SaleLineId, line: &NewSaleLine<'_>, goods: &GoodsView) -> SaleLineView {
    let priced = line.priced;
    SaleLineView {
        id,
        product_id: goods.id,
        product_name: goods.name.clone(),
        unit: goods.unit,
        quantity: priced.quantity,
        returned_quantity: Quantity::ZERO,
        original_price: priced.original_price,
        discount_percent: priced.discount_percent,
        discount_per_unit: priced.discount_per_unit,
        source: priced.source,
        line_total: priced.line_total,
        total_price: priced.total_price,
        cost: line.cost,
    }
}
