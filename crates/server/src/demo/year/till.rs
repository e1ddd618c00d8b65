//! A day of the large branch's counter: a shift, the sales that join it, and now and then one that is undone.

use std::collections::BTreeMap;

use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use savdo_domain::coded::Coded;
use savdo_domain::ids::{SaleId, ShiftId};
use savdo_domain::sale::{AskedLine, PaymentType, PriceRight, PricedSale, SaleStatus, Settlement, Tendered, price};
use savdo_domain::shift::{Cancelled, Drawer, ShiftDocuments, ShiftReport, ShiftStatus, SoldBy};
use savdo_domain::stock::{Demand, DocumentType, MovementReason, Withdrawal};
use savdo_domain::{Money, Percent};
use savdo_persistence::bulk::{SaleLineRow, SaleRow, ShiftRow};
use savdo_persistence::stock::Document;
use savdo_services::sales::traces::{self as sale_traces, TracedSale};
use savdo_services::shifts::traces as shift_traces;

use super::super::counter::amount;
use super::super::hour;
use super::super::people::Member;
use super::book::take;
use super::stock::Ware;
use super::{Course, SOM};

const LINES_MAX: usize = 4;
const CHANGE: Money = Money::from_tiyin(50_000_000);
/// From the first sale of a day to the last.
const OPEN: TimeDelta = TimeDelta::hours(11);
const REASON: &str = "Xaridor fikridan qaytdi";
/// Of a hundred sales so many are undone.
const UNDONE: usize = 2;

/// The shift of a day.
struct Till {
    id: i64,
    day: NaiveDate,
    documents: ShiftDocuments,
    sold: BTreeMap<(i64, &'static str), SoldBy>,
}

/// A sale that was decided.
struct Made<'a> {
    id: i64,
    number: i64,
    seller: &'a Member,
    payment_type: PaymentType,
    priced: PricedSale,
    settlement: Settlement,
    withdrawal: Withdrawal,
    /// When it was undone.
    undone_at: Option<DateTime<Utc>>,
    at: DateTime<Utc>,
}

