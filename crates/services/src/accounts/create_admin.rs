//! An admin of the installation, made from the command line.

use savdo_domain::FieldErrors;
use savdo_domain::ids::UserId;
use savdo_persistence::users::NewUser;

use super::staff::{self, StaffAccount, hire_account};
use crate::audit::{self, Action, Author, Entry, Subject};
use crate::{Context, Error, Result};

/// Who becomes an admin.
#[derive(Clone)]
pub struct CreateAdmin {
    /// The account.
    pub account: StaffAccount,
}

/// Makes a staff account that is an admin of the installation and works in no store. Whoever may run commands on the
/// server may do so: there is no caller to judge.
///
/// # Errors
/// Field problems, values that another staff account has among them.
pub fn create_admin(context: &Context, command: CreateAdmin) -> Result<UserId> {
    let now = context.now();
    let account = hire_account(context, &command.account, FieldErrors::new(), now)?;
    let admin = NewUser {
        is_superuser: true,
        ..account
    };
    context.database().write("create_admin", move |tx| {
        let user_id = staff::insert(tx, &admin)?;
        let username = admin.username.as_ref().map(ToString::to_string).unwrap_or_default();
        let entry = Entry {
            store_id: None,
            action: Action::Create,
            subject_type: Subject::User,
            subject_id: user_id.get(),
            description: format!("Administrator yaratildi: {username}"),
            details: None,
        };
        audit::record(tx, &Author::system(), now, entry)?;
        Ok::<_, Error>(user_id)
    })
}
