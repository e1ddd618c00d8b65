//! Four weeks at the counters of both branches.

use chrono::{NaiveDate, TimeDelta};
use savdo_domain::access::Actor;
use savdo_domain::catalog::Unit;
use savdo_domain::ids::LocationId;
use savdo_domain::sale::{PaymentType, Tendered};
use savdo_domain::sale_return::{AskedBack, BackOf};
use savdo_domain::{Money, Percent, Quantity};
use savdo_services::once::Unkeyed;
use savdo_services::sale_returns::{self, CreateSaleReturn};
use savdo_services::sales::{self, CancelSale, SaleDetailView, Sell, SellLine};
use savdo_services::{Context, Error, FixedClock};

use super::catalogue::Stocked;
use super::dice::Dice;
use super::hour;
use super::people::People;

const LINES_MAX: usize = 4;
const BETWEEN_SALES: TimeDelta = TimeDelta::minutes(47);

/// Sells from nine in the morning, in the one branch and in the other; now and then a sale is undone, or
/// goods come back.
pub(super) fn sell_all_day(
    context: &Context,
    clock: &FixedClock,
    (people, shelf): (&People, &[Stocked]),
    day: NaiveDate,
    dice: &mut Dice,
) -> anyhow::Result<()> {
    clock.set(hour(day, 9));
    let north: Vec<Stocked> = shelf.iter().filter(|stocked| stocked.is_in_north).cloned().collect();
    for _ in 0..8 + dice.below(5) {
        clock.advance(BETWEEN_SALES);
        let (who, branch, goods) = if dice.falls(60) {
            (&people.seller, people.center, shelf)
        } else {
            (&people.manager, people.north, north.as_slice())
        };
        let sale = wish(branch, goods, who, people, dice);
        let sold = match sales::sell(context, who, sale, &Unkeyed) {
            Ok(sold) => sold.sale,
            // Too little left of something: the buyer leaves.
            Err(Error::Refused(_)) => continue,
            Err(error) => return Err(error.into()),
        };
        if dice.falls(4) {
            clock.advance(TimeDelta::minutes(6));
            let cancel = CancelSale {
                id: sold.sale.id,
                reason: "Xaridor fikridan qaytdi".to_owned(),
            };
            sales::cancel(context, &people.manager, cancel, &Unkeyed)?;
        } else if sold.sale.number % 29 == 0 {
            clock.advance(TimeDelta::minutes(20));
            bring_back(context, people, &sold)?;
        }
    }
    Ok(())
}

/// The first line of a sale comes back; now and then the manager has not looked at it yet.
fn bring_back(context: &Context, people: &People, sold: &SaleDetailView) -> anyhow::Result<()> {
    let Some(line) = sold.lines.first() else { return Ok(()) };
    let written = CreateSaleReturn {
        sale: sold.sale.id,
        items: vec![AskedBack {
            of: BackOf::Line(line.id, None),
            quantity: line.quantity,
        }],
        branch: None,
        reason: "Boshqasi kerak ekan".to_owned(),
        refund_method: None,
    };
    let written = sale_returns::create(context, &people.seller, written, &Unkeyed)?;
    if sold.sale.number % 87 != 0 {
        sale_returns::confirm(context, &people.manager, written.sale_return.id, &Unkeyed)?;
    }
    Ok(())
}

fn wish(branch: LocationId, goods: &[Stocked], who: &Actor, people: &People, dice: &mut Dice) -> Sell {
    let mut items: Vec<SellLine> = Vec::new();
    for _ in 0..=dice.below(LINES_MAX) {
        let Some(stocked) = dice.pick(goods) else { break };
        if items.iter().all(|line| line.product_id != stocked.id) {
            items.push(SellLine {
                product_id: stocked.id,
                quantity: amount(stocked.unit, dice),
                unit_price: None,
                original_price: None,
                discount_percent: None,
            });
        }
    }
    let is_manager = who.user_id == people.manager.user_id;
    if let Some(line) = items.first_mut().filter(|_| is_manager && dice.falls(15)) {
        line.discount_percent = Some(Percent::from_hundredths(5_00));
    }
    Sell {
        branch: Some(branch),
        payment_type: if dice.falls(65) {
            PaymentType::Cash
        } else {
            PaymentType::Card
        },
        items,
        discount: Money::ZERO,
        tendered: Tendered::default(),
        customer: None,
        description: String::new(),
        client_id: None,
        sold_at: None,
    }
}

/// Whole pieces, or quarters of what is weighed and measured.
pub(super) fn amount(unit: Unit, dice: &mut Dice) -> Quantity {
    let times = i64::try_from(dice.below(3)).unwrap_or_default() + 1;
    let thousandths = if unit.is_countable() { 1_000 } else { 250 };
    Quantity::from_thousandths(times * thousandths)
}
