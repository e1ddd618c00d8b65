//! The receipt of a sale, from its head to its foot (shop.md 16.3).
//!
//! Prices of lines stand after the line's own discount, before that of the sale: so they sum to the total, which the discount is
//! taken off below. A way of paying that took nothing, no discount and no debt have no line.

use savdo_domain::Money;
use savdo_domain::account::Language;
use savdo_domain::coded::Coded;
use savdo_domain::sale::{Payment, PaymentType, SaleStatus};
use savdo_domain::zone::Zone;
use savdo_paper::{Slip, Tone};
use savdo_services::sales::{ReceiptView, SaleDetailView, SaleLineView};

use crate::messages::label;
use crate::paper::{Word, amount, number, percent, quantity, taken_off, word};

/// The receipt in a language, its time on the clock of the store.
pub(super) fn receipt(view: &ReceiptView, zone: Zone, language: Language) -> Slip {
    let sale = &view.sale.sale;
    let say = |what| word(language, what);
    let number = number(sale.number);
    let mut slip = Slip::new(&format!("{} {number}", say(Word::Receipt)), language.code());
    slip.centered(Tone::Loud, &view.store_name);
    slip.centered(Tone::Plain, &sale.branch_name);
    slip.centered(Tone::Quiet, &view.branch_address);
    slip.centered(Tone::Quiet, &view.branch_phone);
    slip.centered(Tone::Plain, &view.header);
    cancelled(&mut slip, &view.sale, zone, language);
    slip.rule();
    slip.pair(Tone::Plain, &say(Word::Receipt), &number);
    slip.pair(Tone::Plain, &say(Word::Time), &zone.print(sale.sold_at));
    if view.names_seller {
        slip.pair(Tone::Plain, &say(Word::Cashier), &sale.worker_name);
    }
    slip.rule();
    for line in &view.sale.lines {
        item(&mut slip, line, language);
    }
    slip.rule();
    totals(&mut slip, view, language);
    slip.rule();
    for (way, sum) in paid(sale.settlement.payment, sale.settlement.debt, language) {
        slip.pair(Tone::Plain, &way, &sum);
    }
    slip.rule();
    slip.code(&sale.number.to_string());
    slip.centered(Tone::Plain, &view.footer);
    slip
}

/// Marks a sale that was undone, where it begins and all over.
fn cancelled(slip: &mut Slip, sale: &SaleDetailView, zone: Zone, language: Language) {
    match sale.sale.status {
        SaleStatus::Completed => {}
        SaleStatus::Cancelled => {
            let mark = label(language, "sale_status", sale.sale.status).to_uppercase();
            slip.stamp(&mark);
            let at = sale.cancelled_at.map(|at| zone.print(at)).unwrap_or_default();
            slip.banner(format!("{mark} {at}").trim());
        }
    }
}

fn item(slip: &mut Slip, line: &SaleLineView, language: Language) {
    let price = line.original_price.checked_sub(line.discount_per_unit);
    let unit = label(language, "unit", line.unit);
    let detail = format!(
        "{} {unit} × {}",
        quantity(line.quantity),
        amount(price.unwrap_or(line.original_price))
    );
    slip.item(&line.product_name, &detail, &amount(line.line_total), &discount(line));
}

/// What was taken off the price: a share where it is exactly that, else an amount.
fn discount(line: &SaleLineView) -> String {
    if line.discount_per_unit.is_zero() {
        return String::new();
    }
    let price = amount(line.original_price);
    if line.discount_percent.of(line.original_price) == Some(line.discount_per_unit) {
        format!("{price} − {}", percent(line.discount_percent))
    } else {
        format!("{price} − {}", amount(line.discount_per_unit))
    }
}

fn totals(slip: &mut Slip, view: &ReceiptView, language: Language) {
    let sale = &view.sale.sale;
    slip.pair(Tone::Plain, &word(language, Word::Total), &amount(sale.total_price));
    if sale.discount_amount != Money::ZERO {
        let discount = taken_off(sale.discount_amount);
        slip.pair(Tone::Plain, &word(language, Word::Discount), &discount);
    }
    slip.pair(Tone::Strong, &word(language, Word::ToPay), &amount(sale.net_total));
    if let Some(tax) = view.tax {
        let name = format!("{} {}", word(language, Word::TaxIncluded), percent(tax.percent));
        slip.pair(Tone::Plain, &name, &amount(tax.amount));
    }
}

/// In which ways it was paid, with what is owed: each that is anything.
fn paid(payment: Payment, debt: Money, language: Language) -> impl Iterator<Item = (String, String)> {
    let ways = [
        (PaymentType::Cash, payment.cash),
        (PaymentType::Card, payment.card),
        (PaymentType::Debt, debt),
    ];
    let ways = ways.into_iter().filter(|(_, sum)| !sum.is_zero());
    ways.map(move |(way, sum)| (label(language, "payment_type", way), amount(sum)))
}

#[cfg(test)]
mod tests {
    use savdo_domain::Money;
    use savdo_domain::account::Language;
    use savdo_domain::sale::Payment;

    fn paid(cash: &str, card: &str, debt: &str) -> Vec<String> {
        let money = |text| Money::parse(text).unwrap();
        let payment = Payment {
            cash: money(cash),
            card: money(card),
        };
        let lines = super::paid(payment, money(debt), Language::Uzbek);
        lines
            .map(|(way, sum)| format!("{way} {}", sum.replace('\u{a0}', " ")))
            .collect()
    }

    #[test]
    fn every_way_that_something_was_paid_in_has_its_line() {
        assert_eq!(paid("1000.00", "199.99", "0.00"), ["Naqd 1 000.00", "Karta 199.99"]);
        assert_eq!(
            paid("20000.00", "0.00", "40000.00"),
            ["Naqd 20 000.00", "Nasiya 40 000.00"]
        );
    }
}
