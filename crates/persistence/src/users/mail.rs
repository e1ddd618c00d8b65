//! Whom a letter is for.

use diesel::prelude::*;
use savdo_domain::account::AccountKind;
use savdo_domain::coded::Coded;
use savdo_domain::ids::UserId;

use crate::database::Reader;
use crate::error::Error;
use crate::schema::users;

/// A staff account that can be written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddresseeView {
    /// The account.
    pub id: UserId,
    /// The user name.
    pub username: String,
    /// The address as its owner spells it.
    pub email: String,
    /// Whether the account is not blocked.
    pub is_active: bool,
}

/// The staff account that this address belongs to.
///
/// Without scope: addresses are unique in the installation, and nobody is signed in.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub fn by_email_unscoped(reader: &mut Reader<'_>, email_key: &str) -> Result<Option<AddresseeView>, Error> {
    let row: Option<(i64, Option<String>, String, bool)> = reader.statement("user_by_email", |on| {
        users::table
            .filter(users::kind.eq(AccountKind::Staff.code()))
            .filter(users::email_key.ne(""))
            .filter(users::email_key.eq(email_key))
            .select((users::id, users::username, users::email, users::is_active))
            .first(on)
            .optional()
    })?;
    let view = |(id, username, email, is_active): (i64, Option<String>, String, bool)| {
        Ok(AddresseeView {
            id: UserId::new(id),
            username: username.unwrap_or_default(),
            email,
            is_active,
        })
    };
    row.map(view).transpose()
}
