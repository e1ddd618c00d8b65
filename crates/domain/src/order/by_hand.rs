//! Moving an order by hand: who may send it where, now.
//!
//! The judging order is part of the contract: what a caller may never do, then what no order does, then what this
//! caller may not do to it, then what must hold first. Whether the caller sees the order at all is judged before.

use chrono::{DateTime, Utc};

use crate::Money;
use crate::coded::Coded;
use crate::order::payment_status::{PaymentMethod, PaymentStatus};
use crate::order::refusal::OrderRefusal;
use crate::order::status::OrderStatus;
use crate::order::transitions::{Condition, Hand, Row};

/// What an order is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderFacts {
    /// Where it stands.
    pub status: OrderStatus,
    /// How it is paid.
    pub payment_method: PaymentMethod,
    /// Where its money stands.
    pub payment_status: PaymentStatus,
    /// What it costs.
    pub total_price: Money,
    /// Whether it has an active delivery with a courier.
    pub has_courier: bool,
}

/// A step that an order takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    /// Where the order stood: the status to compare and set on.
    pub from: OrderStatus,
    /// Where it stands afterwards.
    pub to: OrderStatus,
    /// Where its money stands afterwards.
    pub payment_status: PaymentStatus,
}

/// Why a step is not taken, before it is known what else could be.
enum Objection {
    Illegal,
    Refused(OrderRefusal),
}

impl OrderFacts {
    /// Judges the wish to set the status to `to`; `cash` is what was handed over with the goods. A target of `cancelled` is a
    /// cancel and answers the same.
    ///
    /// # Errors
    /// In this order: [`OrderRefusal::Forbidden`] for a buyer, and for a courier or operator who never sets that
    /// target; [`OrderRefusal::IllegalTransition`]; [`OrderRefusal::TransitionNotAllowed`]; what must hold first.
    pub fn set_status(&self, hand: Hand, to: OrderStatus, cash: Option<Money>) -> Result<Transition, OrderRefusal> {
        self.judge(hand, to, cash)
            .map_err(|objection| self.refuse(hand, to, objection))
    }

    /// As [`Self::set_status`], but a pair that no order goes is refused before it is looked at whose hand it is: older clients
    /// show it as a mistake of theirs.
    ///
    /// # Errors
    /// [`OrderRefusal::IllegalTransition`], then as [`Self::set_status`].
    pub fn set_status_pair_first(
        &self,
        hand: Hand,
        to: OrderStatus,
        cash: Option<Money>,
    ) -> Result<Transition, OrderRefusal> {
        match Row::of(self.status, to) {
            Some(_) => self.set_status(hand, to, cash),
            None => Err(self.refuse(hand, to, Objection::Illegal)),
        }
    }

    /// Judges the wish to cancel.
    ///
    /// # Errors
    /// [`OrderRefusal::Forbidden`] for a courier, else [`OrderRefusal::IllegalTransition`] where this hand cannot
    /// cancel from here.
    pub fn cancel(&self, hand: Hand) -> Result<Transition, OrderRefusal> {
        self.judge_cancel(hand)
            .map_err(|objection| self.refuse(hand, OrderStatus::Cancelled, objection))
    }

    /// Whether a cancel by this hand must say why: staff give back money that was paid.
    #[must_use]
    pub fn needs_reason(&self, hand: Hand) -> bool {
        match hand {
            Hand::Operator | Hand::Admin => self.payment_status == PaymentStatus::Paid,
            Hand::Buyer | Hand::Courier => false,
        }
    }

    /// The statuses that this hand may set now, in the order of the table; to hand over it takes the cash that is still due.
    #[must_use]
    pub fn allowed_statuses(&self, hand: Hand) -> Vec<OrderStatus> {
        OrderStatus::ALL
            .iter()
            .copied()
            .filter(|to| self.judge(hand, *to, Some(self.total_price)).is_ok())
            .collect()
    }

    /// Whether this hand may cancel now.
    #[must_use]
    pub fn can_cancel(&self, hand: Hand) -> bool {
        self.judge_cancel(hand).is_ok()
    }

    /// Whether this hand may pay now: the buyer, online, until the order expires or while a provider's transaction is
    /// open.
    #[must_use]
    pub fn can_pay(&self, hand: Hand, expires_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
        let is_awaited = self.payment_method == PaymentMethod::Online && self.status == OrderStatus::AwaitingPayment;
        let is_in_time = expires_at.is_none_or(|expires_at| now <= expires_at);
        hand == Hand::Buyer && is_awaited && (is_in_time || self.payment_status == PaymentStatus::Pending)
    }

