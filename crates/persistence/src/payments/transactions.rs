//! Transactions of providers.

use std::ops::RangeInclusive;

use diesel::prelude::*;
use diesel::sql_types::Bool;
use savdo_domain::coded::Coded;
use savdo_domain::ids::{OrderId, PaymentId, StoreId, TransactionId};
use savdo_domain::payment::{
    ExternalId, Millis, NewTransaction, Provider, Transaction, TransactionState, TransactionStep,
};

use crate::columns;
use crate::database::{Reader, Tx};
use crate::error::Error;
use crate::fragments::fragments;
use crate::prepared::Keep as _;
use crate::schema::provider_transactions;

const TABLE: &str = "provider_transactions";

/// A transaction about to be written; it is open.
#[derive(Debug, Clone, Copy)]
pub struct NewTransactionRow<'a> {
    /// The store.
    pub store_id: StoreId,
    /// The order.
    pub order_id: OrderId,
    /// Its payment.
    pub payment_id: PaymentId,
    /// The desk that opened it, by its id at the provider.
    pub desk: &'a str,
    /// What named the order, as it came; empty for Click.
    pub account: &'a str,
    /// The transaction.
    pub transaction: &'a NewTransaction,
}

/// A transaction that waited for its money too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OverdueView {
    /// The transaction.
    pub transaction_id: TransactionId,
    /// Its store.
    pub store_id: StoreId,
    /// Its order.
    pub order_id: OrderId,
    /// The last moment at which it could be performed.
    pub open_until: Millis,
}

/// A transaction, as a statement lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementView {
    /// The transaction.
    pub transaction: Transaction,
    /// The time that its provider sent.
    pub external_time: Millis,
    /// What named the order, as it came.
    pub account: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = provider_transactions)]
pub(super) struct TransactionRow {
    id: i64,
    payment_id: i64,
    provider: String,
    external_id: String,
    amount: i64,
    state: String,
    reason: Option<i64>,
    create_time: i64,
    perform_time: i64,
    cancel_time: i64,
    open_until: i64,
    paydoc_id: Option<i64>,
}

impl TransactionRow {
    pub(super) fn view(self) -> Result<Transaction, Error> {
        let Self {
            id,
            payment_id,
            provider,
            external_id,
            amount,
            state,
            reason,
            create_time,
            perform_time,
            cancel_time,
            open_until,
            paydoc_id,
        } = self;
        Ok(Transaction {
            id: TransactionId::new(id),
            provider: columns::coded(TABLE, id, &provider)?,
            external_id: ExternalId::new(&external_id).ok_or_else(|| Error::Corrupt {
                table: TABLE,
                id,
                why: format!("no provider calls anything {external_id:?}"),
            })?,
            payment_id: PaymentId::new(payment_id),
            amount: columns::money(amount),
            state: columns::coded(TABLE, id, &state)?,
            reason,
            create_time: Millis::new(create_time),
            perform_time: Millis::new(perform_time),
            cancel_time: Millis::new(cancel_time),
            open_until: Millis::new(open_until),
            paydoc_id,
        })
    }
}

/// All transactions of an order, the oldest first.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn of_order(reader: &mut Reader<'_>, store_id: StoreId, order_id: OrderId) -> Result<Vec<Transaction>, Error> {
    let rows = reader.statement("transactions_of_order", |on| {
        provider_transactions::table
            .filter(provider_transactions::store_id.eq(store_id.get()))
            .filter(provider_transactions::order_id.eq(order_id.get()))
            .order(provider_transactions::id)
            .select(TransactionRow::as_select())
            .load::<TransactionRow>(on)
    })?;
    rows.into_iter().map(TransactionRow::view).collect()
}

/// A desk that proved itself: the scope of its calls.
#[derive(Debug, Clone, Copy)]
pub struct DeskScope<'a> {
    /// Whose desk it is.
    pub provider: Provider,
    /// What its transactions keep of it.
    pub desk: &'a str,
    /// The one store whose transactions it sees; `None` for those of every store.
    pub store_id: Option<StoreId>,
}

/// The order of a desk's transaction, by what its provider calls it.
///
/// # Errors
/// A failed statement.
pub fn order_unscoped(
    reader: &mut Reader<'_>,
    scope: DeskScope<'_>,
    external_id: &ExternalId,
) -> Result<Option<(StoreId, OrderId)>, Error> {
    let found = reader.statement("transaction_order", |on| {
        provider_transactions::table
            .filter(provider_transactions::provider.eq(scope.provider.code()))
            .filter(provider_transactions::external_id.eq(external_id.as_str()))
            .filter(provider_transactions::desk.eq(scope.desk))
            .select((provider_transactions::store_id, provider_transactions::order_id))
            .first::<(i64, i64)>(on)
            .optional()
    })?;
    let found = found.map(|(store_id, order_id)| (StoreId::new(store_id), OrderId::new(order_id)));
    Ok(found.filter(|(store_id, _)| scope.store_id.is_none_or(|own| own == *store_id)))
}

