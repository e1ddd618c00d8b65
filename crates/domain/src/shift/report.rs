//! The report of a shift: X while it is open, Z when it is closed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::expense::Tender;
use crate::ids::WorkerId;
use crate::money::Money;
use crate::sale::PaymentType;
use crate::shift::documents::{DebtPayments, Handed, ReturnedGoods, ShiftDocuments, SoldBy, SpentOn};

/// What lies in the drawer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Drawer {
    /// What lay there at the beginning.
    pub cash_start: Money,
    /// What was counted at the end, if it was.
    pub cash_end: Option<Money>,
}

/// What went through a shift, to the tiyin. Its names are those of the day it is written: it is kept as it was, and a figure that
/// was not known yet when it was frozen is nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ShiftReport {
    /// How many sales stand.
    pub sales_count: i64,
    /// What they cost before the sales' own discounts.
    pub gross_total: Money,
    /// The sales' own discounts.
    pub discount_total: Money,
    /// What they cost.
    pub sales_total: Money,
    /// How that was paid.
    pub by_payment: ByPayment,
    /// How many sales of the shift were undone while it was open.
    pub cancelled_count: i64,
    /// What they had cost.
    pub cancelled_total: Money,
    /// Money handed back for sales that are none of this shift's.
    pub cancel_refunds: Handed,
    /// How many returns were confirmed.
    pub returns_count: i64,
    /// What the goods had cost.
    pub returns_total: Money,
    /// What became of that money.
    pub refunds: ReturnedGoods,
    /// Sales less returns.
    pub net_sales_total: Money,
    /// What customers paid of their debts.
    pub debt_payments: DebtPayments,
    /// What was spent.
    pub expenses_total: Money,
    /// What of it in cash.
    pub expenses_cash: Money,
    /// What it was for.
    pub expenses_by_category: Vec<ByCategory>,
    /// What suppliers were paid out of the drawer.
    pub supplier_payments_cash: Money,
    /// How often goods were written off.
    pub wastage_count: i64,
    /// What they had cost.
    pub wastage_cost: Money,
    /// Who sold what.
    pub by_worker: Vec<ByWorker>,
    /// What lay in the drawer at the beginning.
    pub cash_start: Money,
    /// What should lie there now.
    pub cash_expected: Money,
    /// What was counted, if it was.
    pub cash_end: Option<Money>,
    /// How much more than it should.
    pub cash_difference: Option<Money>,
    /// How much the drawer grew.
    pub net_income: Money,
}

/// Sales by way of paying: cash, card and debt sum to all of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ByPayment {
    /// Paid in cash, the parts of mixed and owed sales included.
    pub cash: Money,
    /// Paid by card, likewise.
    pub card: Money,
    /// What mixed sales cost, which stands in cash and card already.
    pub mixed: Money,
    /// Owed.
    pub debt: Money,
}

/// Expenses of one category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByCategory {
    /// Its name.
    pub category: String,
    /// How much.
    pub total: Money,
    /// How many.
    pub count: i64,
}

/// What one seller sold, and what of it came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByWorker {
    /// The seller.
    pub worker_id: WorkerId,
    /// His name.
    pub name: String,
    /// How many sales.
    pub sales_count: i64,
    /// What they cost.
    pub sales_total: Money,
    /// What came back of what he had sold, in whatever shift.
    pub returns_total: Money,
}

impl ShiftReport {
    /// The report of these documents over this drawer; `None` when a sum does not fit.
    #[must_use]
    pub fn of(documents: &ShiftDocuments, drawer: Drawer) -> Option<Self> {
        let Drawer { cash_start, cash_end } = drawer;
        let mut report = Self {
            cancelled_count: documents.cancelled.count,
            cancelled_total: documents.cancelled.total,
            cancel_refunds: documents.cancel_refunds,
            debt_payments: documents.debt_payments,
            supplier_payments_cash: documents.supplier_payments_cash,
            wastage_count: documents.wastages.count,
            wastage_cost: documents.wastages.cost,
            cash_start,
            cash_end,
            ..Self::default()
        };
        let mut workers = Workers::new();
        for sold in &documents.sales {
            report.add_sales(sold, &mut workers)?;
        }
        report.sales_total = report.gross_total.checked_sub(report.discount_total)?;
        for returned in &documents.returns {
            let total = returned.refunds.total()?;
            report.returns_count = report.returns_count.checked_add(returned.count)?;
            add(&mut report.returns_total, total)?;
            report.refunds.add(returned.refunds)?;
            let worker = worker(&mut workers, returned.worker_id, &returned.name);
            add(&mut worker.returns_total, total)?;
        }
        report.net_sales_total = report.sales_total.checked_sub(report.returns_total)?;
        for spent in &documents.expenses {
            report.add_expenses(spent)?;
        }
        report.by_worker = workers.into_values().collect();
        report.net_income = report.cash_in()?.checked_sub(report.cash_out()?)?;
        report.cash_expected = cash_start.checked_add(report.net_income)?;
        report.cash_difference = match cash_end {
            Some(counted) => Some(counted.checked_sub(report.cash_expected)?),
            None => None,
        };
        Some(report)
    }

