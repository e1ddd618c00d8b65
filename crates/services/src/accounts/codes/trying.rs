//! A try at a code, right or wrong: it costs the same statements, whoever tries.

use chrono::{DateTime, Utc};
use savdo_domain::account::{CodePurpose, Verdict};
use savdo_domain::phone::Phone;
use savdo_persistence::Tx;
use savdo_persistence::codes::{self, PairView};
use savdo_persistence::users::{self, CustomerView};

use super::sending::hash;
use super::throttled;
use crate::limits::{Limit, network_of_origin};
use crate::{Context, Result};
use savdo_domain::access::Origin;

/// A code that somebody tries.
#[derive(Clone)]
pub(super) struct Trying {
    context: Context,
    phone: Phone,
    purpose: CodePurpose,
    hash: String,
    now: DateTime<Utc>,
}

/// A code that is right, and whose it is.
pub(super) struct Proven {
    pub(super) customer: CustomerView,
    pub(super) pair: PairView,
}

impl Trying {
    /// Counts the try by address.
    ///
    /// # Errors
    /// [`Error::Throttled`](crate::Error::Throttled).
    pub(super) fn begin(
        context: &Context,
        origin: &Origin,
        (phone, purpose, code): (Phone, CodePurpose, &str),
    ) -> Result<Self> {
        context.admit(Limit::CodeTriesOfAddress, &network_of_origin(origin))?;
        Ok(Self {
            hash: hash(context, &phone, purpose, code),
            context: context.clone(),
            phone,
            purpose,
            now: context.now(),
        })
    }

    /// What the try comes to, and whose account it opens: none for whatever reason it may be. Locks the record of the phone.
    ///
    /// # Errors
    /// [`Error::Throttled`](crate::Error::Throttled) by phone, whether or not it has an account.
    pub(super) fn judge(&self, tx: &mut Tx<'_>, fits: impl FnOnce(&CustomerView) -> bool) -> Result<Option<Proven>> {
        let (phone, purpose, now) = (&self.phone, self.purpose, self.now);
        let rules = self.context.code_rules();
        let mut record = codes::lock(tx, phone, now)?;
        record
            .attempt(rules, purpose, now)
            .map_err(|wait| throttled(wait, now))?;
        let code = codes::open_unscoped(tx, phone, purpose)?;
        let customer = users::customer_unscoped(tx, phone)?;
        codes::keep(tx, phone, &record, now)?;
        let verdict = code.as_ref().map_or(Verdict::NoCode, |code| {
            code.standing.judge(code.code_hash == self.hash, rules, now)
        });
        let customer = customer.filter(|customer| customer.is_active && fits(customer));
        if let (Verdict::Right, Some(customer), Some(code)) = (verdict, customer, code) {
            let pair = code.pair;
            return Ok(Some(Proven { customer, pair }));
        }
        let closed_at = (verdict == Verdict::Killed).then_some(now);
        codes::note_try(tx, phone, purpose, closed_at)?;
        Ok(None)
    }

    /// The code is used up.
    pub(super) fn use_up(&self, tx: &mut Tx<'_>) -> Result<()> {
        Ok(codes::close_open(tx, &self.phone, self.purpose, self.now)?)
    }

    /// When it is tried.
    pub(super) const fn now(&self) -> DateTime<Utc> {
        self.now
    }
}
