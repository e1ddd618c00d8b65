//! A sale: priced by the server, paid at once, its goods taken from the branch.

use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, Utc};
use savdo_domain::access::{Actor, Permission, RowStatus, Seat};
use savdo_domain::ids::{LocationId, ProductId, SaleId, SaleLineId, ShiftId, StoreId, WorkerId};
use savdo_domain::sale::{AskedLine, DiscountSource, Payment, PaymentType, PriceRight, PricedSale, SaleStatus, price};
use savdo_domain::stock::{Demand, DocumentType, MovementReason, Place, Policy, Withdrawal};
use savdo_domain::{FieldErrors, FieldProblem, Money, Percent, Quantity, Refusal};
use savdo_persistence::Tx;
use savdo_persistence::sales::{
    self, CounterView, GoodsView, NewSale, NewSaleLine, SaleDetailView, SaleLineView, SaleView,
};
use serde_json::{Value, json};

use crate::audit::{self, Action, Author, Entry};
use crate::events::{self, Event};
use crate::once::Once;
use crate::stock::ledger::{self, Document};
use crate::stock::running_low;
use crate::{Context, Result, counter, shifts};

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
    /// What was handed over, if the client says.
    pub paid: Option<Money>,
    /// To whom; the shop has no customers yet, so that none is known.
    pub customer: Option<i64>,
    /// A remark, possibly empty.
    pub description: String,
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

/// Sells. The branch is held in use, then its open shift where the store has shifts; the sale's row comes next, then the levels
/// in the order of product ids.
///
/// # Errors
/// A missing right; problems at `branch`, `customer`, `items`, `payment_type`, `paid_amount`, `discount_amount`; the
/// [`SaleRefusal`](savdo_domain::sale::SaleRefusal)s about prices; [`ShiftRefusal::NoneOpen`](savdo_domain::shift::ShiftRefusal);
/// a shortage.
pub fn sell<O: Once<SaleDetailView>>(context: &Context, actor: &Actor, command: Sell, once: &O) -> Result<O::Answer> {
    let seat = actor.permit(Permission::Sell)?;
    let seller = Seller::of(&seat, actor, context.now());
    once.write(context, actor, "sale_sell", move |tx| {
        let counter = find_counter(tx, &seller, &command)?;
        let goods = find_goods(tx, seller.store_id, &command)?;
        let shift_id = shifts::must_join(tx, seller.store_id, &counter)?;
        let right = PriceRight {
            is_manager: seller.is_manager,
            allows_discount: counter.allows_discount,
            discount_percent_max: counter.discount_percent_max,
        };
        let priced = price(&asked(&command, &goods), command.discount, &right)?;
        let accepted = counter.accepted;
        let payment = accepted.split(command.payment_type, priced.net_total, command.paid)?;

        let (id, number) = sales::insert(tx, &seller.sale((&counter, shift_id), &command, &priced, payment))?;
        let withdrawal = take_goods(tx, &seller, &counter, id, &command, &goods)?;
        let lines = write_lines(tx, seller.store_id, id, &priced, &goods, &withdrawal)?;
        let sale = seller.view((id, number), &counter, &command, &priced, payment);
        let view = completed(sale, shift_id, command.description.clone(), lines);
        leave_traces(tx, &seller, &view)?;
        Ok(view)
    })
}

/// Who sells, where and when.
struct Seller {
    store_id: StoreId,
    worker_id: WorkerId,
    name: String,
    own_branch: Option<LocationId>,
    is_manager: bool,
    author: Author,
    day: NaiveDate,
    at: DateTime<Utc>,
}

impl Seller {
    fn of(seat: &Seat<'_>, actor: &Actor, at: DateTime<Utc>) -> Self {
        Self {
            store_id: seat.store_id(),
            worker_id: seat.worker_id(),
            name: actor.name.clone(),
            own_branch: seat.worker.branch,
            is_manager: seat.is_manager(),
            author: Author::from(actor),
            day: seat.zone().day(at),
            at,
        }
    }

