//! An owner comes to Savdo.

use savdo_domain::access::{Origin, Role, SectionChanges, display_name};
use savdo_domain::zone::Zone;
use savdo_domain::{FieldErrors, FieldProblem};
use savdo_persistence::stores::{self, NewStore};
use savdo_persistence::workers::{self, NewWorker};

use super::session::{self, SignedIn};
use super::staff::{self, StaffAccount, hire_account};
use super::tokens::NewPair;
use crate::audit::{self, Action, Author, Entry, Subject};
use crate::{Context, Error, Result};

/// What an owner registers with.
#[derive(Clone)]
pub struct Register {
    /// His account.
    pub account: StaffAccount,
    /// The password once more.
    pub password2: String,
    /// His store, if he makes it right away.
    pub store_name: Option<String>,
}

const FIRST_TOKEN_VERSION: i64 = 1;

/// Makes a staff account that is an owner, with his store if he named it, and signs him in.
///
/// # Errors
/// Field problems, values that another staff account has among them; [`Error::Overloaded`].
pub fn register(context: &Context, origin: &Origin, command: Register) -> Result<SignedIn> {
    let now = context.now();
    let mut errors = FieldErrors::new();
    if command.password2 != command.account.password {
        errors.add("password2", FieldProblem::PasswordMismatch);
    }
    let account = hire_account(context, &command.account, errors, now)?;
    let pair = NewPair::random()?;
    let (origin, sent) = (origin.clone(), pair.clone());
    let begun = context.database().write("register", move |tx| {
        let user_id = staff::insert(tx, &account)?;
        let store = command.store_name.as_ref().map(|name| NewStore {
            name: name.clone(),
            address: String::new(),
            phone: String::new(),
            zone: Zone::TASHKENT,
            created_at: now,
        });
        let store_id = store.map(|store| stores::insert(tx, &store)).transpose()?;
        let worker = NewWorker {
            store_id,
            user_id,
            role: Role::Owner,
            changes: SectionChanges::default(),
            branch_id: None,
            salary: None,
            created_at: now,
        };
        workers::insert(tx, &worker)?;
        let begun = session::begin(tx, (user_id, FIRST_TOKEN_VERSION), &sent, &origin, now)?;
        let author = Author {
            user_id: Some(user_id),
            name: display_name(&begun.name(), false, Some(Role::Owner)),
            origin: origin.clone(),
        };
        let entry = Entry {
            store_id,
            action: Action::Create,
            subject_type: Subject::User,
            subject_id: user_id.get(),
            description: format!("Ro'yxatdan o'tdi: {}", begun.name()),
            details: None,
        };
        audit::record(tx, &author, now, entry)?;
        Ok::<_, Error>(begun)
    })?;
    session::signed_in(context, begun, pair, now)
}
