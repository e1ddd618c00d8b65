//! A new order with its lines, the first row of its history and the cash that is expected for it: one statement on PostgreSQL.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::{Array, BigInt, Bool, Date, Nullable, Text, Timestamp};
use savdo_domain::coded::Coded;
use savdo_domain::ids::{LocationId, OrderId, OrderLineId, StoreId, UserId};
use savdo_domain::order::{HistorySource, OrderStatus, PaymentMethod, PlacedLine, Placement};
use savdo_domain::payment::{LogEvent, PaymentState, Provider};

use super::rows::{BuyerView, OrderView, StoreBriefView};
use super::write::{NewHistory, insert_history};
use crate::connection::AnyConnection;
use crate::database::Tx;
use crate::error::Error;
use crate::payments::{self, NewLog, NewPayment};
use crate::prepared::{cached, given};
use crate::schema::{order_lines, orders};

/// An order about to be written.
#[derive(Debug, Clone, Copy)]
pub struct NewOrder<'a> {
    /// The store.
    pub store_id: StoreId,
    /// Who orders.
    pub buyer_id: UserId,
    /// The place that serves it.
    pub location_id: LocationId,
    /// How it is paid.
    pub payment_method: PaymentMethod,
    /// What clients call the payment in cash that is expected for it, if one is.
    pub cash_public_id: Option<&'a str>,
    /// What was decided about it.
    pub placement: &'a Placement,
    /// Where to bring it.
    pub delivery_address: &'a str,
    /// What the buyer adds.
    pub comment: &'a str,
    /// The store's day.
    pub day: NaiveDate,
    /// When.
    pub created_at: DateTime<Utc>,
    /// What a search finds it by.
    pub search: &'a str,
}

impl NewOrder<'_> {
    /// The order as it is once it is written.
    #[must_use]
    pub fn view(&self, id: OrderId, store: StoreBriefView, buyer: BuyerView) -> OrderView {
        let placement = self.placement;
        OrderView {
            id,
            store,
            buyer,
            location_id: self.location_id,
            status: placement.status,
            payment_status: placement.payment_status,
            payment_method: self.payment_method,
            total_price: placement.total_price,
            delivery_address: self.delivery_address.to_owned(),
            comment: self.comment.to_owned(),
            needs_prescription: placement.needs_prescription,
            courier_id: None,
            cancel_reason: String::new(),
            day: self.day,
            expires_at: placement.expires_at,
            paid_at: None,
            delivered_at: None,
            cancelled_at: None,
            created_at: self.created_at,
            updated_at: self.created_at,
        }
    }
}

/// Writes an order, its lines, the step from the draft, and the cash that is expected for it; answers its id and those of its lines,
/// in their order.
///
/// # Errors
/// A failed statement.
pub fn place(tx: &mut Tx<'_>, order: &NewOrder<'_>) -> Result<(OrderId, Vec<OrderLineId>), Error> {
    let at_once = tx.on_postgres("order_place", |on| {
        WriteOrder::new(order).get_result::<(i64, Vec<i64>)>(on)
    })?;
    let (id, lines) = match at_once {
        Some(placed) => {
            if order.cash_public_id.is_some() {
                tx.count(
                    payments::PAYMENTS,
                    [Provider::Cash.code(), PaymentState::Pending.code()],
                );
            }
            placed
        }
        None => place_by_rows(tx, order)?,
    };
    if lines.len() != order.placement.lines.len() {
        return Err(Error::Corrupt {
            table: "orders",
            id,
            why: format!("{} of its lines were written", lines.len()),
        });
    }
    Ok((OrderId::new(id), lines.into_iter().map(OrderLineId::new).collect()))
}

