//! The one table of a payment's states: what moves it, and where to (contract, pharmacy 3.3).
//!
//! A payment is expected or being taken, then here, failed or cancelled; only what is here can be given back. Success never becomes
//! failed or cancelled, and nothing leaves an end.

use crate::payment::PaymentState;

/// What moves a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mover {
    /// A provider opens a transaction: Payme's Create, Click's Prepare.
    ProviderOpens,
    /// The money is here: Payme's Perform, Click's Complete without an error, cash that was received.
    MoneyTaken,
    /// The provider could not take it: Click's Complete with an error below zero.
    ProviderFails,
    /// The provider cancels before it took anything: Payme's Cancel.
    ProviderCancels,
    /// The transaction was open for longer than it may.
    TimeOver,
    /// The order was given up.
    OrderCancelled,
    /// The order was paid another way.
    PaidOtherwise,
    /// The provider gave it back: Payme's Cancel after Perform, Click's reversal.
    ProviderReturns,
    /// A manager, an owner or an admin says that it was given back by hand.
    ReturnedByHand,
}

impl PaymentState {
    /// Where a payment stands after `mover`; `None` where that moves nothing.
    #[must_use]
    pub const fn by(self, mover: Mover) -> Option<Self> {
        match self {
            Self::Pending => match mover {
                Mover::ProviderOpens => Some(Self::Processing),
                Mover::MoneyTaken => Some(Self::Success),
                Mover::ProviderFails => Some(Self::Failed),
                Mover::ProviderCancels | Mover::TimeOver | Mover::OrderCancelled | Mover::PaidOtherwise => {
                    Some(Self::Cancelled)
                }
                Mover::ProviderReturns | Mover::ReturnedByHand => None,
            },
            Self::Processing => match mover {
                Mover::MoneyTaken => Some(Self::Success),
                Mover::ProviderFails => Some(Self::Failed),
                Mover::ProviderCancels | Mover::TimeOver | Mover::OrderCancelled | Mover::PaidOtherwise => {
                    Some(Self::Cancelled)
                }
                Mover::ProviderOpens | Mover::ProviderReturns | Mover::ReturnedByHand => None,
            },
            Self::Success => match mover {
                Mover::ProviderReturns | Mover::ReturnedByHand => Some(Self::Refunded),
                Mover::ProviderOpens
                | Mover::MoneyTaken
                | Mover::ProviderFails
                | Mover::ProviderCancels
                | Mover::TimeOver
                | Mover::OrderCancelled
                | Mover::PaidOtherwise => None,
            },
            Self::Failed | Self::Cancelled | Self::Refunded => None,
        }
    }

    /// Whether the money is still expected or being taken.
    #[must_use]
    pub const fn is_open(self) -> bool {
        match self {
            Self::Pending | Self::Processing => true,
            Self::Success | Self::Failed | Self::Cancelled | Self::Refunded => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Mover;
    use crate::coded::Coded;
    use crate::payment::PaymentState;

    const MOVERS: [Mover; 9] = [
        Mover::ProviderOpens,
        Mover::MoneyTaken,
        Mover::ProviderFails,
        Mover::ProviderCancels,
        Mover::TimeOver,
        Mover::OrderCancelled,
        Mover::PaidOtherwise,
        Mover::ProviderReturns,
        Mover::ReturnedByHand,
    ];

    #[test]
    fn a_payment_moves_as_the_table_says() {
        let mut moves = Vec::new();
        for from in PaymentState::ALL {
            for mover in MOVERS {
                moves.extend(from.by(mover).map(|to| format!("{from} -> {to}: {mover:?}")));
            }
        }

        let expected = [
            "pending -> processing: ProviderOpens",
            "pending -> success: MoneyTaken",
            "pending -> failed: ProviderFails",
            "pending -> cancelled: ProviderCancels",
            "pending -> cancelled: TimeOver",
            "pending -> cancelled: OrderCancelled",
            "pending -> cancelled: PaidOtherwise",
            "processing -> success: MoneyTaken",
            "processing -> failed: ProviderFails",
            "processing -> cancelled: ProviderCancels",
            "processing -> cancelled: TimeOver",
            "processing -> cancelled: OrderCancelled",
            "processing -> cancelled: PaidOtherwise",
            "success -> refunded: ProviderReturns",
            "success -> refunded: ReturnedByHand",
        ];
        assert_eq!(moves, expected);
    }

    #[test]
    fn only_what_is_expected_or_being_taken_is_open() {
        let open: Vec<_> = PaymentState::ALL.iter().filter(|state| state.is_open()).collect();

        assert_eq!(open, [&PaymentState::Pending, &PaymentState::Processing]);
    }
}
