//! Checkout: a cart becomes an order.

use chrono::{DateTime, NaiveDate, Utc};
use savdo_domain::access::Actor;
use savdo_domain::cart::CartPart;
use savdo_domain::ids::{CartLineId, LocationId, OrderId, OrderLineId, StoreId};
use savdo_domain::order::{
    Checkout, CheckoutLine, OrderRefusal, PaymentMethod, PaymentStatus, PlacedLine, Placement, WaitingTimes,
};
use savdo_domain::settings::StoreSettings;
use savdo_domain::stock::{DocumentType, LocationKind, LowStock, MovementReason, Place, Policy};
use savdo_domain::{Money, text};
use savdo_persistence::orders::{self, NewOrder, OrderLineView, OrderView, StoreBriefView};
use savdo_persistence::products::OfferedView;
use savdo_persistence::{Tx, carts, settings};

use super::traces::{self, TracedOrder};
use super::{OrderSeen, money, seen};
use crate::audit::{self, Author};
use crate::carts::{CartContents, OfferedLine, load};
use crate::events;
use crate::once::Once;
use crate::stock::ledger::{self, Document};
use crate::stock::running_low;
use crate::{Context, Result};

/// The wish to order what lies in the cart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceOrder {
    /// Where to bring it.
    pub delivery_address: String,
    /// What the buyer adds, possibly nothing.
    pub comment: String,
    /// How it is to be paid.
    pub payment_method: PaymentMethod,
    /// The total that the buyer was shown; `None` makes no comparison.
    pub expected_total: Option<Money>,
    /// Which lines of the cart.
    pub part: CartPart,
}

/// An order that was decided, and where it is served.
struct Decided {
    placement: Placement,
    store: StoreBriefView,
    location_id: LocationId,
    day: NaiveDate,
    at: DateTime<Utc>,
}

/// Orders the wanted part of the caller's cart at the prices of now; what was parked comes back into the cart.
///
/// Locks the cart, holds the store's settings and with them the branch that serves, then locks the levels by product id. Two
/// at once: the second finds an empty cart.
///
/// # Errors
/// [`AccessRefusal::Forbidden`](savdo_domain::access::AccessRefusal::Forbidden) for sellers, operators and couriers; then
/// in the order of [`Checkout::place`]; last a shortage that names every short product.
pub fn place<O: Once<OrderSeen>>(context: &Context, actor: &Actor, command: PlaceOrder, once: &O) -> Result<O::Answer> {
    actor.permit_checkout()?;
    let now = context.now();
    let author = Author::from(actor);
    let caller = actor.clone();
    once.write(context, actor, "order_place", move |tx| {
        let cart = carts::write::lock(tx, caller.user_id, now)?;
        // Before the catalogue is read: from here on no branch of the store is put aside.
        let settings = settings_of(tx, cart.store_id)?;
        let contents = load(tx, now, cart.id)?;
        let (wanted, left): (Vec<_>, Vec<_>) = contents
            .lines
            .iter()
            .partition(|offered| command.part.holds(&offered.line));
        let decided = decide(&command, &wanted, &settings, now)?;

        let (order, lines) = insert(tx, &caller, &command, &decided, &wanted)?;
        take_goods(tx, &author, order.id, &decided, settings.low_stock())?;
        empty_cart(tx, &contents, &wanted, &left, now)?;
        leave_traces(tx, &author, order.id, &decided)?;
        Ok(seen::placed(&caller, now, order, lines))
    })
}

/// Those of the cart's store. An empty cart is of none: it is refused as empty, whatever the payment.
fn settings_of(tx: &mut Tx<'_>, store_id: Option<StoreId>) -> Result<StoreSettings> {
    match store_id {
        Some(store_id) => Ok(settings::hold(tx, store_id)?),
        None => Ok(StoreSettings::default()),
    }
}

fn decide(
    command: &PlaceOrder,
    wanted: &[&OfferedLine],
    settings: &StoreSettings,
    now: DateTime<Utc>,
) -> Result<Decided> {
    let lines = wanted.iter().map(|OfferedLine { line, product }| CheckoutLine {
        product_id: product.product_id,
        product_name: product.name.clone(),
        pieces: line.pieces,
        price: line.price,
        price_at_add: line.price_at_add,
        needs_prescription: line.needs_prescription,
        is_offered: product.is_visible,
    });
    let checkout = Checkout {
        lines: lines.collect(),
        payment_method: command.payment_method,
        expected_total: command.expected_total,
        is_store_open: wanted.iter().all(|offered| offered.product.is_store_open),
        takes_cash: settings.cash_enabled,
        waits: WaitingTimes {
            payment_minutes: settings.payment_minutes,
            prescription_hours: settings.prescription_hours,
        },
    };
    let placement = checkout.place(now)?;
    let product = &wanted.first().ok_or(OrderRefusal::CartEmpty)?.product;
    Ok(Decided {
        placement,
        store: StoreBriefView {
            id: product.store_id,
            name: product.store_name.clone(),
            zone: product.zone,
        },
        location_id: product.location_id.ok_or(OrderRefusal::StoreClosed)?,
        day: product.zone.day(now),
        at: now,
    })
}

