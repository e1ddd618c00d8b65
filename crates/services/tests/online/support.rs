//! Words that the tests of this package share.

use std::sync::Barrier;
use std::sync::atomic::{AtomicI64, Ordering};

use savdo_domain::access::Actor;
use savdo_domain::cart::CartPart;
use savdo_domain::ids::ProductId;
use savdo_domain::order::PaymentMethod;
use savdo_domain::{Money, Refusal};
use savdo_services::carts::{self, AddToCart, CartContents};
use savdo_services::orders::{self, AdvanceOrder, CancelOrder, OrderSeen, PlaceOrder};
use savdo_services::testing::{Shop, World};
use savdo_services::{Error, Result};

/// The tables that a cart or an order may change.
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
    "audit_entries",
    "outbox",
];

/// A product offered online.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Offer<'a> {
    pub(crate) price: &'a str,
    pub(crate) pieces: i64,
    pub(crate) needs_prescription: bool,
}

/// At 12 000.00 so'm, ten pieces in stock, without a prescription.
pub(crate) const PLAIN: Offer<'static> = Offer {
    price: "12000.00",
    pieces: 10,
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
    let id = shop.store_id;
    world.database.execute(&format!(
        "UPDATE store_settings SET online_enabled = TRUE WHERE store_id = {id}"
    ));
    shop
}

pub(crate) fn offer(world: &World, shop: &Shop, offer: Offer<'_>) -> ProductId {
    static NEXT: AtomicI64 = AtomicI64::new(1_000);
    let id = NEXT.fetch_add(1_000, Ordering::SeqCst);
    let (store, branch) = (shop.store_id, shop.branch_id);
    let price = money(offer.price).tiyin();
    let rx = offer.needs_prescription;
    let quantity = offer.pieces * 1_000;
    world.database.execute(&format!(
        "INSERT INTO categories (id, store_id, name, name_key, slug, description, icon, status, created_at)
         VALUES ({id}, {store}, 'C{id}', 'c{id}', 'c{id}', '', '', 'active', '2026-03-01 00:00:00');
         INSERT INTO products (id, store_id, category_id, name, name_key, manufacturer, manufacturer_key, sku, sku_key,
           slug, barcode, unit, sale_price, first_cost, currency_id, description, usage, mxik_code, package_code, image,
           is_medicine, needs_prescription, is_online, order_count, shop_search, online_search, status, created_at, updated_at)
         VALUES ({id}, {store}, {id}, 'Dori {id}', 'dori {id}', 'Nika', 'nika', 'S{id}', 's{id}', 's{id}', 'B{id}', 'dona',
           {price}, 0, 1, '', '', '', '', '', TRUE, {rx}, TRUE, 0, '', '', 'active', '2026-03-01 00:00:00', '2026-03-01 00:00:00')"
    ));
    if offer.pieces > 0 {
        world.database.execute(&format!(
            "INSERT INTO stock_levels (store_id, location_id, product_id, on_hand, sellable, is_hidden, updated_at)
             VALUES ({store}, {branch}, {id}, {quantity}, {quantity}, FALSE, '2026-03-01 00:00:00');
             INSERT INTO stock_movements (id, store_id, location_id, product_id, quantity, value, reason, document_type,
               description, day, created_at)
             VALUES ({id}, {store}, {branch}, {id}, {quantity}, {quantity}, 'receipt', 'manual', '', '2026-03-01', '2026-03-01 00:00:00');
             INSERT INTO stock_batches (id, store_id, location_id, product_id, origin_movement_id, unit_cost, quantity_received,
               quantity_left, value_left, is_spent, series, is_blocked, block_reason, received_at)
             VALUES ({id}, {store}, {branch}, {id}, {id}, 1000, {quantity}, {quantity}, {quantity}, FALSE, '', FALSE, '', '2026-03-01 00:00:00')"
        ));
    }
    ProductId::new(id)
}

pub(crate) fn hide(world: &World, product_id: ProductId) {
    world.database.execute(&format!(
        "UPDATE products SET is_online = FALSE WHERE id = {product_id}"
    ));
}

pub(crate) fn reprice(world: &World, product_id: ProductId, price: &str) {
    let price = money(price).tiyin();
    world.database.execute(&format!(
        "UPDATE products SET sale_price = {price} WHERE id = {product_id}"
    ));
}

pub(crate) fn money(text: &str) -> Money {
    Money::parse(text).unwrap()
}

pub(crate) fn put(world: &World, actor: &Actor, product_id: ProductId, pieces: i64) -> Result<CartContents> {
    carts::add(&world.context, actor, AddToCart { product_id, pieces })
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
    orders::place(&world.context, actor, command).unwrap()
}

pub(crate) fn cancel(world: &World, actor: &Actor, order: &OrderSeen, reason: &str) -> Result<OrderSeen> {
    let command = CancelOrder {
        order_id: order.order.id,
        reason: reason.to_owned(),
    };
    orders::cancel(&world.context, actor, command)
}

pub(crate) fn set_status(world: &World, actor: &Actor, order: &OrderSeen, status: &str) -> Result<OrderSeen> {
    let command = AdvanceOrder {
        order_id: order.order.id,
        status: status.to_owned(),
        comment: String::new(),
    };
    orders::advance(&world.context, actor, command)
}

pub(crate) fn refusal<T>(result: Result<T>) -> Refusal {
    match result {
        Err(Error::Refused(refusal)) => refusal,
        Err(other) => panic!("not a refusal: {other}"),
        Ok(_) => panic!("not refused"),
    }
}

/// The code of a refusal; `fields` for field errors.
pub(crate) fn code<T>(result: Result<T>) -> &'static str {
    refusal(result).code().unwrap_or("fields")
}

/// Runs the same work on `threads` threads that all begin together.
pub(crate) fn at_once<T: Send>(threads: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let barrier = Barrier::new(threads);
    std::thread::scope(|scope| {
        let begun: Vec<_> = (0..threads)
            .map(|thread| {
                let (barrier, work) = (&barrier, &work);
                scope.spawn(move || {
                    barrier.wait();
                    work(thread)
                })
            })
            .collect();
        begun.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}
