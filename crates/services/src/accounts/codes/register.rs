//! A customer comes.

use anyhow::Context as _;
use savdo_domain::FieldErrors;
use savdo_domain::access::Origin;
use savdo_domain::account::{AccountKind, CodePurpose, Language, Password, Personal};
use savdo_domain::phone::Phone;
use savdo_persistence::codes::{self, PairView};
use savdo_persistence::users::{self, CustomerView, NewUser};

use super::sending::{STATEMENTS_OF_CODE, STATEMENTS_OF_NOTICE, Sending};
use crate::limits::{Limit, network_of_origin};
use crate::{Context, Result};

/// What a customer registers with, as typed.
#[derive(Clone)]
pub struct RegisterCustomer {
    /// The phone that is to be proven.
    pub phone: String,
    /// The password.
    pub password: String,
    /// The first name.
    pub first_name: String,
    /// The last name.
    pub last_name: String,
}

/// What follows a wish to register.
enum Step {
    /// An account that is not proven, and a code.
    Welcome,
    /// Another code for an account that is not proven.
    Again,
    /// The phone is told that it has an account.
    Known(CustomerView),
    /// Nothing.
    Silence,
}

/// As many statements as [`Step::Welcome`] is made of, the most of all: the others ask as many.
const STATEMENTS: u32 = 1 + STATEMENTS_OF_CODE;

/// Sends a code to a phone that has no proven account; one that has is told so, at most once a day; one that asks too often gets
/// nothing. No answer, no hashing and no number of statements tells which.
///
/// Locks the record of the phone.
///
/// # Errors
/// Field problems; [`Error::Throttled`](crate::Error::Throttled) by address, [`Error::Overloaded`](crate::Error::Overloaded).
pub fn register_customer(
    context: &Context,
    origin: &Origin,
    language: Language,
    command: RegisterCustomer,
) -> Result<()> {
    let (phone, password) = judge(&command)?;
    context.admit(Limit::CodesOfAddress, &network_of_origin(origin))?;
    let now = context.now();
    let pair = PairView {
        first_name: command.first_name,
        last_name: command.last_name,
        password_hash: context.passwords().hash(password.as_str())?,
    };
    let sending = Sending::draw(context, &phone, CodePurpose::Register, language, now)?;
    let rules = *context.code_rules();
    context.database().write("customer_register", move |tx| {
        let mut record = codes::lock(tx, &phone, now)?;
        let customer = users::customer_unscoped(tx, &phone)?;
        let step = match customer {
            _ if record.ask(&rules, now).is_err() => Step::Silence,
            None => Step::Welcome,
            Some(customer) if !customer.is_verified && customer.is_active => Step::Again,
            Some(customer) if record.tell(now) => Step::Known(customer),
            Some(_) => Step::Silence,
        };
        match step {
            Step::Welcome => {
                users::insert(tx, &unproven(&phone, now))?;
                sending.send(tx, &pair)?;
            }
            Step::Again => {
                codes::decoy(tx, STATEMENTS - STATEMENTS_OF_CODE)?;
                sending.send(tx, &pair)?;
            }
            Step::Known(customer) => {
                codes::decoy(tx, STATEMENTS - STATEMENTS_OF_NOTICE)?;
                sending.tell_known(tx, customer.id)?;
            }
            Step::Silence => codes::decoy(tx, STATEMENTS)?,
        }
        codes::keep(tx, &phone, &record, now)?;
        Ok(())
    })
}

fn judge(command: &RegisterCustomer) -> Result<(Phone, Password)> {
    let mut errors = FieldErrors::new();
    let phone = errors.keep("phone_number", Phone::parse(&command.phone));
    let person = Personal {
        username: None,
        phone: phone.as_ref(),
        first_name: &command.first_name,
        last_name: &command.last_name,
    };
    let password = errors.keep("password", Password::parse(&command.password, &person));
    errors.into_result()?;
    Ok(phone
        .zip(password)
        .context("a registration without problems lacks a part")?)
}

/// An account that opens with nothing yet: names and password come with the code that proves it.
fn unproven(phone: &Phone, now: chrono::DateTime<chrono::Utc>) -> NewUser {
    NewUser {
        kind: AccountKind::Customer,
        username: None,
        phone: phone.clone(),
        phone2: None,
        email: None,
        first_name: String::new(),
        last_name: String::new(),
        password_hash: String::new(),
        is_superuser: false,
        is_verified: false,
        created_at: now,
    }
}
