//! Words that the tests of this package share.

use std::sync::atomic::{AtomicU32, Ordering};

use savdo_domain::access::Actor;
use savdo_domain::cart::CartPart;
use savdo_domain::ids::{DeliveryId, ProductId};
use savdo_domain::order::PaymentMethod;
use savdo_domain::settings::SettingsPatch;
use savdo_services::carts::{self, AddToCart, CartContents};
use savdo_services::deliveries::{self, AdvanceDelivery, AssignCourier, CancelDelivery, DeliverySeen};
use savdo_services::once::Unkeyed;
use savdo_services::orders::{self, AdvanceOrder, CancelOrder, OrderSeen, PlaceOrder, ReceiveCash};
use savdo_services::products::{self, OfferProduct};
use savdo_services::testing::{Goods, Shop, World, money, receipt, refusal, sale};
use savdo_services::{Result, settings};

/// The tables that a cart or an order may change, traces aside.
pub(crate) const TABLES: &[&str] = &[
    "carts",
    "cart_lines",
    "orders",
    "order_lines",
    "order_history",
    "stock_levels",
    "stock_batches",
    "stock_movements",
    "stock_movement_parts",
];

/// What a test says of a product offered online.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Offer<'a> {
    pub(crate) price: &'a str,
    pub(crate) pieces: &'a str,
    pub(crate) needs_prescription: bool,
}

/// At 12 000.00 so'm, ten pieces in stock, without a prescription.
pub(crate) const PLAIN: Offer<'static> = Offer {
    price: "12000.00",
    pieces: "10",
    needs_prescription: false,
};

/// The same on prescription.
pub(crate) const RX: Offer<'static> = Offer {
    needs_prescription: true,
    ..PLAIN
};

/// A shop that is open online.
pub(crate) fn online_shop(world: &World) -> Shop {
    let shop = world.shop();
    world.open_online(&shop);
    shop
}

/// A new product of the shop, offered online, in stock at its branch.
pub(crate) fn offer(world: &World, shop: &Shop, offer: Offer<'_>) -> ProductId {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let name = format!("Dori {}", NEXT.fetch_add(1, Ordering::SeqCst));
    let goods = Goods {
        needs_prescription: offer.needs_prescription,
        ..Goods::named(&name).at(money(offer.price))
    };
    let product_id = world.online_product(shop, goods);
    world.receive(shop, receipt(shop, product_id, offer.pieces, "8000.00"));
    product_id
}

/// The product goes offline, or online again.
pub(crate) fn show(world: &World, shop: &Shop, product_id: ProductId, is_active: bool) {
    let command = OfferProduct {
        is_active: Some(is_active),
        ..OfferProduct::default()
    };
    products::offer(&world.context, &shop.owner, product_id, command, &Unkeyed).unwrap();
}

/// The product costs this from now on.
pub(crate) fn reprice(world: &World, shop: &Shop, product_id: ProductId, price: &str) {
    let command = OfferProduct {
        price: Some(money(price)),
        ..OfferProduct::default()
    };
    products::offer(&world.context, &shop.owner, product_id, command, &Unkeyed).unwrap();
}

/// So many pieces are sold at the counter.
pub(crate) fn sell(world: &World, shop: &Shop, product_id: ProductId, pieces: &str) {
    world.sell(&shop.owner, sale(shop, &[(product_id, pieces)]));
}

/// The settings of the shop change.
pub(crate) fn set(world: &World, shop: &Shop, patch: SettingsPatch) {
    settings::change(&world.context, &shop.owner, shop.store_id, patch).unwrap();
}

pub(crate) fn put(world: &World, actor: &Actor, product_id: ProductId, pieces: i64) -> Result<CartContents> {
    carts::add(&world.context, actor, AddToCart { product_id, pieces }, &Unkeyed)
}

/// An order of all that lies in the cart, in cash.
pub(crate) fn cash() -> PlaceOrder {
    PlaceOrder {
        delivery_address: "Toshkent, Navoiy 1".to_owned(),
        comment: String::new(),
        payment_method: PaymentMethod::Cash,
        expected_total: None,
        part: CartPart::All,
    }
}

/// The same, to be paid online.
pub(crate) fn online() -> PlaceOrder {
    PlaceOrder {
        payment_method: PaymentMethod::Online,
        ..cash()
    }
}

