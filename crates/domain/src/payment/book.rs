//! For tests: a bill that carries out effects as literally as tables would.

use chrono::{DateTime, Utc};

use crate::ids::{PaymentId, TransactionId};
use crate::order::{Hand, OrderFacts, OrderStatus};
use crate::payment::bill::{Bill, Payment};
use crate::payment::click::{self, Complete, Prepare};
use crate::payment::effect::{Alert, Effect, NewTransaction, TransactionStep, Which};
use crate::payment::payme::{Answer, Cancel, Check, Create, Decided, Fault, Perform};
use crate::payment::transaction::{Millis, Transaction, TransactionState};
use crate::payment::{PaymentRefusal, PaymentState, Provider};

pub(super) use crate::payment::bills::{
    CLICK_ID, HOLDS, NOW, PAYME_ID, TOTAL, awaiting, cancelled, click_cancelled, click_open, click_performed,
    completing, create, paid, payme_cancelled, payme_open, payme_performed, payme_reversed, two_attempts,
};

/// A bill, and what is told of it.
#[derive(Debug, Clone)]
pub(super) struct Book {
    pub(super) bill: Bill,
    /// How often the goods went back.
    pub(super) times_cancelled: usize,
    pub(super) reversals: Vec<TransactionId>,
    pub(super) questions: Vec<TransactionId>,
    pub(super) alerts: Vec<Alert>,
    log: Vec<String>,
    made: i64,
}

/// A method of Payme that names an order or a transaction.
pub(super) trait PaymeCall {
    fn decide(&self, bill: &Bill, now: DateTime<Utc>) -> Decided;
}

macro_rules! payme_calls {
    ($($call:ident),+) => {$(
        impl PaymeCall for $call {
            fn decide(&self, bill: &Bill, now: DateTime<Utc>) -> Decided {
                $call::decide(self, Some(bill), now)
            }
        }
    )+};
}

payme_calls!(Create, Perform, Cancel, Check);

impl Book {
    pub(super) fn of(bill: Bill) -> Self {
        let payments = bill.payments.iter().map(|payment| payment.id.get());
        let transactions = bill.transactions.iter().map(|transaction| transaction.id.get());
        Self {
            made: payments.chain(transactions).max().unwrap_or(5_000),
            bill,
            times_cancelled: 0,
            reversals: Vec::new(),
            questions: Vec::new(),
            alerts: Vec::new(),
            log: Vec::new(),
        }
    }

    pub(super) fn payme(&mut self, call: &impl PaymeCall, now: DateTime<Utc>) -> Result<Answer, Fault> {
        let decision = call.decide(&self.bill, now);
        let made = self.carry_out(&decision.effects);
        decision.answer.map(|answer| match answer {
            Answer::Created {
                create_time,
                transaction,
                state,
            } => Answer::Created {
                create_time,
                transaction: Which::Known(transaction.resolve(made).unwrap()),
                state,
            },
            other => other,
        })
    }

    pub(super) fn prepare(&mut self, call: &Prepare, now: DateTime<Utc>) -> (i64, Option<TransactionId>) {
        let decision = call.decide(Some(&self.bill), HOLDS, now);
        self.answered(decision)
    }

    pub(super) fn complete(&mut self, call: &Complete, now: DateTime<Utc>) -> (i64, Option<TransactionId>) {
        let decision = call.decide(Some(&self.bill), now);
        self.answered(decision)
    }

    fn answered(&mut self, decision: click::Decided) -> (i64, Option<TransactionId>) {
        let made = self.carry_out(&decision.effects);
        let number = decision.answer.number.map(|number| number.resolve(made).unwrap());
        (decision.answer.code.number(), number)
    }

    pub(super) fn start(&mut self, provider: Provider, now: DateTime<Utc>) {
        let started = self.bill.start(provider, true, now).unwrap();
        self.carry_out(&started.effects);
    }

    /// Staff cancel the order, where they may.
    pub(super) fn give_up(&mut self, now: DateTime<Utc>) {
        if let Ok(step) = self.bill.order.cancel(Hand::Admin) {
            let effects = self.bill.give_up(step, now);
            self.carry_out(&effects);
        }
    }

    pub(super) fn expire(&mut self, now: DateTime<Utc>) {
        let effects = self.bill.expire(now);
        self.carry_out(&effects);
    }

