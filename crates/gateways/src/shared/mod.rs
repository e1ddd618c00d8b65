//! What several servers share in a Redis, so that together they are one: nothing that may not be lost.
//!
//! A Redis that is gone or slow stops nobody. It is given a twentieth of a second once and then left alone for a while; meanwhile each
//! server helps itself. Subjects are sealed by a key of the installation before they leave: nobody reads a phone or a name there, and two
//! installations may have one Redis.

mod line;
mod marks;
mod tally;

use hkdf::hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

pub use line::{InvalidRedisUrl, Line, RedisUrl, Waits};
pub use marks::SharedMarks;
pub use tally::SharedTally;

/// The key of Redis under which something of `subject` lies.
fn name_of(seal: &[u8; 32], kind: &str, subject: &str) -> String {
    // A key of any length will do, so that this cannot fail.
    let Ok(mut sealing) = Hmac::<Sha256>::new_from_slice(seal) else {
        return String::new();
    };
    sealing.update(kind.as_bytes());
    sealing.update(&[0]);
    sealing.update(subject.as_bytes());
    let sealed = sealing.finalize().into_bytes();
    let digits: String = sealed.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("savdo:{kind}:{digits}")
}