impl Course<'_> {
    /// Sells so often on this day.
    pub(super) fn sell_all_day(&mut self, day: NaiveDate, count: usize) -> anyhow::Result<()> {
        let mut till = Till {
            id: take(&mut self.book.next.shifts),
            day,
            documents: ShiftDocuments::default(),
            sold: BTreeMap::new(),
        };
        let between = OPEN / i32::try_from(count.max(1))?;
        let mut at = hour(day, 9);
        for _ in 0..count {
            self.sell(&mut till, at)?;
            at += between;
        }
        self.close(till)
    }

    fn sell(&mut self, till: &mut Till, at: DateTime<Utc>) -> anyhow::Result<()> {
        let plan = self.plan;
        let seller = self.dice.pick(&plan.sellers).context("no seller")?;
        let lines = 1 + self.dice.below(LINES_MAX);
        let wanted = self.pick(&plan.on_shelf, lines);
        let wanted: Vec<(&Ware, AskedLine)> = wanted.into_iter().map(|ware| (ware, self.ask(ware))).collect();
        let asked: Vec<AskedLine> = wanted.iter().map(|(_, line)| *line).collect();
        let right = PriceRight {
            is_manager: false,
            allows_discount: true,
            discount_percent_max: Percent::ZERO,
        };
        let priced = price(&asked, Money::ZERO, &right).map_err(|refusal| anyhow::anyhow!("no price: {refusal:?}"))?;
        let payment_type = if self.dice.falls(65) {
            PaymentType::Cash
        } else {
            PaymentType::Card
        };
        let settlement = payment_type.settle(priced.net_total, Tendered::default());
        let settlement = settlement.map_err(|errors| anyhow::anyhow!("a sale is not settled: {errors:?}"))?;
        let demands: Vec<Demand<'_>> = (1..)
            .zip(&wanted)
            .map(|(line, (ware, asked))| demand(line, ware, asked))
            .collect();
        let withdrawal = self.shop.withdraw((till.day, at), &demands)?;
        let made = Made {
            id: take(&mut self.book.next.sales),
            number: take(&mut self.sale_number),
            seller,
            payment_type,
            priced,
            settlement,
            withdrawal: withdrawal.context("too little lies in the branch")?,
            undone_at: self.dice.falls(UNDONE).then(|| at + TimeDelta::minutes(6)),
            at,
        };
        self.write_sale(till, &made);
        self.write_lines(&made, &wanted)?;
        self.move_goods(till.day, &made)?;
        self.tell(till.id, &made);
        till.add(&made)
    }

    fn ask(&mut self, ware: &Ware) -> AskedLine {
        AskedLine {
            product_id: ware.id,
            list_price: ware.price,
            quantity: amount(ware.unit, &mut self.dice),
            unit_price: None,
            original_price: None,
            discount_percent: None,
            automatic: None,
        }
    }

    fn write_sale(&mut self, till: &Till, made: &Made<'_>) {
        let is_undone = made.undone_at.is_some();
        let status = if is_undone {
            SaleStatus::Cancelled
        } else {
            SaleStatus::Completed
        };
        let refund = made.refund();
        self.book.rows.sales.push(SaleRow {
            id: made.id,
            store_id: self.book.store_id.get(),
            number: made.number,
            branch_id: self.plan.shop.get(),
            worker_id: made.seller.worker_id.get(),
            shift_id: Some(till.id),
            payment_type: made.payment_type.code(),
            total_price: made.priced.total_price.tiyin(),
            discount_amount: made.priced.discount_amount.tiyin(),
            net_total: made.priced.net_total.tiyin(),
            cash_amount: made.settlement.payment.cash.tiyin(),
            card_amount: made.settlement.payment.card.tiyin(),
            debt_amount: made.settlement.debt.tiyin(),
            returned_amount: 0,
            status: status.code(),
            description: "",
            sold_at: made.at.naive_utc(),
            day: till.day,
            cancelled_at: made.undone_at.map(|at| at.naive_utc()),
            cancelled_by: is_undone.then(|| self.plan.manager.worker_id.get()),
            cancel_reason: if is_undone { REASON } else { "" },
            refund_cash: refund.payment.cash.tiyin(),
            refund_card: refund.payment.card.tiyin(),
            refund_debt: refund.debt.tiyin(),
            created_at: made.at.naive_utc(),
            cancel_shift_id: is_undone.then_some(till.id),
        });
    }

    fn write_lines(&mut self, made: &Made<'_>, wanted: &[(&Ware, AskedLine)]) -> anyhow::Result<()> {
        let costs = made.withdrawal.costs_by_line().context("costs out of range")?;
        for (line_number, (priced, (ware, _))) in (1..).zip(made.priced.lines.iter().zip(wanted)) {
            self.book.rows.sale_lines.push(SaleLineRow {
                id: take(&mut self.book.next.sale_lines),
                store_id: self.book.store_id.get(),
                sale_id: made.id,
                line_number,
                product_id: ware.id.get(),
                product_name: ware.name.clone(),
                quantity: priced.quantity.thousandths(),
                original_price: priced.original_price.tiyin(),
                discount_percent: priced.discount_percent.hundredths(),
                discount_per_unit: priced.discount_per_unit.tiyin(),
                discount_source: priced.source.code(),
                currency_id: SOM,
                line_total: priced.line_total.tiyin(),
                total_price: priced.total_price.tiyin(),
                cost: costs.get(&line_number).copied().unwrap_or_default().tiyin(),
                returned_quantity: 0,
                unit: ware.unit.code(),
            });
        }
        Ok(())
    }

    /// Out of the branch, and back where the sale was undone.
    fn move_goods(&mut self, day: NaiveDate, made: &Made<'_>) -> anyhow::Result<()> {
        let sold = Document {
            store_id: self.book.store_id,
            place: self.shop.place(),
            document_type: DocumentType::Sale,
            document_id: Some(made.id),
            reason: MovementReason::Sale,
            actor_id: made.seller.author.user_id,
            day,
            at: made.at,
            description: "",
        };
        let parts = self.book.movements(&sold, &made.withdrawal.movements);
        if let Some(at) = made.undone_at {
            let undone = Document {
                reason: MovementReason::SaleCancel,
                actor_id: self.plan.manager.author.user_id,
                at,
                description: REASON,
                ..sold
            };
            let back = self.shop.put_back((day, at), &parts)?;
            self.book.movements(&undone, &back.movements);
        }
        Ok(())
    }

    fn tell(&mut self, shift_id: i64, made: &Made<'_>) {
        let sale = TracedSale {
            id: SaleId::new(made.id),
            number: made.number,
            store_id: self.book.store_id,
            branch_id: self.plan.shop,
            net_total: made.priced.net_total,
        };
        let (entry, news) = sale_traces::of_new(sale, None);
        self.book.note((&made.seller.author, made.at), entry);
        self.book.publish(made.at, &news);
        let Some(at) = made.undone_at else { return };
        let undone = (Some(ShiftId::new(shift_id)), REASON, made.refund());
        let (entry, news) = sale_traces::of_cancelled(sale, undone);
        self.book.note((&self.plan.manager.author, at), entry);
        self.book.publish(at, &news);
    }

    /// Counts the drawer; whoever opened the shift closes it.
    fn close(&mut self, till: Till) -> anyhow::Result<()> {
        let plan = self.plan;
        let keeper = self.dice.pick(&plan.sellers).context("no seller")?;
        let documents = ShiftDocuments {
            sales: till.sold.into_values().collect(),
            ..till.documents
        };
        let of = |cash_end| {
            ShiftReport::of(
                &documents,
                Drawer {
                    cash_start: CHANGE,
                    cash_end,
                },
            )
            .context("a shift's sums")
        };
        let cash_end = of(None)?.cash_expected;
        let report = of(Some(cash_end))?;
        let opened_at = hour(till.day, 8) + TimeDelta::minutes(30);
        let closed_at = hour(till.day, 21);
        self.book.rows.shifts.push(ShiftRow {
            id: till.id,
            store_id: self.book.store_id.get(),
            branch_id: plan.shop.get(),
            status: ShiftStatus::Closed.code(),
            opened_by: keeper.worker_id.get(),
            closed_by: Some(keeper.worker_id.get()),
            cash_start: CHANGE.tiyin(),
            cash_end: Some(cash_end.tiyin()),
            z_report: serde_json::to_string(&report)?,
            description: "",
            day: till.day,
            opened_at: opened_at.naive_utc(),
            closed_at: Some(closed_at.naive_utc()),
        });
        let shift = (self.book.store_id, ShiftId::new(till.id));
        let opened = shift_traces::of_opening(shift, plan.shop_name, CHANGE);
        self.book.note((&keeper.author, opened_at), opened);
        let closed = shift_traces::of_closing(shift, plan.shop_name, &report);
        self.book.note((&keeper.author, closed_at), closed);
        Ok(())
    }
}

