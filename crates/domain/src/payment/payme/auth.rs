//! Who may call as Payme: HTTP Basic with the login and key of a desk (contract 2.2).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};

use crate::payment::desk::{Desk, Environment};

/// A desk at Payme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymeDesk {
    /// Stores, world and keys.
    pub desk: Desk,
    /// The id of the cash desk at Payme, which stands in links.
    pub merchant_id: String,
    /// The login, `Paycom` unless configured.
    pub login: String,
    /// The field of `account` that names the order, `order_id` unless configured.
    pub account_field: String,
    /// Whether CheckPerform answers with fiscal lines.
    pub sends_detail: bool,
}

impl PaymeDesk {
    /// The `Authorization` header that opens this desk: what Payme sends.
    #[must_use]
    pub fn credential(&self) -> String {
        let pair = format!("{}:{}", self.login, self.desk.secrets.live.reveal());
        format!("Basic {}", STANDARD.encode(pair))
    }
}

/// The desk that an `Authorization` header opens: the bytes behind the first colon are the key. Every desk that is on is compared, in
/// constant time, whichever of them fits; a header that is missing, of another scheme or no base64 opens none.
#[must_use]
pub fn authorised<'a>(header: Option<&str>, desks: &'a [PaymeDesk], environment: Environment) -> Option<&'a PaymeDesk> {
    let (login, key) = header.and_then(credentials)?;
    let mut position = 0_u64;
    for (number, desk) in (1..).zip(desks) {
        let is_on = Choice::from(u8::from(desk.desk.is_on(environment)));
        let is_login = desk.login.as_bytes().ct_eq(&login);
        let is_key = desk.desk.secrets.prove(&key, |secret| secret.as_bytes().to_vec());
        position.conditional_assign(&number, is_on & is_login & is_key);
    }
    let position = usize::try_from(position).ok()?.checked_sub(1)?;
    desks.get(position)
}

/// Login and key: what stands before and behind the first colon.
fn credentials(header: &str) -> Option<(Vec<u8>, Vec<u8>)> {
    let (scheme, encoded) = header.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = STANDARD.decode(encoded.trim()).ok()?;
    let mut parts = decoded.splitn(2, |byte| *byte == b':');
    Some((parts.next()?.to_vec(), parts.next()?.to_vec()))
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::{PaymeDesk, authorised};
    use crate::payment::desk::{Desk, DeskSecret, DeskSecrets, Environment};

    const KEY: &str = "a&b?c@d#e%f:0123456789012345678901234";

    fn desk(merchant_id: &str, live: &str, previous: &str, environment: Environment) -> PaymeDesk {
        PaymeDesk {
            desk: Desk {
                store_id: None,
                environment,
                secrets: DeskSecrets {
                    live: DeskSecret::new(live),
                    previous: DeskSecret::new(previous),
                },
            },
            merchant_id: merchant_id.to_owned(),
            login: "Paycom".to_owned(),
            account_field: "order_id".to_owned(),
            sends_detail: false,
        }
    }

    fn desks() -> Vec<PaymeDesk> {
        vec![
            desk("one", KEY, "", Environment::Production),
            desk("two", "second", "first", Environment::Production),
            desk("sandbox", "test-key", "", Environment::Test),
            desk("off", "", "left-over", Environment::Production),
        ]
    }

    fn opened(header: &str) -> Option<String> {
        authorised(Some(header), &desks(), Environment::Production).map(|desk| desk.merchant_id.clone())
    }

    fn basic(credentials: &str) -> String {
        format!("Basic {}", STANDARD.encode(credentials))
    }

    #[test]
    fn the_key_stands_behind_the_first_colon() {
        assert_eq!(opened(&basic(&format!("Paycom:{KEY}"))).as_deref(), Some("one"));
    }

    #[test]
    fn the_live_and_the_previous_key_open_their_desk() {
        assert_eq!(opened(&basic("Paycom:second")).as_deref(), Some("two"));
        assert_eq!(opened(&basic("Paycom:first")).as_deref(), Some("two"));
    }

    #[test]
    fn the_name_of_the_scheme_has_no_case() {
        let encoded = STANDARD.encode("Paycom:second");

        for scheme in ["basic", "BASIC", "Basic"] {
            assert_eq!(opened(&format!("{scheme} {encoded}")).as_deref(), Some("two"));
        }
    }

    #[test]
    fn a_wrong_header_login_or_key_opens_nothing() {
        let encoded = STANDARD.encode("Paycom:second");
        for header in [
            String::new(),
            "Basic".to_owned(),
            format!("Bearer {encoded}"),
            "Basic !!!".to_owned(),
            basic("Paycom"),
            basic("paycom:second"),
            basic("Paycom:secon"),
            basic("Paycom:second "),
            basic(":second"),
        ] {
            assert_eq!(opened(&header), None, "{header}");
        }
        assert_eq!(authorised(None, &desks(), Environment::Production), None);
    }

    #[test]
    fn an_empty_key_opens_nothing_and_switches_its_desk_off() {
        assert_eq!(opened(&basic("Paycom:")), None);
        assert_eq!(opened(&basic("Paycom:left-over")), None);
    }

    #[test]
    fn a_test_key_opens_no_production_desk_nor_the_other_way_round() {
        assert_eq!(opened(&basic("Paycom:test-key")), None);
        let in_test = |header: String| {
            authorised(Some(&header), &desks(), Environment::Test).map(|desk| desk.merchant_id.clone())
        };
        assert_eq!(in_test(basic("Paycom:test-key")).as_deref(), Some("sandbox"));
        assert_eq!(in_test(basic("Paycom:second")), None);
    }
}
