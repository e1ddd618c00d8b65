//! Carries out what the domain decided of a bill: effect by effect, in their order, each compared and set on the state that it was
//! decided on.
//!
//! Rows come first, then the order, then what only tells. The order is locked, so that a row that stands elsewhere is no lost race but a
//! corrupt one.

use anyhow::Context as _;
use savdo_domain::ids::{PaymentId, TransactionId, UserId};
use savdo_domain::order::{PaymentStatus, Transition};
use savdo_domain::payment::{
    Alert, Bill, Effect, LogEvent, NewPayment, PaymentState, Provider, TransactionStep, Which,
};
use savdo_persistence::orders::OrderView;
use savdo_persistence::payments::{self, NewLog, NewTransactionRow, PaymentStep, transactions};
use savdo_persistence::{Error as StorageError, Tx, orders};

use crate::Result;
use crate::audit;
use crate::events::{self, Event, News};
use crate::orders::new_public_id;
use crate::orders::step::{self, Cause, Judged};
use crate::orders::traces::{self, TracedPayment};

/// Who brought effects about, and what a provider told with its call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call<'a> {
    /// By whom and why.
    pub(crate) cause: &'a Cause<'a>,
    /// The desk that called, by its id at the provider; empty where nobody called.
    pub(crate) desk: &'a str,
    /// What named the order, as it came.
    pub(crate) account: &'a str,
}

/// The rows that effects made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Made {
    /// The payment.
    pub(crate) payment: Option<PaymentId>,
    /// The transaction.
    pub(crate) transaction: Option<TransactionId>,
}

impl<'a> Call<'a> {
    /// Of nobody but the cause.
    pub(crate) const fn of(cause: &'a Cause<'a>) -> Self {
        Self {
            cause,
            desk: "",
            account: "",
        }
    }
}

/// Carries out the effects that were decided on `bill`; the rows that were made. The order is locked, its transactions and payments were
/// read after that. Takes what a step of the order takes, audit and events last.
///
/// # Errors
/// [`Corrupt`](StorageError::Corrupt) for a row that stands elsewhere than it was read; those of the step.
pub(crate) fn carry_out(
    tx: &mut Tx<'_>,
    judged: Judged<'_>,
    bill: &Bill,
    effects: &[Effect],
    call: &Call<'_>,
) -> Result<Made> {
    let moved = try_carry_out(tx, judged, bill, effects, call)?;
    Ok(moved.with_context(|| format!("order {} changed while it was locked", judged.order.id))?)
}

/// As [`carry_out`], for an order that was judged before it was locked: `None` where it had moved, and then nothing may remain of the
/// transaction.
///
/// # Errors
/// As [`carry_out`].
pub(crate) fn try_carry_out(
    tx: &mut Tx<'_>,
    judged: Judged<'_>,
    bill: &Bill,
    effects: &[Effect],
    call: &Call<'_>,
) -> Result<Option<Made>> {
    let mut work = Work {
        order: judged.order.clone(),
        judged,
        bill,
        call,
        made: Made::default(),
        logs: Vec::new(),
        news: Vec::new(),
    };
    for effect in effects {
        if !work.carry_out(tx, effect)? {
            return Ok(None);
        }
    }
    work.tell(tx)?;
    Ok(Some(work.made))
}

/// Effects under way.
struct Work<'a> {
    /// The order as it stands so far.
    order: OrderView,
    judged: Judged<'a>,
    bill: &'a Bill,
    call: &'a Call<'a>,
    made: Made,
    logs: Vec<(PaymentId, LogEvent)>,
    /// Told at the end: after the step of the order that they go along with.
    news: Vec<News>,
}

