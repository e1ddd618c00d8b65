//! A bill while one decision changes it: a copy of its rows, and the effects that bring the rows there.
//!
//! Its verbs keep what no decision may break: one open transaction, one payment here that is not late, money of the order that agrees with
//! both. Whether a verb is called for is judged before.

mod rows;

use chrono::{DateTime, TimeDelta, Utc};

use crate::ids::{PaymentId, TransactionId};
use crate::order::{MoneyStep, OrderStatus, PaymentStatus, Transition};
use crate::payment::bill::Bill;
use crate::payment::effect::{Alert, Decision, Effect, NewPayment, NewTransaction, Which};
use crate::payment::machine::Mover;
use crate::payment::transaction::{ExternalId, Millis, Transaction, TransactionState};
use crate::payment::{LogEvent, PaymentState, Provider, reason};

/// What an order has left at least when its provider let it go.
const GRACE: TimeDelta = TimeDelta::minutes(15);

/// A bill under change.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    bill: Bill,
    now: DateTime<Utc>,
    money_before: PaymentStatus,
    expiry_before: Option<DateTime<Utc>>,
    step: Option<Transition>,
    rows: Vec<Effect>,
    traces: Vec<Effect>,
}

/// A transaction that a provider wants to open.
#[derive(Debug, Clone)]
pub(super) struct Opening {
    pub(super) provider: Provider,
    pub(super) external_id: ExternalId,
    pub(super) external_time: Millis,
    pub(super) open_until: Millis,
    pub(super) paydoc_id: Option<i64>,
}

impl Draft {
    /// The bill as it is at `now`: what waited for its money too long is cancelled at every touch (contract 2.6).
    pub(super) fn new(bill: &Bill, now: DateTime<Utc>) -> Self {
        let overdue: Vec<TransactionId> = bill
            .transactions
            .iter()
            .filter(|transaction| transaction.is_overdue(now))
            .map(|transaction| transaction.id)
            .collect();
        let mut draft = Self {
            bill: bill.clone(),
            now,
            money_before: bill.order.payment_status,
            expiry_before: bill.expires_at,
            step: None,
            rows: Vec::new(),
            traces: Vec::new(),
        };
        for id in overdue {
            draft.end(id, reason::TIME_OVER, Mover::TimeOver);
        }
        draft
    }

    pub(super) const fn bill(&self) -> &Bill {
        &self.bill
    }

    /// Money through `provider` is expected: by the payment that is open, or one of its own.
    pub(super) fn expect(&mut self, provider: Provider) -> Which<PaymentId> {
        match self.bill.open_payment(provider) {
            Some(payment) => Which::Known(payment.id),
            None => self.make_payment(provider, PaymentState::Pending, LogEvent::Created),
        }
    }

    /// Opens a transaction, with the payment that was expected or one of its own; it holds the order from here on.
    pub(super) fn open(&mut self, opening: Opening) -> Which<PaymentId> {
        let expected = self.bill.open_payment(opening.provider).map(|payment| payment.id);
        let payment = match expected {
            Some(id) => {
                self.move_payment(id, Mover::ProviderOpens);
                Which::Known(id)
            }
            None => self.make_payment(opening.provider, PaymentState::Processing, LogEvent::Created),
        };
        self.rows.push(Effect::OpenTransaction(NewTransaction {
            provider: opening.provider,
            external_id: opening.external_id,
            payment,
            amount: self.bill.order.total_price,
            external_time: opening.external_time,
            create_time: Millis::of(self.now),
            open_until: opening.open_until,
            paydoc_id: opening.paydoc_id,
        }));
        self.move_money(MoneyStep::Opened);
        payment
    }

    /// The attempt of Click that holds the order holds it no more; it stays prepared.
    pub(super) fn take_over(&mut self) {
        let holder = self.bill.holder().filter(|holder| holder.provider == Provider::Click);
        if let Some(holder) = holder.cloned() {
            self.move_transaction(
                &holder,
                TransactionState::TakenOver,
                None,
                Which::Known(holder.payment_id),
            );
        }
    }

