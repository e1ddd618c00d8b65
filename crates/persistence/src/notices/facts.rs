//! What a message about an order can say, and who may be told.

use diesel::prelude::*;
use savdo_domain::Money;
use savdo_domain::access::{Role, WorkerStatus};
use savdo_domain::account::Language;
use savdo_domain::coded::Coded;
use savdo_domain::ids::{OrderId, StoreId, UserId};
use savdo_domain::payment::PaymentState;

use crate::columns;
use crate::database::Reader;
use crate::error::Error;
use crate::schema::{orders, payments, store_settings, stores, users, workers};

/// Somebody who is told something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The account.
    pub user_id: UserId,
    /// Its phone, possibly nothing.
    pub phone: String,
    /// How it is called.
    pub first_name: String,
    /// What it reads.
    pub language: Language,
}

/// An order, as far as messages speak of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderFactsView {
    /// Its store.
    pub store_id: StoreId,
    /// The name of the store.
    pub store_name: String,
    /// Who placed it.
    pub owner: Recipient,
    /// Who brings it.
    pub courier: Option<Recipient>,
    /// What it costs.
    pub total_price: Money,
    /// Why it was cancelled, possibly nothing.
    pub cancel_reason: String,
    /// How long the store waits for money.
    pub payment_minutes: i64,
    /// What clients call the payment that came in.
    pub payment_id: Option<String>,
}

type UserRow = (i64, String, String, String);

const USER: (users::id, users::phone, users::first_name, users::language) =
    (users::id, users::phone, users::first_name, users::language);

/// What is known of an order; none for one that is not the store's.
///
/// # Errors
/// A failed statement.
pub fn order_facts(reader: &mut Reader<'_>, store_id: StoreId, id: OrderId) -> Result<Option<OrderFactsView>, Error> {
    type Row = (String, i64, String, i64, Option<i64>, Option<String>, UserRow);
    let row: Option<Row> = reader.statement("notice_order", |on| {
        orders::table
            .inner_join(stores::table.on(stores::id.eq(orders::store_id)))
            .inner_join(store_settings::table.on(store_settings::store_id.eq(orders::store_id)))
            .inner_join(users::table.on(users::id.eq(orders::buyer_id)))
            .left_join(
                payments::table.on(payments::store_id
                    .eq(orders::store_id)
                    .and(payments::order_id.eq(orders::id))
                    .and(payments::status.eq(PaymentState::Success.code()))
                    .and(payments::is_late.eq(false))),
            )
            .filter(orders::store_id.eq(store_id.get()))
            .filter(orders::id.eq(id.get()))
            .select((
                stores::name,
                orders::total_price,
                orders::cancel_reason,
                store_settings::payment_minutes,
                orders::courier_id,
                payments::public_id.nullable(),
                USER,
            ))
            .first(on)
            .optional()
    })?;
    let Some((store_name, total_price, cancel_reason, payment_minutes, courier_id, payment_id, owner)) = row else {
        return Ok(None);
    };
    let courier: Option<UserRow> = match courier_id {
        None => None,
        Some(courier_id) => reader.statement("notice_courier", |on| {
            workers::table
                .inner_join(users::table)
                .filter(workers::store_id.eq(store_id.get()))
                .filter(workers::id.eq(courier_id))
                .select(USER)
                .first(on)
                .optional()
        })?,
    };
    Ok(Some(OrderFactsView {
        store_id,
        store_name,
        owner: Recipient::from(owner),
        courier: courier.map(Recipient::from),
        total_price: columns::money(total_price),
        cancel_reason,
        payment_minutes,
        payment_id,
    }))
}

/// Who works in a store now in one of these roles, by account.
///
/// # Errors
/// A failed statement.
pub fn working(reader: &mut Reader<'_>, store_id: StoreId, roles: &[Role]) -> Result<Vec<Recipient>, Error> {
    let roles: Vec<&str> = roles.iter().map(|role| role.code()).collect();
    let rows: Vec<UserRow> = reader.statement("notice_working", |on| {
        workers::table
            .inner_join(users::table)
            .filter(workers::store_id.eq(store_id.get()))
            .filter(workers::role.eq_any(&roles))
            .filter(workers::status.eq(WorkerStatus::Active.code()))
            .filter(users::is_active)
            .order(users::id)
            .select(USER)
            .load(on)
    })?;
    Ok(rows.into_iter().map(Recipient::from).collect())
}

/// An account, for what no store tells it.
///
/// # Errors
/// A failed statement.
pub fn recipient_unscoped(reader: &mut Reader<'_>, user_id: UserId) -> Result<Option<Recipient>, Error> {
    let row: Option<UserRow> = reader.statement("notice_recipient", |on| {
        users::table.find(user_id.get()).select(USER).first(on).optional()
    })?;
    Ok(row.map(Recipient::from))
}

impl From<UserRow> for Recipient {
    fn from((id, phone, first_name, language): UserRow) -> Self {
        Self {
            user_id: UserId::new(id),
            phone,
            first_name,
            language: Language::from_code(&language).unwrap_or_default(),
        }
    }
}