fragments! {
    /// May still be performed. As text, so that the planner knows the partial index to fit.
    IsPrepared: Bool = "provider_transactions.state IN ('open', 'taken_over')";
}

/// Transactions that could be performed until before `now`, after the one `after`, the longest over first; of all stores, for the job that
/// cancels them. With a desk, which asks for a period, its own of that period alone.
///
/// # Errors
/// A failed statement.
pub fn overdue_unscoped(
    reader: &mut Reader<'_>,
    asked: Option<(DeskScope<'_>, &RangeInclusive<Millis>)>,
    now: Millis,
    after: Option<OverdueView>,
    count: i64,
) -> Result<Vec<OverdueView>, Error> {
    let (from, id) = after.map_or((i64::MIN, 0), |after| {
        (after.open_until.get(), after.transaction_id.get())
    });
    let rows = reader.statement("transactions_overdue", |on| {
        let mut query = provider_transactions::table
            .filter(IsPrepared)
            .filter(provider_transactions::open_until.lt(now.get()))
            .filter(
                provider_transactions::open_until
                    .gt(from)
                    .or(provider_transactions::open_until
                        .eq(from)
                        .and(provider_transactions::id.gt(id))),
            )
            .order((provider_transactions::open_until, provider_transactions::id))
            .select((
                provider_transactions::id,
                provider_transactions::store_id,
                provider_transactions::order_id,
                provider_transactions::open_until,
            ))
            .limit(count)
            .into_boxed();
        if let Some((scope, period)) = asked {
            query = query
                .filter(provider_transactions::provider.eq(scope.provider.code()))
                .filter(provider_transactions::desk.eq(scope.desk))
                .filter(provider_transactions::external_time.between(period.start().get(), period.end().get()));
            if let Some(own) = scope.store_id {
                query = query.filter(provider_transactions::store_id.eq(own.get()));
            }
        }
        query.load::<(i64, i64, i64, i64)>(on)
    })?;
    let views = rows
        .into_iter()
        .map(|(transaction_id, store_id, order_id, open_until)| OverdueView {
            transaction_id: TransactionId::new(transaction_id),
            store_id: StoreId::new(store_id),
            order_id: OrderId::new(order_id),
            open_until: Millis::new(open_until),
        });
    Ok(views.collect())
}

/// How many transactions of all stores may still be performed, by their provider, for whoever watches the installation.
///
/// # Errors
/// A failed statement or a provider that is none.
pub fn open_unscoped(reader: &mut Reader<'_>) -> Result<Vec<(Provider, i64)>, Error> {
    let counts = reader.statement("transactions_open", |on| {
        provider_transactions::table
            .filter(IsPrepared)
            .group_by(provider_transactions::provider)
            .select((provider_transactions::provider, diesel::dsl::count_star()))
            .order(provider_transactions::provider)
            .load::<(String, i64)>(on)
    })?;
    let counts = counts.into_iter();
    counts
        .map(|(provider, count)| Ok((columns::coded("provider_transactions", 0, &provider)?, count)))
        .collect()
}

/// The transactions of a desk in a period, by the time that its provider sent.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn statement_unscoped(
    reader: &mut Reader<'_>,
    scope: DeskScope<'_>,
    period: &RangeInclusive<Millis>,
) -> Result<Vec<StatementView>, Error> {
    let rows = reader.statement("transactions_statement", |on| {
        let mut query = provider_transactions::table
            .filter(provider_transactions::provider.eq(scope.provider.code()))
            .filter(provider_transactions::desk.eq(scope.desk))
            .filter(provider_transactions::external_time.between(period.start().get(), period.end().get()))
            .order((provider_transactions::external_time, provider_transactions::id))
            .select((
                TransactionRow::as_select(),
                provider_transactions::external_time,
                provider_transactions::account,
            ))
            .into_boxed();
        if let Some(own) = scope.store_id {
            query = query.filter(provider_transactions::store_id.eq(own.get()));
        }
        query.load::<(TransactionRow, i64, String)>(on)
    })?;
    let views = rows.into_iter().map(|(row, external_time, account)| {
        Ok(StatementView {
            transaction: row.view()?,
            external_time: Millis::new(external_time),
            account,
        })
    });
    views.collect()
}

