//! The key of a request, and what is remembered of its body.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use savdo_domain::access::Actor;
use savdo_persistence::idempotency::RequestKey;
use sha2::{Digest, Sha256};

use crate::Context;

const LENGTH_MAX: usize = 255;

/// A key with the request that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    endpoint: String,
    key: String,
    body_seal: String,
}

/// A key that is none: not 1 to 255 visible ASCII characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an idempotency key has 1 to {LENGTH_MAX} visible ASCII characters")]
pub struct InvalidKey;

impl Key {
    /// The key `sent`, quoted or not, of a request to `endpoint` with this body.
    ///
    /// `endpoint` is the method and the main path, whichever alias was called. Of the body a seal is kept that tells
    /// nobody what stood in it.
    ///
    /// # Errors
    /// A key that is none.
    pub fn new(context: &Context, sent: &str, endpoint: String, body: &[u8]) -> Result<Self, InvalidKey> {
        let unquoted = sent.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let key = unquoted.unwrap_or(sent);
        let is_visible = key.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_visible || !(1..=LENGTH_MAX).contains(&key.len()) {
            return Err(InvalidKey);
        }
        Ok(Self {
            endpoint,
            key: key.to_owned(),
            body_seal: context.seal_of(body),
        })
    }

    /// The request, as this caller's.
    pub(super) fn of(&self, actor: &Actor) -> RequestKey {
        RequestKey {
            user_id: actor.user_id,
            endpoint: self.endpoint.clone(),
            key: self.key.clone(),
        }
    }

    pub(super) fn body_seal(&self) -> &str {
        &self.body_seal
    }
}

/// A number that stands for the request among the locks of the database.
pub(super) fn mark(request: &RequestKey) -> i64 {
    let text = format!("idempotency {} {} {}", request.user_id, request.endpoint, request.key);
    let digest = Sha256::digest(text.as_bytes());
    let mut start = [0; 8];
    start
        .iter_mut()
        .zip(digest.iter())
        .for_each(|(byte, of_digest)| *byte = *of_digest);
    i64::from_be_bytes(start)
}

/// Seals bodies under a key of their own, so that a short secret in one cannot be guessed from what is kept.
pub(crate) struct Sealer([u8; 32]);

impl Sealer {
    pub(crate) fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    pub(crate) fn seal(&self, body: &[u8]) -> String {
        use hkdf::hmac::{Hmac, KeyInit, Mac};
        // A key of any length will do, so that this cannot fail; without it no body would equal itself.
        let Ok(mut sealing) = Hmac::<Sha256>::new_from_slice(&self.0) else {
            return String::new();
        };
        sealing.update(body);
        STANDARD.encode(sealing.finalize().into_bytes())
    }
}