impl Made<'_> {
    /// What goes back to the buyer.
    fn refund(&self) -> Settlement {
        self.undone_at.map_or_else(Settlement::default, |_| self.settlement)
    }
}

impl Till {
    /// Counts a sale; one that was undone in its own shift counts as that alone.
    fn add(&mut self, made: &Made<'_>) -> anyhow::Result<()> {
        let add = |sum: &mut Money, more: Money| -> anyhow::Result<()> {
            *sum = sum.checked_add(more).context("the sums of a shift")?;
            Ok(())
        };
        if made.undone_at.is_some() {
            let Cancelled { count, total } = &mut self.documents.cancelled;
            *count += 1;
            return add(total, made.priced.net_total);
        }
        let key = (made.seller.worker_id.get(), made.payment_type.code());
        let sold = self.sold.entry(key).or_insert_with(|| SoldBy {
            worker_id: made.seller.worker_id,
            name: made.seller.name.clone(),
            payment_type: made.payment_type,
            count: 0,
            gross: Money::ZERO,
            discount: Money::ZERO,
            cash: Money::ZERO,
            card: Money::ZERO,
            debt: Money::ZERO,
        });
        sold.count += 1;
        add(&mut sold.gross, made.priced.total_price)?;
        add(&mut sold.discount, made.priced.discount_amount)?;
        add(&mut sold.cash, made.settlement.payment.cash)?;
        add(&mut sold.card, made.settlement.payment.card)
    }
}

fn demand<'a>(line: i64, ware: &'a Ware, asked: &AskedLine) -> Demand<'a> {
    Demand {
        line,
        product_id: ware.id,
        product_name: &ware.name,
        quantity: asked.quantity,
    }
}
