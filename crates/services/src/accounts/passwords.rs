//! Hashing passwords: bcrypt over base64(SHA-256(password)), so that all characters count, behind a gate.
//!
//! A hash takes a tenth of a second of a core and more: a flood of log-ins is turned away at the gate.

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::Result;
use crate::gate::Gate;

const RUNNING_MAX: usize = 4;
const WAITING_MAX: usize = 16;

/// How many threads hashing passwords can hold at once, those that wait included.
pub const HASHING_AT_ONCE: usize = RUNNING_MAX + WAITING_MAX;

/// Hashes passwords and checks them.
pub(crate) struct Passwords {
    cost: u32,
    /// A hash that no password has, checked where there is no account.
    nobody: String,
    gate: Gate,
}

impl Passwords {
    /// A hasher of this bcrypt cost.
    pub(crate) fn new(cost: u32) -> Self {
        let nobody = format!("$2b${cost:02}${}", "O".repeat(53));
        let running_max = std::thread::available_parallelism()
            .map_or(1, usize::from)
            .min(RUNNING_MAX);
        Self {
            cost,
            nobody,
            gate: Gate::new(running_max, WAITING_MAX),
        }
    }

    /// The hash of a new password.
    pub(crate) fn hash(&self, password: &str) -> Result<String> {
        let hash = self
            .gate
            .run(|| bcrypt::non_truncating_hash(digest(password), self.cost))?;
        Ok(hash.context("a password cannot be hashed")?)
    }

    /// Whether a password whose hash this is should be hashed anew: its cost is another than the configured one.
    pub(crate) fn is_outdated(&self, hash: &str) -> bool {
        let cost = hash.split('$').nth(2).and_then(|cost| cost.parse::<u32>().ok());
        cost != Some(self.cost)
    }

    /// Whether the password belongs to the hash. Without one the same work is done, and the answer is no.
    pub(crate) fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool> {
        let against = hash.unwrap_or(&self.nobody);
        let matches = self
            .gate
            .run(|| bcrypt::non_truncating_verify(digest(password), against))?;
        Ok(matches.context("a stored password hash cannot be read")? && hash.is_some())
    }
}

#[cfg(feature = "testing")]
impl Passwords {
    /// How many passwords were hashed or checked so far.
    pub(crate) fn hashings(&self) -> u64 {
        self.gate.entered()
    }

    /// Turns away all that come after so many more.
    pub(crate) fn hash_no_more_after(&self, hashings: u64) {
        self.gate.close_after(hashings);
    }
}

/// 44 characters that stand for a password of any length, within the 72 bytes that bcrypt looks at.
fn digest(password: &str) -> String {
    STANDARD.encode(Sha256::digest(password.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::Passwords;

    #[test]
    fn every_character_of_a_long_password_counts() {
        let passwords = Passwords::new(4);
        let long = "x".repeat(100);

        let hash = passwords.hash(&format!("{long}a")).unwrap();

        assert!(passwords.verify(&format!("{long}a"), Some(&hash)).unwrap());
        assert!(!passwords.verify(&format!("{long}b"), Some(&hash)).unwrap());
    }

    #[test]
    fn a_hash_of_another_cost_is_outdated() {
        let (cheap, dear) = (Passwords::new(4), Passwords::new(5));
        let hash = cheap.hash("tong-otguncha-7").unwrap();

        assert!(!cheap.is_outdated(&hash));
        assert!(dear.is_outdated(&hash));
    }

    #[test]
    fn nobody_has_a_password() {
        let passwords = Passwords {
            nobody: Passwords::new(4).hash("tong-otguncha-7").unwrap(),
            ..Passwords::new(4)
        };

        // Even the one that would fit.
        assert!(!passwords.verify("tong-otguncha-7", None).unwrap());
    }
}
