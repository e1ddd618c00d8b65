//! Keys of one purpose each, derived from the one configured secret (HKDF-SHA256, RFC 5869, the purpose as label).

use hkdf::Hkdf;
use sha2::Sha256;

/// The installation's secret. Never shown.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

/// A secret too short to be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a secret has at least {} bytes", Secret::LENGTH_MIN)]
pub struct ShortSecret;

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Signing access and refresh tokens.
    Tokens,
    /// Knowing the body of a request again without keeping it.
    Bodies,
    /// Sealing what lies beside an event until it is sent.
    Sealing,
    /// Knowing one-time codes again without keeping them.
    Codes,
    /// Knowing the cursors of lists that we wrote.
    Cursors,
    /// Signing tickets to pictures of prescriptions.
    Tickets,
    /// Naming what servers share without telling whose it is.
    Shared,
    /// Sealing the secrets of desks at providers of payments.
    Desks,
}

impl Secret {
    /// The least length in bytes.
    pub const LENGTH_MIN: usize = 32;

    /// A secret of at least 32 bytes.
    ///
    /// # Errors
    /// A shorter one.
    pub fn new(bytes: &[u8]) -> Result<Self, ShortSecret> {
        if bytes.len() < Self::LENGTH_MIN {
            Err(ShortSecret)
        } else {
            Ok(Self(bytes.to_vec()))
        }
    }

    /// The 256-bit key for one purpose.
    #[must_use]
    pub fn key(&self, purpose: Purpose) -> [u8; 32] {
        let label = match purpose {
            Purpose::Tokens => b"savdo tokens v1".as_slice(),
            Purpose::Bodies => b"savdo bodies v1".as_slice(),
            Purpose::Sealing => b"savdo sealing v1".as_slice(),
            Purpose::Codes => b"savdo codes v1",
            Purpose::Cursors => b"savdo cursors v1",
            Purpose::Tickets => b"savdo tickets v1",
            Purpose::Shared => b"savdo shared v1",
            Purpose::Desks => b"savdo desks v1",
        };
        let mut key = [0; 32];
        // Only a longer output than 255 hashes can fail; 32 bytes never do.
        let _ = Hkdf::<Sha256>::new(None, &self.0).expand(label, &mut key);
        key
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secret(***)")
    }
}
