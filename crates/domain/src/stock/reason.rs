//! Why stock moved, which way, and by which document.

use crate::coded_enum;
use crate::quantity::Quantity;

coded_enum! {
    /// Which way goods went.
    pub enum MovementType {
        /// They came.
        In = "in",
        /// They left.
        Out = "out",
    }
}

coded_enum! {
    /// Why goods came or left.
    pub enum MovementReason {
        /// Goods taken in.
        Receipt = "receipt",
        /// Sold at the counter.
        Sale = "sale",
        /// A sale undone.
        SaleCancel = "sale_cancel",
        /// Brought back by a customer.
        Return = "return",
        /// Ordered online.
        Order = "order",
        /// An online order undone.
        OrderCancel = "order_cancel",
        /// Sent to another location.
        TransferOut = "transfer_out",
        /// Arrived from another location.
        TransferIn = "transfer_in",
        /// Written off.
        Wastage = "wastage",
        /// Difference found by a stock count.
        Count = "count",
        /// Corrected by hand.
        Adjustment = "adjustment",
    }
}

coded_enum! {
    /// The kind of document that moved the goods.
    pub enum DocumentType {
        /// No document: a movement of its own.
        Manual = "manual",
        /// A sale at the counter.
        Sale = "sale",
        /// A return of sold goods.
        SaleReturn = "sale_return",
        /// An online order.
        Order = "order",
        /// A transfer between locations.
        Transfer = "transfer",
        /// A write-off.
        Wastage = "wastage",
        /// A stock count.
        StockCount = "stock_count",
    }
}

impl MovementType {
    /// The way of a signed quantity; `None` for nothing.
    #[must_use]
    pub fn of(quantity: Quantity) -> Option<Self> {
        match quantity.cmp(&Quantity::ZERO) {
            std::cmp::Ordering::Less => Some(Self::Out),
            std::cmp::Ordering::Equal => None,
            std::cmp::Ordering::Greater => Some(Self::In),
        }
    }
}

impl MovementReason {
    /// The one way that goods go for this reason; `None` where both ways happen (counts and adjustments).
    #[must_use]
    pub const fn direction(self) -> Option<MovementType> {
        match self {
            Self::Receipt | Self::SaleCancel | Self::Return | Self::OrderCancel | Self::TransferIn => {
                Some(MovementType::In)
            }
            Self::Sale | Self::Order | Self::TransferOut | Self::Wastage => Some(MovementType::Out),
            Self::Count | Self::Adjustment => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MovementReason, MovementType};
    use crate::coded::Coded;
    use crate::quantity::Quantity;

    #[test]
    fn every_reason_has_its_direction() {
        let directions: Vec<String> = MovementReason::ALL
            .iter()
            .map(|reason| format!("{reason} {}", reason.direction().map_or("both", Coded::code)))
            .collect();

        assert_eq!(
            directions,
            [
                "receipt in",
                "sale out",
                "sale_cancel in",
                "return in",
                "order out",
                "order_cancel in",
                "transfer_out out",
                "transfer_in in",
                "wastage out",
                "count both",
                "adjustment both",
            ]
        );
    }

    #[test]
    fn the_sign_tells_the_way() {
        let ways = [-1, 0, 1].map(|thousandths| MovementType::of(Quantity::from_thousandths(thousandths)));

        assert_eq!(ways, [Some(MovementType::Out), None, Some(MovementType::In)]);
    }
}
