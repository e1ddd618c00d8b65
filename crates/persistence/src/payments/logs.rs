//! What happened to payments, call by call.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use savdo_domain::coded::Coded;
use savdo_domain::ids::{PaymentId, StoreId};
use savdo_domain::payment::LogEvent;

use crate::database::Tx;
use crate::error::Error;
use crate::schema::payment_logs;
use crate::trail::Log;

/// A row of a payment's log about to be written; its texts have their secrets masked.
#[derive(Debug, Clone, Copy)]
pub struct NewLog<'a> {
    /// The payment.
    pub payment_id: PaymentId,
    /// What happened.
    pub event: LogEvent,
    /// What was sent; empty where nobody called.
    pub request: &'a str,
    /// What was answered.
    pub response: &'a str,
    /// Why it was refused or did not go well; empty where it did.
    pub error: &'a str,
}

impl NewLog<'_> {
    /// What happened while no provider called.
    #[must_use]
    pub const fn of(payment_id: PaymentId, event: LogEvent) -> Self {
        Self {
            payment_id,
            event,
            request: "",
            response: "",
            error: "",
        }
    }
}

/// Leaves rows in the logs of payments of a store, in their order.
///
/// # Errors
/// A failed statement.
pub fn append(tx: &mut Tx<'_>, store_id: StoreId, at: DateTime<Utc>, logs: &[NewLog<'_>]) -> Result<(), Error> {
    for log in logs {
        if let Some(trail) = tx.trail() {
            trail.logs.push(Log {
                store_id: store_id.get(),
                payment_id: log.payment_id.get(),
                event: log.event.code(),
                request: log.request.to_owned(),
                response: log.response.to_owned(),
                error_message: log.error.to_owned(),
                created_at: at.naive_utc(),
            });
            continue;
        }
        tx.statement("payment_log_insert", |on| {
            diesel::insert_into(payment_logs::table)
                .values((
                    payment_logs::store_id.eq(store_id.get()),
                    payment_logs::payment_id.eq(log.payment_id.get()),
                    payment_logs::event.eq(log.event.code()),
                    payment_logs::request.eq(log.request),
                    payment_logs::response.eq(log.response),
                    payment_logs::error_message.eq(log.error),
                    payment_logs::created_at.eq(at.naive_utc()),
                ))
                .execute(on)
        })?;
    }
    Ok(())
}
