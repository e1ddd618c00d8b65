//! Customers come, and come back, by a code that their phone gets (pharmacy.md 2.1).
//!
//! Nobody learns whether a phone has an account: what is answered, hashed, and asked of the database is the same, statement by
//! statement. The record of the phone, which needs no account, is locked first of all, so that nothing of one phone races. What
//! was typed at registration lies with its code and becomes the account's with that very code: whoever holds the phone owns the
//! account. Staff accounts of the same phone are neither shown nor touched.

mod register;
mod resend;
mod reset;
mod sending;
mod text;
mod trying;
mod verify;

use chrono::{DateTime, Utc};
use savdo_domain::FieldErrors;
use savdo_domain::account::Wait;
use savdo_domain::phone::Phone;

use crate::limits::wait_seconds;
use crate::{Error, Result};

pub use register::{RegisterCustomer, register_customer};
pub use resend::resend_code;
pub use reset::{ResetByCode, reset_by_code};
pub(crate) use text::{CodeSent, code_sent, write_known_text};
pub use verify::verify_phone;

fn phone_of(typed: &str) -> Result<Phone> {
    let phone = Phone::parse(typed);
    Ok(phone.map_err(|problem| FieldErrors::one("phone_number", problem))?)
}

fn throttled(wait: Wait, now: DateTime<Utc>) -> Error {
    Error::Throttled {
        retry_after_seconds: wait_seconds(wait.until, now),
    }
}
