//! Tokens, and all that only look like some.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use savdo_domain::account::AccountRefusal;
use savdo_domain::ids::{SessionId, UserId};
use serde_json::{Value, json};

use super::{Claims, NewPair, TokenKind, TokenPair, Tokens};

const KEY: [u8; 32] = [7; 32];
const BROKEN: AccountRefusal = AccountRefusal::TokenNotValid;

fn now() -> DateTime<Utc> {
    "2026-03-12T05:00:00Z".parse().unwrap()
}

fn pair() -> TokenPair {
    let whose = (UserId::new(4), SessionId::new(9), 2);
    Tokens::new(&KEY)
        .sign(NewPair::random().unwrap(), whose, now())
        .unwrap()
}

fn payload() -> Value {
    json!({
        "iss": "savdo", "aud": "savdo", "token_type": "access", "user_id": "4", "sid": 9, "ver": 2, "jti": "x",
        "iat": now().timestamp(), "exp": now().timestamp() + 60,
    })
}

fn signed(header: &Header, payload: &Value, key: &[u8]) -> String {
    encode(header, payload, &EncodingKey::from_secret(key)).unwrap()
}

#[test]
fn no_secret_of_a_session_is_shown_for_debugging() {
    let claims = Claims {
        user_id: UserId::new(4),
        session_id: SessionId::new(9),
        token_version: 2,
        hash: "abcdef".to_owned(),
    };

    assert_eq!(
        format!("{claims:?} {:?}", pair()),
        "Claims { user_id: UserId(4), session_id: SessionId(9), token_version: 2, .. } TokenPair(***)"
    );
}

fn read(token: &str) -> Result<i64, AccountRefusal> {
    let claims = Tokens::new(&KEY).read(token, TokenKind::Access, now())?;
    Ok(claims.session_id.get())
}

#[test]
fn a_token_points_at_its_session() {
    let claims = Tokens::new(&KEY)
        .read(&pair().access, TokenKind::Access, now())
        .unwrap();

    let seen = (claims.user_id, claims.session_id, claims.token_version);
    assert_eq!(seen, (UserId::new(4), SessionId::new(9), 2));
    assert_eq!(read(&signed(&Header::new(Algorithm::HS256), &payload(), &KEY)), Ok(9));
}

#[test]
fn a_token_serves_one_purpose() {
    let tokens = Tokens::new(&KEY);
    let TokenPair { access, refresh } = pair();

    assert_eq!(tokens.read(&refresh, TokenKind::Access, now()), Err(BROKEN));
    assert_eq!(tokens.read(&access, TokenKind::Refresh, now()), Err(BROKEN));
}

#[test]
fn a_token_expires_by_our_clock_with_five_seconds_of_leeway() {
    let tokens = Tokens::new(&KEY);
    let access = pair().access;
    let at = |seconds| tokens.read(&access, TokenKind::Access, now() + TimeDelta::seconds(seconds));

    assert!(at(30 * 60 + 4).is_ok());
    assert_eq!(at(30 * 60 + 5), Err(BROKEN));
}

/// Case 4 of the abuse cases.
#[test]
fn a_token_that_counts_from_a_later_time_is_refused_until_then() {
    let from = |seconds: i64| {
        let mut payload = payload();
        payload["nbf"] = json!(now().timestamp() + seconds);
        read(&signed(&Header::new(Algorithm::HS256), &payload, &KEY))
    };

    assert_eq!([from(-1), from(0), from(5)], [Ok(9), Ok(9), Ok(9)]);
    assert_eq!(
        [from(6), from(3600), from(i64::MAX - now().timestamp())],
        [Err(BROKEN); 3]
    );
    for none in [json!("soon"), json!(1.5), json!([])] {
        let mut payload = payload();
        payload["nbf"] = none.clone();
        assert_eq!(
            read(&signed(&Header::new(Algorithm::HS256), &payload, &KEY)),
            Err(BROKEN),
            "{none}"
        );
    }
}

#[test]
fn a_token_under_another_key_or_changed_by_a_hand_is_refused() {
    let access = pair().access;
    let parts: Vec<_> = access.split('.').collect();
    let other = URL_SAFE_NO_PAD.encode(payload().to_string());

    assert_eq!(
        read(&signed(&Header::new(Algorithm::HS256), &payload(), &[8; 32])),
        Err(BROKEN)
    );
    assert_eq!(read(&format!("{}.{other}.{}", parts[0], parts[2])), Err(BROKEN));
    let cut: String = access.chars().take(access.len() - 1).collect();
    for token in ["", ".", "..", "a.b.c", parts[1], &cut] {
        assert_eq!(read(token), Err(BROKEN), "{token}");
    }
}

#[test]
fn no_algorithm_but_ours_is_believed() {
    let payload = payload();
    let none = URL_SAFE_NO_PAD.encode(json!({ "alg": "none", "typ": "JWT" }).to_string());
    let body = URL_SAFE_NO_PAD.encode(payload.to_string());

    assert_eq!(read(&format!("{none}.{body}.")), Err(BROKEN));
    for algorithm in [Algorithm::HS384, Algorithm::HS512] {
        assert_eq!(read(&signed(&Header::new(algorithm), &payload, &KEY)), Err(BROKEN));
    }
}

#[test]
fn a_header_that_names_a_key_is_refused() {
    let plain = || Header::new(Algorithm::HS256);
    let name = || Some("x".to_owned());
    let headers = [
        Header { kid: name(), ..plain() },
        Header { jku: name(), ..plain() },
        Header { x5u: name(), ..plain() },
        Header { x5t: name(), ..plain() },
        Header {
            x5c: Some(vec![]),
            ..plain()
        },
    ];

    for header in headers {
        assert_eq!(read(&signed(&header, &payload(), &KEY)), Err(BROKEN), "{header:?}");
    }
}

#[test]
fn every_claim_is_needed_and_must_be_ours() {
    for claim in ["iss", "aud", "token_type", "user_id", "sid", "ver", "jti", "iat", "exp"] {
        let mut missing = payload();
        missing.as_object_mut().unwrap().remove(claim);
        assert_eq!(
            read(&signed(&Header::new(Algorithm::HS256), &missing, &KEY)),
            Err(BROKEN),
            "{claim}"
        );
    }
    for (claim, value) in [
        ("iss", json!("other")),
        ("aud", json!("other")),
        ("user_id", json!(4)),
        ("exp", json!("1")),
    ] {
        let mut foreign = payload();
        foreign[claim] = value;
        assert_eq!(
            read(&signed(&Header::new(Algorithm::HS256), &foreign, &KEY)),
            Err(BROKEN),
            "{claim}"
        );
    }
}
