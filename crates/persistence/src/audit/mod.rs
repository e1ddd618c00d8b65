//! The audit log: append-only, one row per document, written in the transaction of the change.
//!
//! Entries of a store are read within its scope. Seals are a chain of their own over them, made and checked for all stores at once.

mod read;
mod seals;
mod write;

pub use read::{AuditEntryView, AuditFilter, account_of, find, list};
pub use seals::{
    Horizon, SealView, chain, chains_unscoped, covered, entries_unscoped, horizon_unscoped, insert as insert_seal,
    is_settled, last_sealed_unscoped, latest_hash, lock_seals,
};
pub use write::{NewAuditEntry, insert};