fn place_by_rows(tx: &mut Tx<'_>, order: &NewOrder<'_>) -> Result<(i64, Vec<i64>), Error> {
    let id = tx.statement("order_insert", |on| insert(on, order))?;
    let lines = tx.statement("order_lines_insert", |on| {
        let lines = order.placement.lines.iter();
        lines.map(|line| insert_line(on, (order.store_id, id), line)).collect()
    })?;
    let history = NewHistory {
        store_id: order.store_id,
        order_id: OrderId::new(id),
        from: OrderStatus::Draft,
        to: order.placement.status,
        actor_id: Some(order.buyer_id),
        source: HistorySource::Checkout,
        comment: "",
        at: order.created_at,
    };
    insert_history(tx, &history)?;
    if let Some(public_id) = order.cash_public_id {
        let payment = NewPayment {
            store_id: order.store_id,
            order_id: OrderId::new(id),
            public_id,
            provider: Provider::Cash,
            state: PaymentState::Pending,
            amount: order.placement.total_price,
            is_late: false,
            received_by: None,
            at: order.created_at,
        };
        let payment_id = payments::insert(tx, &payment)?;
        let log = NewLog::of(payment_id, LogEvent::Created);
        payments::append(tx, order.store_id, order.created_at, &[log])?;
    }
    Ok((id, lines))
}

fn insert(on: &mut AnyConnection, order: &NewOrder<'_>) -> QueryResult<i64> {
    let placement = order.placement;
    let at = order.created_at.naive_utc();
    diesel::insert_into(orders::table)
        .values((
            orders::store_id.eq(order.store_id.get()),
            orders::buyer_id.eq(order.buyer_id.get()),
            orders::location_id.eq(order.location_id.get()),
            orders::status.eq(placement.status.code()),
            orders::payment_status.eq(placement.payment_status.code()),
            orders::payment_method.eq(order.payment_method.code()),
            orders::total_price.eq(placement.total_price.tiyin()),
            orders::delivery_address.eq(order.delivery_address),
            orders::comment.eq(order.comment),
            orders::needs_prescription.eq(placement.needs_prescription),
            orders::cancel_reason.eq(""),
            orders::day.eq(order.day),
            orders::expires_at.eq(placement.expires_at.map(|at| at.naive_utc())),
            orders::created_at.eq(at),
            orders::updated_at.eq(at),
            orders::search.eq(order.search),
        ))
        .returning(orders::id)
        .get_result(on)
}

fn insert_line(on: &mut AnyConnection, (store_id, order_id): (StoreId, i64), line: &PlacedLine) -> QueryResult<i64> {
    diesel::insert_into(order_lines::table)
        .values((
            order_lines::store_id.eq(store_id.get()),
            order_lines::order_id.eq(order_id),
            order_lines::line_number.eq(line.line_number),
            order_lines::product_id.eq(line.product_id.get()),
            order_lines::product_name.eq(&line.product_name),
            order_lines::quantity.eq(line.quantity.whole_pieces()),
            order_lines::price.eq(line.price.tiyin()),
            order_lines::subtotal.eq(line.subtotal.tiyin()),
            order_lines::needs_prescription.eq(line.needs_prescription),
        ))
        .returning(order_lines::id)
        .get_result(on)
}

/// Binds: 1 store, 2 buyer, 3 location, 4 status, 5 standing of the money, 6 way of paying, 7 total, 8 address, 9 comment,
/// 10 whether it needs a prescription, 11 day, 12 end of waiting, 13 time, 14 search; by line 15 number, 16 product, 17 name,
/// 18 pieces, 19 price, 20 subtotal, 21 whether it needs a prescription; 22 draft, 23 source; 24 public id of the cash, 25 its provider,
/// 26 its state, 27 what its log begins with.
struct WriteOrder<'a> {
    order: &'a NewOrder<'a>,
    /// Store, buyer, location.
    ids: [i64; 3],
    total_price: i64,
    expires_at: Option<NaiveDateTime>,
    at: NaiveDateTime,
    lines: Lines<'a>,
}

struct Lines<'a> {
    number: Vec<i64>,
    product_id: Vec<i64>,
    product_name: Vec<&'a str>,
    pieces: Vec<i64>,
    price: Vec<i64>,
    subtotal: Vec<i64>,
    needs_prescription: Vec<bool>,
}

impl<'a> WriteOrder<'a> {
    fn new(order: &'a NewOrder<'a>) -> Self {
        let placement = order.placement;
        Self {
            order,
            ids: [order.store_id.get(), order.buyer_id.get(), order.location_id.get()],
            total_price: placement.total_price.tiyin(),
            expires_at: placement.expires_at.map(|at| at.naive_utc()),
            at: order.created_at.naive_utc(),
            lines: Lines::of(&placement.lines),
        }
    }
}

