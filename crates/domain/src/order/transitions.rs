//! The one table of an order's transitions: every pair of statuses, legal or not.
//!
//! A legal pair has a row with the hands that may take it and what must hold first. A row without hands is taken by the
//! system alone: checkout, prescriptions, payments, deliveries, expiry. Nothing else in the code knows a transition.

use crate::order::status::OrderStatus;

/// Whose hand moves an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hand {
    /// The customer whose order it is.
    Buyer,
    /// The courier of its active delivery.
    Courier,
    /// An operator of its store.
    Operator,
    /// A manager or owner of its store, or the platform's admin.
    Admin,
}

/// What must hold before a row is taken by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// Nothing.
    Always,
    /// The buyer only while cash is still expected.
    BuyerWhileCashIsExpected,
    /// There is an active delivery with a courier.
    HasCourier,
    /// A cash order is paid.
    CashIsPaid,
}

/// A legal transition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Its number in the contract's table.
    pub number: u8,
    /// Who may take it by hand.
    pub by_hand: &'static [Hand],
    /// What must hold first.
    pub condition: Condition,
}

impl Row {
    /// The row of a pair; `None` for a pair that no order goes.
    #[must_use]
    pub const fn of(from: OrderStatus, to: OrderStatus) -> Option<Self> {
        use Hand::{Admin, Buyer, Courier, Operator};
        use OrderStatus::{
            AwaitingPayment, AwaitingPrescription, Cancelled, Delivered, Draft, OnTheWay, Paid, Preparing,
            ReadyForDelivery,
        };

        match (from, to) {
            (Draft, AwaitingPrescription) => legal(1, &[]),
            (Draft, AwaitingPayment) => legal(2, &[]),
            (Draft, Preparing) => legal(3, &[]),
            (Draft, Cancelled) => legal(4, &[Buyer, Operator, Admin]),
            (Draft, Draft | Paid | ReadyForDelivery | OnTheWay | Delivered) => None,

            (AwaitingPrescription, AwaitingPayment) => legal(5, &[]),
            (AwaitingPrescription, Preparing) => legal(6, &[]),
            (AwaitingPrescription, Cancelled) => legal(7, &[Buyer, Operator, Admin]),
            (AwaitingPrescription, Draft | AwaitingPrescription | Paid | ReadyForDelivery | OnTheWay | Delivered) => {
                None
            }

            (AwaitingPayment, Paid) => legal(8, &[]),
            (AwaitingPayment, Cancelled) => legal(9, &[Buyer, Operator, Admin]),
            (
                AwaitingPayment,
                Draft | AwaitingPrescription | AwaitingPayment | Preparing | ReadyForDelivery | OnTheWay | Delivered,
            ) => None,

            (Paid, Preparing) => legal(10, &[Operator, Admin]),
            (Paid, Cancelled) => legal(11, &[Operator, Admin]),
            (Paid, Draft | AwaitingPrescription | AwaitingPayment | Paid | ReadyForDelivery | OnTheWay | Delivered) => {
                None
            }

            (Preparing, ReadyForDelivery) => legal(12, &[Operator, Admin]),
            (Preparing, Cancelled) => when(Condition::BuyerWhileCashIsExpected, 13, &[Buyer, Operator, Admin]),
            (Preparing, Draft | AwaitingPrescription | AwaitingPayment | Paid | Preparing | OnTheWay | Delivered) => {
                None
            }

            (ReadyForDelivery, OnTheWay) => when(Condition::HasCourier, 14, &[Courier, Admin]),
            (ReadyForDelivery, Cancelled) => legal(15, &[Operator, Admin]),
            (
                ReadyForDelivery,
                Draft | AwaitingPrescription | AwaitingPayment | Paid | Preparing | ReadyForDelivery | Delivered,
            ) => None,

            (OnTheWay, Delivered) => when(Condition::CashIsPaid, 16, &[Courier, Admin]),
            (OnTheWay, ReadyForDelivery) => legal(17, &[]),
            (OnTheWay, Cancelled) => legal(18, &[Operator, Admin]),
            (OnTheWay, Draft | AwaitingPrescription | AwaitingPayment | Paid | Preparing | OnTheWay) => None,

            (
                Delivered | Cancelled,
                Draft | AwaitingPrescription | AwaitingPayment | Paid | Preparing | ReadyForDelivery | OnTheWay
                | Delivered | Cancelled,
            ) => None,
        }
    }

    /// Whether `hand` may take it at all.
    #[must_use]
    pub fn is_by(&self, hand: Hand) -> bool {
        self.by_hand.contains(&hand)
    }
}

const fn legal(number: u8, by_hand: &'static [Hand]) -> Option<Row> {
    when(Condition::Always, number, by_hand)
}

const fn when(condition: Condition, number: u8, by_hand: &'static [Hand]) -> Option<Row> {
    Some(Row {
        number,
        by_hand,
        condition,
    })
}