/// Writes a transaction that holds its order from here on.
///
/// # Errors
/// [`Constraint::ExternalIdTaken`](crate::Constraint::ExternalIdTaken) where the provider has called another one so; a failed statement.
pub fn insert(tx: &mut Tx<'_>, row: &NewTransactionRow<'_>) -> Result<TransactionId, Error> {
    let made = row.transaction;
    tx.statement("transaction_insert", |on| {
        diesel::insert_into(provider_transactions::table)
            .values((
                provider_transactions::store_id.eq(row.store_id.get()),
                provider_transactions::order_id.eq(row.order_id.get()),
                provider_transactions::payment_id.eq(row.payment_id.get()),
                provider_transactions::provider.eq(made.provider.code()),
                provider_transactions::desk.eq(row.desk),
                provider_transactions::external_id.eq(made.external_id.as_str()),
                provider_transactions::amount.eq(made.amount.tiyin()),
                provider_transactions::state.eq(TransactionState::Open.code()),
                provider_transactions::external_time.eq(made.external_time.get()),
                provider_transactions::create_time.eq(made.create_time.get()),
                provider_transactions::perform_time.eq(Millis::NONE.get()),
                provider_transactions::cancel_time.eq(Millis::NONE.get()),
                provider_transactions::open_until.eq(made.open_until.get()),
                provider_transactions::paydoc_id.eq(made.paydoc_id),
                provider_transactions::account.eq(row.account),
            ))
            .returning(provider_transactions::id)
            .get_result::<i64>(on)
    })
    .map(TransactionId::new)
}

/// Takes the step if the transaction stands where it was judged, with the payment that it has from here on; says whether it did.
///
/// # Errors
/// A failed statement.
pub fn advance(
    tx: &mut Tx<'_>,
    store_id: StoreId,
    step: &TransactionStep,
    payment_id: PaymentId,
) -> Result<bool, Error> {
    let at = step.at.get();
    let perform_time = (step.to == TransactionState::Performed).then(|| provider_transactions::perform_time.eq(at));
    let is_over = matches!(step.to, TransactionState::Cancelled | TransactionState::Reversed);
    let cancel_time = is_over.then(|| provider_transactions::cancel_time.eq(at));
    let reason = step.reason.map(|reason| provider_transactions::reason.eq(reason));
    let changed = tx.statement("transaction_advance", |on| {
        diesel::update(provider_transactions::table)
            .filter(provider_transactions::store_id.eq(store_id.get()))
            .filter(provider_transactions::id.eq(step.id.get()))
            .filter(provider_transactions::state.eq(step.from.code()))
            .set((
                provider_transactions::state.eq(step.to.code()),
                provider_transactions::payment_id.eq(payment_id.get()),
                reason,
                perform_time,
                cancel_time,
            ))
            .returning(provider_transactions::id)
            .kept()
            .get_result::<i64>(on)
            .optional()
    })?;
    Ok(changed.is_some())
}

/// Keeps the error by which its provider called a performed transaction failed, where none stands; says whether it did.
///
/// # Errors
/// A failed statement.
pub fn question(tx: &mut Tx<'_>, store_id: StoreId, id: TransactionId, reason: i64) -> Result<bool, Error> {
    let changed = tx.statement("transaction_question", |on| {
        diesel::update(provider_transactions::table)
            .filter(provider_transactions::store_id.eq(store_id.get()))
            .filter(provider_transactions::id.eq(id.get()))
            .filter(provider_transactions::state.eq(TransactionState::Performed.code()))
            .filter(provider_transactions::reason.is_null())
            .set(provider_transactions::reason.eq(reason))
            .returning(provider_transactions::id)
            .kept()
            .get_result::<i64>(on)
            .optional()
    })?;
    Ok(changed.is_some())
}

/// Keeps the number that its provider shows the payer; says whether there is such a transaction.
///
/// # Errors
/// A failed statement.
pub fn keep_paydoc(tx: &mut Tx<'_>, store_id: StoreId, id: TransactionId, paydoc_id: i64) -> Result<bool, Error> {
    let changed = tx.statement("transaction_paydoc", |on| {
        diesel::update(provider_transactions::table)
            .filter(provider_transactions::store_id.eq(store_id.get()))
            .filter(provider_transactions::id.eq(id.get()))
            .set(provider_transactions::paydoc_id.eq(paydoc_id))
            .returning(provider_transactions::id)
            .kept()
            .get_result::<i64>(on)
            .optional()
    })?;
    Ok(changed.is_some())
}
