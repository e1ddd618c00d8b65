//! Accounts: who signs in, and who a token belongs to.

use savdo_domain::access::{Actor, Origin};
use savdo_domain::account::AccountRefusal;

use crate::{Context, Result};

/// The caller behind an access token.
///
/// # Errors
/// [`AccountRefusal::TokenNotValid`] for a token that is none of ours.
pub fn authenticate(_context: &Context, _access_token: &str, _origin: Origin) -> Result<Actor> {
    Err(AccountRefusal::TokenNotValid.into())
}