    /// A prepared transaction ends before its money came; with the one that held the order goes its payment.
    pub(super) fn end(&mut self, id: TransactionId, reason: i64, mover: Mover) {
        let Some(ended) = self.prepared(id) else { return };
        let payment = ended.payment_id;
        self.move_transaction(&ended, TransactionState::Cancelled, Some(reason), Which::Known(payment));
        if ended.state == TransactionState::Open {
            if mover == Mover::TimeOver && ended.provider == Provider::Payme {
                self.log(Which::Known(payment), LogEvent::PaymeExpired);
            }
            self.move_payment(payment, mover);
            self.move_money(MoneyStep::Released);
        }
    }

    /// An order that its provider let go can be paid for another quarter of an hour at least.
    pub(super) fn grant_grace(&mut self) {
        let least = self.now.checked_add_signed(GRACE);
        if self.bill.order.status == OrderStatus::AwaitingPayment {
            self.bill.expires_at = self
                .bill
                .expires_at
                .map(|until| least.map_or(until, |least| until.max(least)));
        }
    }

    /// The money of a prepared transaction is here, and the order is paid by it; everything else that was open is wanted no more. The
    /// payment that it settled; `None`, and nothing has changed, where the order does not wait for it.
    pub(super) fn confirm(&mut self, id: TransactionId) -> Option<Which<PaymentId>> {
        let (Some(confirmed), Ok(step)) = (self.prepared(id), self.bill.order.step(OrderStatus::Paid)) else {
            return None;
        };
        if let Some(other) = self.bill.holder().filter(|holder| holder.id != id).cloned() {
            match other.provider {
                Provider::Click => self.take_over(),
                Provider::Payme | Provider::Cash => self.end(other.id, reason::FAILED, Mover::PaidOtherwise),
            }
        }
        let own = self
            .bill
            .payment(confirmed.payment_id)
            .filter(|payment| payment.state.is_open());
        let payment = own
            .or_else(|| self.bill.open_payment(confirmed.provider))
            .map(|payment| payment.id);
        let payment = match payment {
            Some(id) => {
                self.move_payment(id, Mover::MoneyTaken);
                Which::Known(id)
            }
            None => self.make_payment(confirmed.provider, PaymentState::Success, LogEvent::Completed),
        };
        self.move_transaction(&confirmed, TransactionState::Performed, None, payment);
        self.drop_open_payments(Mover::PaidOtherwise);
        self.take(step);
        Some(payment)
    }

    /// Cash for the order is here, by the payment that was expected or one of its own.
    pub(super) fn receive_cash(&mut self) -> Which<PaymentId> {
        let expected = self.bill.open_payment(Provider::Cash).map(|payment| payment.id);
        let payment = match expected {
            Some(id) => {
                self.move_payment(id, Mover::MoneyTaken);
                Which::Known(id)
            }
            None => self.make_payment(Provider::Cash, PaymentState::Success, LogEvent::Completed),
        };
        self.drop_open_payments(Mover::PaidOtherwise);
        payment
    }

    /// The money of the order is here while the order stays where it is.
    pub(super) fn settle(&mut self) {
        self.bill.order.payment_status = PaymentStatus::Paid;
    }

    /// Money came for an order that is paid or over: it gets a payment of its own, which is to go back.
    pub(super) fn come_late(&mut self, late: &Transaction) -> Which<PaymentId> {
        let payment = Which::Made;
        self.rows.push(Effect::MakePayment(NewPayment {
            provider: late.provider,
            state: PaymentState::Success,
            amount: late.amount,
            is_late: true,
        }));
        self.log(payment, LogEvent::LateMoney);
        self.move_transaction(late, TransactionState::Performed, None, payment);
        if self.bill.order.status == OrderStatus::Cancelled {
            self.move_money(MoneyStep::CameLate);
        }
        self.request_refund(late.provider, payment, Some(late.id));
        self.traces.push(Effect::TellOperators {
            transaction: late.id,
            alert: Alert::LateMoney,
        });
        payment
    }

