//! Online orders: how they begin, which way they may go, and who may send them there.
//!
//! One table holds every transition; the API, jobs, payments and the panel all ask it. A checkout freezes prices and
//! decides the first status. Rights to see an order, stock, rows and the moment of writing are deliberately absent.

pub mod by_hand;
pub mod cash;
pub mod checkout;
pub mod payment_status;
pub mod refusal;
pub mod status;
pub mod transitions;

#[cfg(test)]
mod table;

pub use by_hand::{OrderFacts, Transition};
pub use checkout::{Checkout, CheckoutLine, PlacedLine, Placement};
pub use payment_status::{MoneyStep, PaymentMethod, PaymentStatus};
pub use refusal::{OrderRefusal, PriceLine, UnavailableProduct};
pub use status::{HistorySource, OrderStatus, WaitingTimes};
pub use transitions::{Condition, Hand, Row};
