//! Accounts: who signs in, and who a token belongs to.
//!
//! A session is a row; a token only points at it, so that a log-out, a block or a new password counts on the next request.
//! Passwords are hashed outside every transaction. Whether a name is known never shows: not in the answer of a log-in, not in
//! its hashing, not in the number of its statements.

mod add_customer;
mod authenticate;
mod change_password;
mod codes;
mod create_admin;
mod export;
mod forget;
mod login;
mod logout;
mod me;
mod password;
mod passwords;
mod profile;
mod refresh;
mod register;
mod reset;
mod session;
mod staff;
mod tokens;

use savdo_persistence::users;

use crate::{Context, Result};

pub use add_customer::{AddCustomer, add_customer};
pub use authenticate::authenticate;
pub(crate) use authenticate::behind;
pub use change_password::{change_password, renew_password};
pub use codes::{RegisterCustomer, ResetByCode, register_customer, resend_code, reset_by_code, verify_phone};
pub use create_admin::{CreateAdmin, create_admin};
pub use export::{Export, ExportedOrder, ExportedPrescription, export};
pub use forget::{forget_codes, forget_old};
pub use login::{Door, Login, login};
pub use logout::logout;
pub use me::{ChangeMe, change_me};
pub use password::{OwnPassword, PasswordFields, SamePassword};
pub use passwords::HASHING_AT_ONCE;
pub use profile::{ChangeProfile, change_profile, profile};
pub use refresh::refresh;
pub use register::{Register, register};
pub use reset::{ResetPassword, request_reset, reset_password};
pub use savdo_persistence::users::UserView;
pub use savdo_persistence::workers::WorkerView;
pub use session::SignedIn;
pub use staff::StaffAccount;
pub use tokens::TokenPair;

pub(crate) use codes::{CodeSent, code_sent, write_known_text};
pub(crate) use password::{Replacement, admit_hashing, secret};
pub(crate) use passwords::Passwords;
pub(crate) use profile::write_profile;
pub(crate) use reset::write_reset_letter;
pub(crate) use session::{begin, signed_tokens};
pub(crate) use staff::{JudgedAccount, insert as insert_staff, judge_account, optional, taken};
pub(crate) use tokens::{NewPair, Tokens};

/// Whether the installation has any account.
///
/// # Errors
/// A failed statement.
pub fn exist(context: &Context) -> Result<bool> {
    Ok(context.database().read("accounts_exist", users::is_any_unscoped)?)
}
