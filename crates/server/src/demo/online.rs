//! Four weeks of online orders, which end up in every state that an order can reach.

use anyhow::Context as _;
use chrono::{NaiveDate, TimeDelta};
use savdo_domain::access::Actor;
use savdo_domain::cart::CartPart;
use savdo_domain::coded::Coded;
use savdo_domain::order::{OrderStatus, PaymentMethod};
use savdo_services::carts::{self, AddToCart};
use savdo_services::deliveries::{self, AssignCourier};
use savdo_services::once::Unkeyed;
use savdo_services::orders::{self, AdvanceOrder, CancelOrder, OrderSeen, PlaceOrder, ReceiveCash};
use savdo_services::prescriptions::{self, SubmitPrescription};
use savdo_services::{Context, Error, FixedClock};

use super::catalogue::Stocked;
use super::dice::Dice;
use super::people::People;
use super::{hour, sheet};

const ADDRESSES: [&str; 3] = [
    "Toshkent, Chilonzor 9-kvartal, 14-uy, 27-xonadon",
    "Toshkent, Shayxontohur, Labzak ko'chasi 5",
    "Toshkent, Mirzo Ulug'bek, Buyuk Ipak Yo'li 33",
];

/// Two orders in the evening, and what becomes of them: most are brought; what waits for its buyer is paid at the counter, given up
/// when its time is over, or cancelled.
pub(super) fn order_all_day(
    context: &Context,
    clock: &FixedClock,
    (people, shelf): (&People, &[Stocked]),
    day: NaiveDate,
    dice: &mut Dice,
) -> anyhow::Result<()> {
    clock.set(hour(day, 19));
    let offered: Vec<Stocked> = shelf.iter().filter(|stocked| stocked.is_online).cloned().collect();
    for _ in 0..2 {
        clock.advance(TimeDelta::minutes(11));
        let Some(buyer) = dice.pick(&people.customers) else {
            break;
        };
        let method = if dice.falls(70) {
            PaymentMethod::Cash
        } else {
            PaymentMethod::Online
        };
        let mut wanted = Vec::new();
        for _ in 0..=dice.below(3) {
            wanted.extend(dice.pick(&offered));
        }
        let Some(order) = order(context, buyer, &wanted, method)? else {
            continue;
        };
        clock.advance(TimeDelta::minutes(20));
        match order.order.status {
            OrderStatus::Preparing if dice.falls(15) => cancel(context, buyer, &order, "Kerak bo'lmay qoldi")?,
            OrderStatus::Preparing => bring(context, clock, people, &order)?,
            OrderStatus::AwaitingPayment if order.order.id.get() % 2 == 0 => {
                pay(context, people, &order)?;
                advance(context, &people.operator, &order, OrderStatus::Preparing)?;
                bring(context, clock, people, &order)?;
            }
            OrderStatus::AwaitingPayment => {
                clock.advance(TimeDelta::minutes(41));
                orders::expire_due(context)?;
            }
            OrderStatus::AwaitingPrescription => cancel(context, &people.operator, &order, "Retsept keltirilmadi")?,
            OrderStatus::Draft
            | OrderStatus::Paid
            | OrderStatus::ReadyForDelivery
            | OrderStatus::OnTheWay
            | OrderStatus::Delivered
            | OrderStatus::Cancelled => {}
        }
    }
    Ok(())
}

/// The last half hour: an order in every state, of which the one that needs a prescription has one to be judged.
pub(super) fn leave_one_in_each_state(context: &Context, people: &People, shelf: &[Stocked]) -> anyhow::Result<()> {
    let buyers = people.customers.iter().cycle();
    let wishes = [
        (true, PaymentMethod::Online),
        (false, PaymentMethod::Online),
        (false, PaymentMethod::Online),
        (false, PaymentMethod::Cash),
        (false, PaymentMethod::Cash),
        (false, PaymentMethod::Cash),
        (false, PaymentMethod::Cash),
        (false, PaymentMethod::Cash),
    ];
    let mut placed = Vec::new();
    for (buyer, (needs_prescription, method)) in buyers.zip(wishes) {
        placed.push(order_any(context, buyer, shelf, needs_prescription, method)?);
    }
    let first_buyer = people.customers.first().context("no customer")?;
    if let [judged, _, paid, _, packed, carried, brought, dropped] = placed.as_slice() {
        show_prescription(context, first_buyer, judged)?;
        pay(context, people, paid)?;
        advance(context, &people.operator, packed, OrderStatus::ReadyForDelivery)?;
        set_out(context, people, carried)?;
        set_out(context, people, brought)?;
        hand_over(context, people, brought)?;
        cancel(context, &people.operator, dropped, "Mijoz so'rovi bilan")?;
    }
    Ok(())
}

