//! The code once more, or one for a forgotten password.

use savdo_domain::access::Origin;
use savdo_domain::account::{CodePurpose, Language};
use savdo_persistence::codes::{self, PairView};
use savdo_persistence::users;

use super::phone_of;
use super::sending::{STATEMENTS_OF_CODE, Sending};
use crate::limits::{Limit, network_of_origin, wait_seconds};
use crate::{Context, Error, Result};

/// Sends a code: for registration to an account that is not proven, with what was typed last; for another password to one that
/// is. To any other phone nothing is sent, and nothing tells.
///
/// Locks the record of the phone.
///
/// # Errors
/// A problem at `phone_number`; [`Error::CodeTooSoon`], whether or not the phone has an account; [`Error::Throttled`] by address.
pub fn resend_code(
    context: &Context,
    origin: &Origin,
    language: Language,
    phone: &str,
    purpose: CodePurpose,
) -> Result<()> {
    let phone = phone_of(phone)?;
    context.admit(Limit::CodesOfAddress, &network_of_origin(origin))?;
    let now = context.now();
    let sending = Sending::draw(context, &phone, purpose, language, now)?;
    let rules = *context.code_rules();
    context.database().write("code_resend", move |tx| {
        let mut record = codes::lock(tx, &phone, now)?;
        if let Err(wait) = record.ask(&rules, now) {
            let retry_after_seconds = wait_seconds(wait.until, now);
            return Err(Error::CodeTooSoon { retry_after_seconds });
        }
        let customer = users::customer_unscoped(tx, &phone)?.filter(|customer| customer.is_active);
        let typed = codes::newest_unscoped(tx, &phone, CodePurpose::Register)?;
        let pair = match purpose {
            CodePurpose::Register => typed.filter(|_| customer.is_some_and(|customer| !customer.is_verified)),
            CodePurpose::PasswordReset => customer
                .filter(|customer| customer.is_verified)
                .map(|_| PairView::default()),
        };
        match &pair {
            Some(pair) => sending.send(tx, pair)?,
            None => codes::decoy(tx, STATEMENTS_OF_CODE)?,
        }
        codes::keep(tx, &phone, &record, now)?;
        Ok(())
    })
}
