//! Identifiers: one type each, so that a product can never be mistaken for a store.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(i64);

        impl $name {
            /// The identifier behind a number of the database or of a request.
            #[must_use]
            pub const fn new(number: i64) -> Self {
                Self(number)
            }

            /// The number that the database and JSON carry.
            #[must_use]
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }
    )+};
}

ids! {
    /// A user account, staff or customer.
    UserId,
    /// A message to somebody, over one channel.
    NoticeId,
    /// The words of a message.
    TemplateId,
    /// A session: one family of refresh tokens.
    SessionId,
    /// A one-time code.
    CodeId,
    /// A device that can be told of news.
    DeviceId,
    /// A store: the tenant.
    StoreId,
    /// A person working in a store.
    WorkerId,
    /// A place where stock lies: a branch or a warehouse.
    LocationId,
    /// A category of the catalogue.
    CategoryId,
    /// A product of the catalogue.
    ProductId,
    /// An active substance.
    SubstanceId,
    /// A stock level: one product at one location.
    LevelId,
    /// A batch: goods received together, with one cost and one expiry.
    BatchId,
    /// A stock movement of one document and product at a location.
    MovementId,
    /// The part of a movement that one batch carries.
    MovementPartId,
    /// A shift at the counter of a branch.
    ShiftId,
    /// A sale at the counter.
    SaleId,
    /// A line of a sale.
    SaleLineId,
    /// Goods of a sale that come back.
    SaleReturnId,
    /// A line of a return.
    SaleReturnLineId,
    /// What expenses are sorted by.
    ExpenseCategoryId,
    /// Money that a store spent.
    ExpenseId,
    /// A customer's cart.
    CartId,
    /// A line of a cart.
    CartLineId,
    /// An online order.
    OrderId,
    /// A line of an online order.
    OrderLineId,
    /// A row of an order's history.
    OrderHistoryId,
    /// A courier's way with an online order.
    DeliveryId,
    /// A row of a delivery's history.
    DeliveryHistoryId,
    /// A prescription.
    PrescriptionId,
    /// A picture of a prescription.
    PrescriptionImageId,
    /// Money for an online order.
    PaymentId,
    /// A provider's transaction about such money.
    TransactionId,
    /// A desk at a provider of payments, which the database knows.
    PaymentDeskId,
    /// A row of a payment's log.
    PaymentLogId,
    /// A business event in the outbox.
    EventId,
    /// A message of an event to one sink.
    DispatchId,
    /// An entry of the audit log.
    AuditEntryId,
}
