//! Sales at the counter: what they cost, who may change a price, how they are paid.
//!
//! The server decides every price; what a client sends is only a wish that needs a right. All amounts are so'm to the
//! tiyin, and the lines of a sale always sum to what is paid. Stock, shifts and the moment of writing are deliberately
//! absent.

pub mod client_id;
pub mod line_price;
pub mod moment;
pub mod payment;
pub mod pricing;
pub mod refusal;
pub mod right;
pub mod spread;
pub mod status;
pub mod tax;

#[cfg(test)]
mod examples;
#[cfg(test)]
mod laws;

pub use client_id::ClientId;
pub use line_price::{AskedLine, AutomaticDiscount, DiscountSource};
pub use moment::check_sold_at;
pub use payment::{AcceptedPayments, Payment, PaymentType, Settlement, Tendered};
pub use pricing::{PricedLine, PricedSale, price};
pub use refusal::SaleRefusal;
pub use right::PriceRight;
pub use status::SaleStatus;