/// An order of `pieces` of one product by a customer.
pub(crate) fn ordered(
    world: &World,
    actor: &Actor,
    product_id: ProductId,
    pieces: i64,
    command: PlaceOrder,
) -> OrderSeen {
    put(world, actor, product_id, pieces).unwrap();
    orders::place(&world.context, actor, command, &Unkeyed).unwrap()
}

pub(crate) fn cancel(world: &World, actor: &Actor, order: &OrderSeen, reason: &str) -> Result<OrderSeen> {
    let command = CancelOrder {
        order_id: order.order.id,
        reason: reason.to_owned(),
    };
    orders::cancel(&world.context, actor, command, &Unkeyed)
}

pub(crate) fn set_status(world: &World, actor: &Actor, order: &OrderSeen, status: &str) -> Result<OrderSeen> {
    let command = AdvanceOrder {
        order_id: order.order.id,
        status: status.to_owned(),
        comment: String::new(),
        cash_received: None,
    };
    orders::advance(&world.context, actor, command, &Unkeyed)
}

/// The code of a refusal; `fields` for field errors.
pub(crate) fn code<T>(result: Result<T>) -> &'static str {
    refusal(result).code().unwrap_or("fields")
}

/// The courier hands over, with the cash for it.
pub(crate) fn hand_over(world: &World, actor: &Actor, order: &OrderSeen, cash: &str) -> Result<OrderSeen> {
    let command = AdvanceOrder {
        order_id: order.order.id,
        status: "delivered".to_owned(),
        comment: String::new(),
        cash_received: Some(money(cash)),
    };
    orders::advance(&world.context, actor, command, &Unkeyed)
}

pub(crate) fn receive_cash(world: &World, actor: &Actor, order: &OrderSeen, amount: &str) -> Result<OrderSeen> {
    let command = ReceiveCash {
        order_id: order.order.id,
        amount: money(amount),
    };
    orders::receive_cash(&world.context, actor, command, &Unkeyed)
}

/// The order goes to a courier.
pub(crate) fn assign(world: &World, actor: &Actor, order: &OrderSeen, courier: &Actor) -> Result<DeliverySeen> {
    let command = AssignCourier {
        order_id: order.order.id,
        courier_id: courier.user_id,
    };
    deliveries::assign(&world.context, actor, command, &Unkeyed)
}

pub(crate) fn call_off(world: &World, actor: &Actor, delivery: DeliveryId, with_order: bool) -> Result<DeliverySeen> {
    let command = CancelDelivery {
        delivery_id: delivery,
        reason: "Manzil topilmadi".to_owned(),
        cancel_order: with_order,
    };
    deliveries::cancel(&world.context, actor, command, &Unkeyed)
}

pub(crate) fn carry(world: &World, actor: &Actor, delivery: DeliveryId, status: &str) -> Result<DeliverySeen> {
    let command = AdvanceDelivery {
        delivery_id: delivery,
        status: status.to_owned(),
        comment: String::new(),
        cash_received: None,
    };
    deliveries::advance(&world.context, actor, command, &Unkeyed)
}

/// An order in cash for one product, packed.
pub(crate) fn packed(world: &World, shop: &Shop, customer: &Actor, product: ProductId) -> OrderSeen {
    let order = ordered(world, customer, product, 1, cash());
    set_status(world, &shop.owner, &order, "ready_for_delivery").unwrap()
}

/// Every order as it stands: status, money, courier or none.
pub(crate) fn standings(world: &World) -> Vec<String> {
    world.database.lines(
        "SELECT status || ' ' || payment_status || ' ' || coalesce(CAST(courier_id AS TEXT), '-') AS line FROM orders ORDER BY id",
    )
}

/// Every payment: provider, status, amount in tiyin.
pub(crate) fn payments(world: &World) -> Vec<String> {
    let lines = "SELECT provider || ' ' || status || ' ' || amount AS line FROM payments ORDER BY id";
    world.database.lines(lines)
}

/// What the outbox tells, in its order.
pub(crate) fn told(world: &World) -> Vec<String> {
    world.database.lines("SELECT event AS line FROM outbox ORDER BY id")
}