    fn sale<'a>(
        &self,
        (counter, shift_id): (&CounterView, Option<ShiftId>),
        command: &'a Sell,
        priced: &PricedSale,
        payment: Payment,
    ) -> NewSale<'a> {
        NewSale {
            store_id: self.store_id,
            branch_id: counter.location_id,
            worker_id: self.worker_id,
            shift_id,
            payment_type: command.payment_type,
            total_price: priced.total_price,
            discount_amount: priced.discount_amount,
            net_total: priced.net_total,
            payment,
            description: &command.description,
            day: self.day,
            at: self.at,
        }
    }

    /// The sale as it is read back: what was written is known, and reading it again would cost two more statements.
    fn view(
        &self,
        (id, number): (SaleId, i64),
        counter: &CounterView,
        command: &Sell,
        priced: &PricedSale,
        payment: Payment,
    ) -> SaleView {
        SaleView {
            id,
            number,
            branch_id: counter.location_id,
            branch_name: counter.name.clone(),
            worker_id: self.worker_id,
            worker_name: self.name.clone(),
            payment_type: command.payment_type,
            total_price: priced.total_price,
            discount_amount: priced.discount_amount,
            net_total: priced.net_total,
            payment,
            debt_amount: Money::ZERO,
            returned_amount: Money::ZERO,
            status: SaleStatus::Completed,
            sold_at: self.at,
            created_at: self.at,
        }
    }
}

fn completed(
    sale: SaleView,
    shift_id: Option<ShiftId>,
    description: String,
    lines: Vec<SaleLineView>,
) -> SaleDetailView {
    let refund = Payment {
        cash: Money::ZERO,
        card: Money::ZERO,
    };
    SaleDetailView {
        sale,
        shift_id,
        description,
        cancelled_at: None,
        cancelled_by_name: None,
        cancel_reason: String::new(),
        refund,
        refund_debt: Money::ZERO,
        lines,
    }
}

/// The branch that sells, with the store's rules.
fn find_counter(tx: &mut Tx<'_>, seller: &Seller, command: &Sell) -> Result<CounterView> {
    let counter = counter::hold(tx, seller.store_id, command.branch.or(seller.own_branch))?;
    Ok(counter.map_err(|problem| Refusal::field("branch", problem))?)
}

/// The goods of each line; every line of which something is wrong is named at once.
fn find_goods(tx: &mut Tx<'_>, store_id: StoreId, command: &Sell) -> Result<Vec<GoodsView>> {
    let products: Vec<ProductId> = command.items.iter().map(|line| line.product_id).collect();
    let known = sales::goods(tx, store_id, &products)?;
    let find = |id: ProductId| {
        let found = known.binary_search_by_key(&id, |goods| goods.id).ok();
        let found = found.and_then(|position| known.get(position));
        found.filter(|goods| goods.status == RowStatus::Active)
    };
    let mut errors = FieldErrors::new();
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
        day: seller.day,
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

fn leave_traces(tx: &mut Tx<'_>, seller: &Seller, view: &SaleDetailView) -> Result<()> {
    let (id, number) = (view.sale.id, view.sale.number);
    let entry = Entry {
        store_id: Some(seller.store_id),
        action: Action::Create,
        subject_type: "sale",
        subject_id: id.get(),
        description: format!("Sotuv №{number}: {} so'm", view.sale.net_total),
        details: discounts(view),
    };
    audit::record(tx, &seller.author, seller.at, entry)?;
    let payload = payload(seller.store_id, &view.sale);
    let subject = ("sale", id.get());
    events::publish(tx, seller.store_id, seller.at, Event::SaleCompleted, subject, &payload)?;
    Ok(())
}

/// What subscribers are told of a sale.
pub(super) fn payload(store_id: StoreId, sale: &SaleView) -> Value {
    json!({ "sale_id": sale.id, "branch_id": sale.branch_id, "store_id": store_id, "total": sale.net_total })
}

/// What was given away by hand, for the audit log.
fn discounts(view: &SaleDetailView) -> Option<Value> {
    let by_hand = view.lines.iter().filter(|line| line.source == DiscountSource::Manual);
    let lines: Vec<Value> = by_hand
        .map(|line| {
            json!({
                "product": line.product_id,
                "quantity": line.quantity,
                "original_price": line.original_price,
                "item_discount_pct": line.discount_percent,
                "item_discount_amt": line.discount_per_unit,
            })
        })
        .collect();
    let is_any = !lines.is_empty() || !view.sale.discount_amount.is_zero();
    is_any.then(|| json!({ "discount_amount": view.sale.discount_amount, "lines": lines }))
}
