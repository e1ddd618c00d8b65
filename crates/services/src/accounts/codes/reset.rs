//! Another password for who forgot his and holds the phone.

use anyhow::Context as _;
use savdo_domain::access::{Origin, display_name};
use savdo_domain::account::{AccountRefusal, CodePurpose, Password, Personal};
use savdo_domain::phone::Phone;
use savdo_domain::{FieldErrors, FieldProblem};
use savdo_persistence::users::{self, CustomerView};
use savdo_persistence::{password_resets, sessions};
use serde_json::json;

use super::trying::Trying;
use crate::audit::{self, Action, Author, Entry, Subject};
use crate::{Context, Error, Result};

/// What is typed for another password.
#[derive(Clone)]
pub struct ResetByCode {
    /// The phone of the account.
    pub phone: String,
    /// The code that was sent to it.
    pub code: String,
    /// The password wanted.
    pub new_password: String,
}

/// What became of a try that counts.
enum Done {
    Set,
    /// The password is a part of the account: that is told to nobody but who holds the phone, and the code lives on.
    Personal(FieldProblem),
    Invalid,
}

/// Sets the password that the holder of a phone wants; the code is used up, all sessions are over.
///
/// Locks the record of the phone, then the account. A failed try is committed: it counts.
///
/// # Errors
/// Problems at `phone_number` and `new_password`; [`AccountRefusal::ResetCodeInvalid`], never saying why;
/// [`Error::Throttled`] by address and phone; [`Error::Overloaded`].
pub fn reset_by_code(context: &Context, origin: &Origin, command: &ResetByCode) -> Result<()> {
    let (phone, password) = judge(command)?;
    let trying = Trying::begin(
        context,
        origin,
        (phone.clone(), CodePurpose::PasswordReset, &command.code),
    )?;
    let now = trying.now();
    let password_hash = context.passwords().hash(password.as_str())?;
    let origin = origin.clone();
    let done = context.database().write("password_reset_by_code", move |tx| {
        let Some(proven) = trying.judge(tx, |customer| customer.is_verified)? else {
            return Ok(Done::Invalid);
        };
        let customer = proven.customer;
        if let Err(problem) = Password::parse(password.as_str(), &person(&phone, &customer)) {
            return Ok(Done::Personal(problem));
        }
        trying.use_up(tx)?;
        users::lock(tx, customer.id)?;
        users::set_password(tx, customer.id, &password_hash, now)?;
        password_resets::use_up_all(tx, customer.id, now)?;
        sessions::revoke_all(tx, customer.id, now)?;
        let name = customer.full_name(&phone);
        let author = Author {
            user_id: Some(customer.id),
            name: display_name(&name, false, None),
            origin: origin.clone(),
        };
        let entry = Entry {
            store_id: None,
            action: Action::Update,
            subject_type: Subject::User,
            subject_id: customer.id.get(),
            description: format!("Parol kod orqali tiklandi: {name}"),
            details: Some(json!({ "changes": { "password": { "old": "***", "new": "***" } } })),
        };
        audit::record(tx, &author, now, entry)?;
        Ok::<_, Error>(Done::Set)
    })?;
    match done {
        Done::Set => Ok(()),
        Done::Personal(problem) => Err(FieldErrors::one("new_password", problem).into()),
        Done::Invalid => Err(AccountRefusal::ResetCodeInvalid.into()),
    }
}

/// What can be judged without knowing the account.
fn judge(command: &ResetByCode) -> Result<(Phone, Password)> {
    let mut errors = FieldErrors::new();
    let phone = errors.keep("phone_number", Phone::parse(&command.phone));
    let person = Personal {
        phone: phone.as_ref(),
        ..Personal::default()
    };
    let password = errors.keep("new_password", Password::parse(&command.new_password, &person));
    errors.into_result()?;
    Ok(phone.zip(password).context("a reset without problems lacks a part")?)
}

fn person<'a>(phone: &'a Phone, customer: &'a CustomerView) -> Personal<'a> {
    Personal {
        username: None,
        phone: Some(phone),
        first_name: &customer.first_name,
        last_name: &customer.last_name,
    }
}