/// Writes the order down; answers it as it is then, with its lines.
fn insert(
    tx: &mut Tx<'_>,
    actor: &Actor,
    command: &PlaceOrder,
    decided: &Decided,
    wanted: &[&OfferedLine],
) -> Result<(OrderView, Vec<OrderLineView>)> {
    let placement = &decided.placement;
    let buyer = orders::read::buyer(tx, actor.user_id)?;
    let search = text::search_text(&[&buyer.phone, &buyer.first_name, &buyer.last_name]);
    let is_cash_expected = placement.payment_status == PaymentStatus::Pending;
    let cash = is_cash_expected.then(money::new_public_id).transpose()?;
    let order = NewOrder {
        store_id: decided.store.id,
        buyer_id: actor.user_id,
        location_id: decided.location_id,
        payment_method: command.payment_method,
        cash_public_id: cash.as_deref(),
        placement,
        delivery_address: &command.delivery_address,
        comment: &command.comment,
        day: decided.day,
        created_at: decided.at,
        search: &search,
    };
    let (order_id, line_ids) = orders::place(tx, &order)?;
    let lines = line_ids.into_iter().zip(placement.lines.iter().zip(wanted));
    let lines = lines.map(|(id, (line, offered))| line_view((order_id, id), line, &offered.product));
    Ok((order.view(order_id, decided.store.clone(), buyer), lines.collect()))
}

fn line_view((order_id, id): (OrderId, OrderLineId), line: &PlacedLine, product: &OfferedView) -> OrderLineView {
    OrderLineView {
        id,
        order_id,
        line_number: line.line_number,
        product_id: line.product_id,
        product_name: line.product_name.clone(),
        pieces: line.quantity.whole_pieces(),
        price: line.price,
        subtotal: line.subtotal,
        needs_prescription: line.needs_prescription,
        name_now: product.name.clone(),
        manufacturer: product.manufacturer.clone(),
        image: product.image.clone(),
    }
}

fn take_goods(
    tx: &mut Tx<'_>,
    author: &Author,
    order_id: OrderId,
    decided: &Decided,
    low_stock: LowStock,
) -> Result<()> {
    let place = Place {
        location_id: decided.location_id,
        kind: LocationKind::Branch,
    };
    let document = Document {
        store_id: decided.store.id,
        place,
        document_type: DocumentType::Order,
        document_id: Some(order_id.get()),
        reason: MovementReason::Order,
        actor_id: author.user_id,
        day: decided.day,
        at: decided.at,
        description: "",
    };
    let demands = decided.placement.demands();
    let withdrawal = ledger::withdraw(tx, &document, Policy::SellableOnly, &demands)?;
    running_low::tell(tx, (&document).into(), low_stock, &withdrawal)
}

/// Takes what was ordered out of the cart; what is left there, and what was parked, is its content from now on.
fn empty_cart(
    tx: &mut Tx<'_>,
    contents: &CartContents,
    ordered: &[&OfferedLine],
    left: &[&OfferedLine],
    now: DateTime<Utc>,
) -> Result<()> {
    let ordered: Vec<CartLineId> = ordered.iter().map(|offered| offered.line.id).collect();
    if !contents.saved.is_empty() {
        carts::write::unpark(tx, contents.id)?;
    }
    let remaining = left.iter().copied().chain(&contents.saved).next();
    let store_id = remaining.map(|offered| offered.product.store_id);
    carts::write::take_out(tx, contents.id, &ordered, store_id, now)?;
    Ok(())
}

fn leave_traces(tx: &mut Tx<'_>, author: &Author, order_id: OrderId, decided: &Decided) -> Result<()> {
    let Decided {
        placement, store, at, ..
    } = decided;
    let order = TracedOrder {
        id: order_id,
        store_id: store.id,
        total_price: placement.total_price,
    };
    let (entry, news) = traces::of_placing(order, (placement.status, placement.payment_status));
    audit::record(tx, author, *at, entry)?;
    events::publish(tx, *at, &news)?;
    Ok(())
}
