//! The Z report of a shift, from its head to its foot (shop.md 8).
//!
//! What the drawer is judged by always stands on it. What did not happen in the shift - no debt, nothing undone, nothing come
//! back, nothing spent - has no line.

use savdo_domain::account::Language;
use savdo_domain::coded::Coded;
use savdo_domain::expense::Tender;
use savdo_domain::sale::PaymentType;
use savdo_domain::shift::ShiftReport;
use savdo_domain::{Money, coded_enum};
use savdo_paper::{Slip, Tone};
use savdo_services::shifts::ShiftReported;

use crate::messages::label;
use crate::paper::{amount, number};

coded_enum! {
    /// A word that stands on the report of a shift alone.
    pub enum ReportWord {
        /// The report itself.
        Title = "title",
        /// The shift.
        Shift = "shift",
        /// When it began.
        Opened = "opened",
        /// When it ended.
        Closed = "closed",
        /// Who began or ended it.
        By = "by",
        /// Sales that stand.
        Sales = "sales",
        /// The discounts.
        Discounts = "discounts",
        /// What they cost.
        SalesTotal = "sales_total",
        /// Sales undone in the shift.
        Cancelled = "cancelled",
        /// Money handed back for sales of other shifts.
        CancelRefunds = "cancel_refunds",
        /// Goods come back.
        Returns = "returns",
        /// Sales less returns.
        NetSales = "net_sales",
        /// What customers paid of their debts.
        DebtPayments = "debt_payments",
        /// What was spent.
        Expenses = "expenses",
        /// What suppliers got from the drawer.
        SupplierPayments = "supplier_payments",
        /// What was written off.
        Wastages = "wastages",
        /// Who sold what.
        Workers = "workers",
        /// What lay in the drawer.
        CashStart = "cash_start",
        /// What should lie there.
        CashExpected = "cash_expected",
        /// What was counted.
        CashEnd = "cash_end",
        /// How much more that is.
        CashDifference = "cash_difference",
        /// How much the drawer grew.
        NetIncome = "net_income",
    }
}

/// The frozen report in a language, its times on the clock of the store.
pub(super) fn z_report(reported: &ShiftReported, language: Language) -> Slip {
    let ShiftReported { seen, report, until } = reported;
    let (shift, zone) = (&seen.shift, seen.store.zone);
    let number = number(shift.id.get());
    let title = label(language, "z_report", ReportWord::Title);
    let mut sheet = Sheet {
        slip: Slip::new(&format!("{title} {number}"), language.code()),
        language,
    };
    sheet.slip.centered(Tone::Loud, &seen.store.name);
    sheet.slip.centered(Tone::Plain, &shift.branch_name);
    sheet.slip.banner(&title);
    sheet.text(ReportWord::Shift, &number);
    sheet.text(ReportWord::Opened, &zone.print(shift.opened_at));
    sheet.text(ReportWord::By, &shift.opened_by_name);
    sheet.text(ReportWord::Closed, &zone.print(*until));
    sheet.text(ReportWord::By, shift.closed_by_name.as_deref().unwrap_or_default());
    sheet.slip.rule();
    sheet.sales(report);
    sheet.undone(report);
    sheet.slip.rule();
    sheet.sum(Tone::Strong, ReportWord::NetSales, report.net_sales_total);
    sheet.slip.rule();
    sheet.spent(report);
    sheet.slip.rule();
    sheet.workers(report);
    sheet.slip.rule();
    sheet.drawer(report);
    if !shift.description.is_empty() {
        sheet.slip.rule();
        sheet.slip.centered(Tone::Quiet, &shift.description);
    }
    sheet.slip
}

struct Sheet {
    slip: Slip,
    language: Language,
}

impl Sheet {
    fn word(&self, word: ReportWord) -> String {
        label(self.language, "z_report", word)
    }

    fn text(&mut self, word: ReportWord, value: &str) {
        if !value.is_empty() {
            self.slip.pair(Tone::Plain, &self.word(word), value);
        }
    }

    fn sum(&mut self, tone: Tone, word: ReportWord, sum: Money) {
        self.slip.pair(tone, &self.word(word), &amount(sum));
    }

    /// So many, and their sum.
    fn counted(&mut self, word: ReportWord, count: i64, sum: Money) {
        let name = format!("{} ({count})", self.word(word));
        self.slip.pair(Tone::Plain, &name, &amount(sum));
    }