impl Work<'_> {
    /// `false` where the order had moved.
    fn carry_out(&mut self, tx: &mut Tx<'_>, effect: &Effect) -> Result<bool> {
        let (store_id, order_id) = (self.order.store.id, self.order.id);
        match effect {
            Effect::MakePayment(new) => self.make_payment(tx, new)?,
            Effect::MovePayment { id, from, to } => self.move_payment(tx, *id, (*from, *to))?,
            Effect::OpenTransaction(transaction) => {
                let row = NewTransactionRow {
                    store_id,
                    order_id,
                    payment_id: self.payment(transaction.payment)?,
                    desk: self.call.desk,
                    account: self.call.account,
                    transaction,
                };
                self.made.transaction = Some(transactions::insert(tx, &row)?);
            }
            Effect::MoveTransaction(step) => self.move_transaction(tx, step)?,
            Effect::Question { id, reason } => {
                held(transactions::question(tx, store_id, *id, *reason)?, *id)?;
            }
            Effect::KeepPaydoc { id, paydoc_id } => {
                held(transactions::keep_paydoc(tx, store_id, *id, *paydoc_id)?, *id)?;
            }
            Effect::KeepFiscal { id, record } => {
                let of = self.bill.transaction(*id).map(|of| (of.payment_id, of.provider));
                let of = of.with_context(|| format!("transaction {id} is none of order {order_id}"))?;
                payments::keep(tx, (store_id, *id), of, record, self.call.cause.at)?;
            }
            Effect::MoveMoney { from, to } => return self.move_money(tx, (*from, *to)),
            Effect::MoveOrder(transition) => return self.move_order(tx, *transition),
            Effect::WaitUntil(until) => return Ok(orders::write::wait_until(tx, &self.order, Some(*until))?),
            Effect::Log { payment, event } => {
                let payment = self.payment(*payment)?;
                self.logs.push((payment, *event));
            }
            Effect::QueueReversal(id) => self.about(Event::ReversalRequested, *id),
            Effect::QueueStatusQuestion(id) => self.about(Event::StatusQuestioned, *id),
            Effect::TellOperators { transaction, alert } => {
                let event = match alert {
                    Alert::LateMoney => Event::MoneyLate,
                    Alert::ConfirmedThenFailed => Event::MoneyDoubtful,
                };
                self.about(event, *transaction);
            }
        }
        Ok(true)
    }

    fn make_payment(&mut self, tx: &mut Tx<'_>, new: &NewPayment) -> Result<()> {
        let public_id = new_public_id()?;
        let row = payments::NewPayment {
            store_id: self.order.store.id,
            order_id: self.order.id,
            public_id: &public_id,
            provider: new.provider,
            state: new.state,
            amount: new.amount,
            is_late: new.is_late,
            received_by: self.received_by(new.provider, new.state),
            at: self.call.cause.at,
        };
        let id = payments::insert(tx, &row)?;
        self.made.payment = Some(id);
        // Late money pays for nothing: that it is here, its own event tells.
        if !new.is_late {
            self.tell_of(TracedPayment {
                id,
                public_id: &public_id,
                provider: new.provider,
                state: new.state,
                amount: new.amount,
            });
        }
        Ok(())
    }

    fn move_payment(&mut self, tx: &mut Tx<'_>, id: PaymentId, (from, to): (PaymentState, PaymentState)) -> Result<()> {
        let payment = self.bill.payment(id).copied();
        let payment = payment.with_context(|| format!("payment {id} is none of order {}", self.order.id))?;
        let step = PaymentStep {
            store_id: self.order.store.id,
            payment_id: id,
            from,
            to,
            received_by: self.received_by(payment.provider, to),
            at: self.call.cause.at,
        };
        let public_id = payments::advance(tx, &step)?.ok_or_else(|| elsewhere("payments", id.get()))?;
        self.tell_of(TracedPayment {
            id,
            public_id: &public_id,
            provider: payment.provider,
            state: to,
            amount: payment.amount,
        });
        Ok(())
    }

    fn move_transaction(&self, tx: &mut Tx<'_>, step: &TransactionStep) -> Result<()> {
        let payment_id = self.payment(step.payment)?;
        held(
            transactions::advance(tx, self.order.store.id, step, payment_id)?,
            step.id,
        )
    }

    fn move_money(&mut self, tx: &mut Tx<'_>, (from, to): (PaymentStatus, PaymentStatus)) -> Result<bool> {
        let at = self.call.cause.at;
        if !orders::write::move_money(tx, &self.order, to, at)? {
            return Ok(false);
        }
        self.order.payment_status = to;
        let order = (&self.order).into();
        if let Some(entry) = traces::of_money_alone(order, (from, to)) {
            audit::record(tx, self.call.cause.author, at, entry)?;
        }
        if to == PaymentStatus::Paid {
            let stays = Transition {
                from: self.order.status,
                to: self.order.status,
                payment_status: to,
            };
            self.news.push(traces::of_paid(order, stays));
        }
        Ok(true)
    }

    fn move_order(&mut self, tx: &mut Tx<'_>, transition: Transition) -> Result<bool> {
        let judged = Judged {
            order: &self.order,
            delivery: self.judged.delivery,
        };
        let money = (self.order.payment_status, transition.payment_status);
        let is_taken = step::go(tx, judged, transition, self.call.cause)?;
        self.order.status = transition.to;
        self.order.payment_status = transition.payment_status;
        if is_taken && money.0 != money.1 && money.1 == PaymentStatus::Refunded {
            let entry = traces::of_money_alone((&self.order).into(), money);
            let cause = self.call.cause;
            entry.map_or(Ok(()), |entry| audit::record(tx, cause.author, cause.at, entry))?;
        }
        Ok(is_taken)
    }

    /// What was collected on the way, last.
    fn tell(&self, tx: &mut Tx<'_>) -> Result<()> {
        let at = self.call.cause.at;
        let log = |(payment_id, event): &(PaymentId, LogEvent)| NewLog::of(*payment_id, *event);
        let logs: Vec<_> = self.logs.iter().map(log).collect();
        payments::append(tx, self.order.store.id, at, &logs)?;
        for news in &self.news {
            events::publish(tx, at, news)?;
        }
        Ok(())
    }

    fn tell_of(&mut self, payment: TracedPayment<'_>) {
        self.news.extend(traces::of_payment((&self.order).into(), payment));
    }

    fn about(&mut self, event: Event, transaction: TransactionId) {
        let news = traces::of_transaction((&self.order).into(), event, transaction);
        self.news.push(news);
    }

    fn payment(&self, which: Which<PaymentId>) -> Result<PaymentId> {
        let id = which.resolve(self.made.payment);
        Ok(id.with_context(|| format!("no payment was made for order {}", self.order.id))?)
    }

    /// Who holds the cash, where it is cash that came.
    fn received_by(&self, provider: Provider, state: PaymentState) -> Option<UserId> {
        let user_id = self.call.cause.author.user_id;
        user_id.filter(|_| provider == Provider::Cash && state == PaymentState::Success)
    }
}

fn held(is_held: bool, id: TransactionId) -> Result<()> {
    if is_held {
        Ok(())
    } else {
        Err(elsewhere("provider_transactions", id.get()).into())
    }
}

fn elsewhere(table: &'static str, id: i64) -> StorageError {
    StorageError::Corrupt {
        table,
        id,
        why: "it stands elsewhere than it was read under the lock of its order".to_owned(),
    }
}