    /// The step to `to` that the system takes by itself: checkout, prescriptions, payments, deliveries, expiry.
    ///
    /// # Errors
    /// [`OrderRefusal::IllegalTransition`] for a pair that no order goes.
    pub fn step(&self, to: OrderStatus) -> Result<Transition, OrderRefusal> {
        let illegal = || OrderRefusal::IllegalTransition {
            from: self.status,
            to,
            allowed: Vec::new(),
        };
        Row::of(self.status, to)
            .map(|_| self.transition(to))
            .ok_or_else(illegal)
    }

    /// The step of an order that waited for its buyer too long; `None` while it need not be given up: it is in time, it does not
    /// wait, or a provider's transaction is open, which has a limit of its own.
    #[must_use]
    pub fn expire(&self, expires_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Option<Transition> {
        let is_waiting = match self.status {
            OrderStatus::AwaitingPrescription => true,
            OrderStatus::AwaitingPayment => self.payment_status == PaymentStatus::Unpaid,
            OrderStatus::Draft
            | OrderStatus::Paid
            | OrderStatus::Preparing
            | OrderStatus::ReadyForDelivery
            | OrderStatus::OnTheWay
            | OrderStatus::Delivered
            | OrderStatus::Cancelled => false,
        };
        let is_over = expires_at.is_some_and(|expires_at| expires_at < now);
        (is_waiting && is_over).then(|| self.transition(OrderStatus::Cancelled))
    }

    /// Whether this order is paid in cash and the cash is still to come.
    #[must_use]
    pub fn awaits_cash(&self) -> bool {
        self.payment_method == PaymentMethod::Cash && self.payment_status == PaymentStatus::Pending
    }

    fn judge(&self, hand: Hand, to: OrderStatus, cash: Option<Money>) -> Result<Transition, Objection> {
        if !may_ever_set(hand, to) {
            return Err(Objection::Refused(OrderRefusal::Forbidden));
        }
        let row = Row::of(self.status, to).ok_or(Objection::Illegal)?;
        if !row.is_by(hand) {
            return Err(Objection::Refused(OrderRefusal::TransitionNotAllowed));
        }
        self.check(hand, row.condition, cash)?;
        Ok(self.transition(to))
    }

    fn judge_cancel(&self, hand: Hand) -> Result<Transition, Objection> {
        if hand == Hand::Courier {
            return Err(Objection::Refused(OrderRefusal::Forbidden));
        }
        let row = Row::of(self.status, OrderStatus::Cancelled).filter(|row| row.is_by(hand));
        let row = row.ok_or(Objection::Illegal)?;
        self.check(hand, row.condition, None)?;
        Ok(self.transition(OrderStatus::Cancelled))
    }

    fn check(&self, hand: Hand, condition: Condition, cash: Option<Money>) -> Result<(), Objection> {
        let (holds, objection) = match condition {
            Condition::Always => return Ok(()),
            Condition::BuyerWhileCashIsExpected => (hand != Hand::Buyer || self.awaits_cash(), Objection::Illegal),
            Condition::HasCourier => (self.has_courier, Objection::Refused(OrderRefusal::CourierRequired)),
            Condition::CashIsPaid => return self.check_cash(cash).map_err(Objection::Refused),
        };
        if holds { Ok(()) } else { Err(objection) }
    }

    /// What is due in cash is handed over with the goods, to the tiyin.
    fn check_cash(&self, cash: Option<Money>) -> Result<(), OrderRefusal> {
        if self.payment_method == PaymentMethod::Online || self.payment_status == PaymentStatus::Paid {
            return Ok(());
        }
        let cash = cash.ok_or(OrderRefusal::CashRequired)?;
        if cash == self.total_price {
            Ok(())
        } else {
            Err(OrderRefusal::AmountMismatch)
        }
    }

    fn transition(&self, to: OrderStatus) -> Transition {
        let payment_status = self.payment_status.after(to, self.payment_method);
        Transition {
            from: self.status,
            to,
            payment_status,
        }
    }

    fn refuse(&self, hand: Hand, to: OrderStatus, objection: Objection) -> OrderRefusal {
        match objection {
            Objection::Illegal => OrderRefusal::IllegalTransition {
                from: self.status,
                to,
                allowed: self.allowed_statuses(hand),
            },
            Objection::Refused(refusal) => refusal,
        }
    }
}

/// Whether any order at all is set to `to` by this hand; an admin is never turned away here, a buyer always.
fn may_ever_set(hand: Hand, to: OrderStatus) -> bool {
    match hand {
        Hand::Buyer => false,
        Hand::Admin => true,
        Hand::Courier | Hand::Operator => OrderStatus::ALL
            .iter()
            .any(|from| Row::of(*from, to).is_some_and(|row| row.is_by(hand))),
    }
}