    /// The provider gave back what came by a performed transaction.
    pub(super) fn reverse(&mut self, id: TransactionId, reason: Option<i64>) {
        let Some(reversed) = self.bill.transaction(id).cloned() else {
            return;
        };
        self.move_transaction(
            &reversed,
            TransactionState::Reversed,
            reason,
            Which::Known(reversed.payment_id),
        );
        self.give_back(reversed.payment_id, Mover::ProviderReturns);
    }

    /// A payment is back with its payer; the last of a cancelled order closes its money.
    pub(super) fn give_back(&mut self, id: PaymentId, mover: Mover) {
        self.move_payment(id, mover);
        let is_anything_here = self
            .bill
            .payments
            .iter()
            .any(|payment| payment.state == PaymentState::Success);
        if self.bill.order.status == OrderStatus::Cancelled && !is_anything_here {
            self.move_money(MoneyStep::Returned);
        }
    }

    /// The order is given up by `step`: whatever was prepared or expected ends with it, and what was paid is to go back.
    pub(super) fn give_up(&mut self, step: Transition, reason: i64) {
        let prepared: Vec<TransactionId> = self
            .bill
            .transactions
            .iter()
            .filter(|transaction| transaction.state.is_prepared())
            .map(|transaction| transaction.id)
            .collect();
        for id in prepared {
            self.end(id, reason, Mover::OrderCancelled);
        }
        self.drop_open_payments(Mover::OrderCancelled);
        self.take(step);
        if let Some(paid) = self.bill.paid_by().copied() {
            let has_paid = |transaction: &&Transaction| {
                transaction.payment_id == paid.id && transaction.state == TransactionState::Performed
            };
            let by = self.bill.transactions.iter().find(has_paid).map(|by| by.id);
            self.request_refund(paid.provider, Which::Known(paid.id), by);
        }
    }

    /// The order takes a step.
    pub(super) const fn take(&mut self, step: Transition) {
        self.bill.order.status = step.to;
        self.bill.order.payment_status = step.payment_status;
        self.step = Some(step);
    }

    /// Keeps the error by which Click called a performed attempt failed, and has Click asked; once.
    pub(super) fn question(&mut self, id: TransactionId, reason: i64) {
        self.rows.push(Effect::Question { id, reason });
        self.traces.push(Effect::QueueStatusQuestion(id));
        self.traces.push(Effect::TellOperators {
            transaction: id,
            alert: Alert::ConfirmedThenFailed,
        });
    }

    /// The number that Click shows its payer, by which it can be reversed, where another one stands.
    pub(super) fn keep_paydoc(&mut self, attempt: &Transaction, paydoc_id: Option<i64>) {
        if let Some(paydoc_id) = paydoc_id.filter(|_| paydoc_id != attempt.paydoc_id) {
            self.rows.push(Effect::KeepPaydoc {
                id: attempt.id,
                paydoc_id,
            });
        }
    }

    pub(super) fn log(&mut self, payment: Which<PaymentId>, event: LogEvent) {
        self.traces.push(Effect::Log { payment, event });
    }

    /// What all of it comes to: rows first, then the order in one change at most, then what only tells of it.
    pub(super) fn effects(self) -> Vec<Effect> {
        let mut effects = self.rows;
        let money = self.bill.order.payment_status;
        match self.step {
            Some(step) => effects.push(Effect::MoveOrder(Transition {
                payment_status: money,
                ..step
            })),
            None if money != self.money_before => effects.push(Effect::MoveMoney {
                from: self.money_before,
                to: money,
            }),
            None => {}
        }
        if let Some(until) = self
            .bill
            .expires_at
            .filter(|_| self.bill.expires_at != self.expiry_before)
        {
            effects.push(Effect::WaitUntil(until));
        }
        effects.extend(self.traces);
        effects
    }

    /// The effects with an answer.
    pub(super) fn decide<Answer>(self, answer: Answer, concerns: Option<Which<PaymentId>>) -> Decision<Answer> {
        Decision {
            effects: self.effects(),
            answer,
            concerns,
        }
    }

    fn prepared(&self, id: TransactionId) -> Option<Transaction> {
        let transaction = self.bill.transaction(id)?;
        transaction.state.is_prepared().then(|| transaction.clone())
    }
}
