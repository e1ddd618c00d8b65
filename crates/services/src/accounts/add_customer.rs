//! A customer whose phone is known to be his.

use savdo_domain::account::{AccountKind, Password, Personal};
use savdo_domain::ids::UserId;
use savdo_domain::phone::Phone;
use savdo_domain::{FieldErrors, FieldProblem};
use savdo_persistence::codes;
use savdo_persistence::users::{self, NewUser};
use savdo_persistence::{Constraint, Error as StorageError};

use crate::audit::{self, Action, Author, Entry, Subject};
use crate::{Context, Error, Result};

/// Who becomes a customer.
#[derive(Clone)]
pub struct AddCustomer {
    /// The phone by which the account is known.
    pub phone: String,
    /// The password.
    pub password: String,
    /// The first name, possibly empty.
    pub first_name: String,
    /// The last name, possibly empty.
    pub last_name: String,
}

/// Makes a verified customer. No endpoint leads here: whoever calls it vouches for the phone.
///
/// # Errors
/// Field problems, a phone that another customer has among them.
pub fn add_customer(context: &Context, command: AddCustomer) -> Result<UserId> {
    let now = context.now();
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
    let (Some(phone), Some(password)) = (phone, password) else {
        return Err(anyhow::anyhow!("a customer without problems lacks a part").into());
    };
    let customer = NewUser {
        kind: AccountKind::Customer,
        username: None,
        phone,
        phone2: None,
        email: None,
        first_name: command.first_name,
        last_name: command.last_name,
        password_hash: context.passwords().hash(password.as_str())?,
        is_superuser: false,
        is_verified: true,
        created_at: now,
    };
    context.database().write("customer_add", move |tx| {
        // Whoever registers with this phone right now comes before or after.
        codes::lock(tx, &customer.phone, now)?;
        let user_id = users::insert(tx, &customer).map_err(|error| match error {
            StorageError::Refused(Constraint::PhoneTaken) => {
                Error::from(FieldErrors::one("phone_number", FieldProblem::Taken))
            }
            other => other.into(),
        })?;
        let entry = Entry {
            store_id: None,
            action: Action::Create,
            subject_type: Subject::User,
            subject_id: user_id.get(),
            description: format!("Mijoz qo'shildi: {}", customer.phone),
            details: None,
        };
        audit::record(tx, &Author::system(), now, entry)?;
        Ok(user_id)
    })
}
