//! Keeps what must be remembered for a while and read by nobody: XChaCha20-Poly1305 under a key of its own purpose.

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};

use crate::Result;

const NONCE_LENGTH: usize = 24;

/// Seals texts and bytes, and opens them again.
pub(crate) struct Seals(XChaCha20Poly1305);

impl Seals {
    pub(crate) fn new(key: [u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(&key.into()))
    }

    /// The text under seal, which opens only at the same place.
    pub(crate) fn seal(&self, place: &str, text: &str) -> Result<String> {
        Ok(STANDARD_NO_PAD.encode(self.lock(place, text.as_bytes())?))
    }

    /// What was sealed at this place.
    ///
    /// # Errors
    /// A text that another secret sealed, that was sealed elsewhere, or that somebody changed.
    pub(crate) fn open(&self, place: &str, sealed: &str) -> Result<String> {
        let opened = self.try_open(place, sealed);
        Ok(opened.with_context(|| format!("the seal of {place} does not open"))?)
    }

    fn try_open(&self, place: &str, sealed: &str) -> Option<String> {
        let sealed = STANDARD_NO_PAD.decode(sealed).ok()?;
        String::from_utf8(self.unlock(place, &sealed)?).ok()
    }

    /// Bytes under seal, which open only at the same place: the nonce, then what is sealed.
    pub(crate) fn lock(&self, place: &str, bytes: &[u8]) -> Result<Vec<u8>> {
        let mut nonce = [0_u8; NONCE_LENGTH];
        getrandom::fill(&mut nonce).context("the system has no randomness")?;
        let payload = Payload {
            msg: bytes,
            aad: place.as_bytes(),
        };
        let sealed = self
            .0
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| anyhow::anyhow!("what belongs to {place} cannot be sealed"))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// The bytes that were sealed at this place; none of any others.
    pub(crate) fn unlock(&self, place: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, msg) = sealed.split_first_chunk::<NONCE_LENGTH>()?;
        let aad = place.as_bytes();
        self.0.decrypt(&XNonce::from(*nonce), Payload { msg, aad }).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::Seals;

    #[test]
    fn what_is_sealed_opens_at_its_place_alone() {
        let seals = Seals::new([7; 32]);

        let sealed = seals.seal("event 1", "sir").unwrap();

        assert_eq!(seals.open("event 1", &sealed).unwrap(), "sir");
        assert!(!sealed.contains("sir"));
        assert_ne!(seals.seal("event 1", "sir").unwrap(), sealed);
        assert!(seals.open("event 2", &sealed).is_err());
        assert!(Seals::new([8; 32]).open("event 1", &sealed).is_err());
        assert!(seals.open("event 1", &sealed.replacen(|_| true, "A", 5)).is_err());
        assert!(seals.open("event 1", "AAAA").is_err());
    }
}