/// An order of the first product that there is enough of.
fn order_any(
    context: &Context,
    buyer: &Actor,
    shelf: &[Stocked],
    needs_prescription: bool,
    method: PaymentMethod,
) -> anyhow::Result<OrderSeen> {
    let fitting = shelf
        .iter()
        .filter(|stocked| stocked.is_online && stocked.needs_prescription == needs_prescription);
    for stocked in fitting {
        if let Some(order) = order(context, buyer, &[stocked], method)? {
            return Ok(order);
        }
    }
    anyhow::bail!("nothing is left to order")
}

/// An order of one or two pieces of each; `None`, and an empty cart, where there is too little of them.
fn order(
    context: &Context,
    buyer: &Actor,
    wanted: &[&Stocked],
    method: PaymentMethod,
) -> anyhow::Result<Option<OrderSeen>> {
    for stocked in wanted {
        let line = AddToCart {
            product_id: stocked.id,
            pieces: 1,
        };
        taken(carts::add(context, buyer, line, &Unkeyed))?;
    }
    let address = ADDRESSES.get(wanted.len() % ADDRESSES.len()).context("no address")?;
    let command = PlaceOrder {
        delivery_address: (*address).to_owned(),
        comment: String::new(),
        payment_method: method,
        expected_total: None,
        part: CartPart::All,
    };
    let order = taken(orders::place(context, buyer, command, &Unkeyed))?;
    if order.is_none() {
        carts::clear(context, buyer)?;
    }
    Ok(order)
}

/// What a use-case did; `None` where the trade says no.
fn taken<T>(result: savdo_services::Result<T>) -> savdo_services::Result<Option<T>> {
    match result {
        Ok(done) => Ok(Some(done)),
        Err(Error::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Cash at the counter for an order that was to be paid online.
fn pay(context: &Context, people: &People, order: &OrderSeen) -> anyhow::Result<()> {
    let command = ReceiveCash {
        order_id: order.order.id,
        amount: order.order.total_price,
    };
    orders::receive_cash(context, &people.operator, command, &Unkeyed)?;
    Ok(())
}

/// Shows the pharmacy a drawn sheet for an order.
fn show_prescription(context: &Context, buyer: &Actor, order: &OrderSeen) -> anyhow::Result<()> {
    let command = SubmitPrescription {
        order_id: Some(order.order.id),
        images: vec![sheet::draw()?],
    };
    prescriptions::submit(context, buyer, command, &Unkeyed)?;
    Ok(())
}

/// Packs an order that is being put together, and brings it within the hour.
fn bring(context: &Context, clock: &FixedClock, people: &People, order: &OrderSeen) -> anyhow::Result<()> {
    set_out(context, people, order)?;
    clock.advance(TimeDelta::minutes(35));
    hand_over(context, people, order)
}

fn set_out(context: &Context, people: &People, order: &OrderSeen) -> anyhow::Result<()> {
    advance(context, &people.operator, order, OrderStatus::ReadyForDelivery)?;
    let command = AssignCourier {
        order_id: order.order.id,
        courier_id: people.courier.user_id,
    };
    deliveries::assign(context, &people.operator, command, &Unkeyed)?;
    advance(context, &people.courier, order, OrderStatus::OnTheWay)
}

fn hand_over(context: &Context, people: &People, order: &OrderSeen) -> anyhow::Result<()> {
    advance(context, &people.courier, order, OrderStatus::Delivered)
}

/// Sets the status of an order; whatever is due in cash is handed over with it.
fn advance(context: &Context, actor: &Actor, order: &OrderSeen, to: OrderStatus) -> anyhow::Result<()> {
    let command = AdvanceOrder {
        order_id: order.order.id,
        status: to.code().to_owned(),
        comment: String::new(),
        cash_received: Some(order.order.total_price),
    };
    orders::advance(context, actor, command, &Unkeyed)?;
    Ok(())
}

fn cancel(context: &Context, actor: &Actor, order: &OrderSeen, reason: &str) -> anyhow::Result<()> {
    let command = CancelOrder {
        order_id: order.order.id,
        reason: reason.to_owned(),
    };
    orders::cancel(context, actor, command, &Unkeyed)?;
    Ok(())
}
