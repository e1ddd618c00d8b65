//! Accounts of staff and customers.
//!
//! An account belongs to a person, not to a store, so that queries here take no scope: they go by the account's own id, or
//! by what somebody signs in with. A password hash leaves this module in two views alone: that of signing in, and that of
//! another password.

mod customer;
mod mail;
mod read;
mod rows;
mod write;

pub use customer::{CustomerView, customer_unscoped, prove};
pub use mail::{AddresseeView, by_email_unscoped};
pub use read::{
    Credentials, SecretView, Taken, UserView, credentials_unscoped, find_unscoped, is_any_unscoped, secret,
    taken_unscoped,
};
pub use rows::{NewUser, ProfileChange, ProfileView};
pub use write::{change_profile, insert, lock, note_login, outdate_tokens, renew_hash, set_password};
