//! Another password for an account that exists.
//!
//! It is checked and hashed before the transaction, and only after everything that is cheap to refuse. A password equal to the
//! one that stands changes nothing, and tokens live on; any other ends every token of the account.

use chrono::{DateTime, Utc};
use savdo_domain::access::Actor;
use savdo_domain::account::{Password, Personal};
use savdo_domain::ids::UserId;
use savdo_domain::{FieldErrors, FieldProblem, Refusal};
use savdo_persistence::users::{self, SecretView};
use savdo_persistence::{Reader, Tx, password_resets};

use crate::limits::{Limit, network_of_origin};
use crate::{Context, Result};

/// What somebody types who wants another password for himself.
#[derive(Clone, PartialEq, Eq)]
pub struct OwnPassword {
    /// The one he has.
    pub current: String,
    /// The one he wants.
    pub new: String,
    /// The same once more.
    pub again: String,
}

/// Where problems with an [`OwnPassword`] are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordFields {
    /// The one he has.
    pub current: &'static str,
    /// The one he wants.
    pub new: &'static str,
    /// The same once more.
    pub again: &'static str,
    /// What follows when the one wanted is the one he has.
    pub same: SamePassword,
}

/// What follows when somebody wants the password that he has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SamePassword {
    /// Nothing: his tokens live on.
    ChangesNothing,
    /// The same as with any other: his tokens end.
    EndsTokens,
}

/// A password that an account shall have: hashed, and judged against the one that stood then.
#[derive(Clone)]
pub(crate) struct Replacement {
    /// None when it is the one that stood.
    hash: Option<String>,
    stood: SecretView,
    /// Where it is told that another one stands by now; the field of whoever proved that he knows it.
    proven: Option<&'static str>,
}

impl std::fmt::Debug for OwnPassword {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("OwnPassword(***)")
    }
}

impl OwnPassword {
    /// The password he wants, if nothing is wrong with it.
    pub(crate) fn judge(
        &self,
        person: &Personal<'_>,
        fields: PasswordFields,
        errors: &mut FieldErrors,
    ) -> Option<Password> {
        if self.again != self.new {
            errors.add(fields.again, FieldProblem::PasswordMismatch);
        }
        errors.keep(fields.new, Password::parse(&self.new, person))
    }

    /// Proves the password that the caller's account has, and hashes the one wanted. Slow work.
    ///
    /// A wrong guess counts as a failed log-in: whoever found a device is held up like anybody else.
    pub(crate) fn replacement(
        &self,
        context: &Context,
        actor: &Actor,
        secret: &SecretView,
        wanted: &Password,
        fields: PasswordFields,
    ) -> Result<Replacement> {
        let stood = secret.clone();
        let attempt = format!("{} user {}", network_of_origin(&actor.origin), actor.user_id);
        admit_hashing(context, actor)?;
        context.admit(Limit::LoginsOfAccount, &attempt)?;
        let is_right = context
            .passwords()
            .verify(&self.current, Some(stood.password_hash.as_str()));
        if matches!(is_right, Ok(false)) {
            return Err(FieldErrors::one(fields.current, FieldProblem::WrongPassword).into());
        }
        context.readmit(Limit::LoginsOfAccount, &attempt);
        is_right?;
        let is_same = fields.same == SamePassword::ChangesNothing && self.current == wanted.as_str();
        let proven = Some(fields.current);
        Replacement::hashed(context, wanted, is_same, stood, proven)
    }
}

/// Counts a password that the caller has hashed, or refuses that.
///
/// # Errors
/// [`Error::Throttled`](crate::Error::Throttled): the places for hashing are few, and everybody who signs in needs one.
pub(crate) fn admit_hashing(context: &Context, actor: &Actor) -> Result<()> {
    context.admit(Limit::PasswordsOfUser, &actor.user_id.to_string())
}

impl Replacement {
    /// Hashes the password that somebody else wants the account to have. Slow work.
    pub(crate) fn by_another(context: &Context, actor: &Actor, secret: &SecretView, wanted: &Password) -> Result<Self> {
        admit_hashing(context, actor)?;
        let stood = secret.clone();
        let is_same = context
            .passwords()
            .verify(wanted.as_str(), Some(stood.password_hash.as_str()))?;
        Self::hashed(context, wanted, is_same, stood, None)
    }

    fn hashed(
        context: &Context,
        wanted: &Password,
        is_same: bool,
        stood: SecretView,
        proven: Option<&'static str>,
    ) -> Result<Self> {
        let hash = (!is_same)
            .then(|| context.passwords().hash(wanted.as_str()))
            .transpose()?;
        Ok(Self { hash, stood, proven })
    }

    /// Sets it, on the account that the transaction has locked: `None` when it stood already, else the new version of its
    /// tokens. Links for a new password, asked for when another one stood, are over.
    ///
    /// # Errors
    /// A password that was changed by somebody else since it was proven.
    pub(crate) fn set(&self, tx: &mut Tx<'_>, user_id: UserId, now: DateTime<Utc>) -> Result<Option<i64>> {
        let stands = secret(tx, user_id)?;
        // Another password has another hash and outdates tokens; the same one hashed at another cost outdates none, and another
        // role leaves the hash.
        let is_another =
            stands.password_hash != self.stood.password_hash && stands.token_version != self.stood.token_version;
        if let Some(field) = self.proven
            && is_another
        {
            return Err(FieldErrors::one(field, FieldProblem::WrongPassword).into());
        }
        let hash = match &self.hash {
            Some(hash) => hash,
            None if is_another => &self.stood.password_hash,
            None => return Ok(None),
        };
        users::set_password(tx, user_id, hash, now)?;
        password_resets::use_up_all(tx, user_id, now)?;
        Ok(Some(secret(tx, user_id)?.token_version))
    }
}

/// The secret of an account that exists.
pub(crate) fn secret(reader: &mut Reader<'_>, user_id: UserId) -> Result<SecretView> {
    users::secret(reader, user_id)?.ok_or_else(|| Refusal::NotFound.into())
}