    pub(super) fn receive_cash(&mut self, now: DateTime<Utc>) -> Result<(), &'static str> {
        let received = self.bill.receive_cash(Hand::Admin, self.bill.order.total_price, now);
        let effects = received.map_err(|refusal| refusal.code())?;
        self.carry_out(&effects);
        Ok(())
    }

    /// Gives back by hand the first payment that is here.
    pub(super) fn refund_by_hand(&mut self, now: DateTime<Utc>) -> Result<(), PaymentRefusal> {
        let here = |payment: &&Payment| payment.state == PaymentState::Success;
        let id = self
            .bill
            .payments
            .iter()
            .find(here)
            .map_or(PaymentId::new(0), |payment| payment.id);
        let effects = self.bill.refund_by_hand(id, now)?;
        self.carry_out(&effects);
        Ok(())
    }

    /// Click reversed whatever was queued.
    pub(super) fn reverse_all(&mut self, now: DateTime<Utc>) {
        for id in std::mem::take(&mut self.reversals) {
            if self.bill.is_reversal_due(id) {
                let effects = self.bill.reversed(id, now).unwrap();
                self.carry_out(&effects);
            }
        }
    }

    /// The order goes on by hand to the next status.
    pub(super) fn advance(&mut self) {
        let mut order = OrderFacts {
            has_courier: true,
            ..self.bill.order
        };
        let next = order
            .allowed_statuses(Hand::Admin)
            .into_iter()
            .find(|to| *to != OrderStatus::Cancelled);
        if let Some(step) = next.and_then(|to| order.set_status(Hand::Admin, to, None).ok()) {
            order.status = step.to;
            self.bill.order = order;
        }
    }

    /// Where everything stands, in one line.
    pub(super) fn story(&self) -> String {
        let payments = self.bill.payments.iter().map(|payment| {
            let late = if payment.is_late { " late" } else { "" };
            format!("{} {}{late}", payment.provider, payment.state)
        });
        let transactions = self.bill.transactions.iter().map(|transaction| {
            let reason = transaction
                .reason
                .map_or_else(String::new, |reason| format!(" {reason}"));
            format!("{} {}{reason}", transaction.provider, transaction.state)
        });
        let (payments, transactions): (Vec<_>, Vec<_>) = (payments.collect(), transactions.collect());
        let order = self.bill.order;
        format!(
            "{} {}; {}; {}",
            order.payment_status,
            order.status,
            payments.join(", "),
            transactions.join(", ")
        )
    }

    pub(super) fn log(&self) -> String {
        self.log.join(" ")
    }

    /// Compares and sets each row; the transaction that was made.
    pub(super) fn carry_out(&mut self, effects: &[Effect]) -> Option<TransactionId> {
        let (mut payment, mut transaction) = (None, None);
        for effect in effects {
            match effect {
                Effect::MakePayment(made) => {
                    let id = PaymentId::new(self.next());
                    assert_eq!(payment.replace(id), None, "one payment is made at most");
                    self.bill.payments.push(Payment {
                        id,
                        provider: made.provider,
                        state: made.state,
                        amount: made.amount,
                        is_late: made.is_late,
                    });
                }
                Effect::MovePayment { id, from, to } => {
                    let moved = self.bill.payments.iter_mut().find(|payment| payment.id == *id).unwrap();
                    assert_eq!(moved.state, *from);
                    moved.state = *to;
                }
                Effect::OpenTransaction(made) => {
                    let id = TransactionId::new(self.next());
                    assert_eq!(transaction.replace(id), None, "one transaction is made at most");
                    self.open(id, made, payment);
                }
                Effect::MoveTransaction(step) => self.step(step, payment),
                Effect::Question { id, reason } => self.transaction(*id).reason = Some(*reason),
                Effect::KeepPaydoc { id, paydoc_id } => self.transaction(*id).paydoc_id = Some(*paydoc_id),
                Effect::KeepFiscal { .. } => {}
                Effect::MoveMoney { from, to } => {
                    assert_eq!(self.bill.order.payment_status, *from);
                    self.bill.order.payment_status = *to;
                }
                Effect::MoveOrder(step) => {
                    assert_eq!(self.bill.order.status, step.from);
                    self.times_cancelled += usize::from(step.to == OrderStatus::Cancelled);
                    (self.bill.order.status, self.bill.order.payment_status) = (step.to, step.payment_status);
                }
                Effect::WaitUntil(until) => self.bill.expires_at = Some(*until),
                Effect::Log { payment: of, event } => {
                    assert!(of.resolve(payment).is_some());
                    self.log.push(event.to_string());
                }
                Effect::QueueReversal(id) => self.reversals.push(*id),
                Effect::QueueStatusQuestion(id) => self.questions.push(*id),
                Effect::TellOperators { alert, .. } => self.alerts.push(*alert),
            }
        }
        assert!(self.bill.is_consistent(), "{}", self.story());
        transaction
    }

    fn open(&mut self, id: TransactionId, made: &NewTransaction, payment: Option<PaymentId>) {
        self.bill.transactions.push(Transaction {
            id,
            provider: made.provider,
            external_id: made.external_id.clone(),
            payment_id: made.payment.resolve(payment).unwrap(),
            amount: made.amount,
            state: TransactionState::Open,
            reason: None,
            create_time: made.create_time,
            perform_time: Millis::NONE,
            cancel_time: Millis::NONE,
            open_until: made.open_until,
            paydoc_id: made.paydoc_id,
        });
    }

    fn step(&mut self, step: &TransactionStep, payment: Option<PaymentId>) {
        let moved = self.transaction(step.id);
        assert_eq!(moved.state, step.from);
        assert!(step.from.next().contains(&step.to), "{step:?}");
        moved.set(step.to, step.reason, step.at);
        moved.payment_id = step.payment.resolve(payment).unwrap();
    }

    fn transaction(&mut self, id: TransactionId) -> &mut Transaction {
        let transactions = &mut self.bill.transactions;
        transactions
            .iter_mut()
            .find(|transaction| transaction.id == id)
            .unwrap()
    }

    fn next(&mut self) -> i64 {
        self.made += 1;
        self.made
    }
}
