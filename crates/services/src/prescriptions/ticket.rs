//! Tickets: what a browser shows a picture by, whose tags send no header.
//!
//! A ticket is signed over picture, account, session and end, lives five minutes and not longer than its session. It is compared in
//! constant time, before anything else of it is believed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use hkdf::hmac::{Hmac, KeyInit, Mac};
use savdo_domain::access::Actor;
use savdo_domain::account::AccountRefusal;
use savdo_domain::ids::{PrescriptionImageId, SessionId, UserId};
use sha2::Sha256;

/// How long a ticket lives.
const LIFE: TimeDelta = TimeDelta::minutes(5);

/// Signs tickets and reads them.
pub(crate) struct Tickets([u8; 32]);

/// Whose a ticket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Holder {
    pub(super) user_id: UserId,
    pub(super) session_id: SessionId,
    pub(super) token_version: i64,
}

impl Tickets {
    pub(crate) const fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    /// A ticket to a picture for the session of a caller.
    pub(super) fn issue(&self, actor: &Actor, image_id: PrescriptionImageId, now: DateTime<Utc>) -> String {
        let end = now.checked_add_signed(LIFE).unwrap_or(now).timestamp();
        let claims = format!("{}.{}.{}.{end}", actor.user_id, actor.session_id, actor.token_version);
        let signature = self
            .signature(image_id, &claims)
            .map(|signing| signing.finalize().into_bytes());
        // A key of any length will do, so that signing cannot fail; a ticket without a signature opens nothing.
        let signature = signature.map(|bytes| URL_SAFE_NO_PAD.encode(bytes)).unwrap_or_default();
        format!("{claims}.{signature}")
    }

    /// Whose ticket to the picture this is.
    ///
    /// # Errors
    /// [`AccountRefusal::TokenNotValid`] for one of another picture, one that is over, and anything else.
    pub(super) fn read(
        &self,
        ticket: &str,
        image_id: PrescriptionImageId,
        now: DateTime<Utc>,
    ) -> Result<Holder, AccountRefusal> {
        self.believed(ticket, image_id)
            .filter(|(_, end)| now.timestamp() < *end)
            .map(|(holder, _)| holder)
            .ok_or(AccountRefusal::TokenNotValid)
    }

    fn believed(&self, ticket: &str, image_id: PrescriptionImageId) -> Option<(Holder, i64)> {
        let (claims, signature) = ticket.rsplit_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        self.signature(image_id, claims)?.verify_slice(&signature).ok()?;
        let mut numbers = claims.split('.').map(|number| number.parse::<i64>().ok());
        let mut next = || numbers.next().flatten();
        let holder = Holder {
            user_id: UserId::new(next()?),
            session_id: SessionId::new(next()?),
            token_version: next()?,
        };
        Some((holder, next()?))
    }

    fn signature(&self, image_id: PrescriptionImageId, claims: &str) -> Option<Hmac<Sha256>> {
        let mut signing = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        signing.update(format!("image {image_id} {claims}").as_bytes());
        Some(signing)
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};
    use savdo_domain::access::{Actor, Origin};
    use savdo_domain::account::{AccountKind, AccountRefusal};
    use savdo_domain::ids::{PrescriptionImageId, SessionId, UserId};

    use super::{Holder, Tickets};

    const IMAGE: PrescriptionImageId = PrescriptionImageId::new(7);

    fn actor() -> Actor {
        Actor {
            user_id: UserId::new(4),
            session_id: SessionId::new(9),
            kind: AccountKind::Customer,
            name: "Ali".to_owned(),
            is_superuser: false,
            token_version: 2,
            worker: None,
            origin: Origin::default(),
        }
    }

    #[test]
    fn a_ticket_opens_its_picture_for_five_minutes() {
        let tickets = Tickets::new([3; 32]);
        let now: DateTime<Utc> = "2026-03-12T05:00:00Z".parse().unwrap();
        let ticket = tickets.issue(&actor(), IMAGE, now);
        let at = |seconds| tickets.read(&ticket, IMAGE, now + TimeDelta::seconds(seconds));

        let holder = Holder {
            user_id: UserId::new(4),
            session_id: SessionId::new(9),
            token_version: 2,
        };
        assert_eq!((at(0), at(299)), (Ok(holder), Ok(holder)));
        assert_eq!(at(300), Err(AccountRefusal::TokenNotValid));
    }

    #[test]
    fn a_ticket_that_was_changed_or_made_up_opens_nothing() {
        let tickets = Tickets::new([3; 32]);
        let now: DateTime<Utc> = "2026-03-12T05:00:00Z".parse().unwrap();
        let ticket = tickets.issue(&actor(), IMAGE, now);
        let refused = |ticket: &str| tickets.read(ticket, IMAGE, now) == Err(AccountRefusal::TokenNotValid);

        for at in 0..ticket.len() {
            let mut changed = ticket.clone().into_bytes();
            changed[at] = if changed[at] == b'1' { b'2' } else { b'1' };
            let changed = String::from_utf8(changed).unwrap();
            // The last letter of base64 has bits that mean nothing; those must be nought.
            assert!(refused(&changed), "{at}: {changed}");
        }
        for made_up in [
            "",
            ".",
            "4.9.2.99999999999",
            "4.9.2.99999999999.",
            "4.9.2.99999999999.AAAA",
            &"a".repeat(10_000),
        ] {
            assert!(refused(made_up), "{made_up}");
        }
        assert!(Tickets::new([4; 32]).read(&ticket, IMAGE, now).is_err());
        assert!(tickets.read(&ticket, PrescriptionImageId::new(8), now).is_err());
    }
}
