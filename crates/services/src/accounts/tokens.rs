//! Tokens: what a client holds of a session.
//!
//! JWT of HS256 with one key of its own. Whether a token is expired is judged by our clock; whether it lives, by its session.
//! A header that names a key of its own, another algorithm or nothing at all is refused before anything is believed.

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use savdo_domain::account::AccountRefusal;
use savdo_domain::ids::{SessionId, UserId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::Result;

const NAME: &str = "savdo";
const LEEWAY: TimeDelta = TimeDelta::seconds(5);
const ACCESS_LIFE: TimeDelta = TimeDelta::minutes(30);
const REFRESH_LIFE: TimeDelta = TimeDelta::days(7);

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// Calling the API.
    Access,
    /// Being exchanged for a new pair.
    Refresh,
}

impl TokenKind {
    const fn code(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
        }
    }
}

/// An access token and the refresh token that belongs to it.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenPair {
    /// For calling the API, 30 minutes.
    pub access: String,
    /// For one exchange, within 7 days.
    pub refresh: String,
}

/// Signs tokens and reads them.
pub(crate) struct Tokens {
    signing: EncodingKey,
    checking: DecodingKey,
    validation: Validation,
}

/// What a token points at. Its hash is never shown.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Claims {
    pub(crate) user_id: UserId,
    pub(crate) session_id: SessionId,
    pub(crate) token_version: i64,
    /// The hash by which a session knows its living refresh token.
    pub(crate) hash: String,
}

/// The random halves of a pair about to be signed: known before the session has its id.
#[derive(Clone)]
pub(crate) struct NewPair {
    access_jti: String,
    refresh_jti: String,
}

#[derive(Serialize, Deserialize)]
struct Payload {
    iss: String,
    aud: String,
    token_type: String,
    user_id: String,
    sid: i64,
    ver: i64,
    jti: String,
    iat: i64,
    exp: i64,
    /// We write none; one that stands there counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
}

impl Tokens {
    /// Tokens under this key.
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&[NAME]);
        validation.set_issuer(&[NAME]);
        validation.set_required_spec_claims(&["iss", "aud", "exp"]);
        validation.validate_exp = false;
        Self {
            signing: EncodingKey::from_secret(key),
            checking: DecodingKey::from_secret(key),
            validation,
        }
    }

    /// When a session that is begun or refreshed at `now` ends.
    pub(crate) fn session_end(now: DateTime<Utc>) -> DateTime<Utc> {
        now + REFRESH_LIFE
    }

    /// Signs a pair.
    pub(crate) fn sign(
        &self,
        pair: NewPair,
        (user_id, session_id, token_version): (UserId, SessionId, i64),
        now: DateTime<Utc>,
    ) -> Result<TokenPair> {
        let token = |kind: TokenKind, jti: String, life: TimeDelta| {
            let payload = Payload {
                iss: NAME.to_owned(),
                aud: NAME.to_owned(),
                token_type: kind.code().to_owned(),
                user_id: user_id.to_string(),
                sid: session_id.get(),
                ver: token_version,
                jti,
                iat: now.timestamp(),
                exp: (now + life).timestamp(),
                nbf: None,
            };
            encode(&Header::new(Algorithm::HS256), &payload, &self.signing).context("a token cannot be signed")
        };
        Ok(TokenPair {
            access: token(TokenKind::Access, pair.access_jti, ACCESS_LIFE)?,
            refresh: token(TokenKind::Refresh, pair.refresh_jti, REFRESH_LIFE)?,
        })
    }

    /// What a token of this kind points at.
    pub(crate) fn read(
        &self,
        token: &str,
        kind: TokenKind,
        now: DateTime<Utc>,
    ) -> std::result::Result<Claims, AccountRefusal> {
        const BROKEN: AccountRefusal = AccountRefusal::TokenNotValid;
        let header = decode_header(token).map_err(|_| BROKEN)?;
        if !is_plain(&header) {
            return Err(BROKEN);
        }
        let payload: Payload = decode(token, &self.checking, &self.validation)
            .map_err(|_| BROKEN)?
            .claims;
        let is_expired = payload.exp <= (now - LEEWAY).timestamp();
        let is_early = payload.nbf.is_some_and(|begin| begin > (now + LEEWAY).timestamp());
        if is_expired || is_early || payload.token_type != kind.code() {
            return Err(BROKEN);
        }
        Ok(Claims {
            user_id: UserId::new(payload.user_id.parse().map_err(|_| BROKEN)?),
            session_id: SessionId::new(payload.sid),
            token_version: payload.ver,
            hash: hash(&payload.jti),
        })
    }
}

/// Whether the header names our algorithm and no key. Its type and what nobody reads are left alone.
fn is_plain(header: &Header) -> bool {
    let Header {
        typ: _,
        alg,
        kid,
        jku,
        jwk,
        x5u,
        x5c,
        x5t,
        ..
    } = header;
    *alg == Algorithm::HS256
        && kid.is_none()
        && jku.is_none()
        && jwk.is_none()
        && x5u.is_none()
        && x5c.is_none()
        && x5t.is_none()
}

impl NewPair {
    /// A pair nobody has seen.
    pub(crate) fn random() -> Result<Self> {
        Ok(Self {
            access_jti: random_id()?,
            refresh_jti: random_id()?,
        })
    }

    /// The hash by which the session will know the refresh token.
    pub(crate) fn refresh_hash(&self) -> String {
        hash(&self.refresh_jti)
    }
}

impl std::fmt::Debug for Claims {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Claims")
            .field("user_id", &self.user_id)
            .field("session_id", &self.session_id)
            .field("token_version", &self.token_version)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for TokenPair {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("TokenPair(***)")
    }
}

fn random_id() -> Result<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).context("the system gives no randomness")?;
    Ok(hex(&bytes))
}

fn hash(jti: &str) -> String {
    hex(&Sha256::digest(jti.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