impl<'a> Lines<'a> {
    fn of(lines: &'a [PlacedLine]) -> Self {
        let numbers = |of: fn(&PlacedLine) -> i64| lines.iter().map(of).collect();
        Self {
            number: numbers(|line| line.line_number),
            product_id: numbers(|line| line.product_id.get()),
            product_name: lines.iter().map(|line| line.product_name.as_str()).collect(),
            pieces: numbers(|line| line.quantity.whole_pieces()),
            price: numbers(|line| line.price.tiyin()),
            subtotal: numbers(|line| line.subtotal.tiyin()),
            needs_prescription: lines.iter().map(|line| line.needs_prescription).collect(),
        }
    }
}

cached!(WriteOrder -> (BigInt, Array<BigInt>));

impl QueryFragment<Pg> for WriteOrder<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let Self { order, lines, .. } = self;
        let [store_id, buyer_id, location_id] = &self.ids;
        given!(
            out,
            [
                (BigInt, store_id),
                (BigInt, buyer_id),
                (BigInt, location_id),
                (Text, order.placement.status.code()),
                (Text, order.placement.payment_status.code()),
                (Text, order.payment_method.code()),
                (BigInt, &self.total_price),
                (Text, order.delivery_address),
                (Text, order.comment),
                (Bool, &order.placement.needs_prescription),
                (Date, &order.day),
                (Nullable<Timestamp>, &self.expires_at),
                (Timestamp, &self.at),
                (Text, order.search),
                (Array<BigInt>, &lines.number),
                (Array<BigInt>, &lines.product_id),
                (Array<Text>, &lines.product_name),
                (Array<BigInt>, &lines.pieces),
                (Array<BigInt>, &lines.price),
                (Array<BigInt>, &lines.subtotal),
                (Array<Bool>, &lines.needs_prescription),
                (Text, OrderStatus::Draft.code()),
                (Text, HistorySource::Checkout.code()),
                (Nullable<Text>, &order.cash_public_id),
                (Text, Provider::Cash.code()),
                (Text, PaymentState::Pending.code()),
                (Text, LogEvent::Created.code()),
            ],
            SQL
        )
    }
}

const SQL: &str = "\
, new_order AS (
    INSERT INTO orders (store_id, buyer_id, location_id, status, payment_status, payment_method, total_price, delivery_address,
        comment, needs_prescription, cancel_reason, day, expires_at, created_at, updated_at, search)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', $11, $12, $13, $13, $14)
    RETURNING id
), new_lines AS (
    INSERT INTO order_lines (store_id, order_id, line_number, product_id, product_name, quantity, price, subtotal,
        needs_prescription)
    SELECT $1, new_order.id, line.number, line.product_id, line.product_name, line.pieces, line.price, line.subtotal,
        line.needs_prescription
    FROM new_order, unnest((SELECT $15), (SELECT $16), (SELECT $17), (SELECT $18), (SELECT $19), (SELECT $20), (SELECT $21))
        AS line (number, product_id, product_name, pieces, price, subtotal, needs_prescription)
    ORDER BY line.number
    RETURNING id, line_number
), new_history AS (
    INSERT INTO order_history (store_id, order_id, from_status, to_status, actor_id, source, comment, created_at)
    SELECT $1, new_order.id, $22, $4, $2, $23, '', $13 FROM new_order
), new_payment AS (
    INSERT INTO payments (store_id, order_id, public_id, provider, status, amount, is_late, created_at)
    SELECT $1, new_order.id, $24, $25, $26, $7, FALSE, $13 FROM new_order WHERE $24 IS NOT NULL
    RETURNING id
), new_log AS (
    INSERT INTO payment_logs (store_id, payment_id, event, request, response, error_message, created_at)
    SELECT $1, new_payment.id, $27, '', '', '', $13 FROM new_payment
)
SELECT new_order.id, (SELECT array_agg(id ORDER BY line_number) FROM new_lines) FROM new_order";
