//! Customers by their phone: before anybody is signed in.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use savdo_domain::account::AccountKind;
use savdo_domain::coded::Coded;
use savdo_domain::ids::UserId;
use savdo_domain::phone::Phone;

use crate::codes::PairView;
use crate::database::{Reader, Tx};
use crate::error::Error;
use crate::schema::users;
use crate::workers::full_name;

/// A customer, as whoever has a code of his phone meets him.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerView {
    /// The account.
    pub id: UserId,
    /// The first name, possibly empty.
    pub first_name: String,
    /// The last name, possibly empty.
    pub last_name: String,
    /// Whether the phone was proven.
    pub is_verified: bool,
    /// Whether the account is not blocked.
    pub is_active: bool,
    /// The version of its tokens.
    pub token_version: i64,
}

impl CustomerView {
    /// First and last name, or else the phone.
    #[must_use]
    pub fn full_name(&self, phone: &Phone) -> String {
        full_name(&self.first_name, &self.last_name, phone.as_str())
    }
}

/// The customer of a phone; staff of the same phone are not looked at.
///
/// Without scope: nobody is signed in, and phones are unique in the installation.
///
/// # Errors
/// A failed statement.
pub fn customer_unscoped(reader: &mut Reader<'_>, phone: &Phone) -> Result<Option<CustomerView>, Error> {
    let row: Option<(i64, String, String, bool, bool, i64)> = reader.statement("customer_find", |on| {
        users::table
            .filter(users::kind.eq(AccountKind::Customer.code()))
            .filter(users::phone.eq(phone.as_str()))
            .select((
                users::id,
                users::first_name,
                users::last_name,
                users::is_verified,
                users::is_active,
                users::token_version,
            ))
            .first(on)
            .optional()
    })?;
    let view = |(id, first_name, last_name, is_verified, is_active, token_version)| CustomerView {
        id: UserId::new(id),
        first_name,
        last_name,
        is_verified,
        is_active,
        token_version,
    };
    Ok(row.map(view))
}

/// A customer's phone is proven: what was typed for its code is his from now on.
///
/// # Errors
/// A failed statement.
pub fn prove(tx: &mut Tx<'_>, id: UserId, pair: &PairView, at: DateTime<Utc>) -> Result<(), Error> {
    tx.statement("customer_prove", |on| {
        diesel::update(users::table.find(id.get()))
            .set((
                users::first_name.eq(&pair.first_name),
                users::last_name.eq(&pair.last_name),
                users::password_hash.eq(&pair.password_hash),
                users::is_verified.eq(true),
                users::updated_at.eq(at.naive_utc()),
            ))
            .execute(on)
    })?;
    Ok(())
}
