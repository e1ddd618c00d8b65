//! Accounts: who signs in, with what name and what secret.
//!
//! Staff have a user name and are made by the shop; customers have only a phone and are made by the pharmacy. One phone may
//! belong to one account of each kind, and neither ever shows or changes the other. Hashing, tokens and sessions are
//! deliberately not here: they need secrets and a clock.

pub mod code;
pub mod email;
pub mod password;
pub mod username;

use crate::coded_enum;

pub use code::{CODE_LIVES, CodeLength, CodePurpose, CodeRules, PhoneRecord, StandingCode, Verdict, Wait};
pub use email::Email;
pub use password::{Password, Personal};
pub use username::Username;

coded_enum! {
    /// Whose side of the counter an account is on.
    pub enum AccountKind {
        /// Works for a store or runs the installation; has a user name.
        Staff = "staff",
        /// Orders online; known by a phone alone.
        Customer = "customer",
    }
}

coded_enum! {
    /// A language that the server answers and writes in.
    #[derive(Default)]
    pub enum Language {
        /// Uzbek.
        #[default]
        Uzbek = "uz",
        /// Russian.
        Russian = "ru",
        /// English.
        English = "en",
    }
}

coded_enum! {
    /// What runs on a device.
    pub enum Platform {
        /// Android.
        Android = "android",
        /// iOS.
        Ios = "ios",
        /// A browser.
        Web = "web",
    }
}

/// Why signing in, or going on with a session, is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountRefusal {
    /// No token was sent.
    NotAuthenticated,
    /// The token is broken, expired, of the wrong kind, or outdated by a change of the account.
    TokenNotValid,
    /// The account is blocked.
    UserInactive,
    /// A refresh token was used again, so its session was closed.
    TokenReused,
    /// A parallel refresh came first.
    TokenRotated,
    /// The refresh token that was to be ended is no living one of the caller.
    RefreshNotLive,
    /// Name and password do not belong together, or the account is blocked: never said which.
    InvalidCredentials,
    /// The password is right, but the phone was never proven by a code.
    NotVerified,
    /// The link for a new password is malformed, unknown, used or too old.
    ResetLinkInvalid,
    /// The code that proves a phone is wrong, too old, used or dead, or was never sent: never said which.
    CodeInvalid,
    /// The same of a code for a new password.
    ResetCodeInvalid,
}

impl AccountRefusal {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotAuthenticated => "not_authenticated",
            Self::TokenNotValid | Self::RefreshNotLive => "token_not_valid",
            Self::UserInactive => "user_inactive",
            Self::TokenReused => "token_reused",
            Self::TokenRotated => "token_rotated",
            Self::InvalidCredentials => "invalid_credentials",
            Self::NotVerified => "not_verified",
            Self::ResetLinkInvalid => "reset_link_invalid",
            Self::CodeInvalid | Self::ResetCodeInvalid => "otp_invalid",
        }
    }
}