    /// The same without what may be called otherwise since: names of workers and categories. Of the expenses by category their
    /// sum is left, as two may have come to bear one name.
    #[must_use]
    pub fn figures(mut self) -> Self {
        let all = ByCategory {
            category: String::new(),
            total: self.expenses_by_category.iter().map(|category| category.total).sum(),
            count: self.expenses_by_category.iter().map(|category| category.count).sum(),
        };
        self.expenses_by_category = vec![all];
        for worker in &mut self.by_worker {
            worker.name.clear();
        }
        self
    }

    fn add_sales(&mut self, sold: &SoldBy, workers: &mut Workers) -> Option<()> {
        let total = sold.gross.checked_sub(sold.discount)?;
        self.sales_count = self.sales_count.checked_add(sold.count)?;
        add(&mut self.gross_total, sold.gross)?;
        add(&mut self.discount_total, sold.discount)?;
        add(&mut self.by_payment.cash, sold.cash)?;
        add(&mut self.by_payment.card, sold.card)?;
        add(&mut self.by_payment.debt, sold.debt)?;
        if sold.payment_type == PaymentType::Mixed {
            add(&mut self.by_payment.mixed, total)?;
        }
        let worker = worker(workers, sold.worker_id, &sold.name);
        worker.sales_count = worker.sales_count.checked_add(sold.count)?;
        add(&mut worker.sales_total, total)
    }

    fn add_expenses(&mut self, spent: &SpentOn) -> Option<()> {
        add(&mut self.expenses_total, spent.total)?;
        if spent.payment_type == Tender::Cash {
            add(&mut self.expenses_cash, spent.total)?;
        }
        let of_category = &mut self.expenses_by_category;
        match of_category.iter_mut().find(|known| known.category == spent.category) {
            Some(known) => {
                known.count = known.count.checked_add(spent.count)?;
                add(&mut known.total, spent.total)?;
            }
            None => of_category.push(ByCategory {
                category: spent.category.clone(),
                total: spent.total,
                count: spent.count,
            }),
        }
        Some(())
    }

    /// What came into the drawer.
    fn cash_in(&self) -> Option<Money> {
        self.by_payment.cash.checked_add(self.debt_payments.cash)
    }

    /// What was taken out of it.
    fn cash_out(&self) -> Option<Money> {
        Money::checked_sum([
            self.refunds.cash,
            self.cancel_refunds.cash,
            self.expenses_cash,
            self.supplier_payments_cash,
        ])
    }
}

impl ReturnedGoods {
    /// All of it.
    #[must_use]
    pub fn total(self) -> Option<Money> {
        Money::checked_sum([self.cash, self.card, self.debt])
    }

    fn add(&mut self, more: Self) -> Option<()> {
        add(&mut self.cash, more.cash)?;
        add(&mut self.card, more.card)?;
        add(&mut self.debt, more.debt)
    }
}

type Workers = BTreeMap<WorkerId, ByWorker>;

fn add(sum: &mut Money, amount: Money) -> Option<()> {
    *sum = sum.checked_add(amount)?;
    Some(())
}

/// The row of a worker, made where there is none yet.
fn worker<'a>(workers: &'a mut Workers, worker_id: WorkerId, name: &str) -> &'a mut ByWorker {
    workers.entry(worker_id).or_insert_with(|| ByWorker {
        worker_id,
        name: name.to_owned(),
        sales_count: 0,
        sales_total: Money::ZERO,
        returns_total: Money::ZERO,
    })
}
