//! What is to be paid for an order, and every way in which that was tried: all that a call of a provider is judged by.
//!
//! Whoever decides by a bill holds the order, its transactions and its payments, locked in this order, and read them in later statements.

use chrono::{DateTime, Utc};

use crate::ids::{OrderId, PaymentId, TransactionId};
use crate::money::Money;
use crate::order::{OrderFacts, OrderStatus, PaymentMethod, PaymentStatus};
use crate::payment::transaction::{ExternalId, Transaction, TransactionState};
use crate::payment::{PaymentState, Provider};

/// An order with its money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bill {
    /// The order.
    pub order_id: OrderId,
    /// What it is judged by.
    pub order: OrderFacts,
    /// Until when it waits for its payment.
    pub expires_at: Option<DateTime<Utc>>,
    /// All its transactions, of every provider.
    pub transactions: Vec<Transaction>,
    /// All its payments, of every provider.
    pub payments: Vec<Payment>,
}

/// A payment, as its row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payment {
    /// Its id.
    pub id: PaymentId,
    /// Who takes the money.
    pub provider: Provider,
    /// Where it stands.
    pub state: PaymentState,
    /// How much.
    pub amount: Money,
    /// Whether its money came when the order was paid or over: it counts in no revenue and only waits to be given back.
    pub is_late: bool,
}

/// Why an order takes no online payment now. A transaction that holds the order is another matter: [`Bill::holder`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotPayable {
    /// It is paid.
    Paid,
    /// It is cancelled.
    Cancelled,
    /// It is paid in cash.
    Cash,
    /// It waits for a prescription, or was not placed yet.
    NotYet,
    /// Its time is over.
    Expired,
}

impl Bill {
    /// Judges whether the order takes an online payment (contract 1.4): by method, status and time; the time does not count while a
    /// transaction is open.
    ///
    /// # Errors
    /// [`NotPayable`], in the order of its declaration.
    pub fn check_payable(&self, now: DateTime<Utc>) -> Result<(), NotPayable> {
        if self.order.payment_status == PaymentStatus::Paid {
            return Err(NotPayable::Paid);
        }
        match (self.order.status, self.order.payment_method) {
            (OrderStatus::Cancelled, _) => return Err(NotPayable::Cancelled),
            (_, PaymentMethod::Cash) => return Err(NotPayable::Cash),
            (OrderStatus::Draft | OrderStatus::AwaitingPrescription, PaymentMethod::Online) => {
                return Err(NotPayable::NotYet);
            }
            (OrderStatus::AwaitingPayment, PaymentMethod::Online) => {}
            // Nobody gets here unpaid; were he here, he would have to pay no more.
            (
                OrderStatus::Paid
                | OrderStatus::Preparing
                | OrderStatus::ReadyForDelivery
                | OrderStatus::OnTheWay
                | OrderStatus::Delivered,
                PaymentMethod::Online,
            ) => return Err(NotPayable::Paid),
        }
        let is_over = self.expires_at.is_some_and(|expires_at| expires_at < now);
        if is_over && self.holder().is_none() {
            return Err(NotPayable::Expired);
        }
        Ok(())
    }

    /// The transaction that holds the order.
    #[must_use]
    pub fn holder(&self) -> Option<&Transaction> {
        self.transactions
            .iter()
            .find(|transaction| transaction.state == TransactionState::Open)
    }

    /// The transaction that a provider calls so.
    #[must_use]
    pub fn called(&self, provider: Provider, external_id: &ExternalId) -> Option<&Transaction> {
        self.transactions
            .iter()
            .find(|transaction| transaction.provider == provider && transaction.external_id == *external_id)
    }

    /// The transaction with our id.
    #[must_use]
    pub fn transaction(&self, id: TransactionId) -> Option<&Transaction> {
        self.transactions.iter().find(|transaction| transaction.id == id)
    }

    /// The payment with this id.
    #[must_use]
    pub fn payment(&self, id: PaymentId) -> Option<&Payment> {
        self.payments.iter().find(|payment| payment.id == id)
    }

    /// The payment of this provider that is expected or being taken; there is one at most.
    #[must_use]
    pub fn open_payment(&self, provider: Provider) -> Option<&Payment> {
        self.payments
            .iter()
            .find(|payment| payment.provider == provider && payment.state.is_open())
    }

    /// The one payment by which the order is paid.
    #[must_use]
    pub fn paid_by(&self) -> Option<&Payment> {
        self.payments
            .iter()
            .find(|payment| payment.state == PaymentState::Success && !payment.is_late)
    }

