//! What one hash of a password costs: the least that a log-in can.

use std::time::{Duration, Instant};

use crate::meter;
use crate::store::Store;

/// Longer than this it is not measured in a round: it would be no more exact.
const TURN_MAX: Duration = Duration::from_secs(1);
/// As long as what the server makes of a password before it hashes that.
const PASSWORD: &str = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

/// Hashes that were made here, of the cost that the server is set up with.
#[derive(Debug)]
pub(crate) struct Hashing {
    /// One that the server made.
    hash: String,
    done: u32,
    spent: Duration,
}

impl Hashing {
    /// As the server hashes, by the password of somebody who signed in.
    pub(crate) fn of(store: &mut Store, user_id: i64) -> anyhow::Result<Self> {
        let hash = store.text(&format!("SELECT password_hash AS text FROM users WHERE id = {user_id}"))?;
        Ok(Self {
            hash,
            done: 0,
            spent: Duration::ZERO,
        })
    }

    /// Hashes for a while.
    pub(crate) fn round(&mut self, wanted: Duration) -> anyhow::Result<()> {
        let (begun, before) = (Instant::now(), meter::spent(std::process::id())?);
        while begun.elapsed() < wanted.min(TURN_MAX) {
            bcrypt::non_truncating_verify(PASSWORD, &self.hash)?;
            self.done += 1;
        }
        self.spent += meter::spent(std::process::id())?.saturating_sub(before);
        Ok(())
    }

    /// What one took of the processor.
    pub(crate) fn each(&self) -> Option<Duration> {
        self.spent.checked_div(self.done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_takes_time_on_the_processor() {
        let mut hashing = Hashing {
            hash: bcrypt::non_truncating_hash("a", 8).expect("a hash"),
            done: 0,
            spent: Duration::ZERO,
        };
        assert_eq!(hashing.each(), None);

        hashing.round(Duration::from_millis(200)).expect("a round");

        assert!(hashing.each().is_some_and(|each| !each.is_zero()), "{hashing:?}");
    }
}
