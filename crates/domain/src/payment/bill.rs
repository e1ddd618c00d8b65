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

    /// Whether the money of the order stands where its payments and transactions say (contract 7, rows 1, 2 and 4): at most one payment here
    /// that is not late and at most one transaction open; paid by exactly one of the total; expected online by the open transaction alone;
    /// owed while anything is here of a cancelled order. `savdo verify` and the tests ask it.
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
        let (is_held, is_cancelled) = (self.holder().is_some(), self.order.status == OrderStatus::Cancelled);
        let agrees = match self.order.payment_status {
            PaymentStatus::Unpaid => here(false) == 0 && !is_held,
            PaymentStatus::Pending => {
                here(false) == 0 && !is_cancelled && (self.order.payment_method == PaymentMethod::Cash || is_held)
            }
            PaymentStatus::Paid => {
                let amount = self.paid_by().map(|payment| payment.amount);
                here(false) == 1 && amount == Some(self.order.total_price) && !is_cancelled && !is_held
            }
            PaymentStatus::RefundPending => is_cancelled && !is_held && here(false) + here(true) > 0,
            PaymentStatus::Refunded => is_cancelled && !is_held && here(false) == 0,
        };
        agrees && here(false) <= 1 && open.count() <= 1
    }
}