    /// Whether the money of the order stands where its payments and transactions say (contract 7, rows 1 to 4): at most one payment here that
    /// is not late and at most one transaction open; paid by exactly one of the total, and so is what goes on after an online payment;
    /// expected online by the open transaction alone; owed while anything is here of a cancelled order; nothing expected of one that is paid
    /// or cancelled.
    #[must_use]
    pub fn is_consistent(&self) -> bool {
        let here = |is_late: bool| {
            let here = move |payment: &&Payment| payment.state == PaymentState::Success && payment.is_late == is_late;
            self.payments.iter().filter(here).count()
        };
        let open = self
            .transactions
            .iter()
            .filter(|one| one.state == TransactionState::Open);
        let awaits_none = !self.payments.iter().any(|payment| payment.state.is_open());
        let (is_held, is_cancelled) = (self.holder().is_some(), self.order.status == OrderStatus::Cancelled);
        let agrees = match self.order.payment_status {
            PaymentStatus::Unpaid => here(false) == 0 && !is_held,
            PaymentStatus::Pending => {
                here(false) == 0 && !is_cancelled && (self.order.payment_method == PaymentMethod::Cash || is_held)
            }
            PaymentStatus::Paid => {
                let amount = self.paid_by().map(|payment| payment.amount);
                here(false) == 1 && amount == Some(self.order.total_price) && !is_cancelled && !is_held && awaits_none
            }
            PaymentStatus::RefundPending => is_cancelled && !is_held && here(false) + here(true) > 0,
            PaymentStatus::Refunded => is_cancelled && !is_held && here(false) == 0,
        };
        let goes_on_paid = match (self.order.payment_method, self.order.status) {
            (
                PaymentMethod::Online,
                OrderStatus::Paid
                | OrderStatus::Preparing
                | OrderStatus::ReadyForDelivery
                | OrderStatus::OnTheWay
                | OrderStatus::Delivered,
            ) => self.order.payment_status == PaymentStatus::Paid,
            (
                PaymentMethod::Online,
                OrderStatus::Draft
                | OrderStatus::AwaitingPrescription
                | OrderStatus::AwaitingPayment
                | OrderStatus::Cancelled,
            )
            | (PaymentMethod::Cash, _) => true,
        };
        agrees && goes_on_paid && (awaits_none || !is_cancelled) && here(false) <= 1 && open.count() <= 1
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::{Bill, NotPayable};
    use crate::money::Money;
    use crate::order::{OrderStatus, PaymentMethod, PaymentStatus};
    use crate::payment::PaymentState;
    use crate::payment::book::{NOW, awaiting, cancelled, click_open, payme_open, payme_performed, payme_reversed};

    fn with(mut bill: Bill, change: impl FnOnce(&mut Bill)) -> Bill {
        change(&mut bill);
        bill
    }

    #[test]
    fn an_order_is_payable_online_until_it_expires_or_while_it_is_held() {
        let late = NOW + TimeDelta::hours(2);
        let in_cash = with(awaiting(), |bill| bill.order.payment_method = PaymentMethod::Cash);
        let waiting = with(awaiting(), |bill| bill.order.status = OrderStatus::AwaitingPrescription);

        assert_eq!(
            [awaiting(), payme_open(), click_open()].map(|bill| bill.check_payable(NOW)),
            [Ok(()); 3]
        );
        assert_eq!(awaiting().check_payable(late), Err(NotPayable::Expired));
        assert_eq!(payme_open().check_payable(late), Ok(()));
        assert_eq!(payme_performed().check_payable(NOW), Err(NotPayable::Paid));
        assert_eq!(cancelled().check_payable(NOW), Err(NotPayable::Cancelled));
        assert_eq!(in_cash.check_payable(NOW), Err(NotPayable::Cash));
        assert_eq!(waiting.check_payable(NOW), Err(NotPayable::NotYet));
    }

    #[test]
    fn what_calls_leave_behind_is_consistent() {
        for bill in [
            awaiting(),
            cancelled(),
            payme_open(),
            payme_performed(),
            payme_reversed(),
            click_open(),
        ] {
            assert!(bill.is_consistent(), "{bill:?}");
        }
    }

    #[test]
    fn money_that_does_not_agree_with_its_rows_is_found() {
        let wrong = [
            with(payme_performed(), |bill| {
                bill.order.payment_status = PaymentStatus::Unpaid
            }),
            with(payme_performed(), |bill| {
                bill.order.payment_status = PaymentStatus::Pending
            }),
            with(payme_performed(), |bill| {
                bill.payments[0].state = PaymentState::Refunded
            }),
            with(payme_performed(), |bill| bill.payments[0].is_late = true),
            with(payme_performed(), |bill| bill.order.total_price = Money::from_tiyin(1)),
            with(payme_performed(), |bill| bill.payments.push(bill.payments[0])),
            with(payme_performed(), |bill| bill.order.status = OrderStatus::Cancelled),
            with(payme_performed(), |bill| bill.payments.extend(payme_open().payments)),
            with(cancelled(), |bill| bill.payments.extend(payme_open().payments)),
            with(payme_open(), |bill| bill.order.payment_status = PaymentStatus::Unpaid),
            with(payme_open(), |bill| {
                bill.transactions.push(bill.transactions[0].clone())
            }),
            with(awaiting(), |bill| bill.order.payment_status = PaymentStatus::Pending),
            with(awaiting(), |bill| bill.order.status = OrderStatus::Delivered),
            with(cancelled(), |bill| {
                bill.order.payment_status = PaymentStatus::RefundPending
            }),
            with(payme_reversed(), |bill| bill.payments[0].state = PaymentState::Success),
        ];

        for bill in wrong {
            assert!(!bill.is_consistent(), "{bill:?}");
        }
    }
}