    /// What of a sum went which way; a way that took nothing has no line.
    fn ways<T: Coded>(&mut self, family: &str, ways: &[(T, Money)]) {
        for (way, sum) in ways.iter().filter(|(_, sum)| !sum.is_zero()) {
            let name = format!("– {}", label(self.language, family, *way));
            self.slip.pair(Tone::Plain, &name, &amount(*sum));
        }
    }

    fn sales(&mut self, report: &ShiftReport) {
        self.counted(ReportWord::Sales, report.sales_count, report.gross_total);
        if !report.discount_total.is_zero() {
            self.sum(Tone::Plain, ReportWord::Discounts, report.discount_total);
        }
        self.sum(Tone::Strong, ReportWord::SalesTotal, report.sales_total);
        let paid = report.by_payment;
        self.ways(
            "payment_type",
            &[
                (PaymentType::Cash, paid.cash),
                (PaymentType::Card, paid.card),
                (PaymentType::Debt, paid.debt),
            ],
        );
    }

    /// What was undone or came back.
    fn undone(&mut self, report: &ShiftReport) {
        if report.cancelled_count > 0 {
            self.slip.rule();
            self.counted(ReportWord::Cancelled, report.cancelled_count, report.cancelled_total);
        }
        let back = report.cancel_refunds;
        if back.count > 0 {
            self.slip.rule();
            let total = [back.cash, back.card].into_iter().sum();
            self.counted(ReportWord::CancelRefunds, back.count, total);
            self.ways(
                "payment_type",
                &[(PaymentType::Cash, back.cash), (PaymentType::Card, back.card)],
            );
        }
        if report.returns_count > 0 {
            self.slip.rule();
            self.counted(ReportWord::Returns, report.returns_count, report.returns_total);
            let back = report.refunds;
            self.ways(
                "payment_type",
                &[
                    (PaymentType::Cash, back.cash),
                    (PaymentType::Card, back.card),
                    (PaymentType::Debt, back.debt),
                ],
            );
        }
    }

    /// Money that is not of sales.
    fn spent(&mut self, report: &ShiftReport) {
        let paid = report.debt_payments;
        if paid.count > 0 {
            let total = [paid.cash, paid.card, paid.transfer].into_iter().sum();
            self.counted(ReportWord::DebtPayments, paid.count, total);
            self.ways(
                "tender",
                &[
                    (Tender::Cash, paid.cash),
                    (Tender::Card, paid.card),
                    (Tender::Transfer, paid.transfer),
                ],
            );
            self.slip.rule();
        }
        if !report.expenses_by_category.is_empty() {
            self.sum(Tone::Plain, ReportWord::Expenses, report.expenses_total);
            self.ways("tender", &[(Tender::Cash, report.expenses_cash)]);
            for spent in &report.expenses_by_category {
                let name = format!("{} ({})", spent.category, spent.count);
                self.slip.pair(Tone::Quiet, &name, &amount(spent.total));
            }
            self.slip.rule();
        }
        if !report.supplier_payments_cash.is_zero() {
            self.sum(Tone::Plain, ReportWord::SupplierPayments, report.supplier_payments_cash);
        }
        if report.wastage_count > 0 {
            self.counted(ReportWord::Wastages, report.wastage_count, report.wastage_cost);
        }
    }

    fn workers(&mut self, report: &ShiftReport) {
        if report.by_worker.is_empty() {
            return;
        }
        self.slip.centered(Tone::Plain, &self.word(ReportWord::Workers));
        for worker in &report.by_worker {
            let name = format!("{} ({})", worker.name, worker.sales_count);
            self.slip.pair(Tone::Plain, &name, &amount(worker.sales_total));
            if !worker.returns_total.is_zero() {
                let name = format!("– {}", self.word(ReportWord::Returns));
                self.slip.pair(Tone::Quiet, &name, &amount(worker.returns_total));
            }
        }
    }

    fn drawer(&mut self, report: &ShiftReport) {
        self.sum(Tone::Plain, ReportWord::CashStart, report.cash_start);
        self.sum(Tone::Plain, ReportWord::NetIncome, report.net_income);
        self.sum(Tone::Strong, ReportWord::CashExpected, report.cash_expected);
        if let Some(counted) = report.cash_end {
            self.sum(Tone::Plain, ReportWord::CashEnd, counted);
        }
        if let Some(difference) = report.cash_difference {
            self.sum(Tone::Strong, ReportWord::CashDifference, difference);
        }
    }
}
