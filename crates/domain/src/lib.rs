//! The rules of the trade, and nothing else.
//!
//! Every function here is pure: the same arguments give the same answer. There is deliberately no clock, no randomness,
//! no configuration, no database and no network; what a rule needs is handed to it. A refusal is a value with a stable
//! `code()`, never a status code and never a text.

pub mod access;
pub mod account;
pub mod cart;
pub mod catalog;
pub mod coded;
pub mod decimal;
pub mod delivery;
pub mod dispatch;
pub mod expense;
pub mod fields;
pub mod ids;
pub mod money;
pub mod notice;
pub mod order;
pub mod payment;
pub mod percent;
pub mod phone;
pub mod prescription;
pub mod quantity;
pub mod refusal;
pub mod rounding;
pub mod sale;
pub mod sale_return;
pub mod settings;
pub mod shift;
pub mod stock;
pub mod text;
pub mod upload;
pub mod zone;

pub use fields::{FieldErrors, FieldProblem};
pub use money::Money;
pub use percent::Percent;
pub use quantity::Quantity;
pub use refusal::Refusal;
