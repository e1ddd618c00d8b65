//! Money for online orders as providers move it: a bill is read under its locks, the domain decides, and the effects are carried out
//! literally in the same transaction.
//!
//! The order's row is the lock of all that is about its money; its transactions and payments are read in later statements. Deliberately
//! absent: deciding, which the domain does, and the words of a provider, which the API knows.

pub(crate) mod bill;
pub(crate) mod carry_out;
pub(crate) mod expire;
pub mod payme;
