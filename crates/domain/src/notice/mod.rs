//! What people are told of what happened to their orders: which types there are, over which channels, in which words.
//!
//! Every template is text with places such as `{order_id}`; what fills them comes from the event's own things. Deliberately absent:
//! who is told and when, which the services know, and how a message travels.

mod refusal;
mod retry;
mod template;
mod words;

use crate::account::Language;
use crate::coded_enum;

pub use refusal::NoticeRefusal;
pub use retry::{Tried, check_retry};
pub use template::{Filled, Place, Template, fill};
pub use words::built_in;

coded_enum! {
    /// What somebody is told of (pharmacy.md 3.6).
    pub enum NoticeType {
        /// A code that proves a phone.
        Otp = "otp",
        /// A code for a new password.
        PasswordReset = "password_reset",
        /// An order was placed.
        OrderCreated = "order_created",
        /// It waits for a prescription.
        OrderAwaitingPrescription = "order_awaiting_prescription",
        /// It waits for money.
        OrderAwaitingPayment = "order_awaiting_payment",
        /// It is paid.
        OrderPaid = "order_paid",
        /// It is being put together.
        OrderPreparing = "order_preparing",
        /// It can be brought.
        OrderReadyForDelivery = "order_ready_for_delivery",
        /// It is on its way.
        OrderOnTheWay = "order_on_the_way",
        /// It was handed over.
        OrderDelivered = "order_delivered",
        /// It was cancelled.
        OrderCancelled = "order_cancelled",
        /// Its prescription is good.
        PrescriptionApproved = "prescription_approved",
        /// Its prescription is not.
        PrescriptionRejected = "prescription_rejected",
        /// Money came for an order that is paid or over.
        LateMoney = "late_money",
        /// Click calls a payment failed that it had confirmed.
        PaymentDoubtful = "payment_doubtful",
        /// Click did not give money back.
        ReversalFailed = "reversal_failed",
        /// A sale that Click was to register has no receipt of the tax office.
        FiscalFailed = "fiscal_failed",
        /// Click says otherwise of a payment than we do.
        PaymentDiffers = "payment_differs",
    }
}

coded_enum! {
    /// How somebody is told.
    pub enum Channel {
        /// In the list of his messages.
        System = "system",
        /// By short message.
        Sms = "sms",
        /// On his device.
        Push = "push",
        /// By letter.
        Email = "email",
    }
}

coded_enum! {
    /// Where a message to somebody stands.
    pub enum NoticeStatus {
        /// Nobody tried to send it yet.
        Pending = "pending",
        /// It was tried, and will be again.
        Processing = "processing",
        /// It went out; for good.
        Sent = "sent",
        /// It did not go out.
        Failed = "failed",
        /// There is nothing to send any more.
        Cancelled = "cancelled",
    }
}

impl NoticeType {
    /// Whether it carries a code: no store words it, nobody sends it again by hand, and no list shows the code.
    #[must_use]
    pub const fn is_code(self) -> bool {
        match self {
            Self::Otp | Self::PasswordReset => true,
            Self::OrderCreated
            | Self::OrderAwaitingPrescription
            | Self::OrderAwaitingPayment
            | Self::OrderPaid
            | Self::OrderPreparing
            | Self::OrderReadyForDelivery
            | Self::OrderOnTheWay
            | Self::OrderDelivered
            | Self::OrderCancelled
            | Self::PrescriptionApproved
            | Self::PrescriptionRejected
            | Self::LateMoney
            | Self::PaymentDoubtful
            | Self::ReversalFailed
            | Self::FiscalFailed
            | Self::PaymentDiffers => false,
        }
    }

    /// Whether it is for those who work in a store: in their lists, and nowhere else.
    #[must_use]
    pub const fn is_internal(self) -> bool {
        match self {
            Self::LateMoney
            | Self::PaymentDoubtful
            | Self::ReversalFailed
            | Self::FiscalFailed
            | Self::PaymentDiffers => true,
            Self::Otp
            | Self::PasswordReset
            | Self::OrderCreated
            | Self::OrderAwaitingPrescription
            | Self::OrderAwaitingPayment
            | Self::OrderPaid
            | Self::OrderPreparing
            | Self::OrderReadyForDelivery
            | Self::OrderOnTheWay
            | Self::OrderDelivered
            | Self::OrderCancelled
            | Self::PrescriptionApproved
            | Self::PrescriptionRejected => false,
        }
    }

    /// Whether people are told so over this channel unless somebody decides otherwise.
    #[must_use]
    pub const fn is_told_by(self, channel: Channel) -> bool {
        match channel {
            Channel::System => true,
            Channel::Sms => match self {
                Self::Otp
                | Self::PasswordReset
                | Self::OrderAwaitingPrescription
                | Self::OrderAwaitingPayment
                | Self::OrderPaid
                | Self::OrderOnTheWay
                | Self::OrderCancelled
                | Self::PrescriptionApproved
                | Self::PrescriptionRejected => true,
                Self::OrderCreated
                | Self::OrderPreparing
                | Self::OrderReadyForDelivery
                | Self::OrderDelivered
                | Self::LateMoney
                | Self::PaymentDoubtful
                | Self::ReversalFailed
                | Self::FiscalFailed
                | Self::PaymentDiffers => false,
            },
            Channel::Push => !matches!(self, Self::PasswordReset) && !self.is_internal(),
            Channel::Email => matches!(self, Self::OrderPaid | Self::OrderDelivered),
        }
    }

    /// What may stand in its text over this channel.
    #[must_use]
    pub const fn places(self, channel: Channel) -> &'static [Place] {
        use Place::{Code, Courier, Minutes, OrderId, PaymentId, Reason, Store, TotalPrice};
        match (self, channel) {
            (Self::Otp | Self::PasswordReset, Channel::Sms) => &[Code],
            (Self::Otp | Self::PasswordReset, Channel::System | Channel::Push | Channel::Email) => &[],
            (Self::OrderCreated, _) => &[OrderId, TotalPrice, Store],
            (Self::OrderAwaitingPayment, _) => &[OrderId, TotalPrice, Minutes],
            (Self::OrderPaid, _) => &[OrderId, TotalPrice, PaymentId],
            (Self::OrderOnTheWay, Channel::Sms) => &[OrderId, Courier, Code],
            (Self::OrderOnTheWay, Channel::System | Channel::Push | Channel::Email) => &[OrderId, Courier],
            (Self::OrderDelivered, _) => &[OrderId, TotalPrice],
            (Self::OrderCancelled, _) | (Self::PrescriptionRejected, Channel::System) => &[OrderId, Reason],
            (Self::PrescriptionRejected, Channel::Sms | Channel::Push | Channel::Email)
            | (
                Self::OrderAwaitingPrescription
                | Self::OrderPreparing
                | Self::OrderReadyForDelivery
                | Self::PrescriptionApproved
                | Self::LateMoney
                | Self::PaymentDoubtful
                | Self::ReversalFailed
                | Self::FiscalFailed
                | Self::PaymentDiffers,
                _,
            ) => &[OrderId],
        }
    }
}

/// In which languages people are told something, the wanted one first.
#[must_use]
pub fn languages(wanted: Language) -> Vec<Language> {
    if wanted == Language::Uzbek {
        vec![wanted]
    } else {
        vec![wanted, Language::Uzbek]
    }
}
