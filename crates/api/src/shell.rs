//! What the installation knows of the network around it: its proxies, the origins that may call it, its own address.
//!
//! Decided here: whose address a request comes from, and how its client reached us. Forwarded headers are believed only from
//! a proxy that the configuration names; from anybody else they are words.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header::{HOST, HeaderMap};
use actix_web::web::Data;
use savdo_services::sms_reports::HookToken;

const FORWARDED_FOR: &str = "x-forwarded-for";
const FORWARDED_PROTO: &str = "x-forwarded-proto";
const FORWARDED_HOST: &str = "x-forwarded-host";

/// The network around the installation.
#[derive(Debug, Clone)]
pub struct Shell {
    /// Those whose forwarded headers are believed.
    pub trusted_proxies: Vec<Network>,
    /// The origins whose pages may call the API from a browser, as browsers write them.
    pub origins: Vec<String>,
    /// The address that clients know the installation by, without a slash at its end; none: as each request says.
    pub public_url: Option<String>,
    /// Whether clients that came by TLS are told to come by nothing else.
    pub demands_tls: bool,
    /// The whole body arrives within this: whoever sends byte by byte holds a connection no longer.
    pub body_within: Duration,
    /// The same for a form, whose files are larger.
    pub form_within: Duration,
    /// What providers of short messages prove themselves with; none: nothing that they report is believed.
    pub sms_hook_token: Option<HookToken>,
    /// From where Payme calls; empty: from anywhere. Never instead of its credential.
    pub payme_networks: Vec<Network>,
    /// The same for Click.
    pub click_networks: Vec<Network>,
}

impl Shell {
    /// That of the running application; one that trusts nobody where a test runs without.
    pub(crate) fn of(request: &HttpRequest) -> Data<Self> {
        let known = request.app_data::<Data<Self>>();
        known.cloned().unwrap_or_else(|| Data::new(Self::default()))
    }

    /// Whether a page of this origin may call the API: to the letter, so that no suffix and no `null` passes.
    pub(crate) fn admits(&self, origin: &str) -> bool {
        self.origins.iter().any(|known| known == origin)
    }

    /// Where the request comes from: the peer, or whom the nearest proxy of ours says it serves.
    pub(crate) fn client(&self, peer: Option<IpAddr>, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)).to_canonical();
        let forwarded = headers.get_all(FORWARDED_FOR);
        let hops: Vec<&[u8]> = forwarded.flat_map(|value| values(value.as_bytes())).collect();
        // Each proxy adds at the right whom it heard; what stands left of the first stranger is his own word.
        for hop in hops.into_iter().rev() {
            if !self.trusts(client) {
                break;
            }
            let Some(address) = text(hop).and_then(address) else {
                break;
            };
            client = address;
        }
        client
    }

    /// Whether the client came by TLS, as far as that is known.
    pub(crate) fn is_secure(&self, request: &HttpRequest) -> bool {
        let by_public_url = self.public_url.as_ref().is_some_and(|url| url.starts_with("https://"));
        by_public_url || request.app_config().secure() || self.forwarded(request, FORWARDED_PROTO) == Some("https")
    }

    /// The scheme and the host that clients use.
    pub(crate) fn origin(&self, request: &HttpRequest) -> String {
        if let Some(url) = &self.public_url {
            return url.clone();
        }
        let scheme = if self.is_secure(request) { "https" } else { "http" };
        let written = request.headers().get(HOST).and_then(|host| host.to_str().ok());
        let host = self.forwarded(request, FORWARDED_HOST).or(written);
        format!("{scheme}://{}", host.unwrap_or_else(|| request.app_config().host()))
    }

    /// What our nearest proxy says: the last value.
    fn forwarded<'a>(&self, request: &'a HttpRequest, name: &str) -> Option<&'a str> {
        let peer = request.peer_addr()?.ip().to_canonical();
        let value = request.headers().get_all(name).last().filter(|_| self.trusts(peer))?;
        values(value.as_bytes()).last().and_then(text)
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|network| network.holds(address))
    }
}

impl Default for Shell {
    fn default() -> Self {
        Self {
            trusted_proxies: Vec::new(),
            origins: Vec::new(),
            public_url: None,
            demands_tls: false,
            body_within: Duration::from_secs(10),
            form_within: Duration::from_secs(60),
            sms_hook_token: None,
            payme_networks: Vec::new(),
            click_networks: Vec::new(),
        }
    }
}

/// Whether a provider who calls from these networks may call from this address; where none is named, he calls from anywhere.
pub(crate) fn admits_provider(networks: &[Network], address: IpAddr) -> bool {
    networks.is_empty() || networks.iter().any(|network| network.holds(address))
}

/// The address of a request's client.
#[must_use]
pub(crate) fn client(request: &HttpRequest) -> IpAddr {
    let peer = request.peer_addr().map(|address| address.ip());
    Shell::of(request).client(peer, request.headers())
}

/// The values of a header, each whatever the others are: a client may have begun it with bytes that are no text.
fn values(header: &[u8]) -> impl Iterator<Item = &[u8]> {
    header.split(|byte| *byte == b',')
}

/// A value as text, if it is visible ASCII.
fn text(value: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(value).ok()?.trim_matches([' ', '\t']);
    text.bytes().all(|byte| byte.is_ascii_graphic()).then_some(text)
}

/// An address, with or without a port.
fn address(text: &str) -> Option<IpAddr> {
    let with_port = || text.parse::<SocketAddr>().map(|address| address.ip());
    let address = text.parse::<IpAddr>().or_else(|_| with_port()).ok()?;
    Some(address.to_canonical())
}

/// An address or a range of them: `10.0.0.7`, `10.0.0.0/8`, `fd00::/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    first: IpAddr,
    /// Bits that do not matter, from the right.
    free_bits: u32,
}

/// A text that is no network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an address or a range such as 10.0.0.0/8")]
pub struct InvalidNetwork;

impl FromStr for Network {
    type Err = InvalidNetwork;

    fn from_str(text: &str) -> Result<Self, InvalidNetwork> {
        let (address, length) = text
            .split_once('/')
            .map_or((text, None), |(address, length)| (address, Some(length)));
        let first: IpAddr = address.parse().map_err(|_| InvalidNetwork)?;
        let bits = if first.is_ipv4() { 32 } else { 128 };
        let length = length.map_or(Ok(bits), str::parse).map_err(|_| InvalidNetwork)?;
        let free_bits = u32::checked_sub(bits, length).ok_or(InvalidNetwork)?;
        Ok(Self { first, free_bits })
    }
}

impl Network {
    fn holds(self, address: IpAddr) -> bool {
        let differing = match (self.first, address) {
            (IpAddr::V4(first), IpAddr::V4(address)) => u128::from(first.to_bits() ^ address.to_bits()),
            (IpAddr::V6(first), IpAddr::V6(address)) => first.to_bits() ^ address.to_bits(),
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => return false,
        };
        differing.checked_shr(self.free_bits).unwrap_or(0) == 0
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

    use super::{Network, Shell, admits_provider};

    fn shell(trusted: &[&str]) -> Shell {
        Shell {
            trusted_proxies: trusted.iter().map(|text| text.parse().unwrap()).collect(),
            ..Shell::default()
        }
    }

    fn client(shell: &Shell, peer: &str, forwarded: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(
                HeaderName::from_static("x-forwarded-for"),
                HeaderValue::from_bytes(value.as_bytes()).unwrap(),
            );
        }
        let peer: IpAddr = peer.parse().unwrap();
        shell.client(Some(peer), &headers).to_string()
    }

    #[test]
    fn a_forwarded_address_counts_only_from_a_trusted_proxy() {
        let nobody = shell(&[]);
        let proxy = shell(&["10.0.0.0/8"]);

        assert_eq!(client(&nobody, "10.0.0.1", &["1.2.3.4"]), "10.0.0.1");
        assert_eq!(client(&proxy, "11.0.0.1", &["1.2.3.4"]), "11.0.0.1");
        assert_eq!(client(&proxy, "10.0.0.1", &["1.2.3.4"]), "1.2.3.4");
        assert_eq!(client(&proxy, "::ffff:10.0.0.1", &["::ffff:1.2.3.4"]), "1.2.3.4");
        assert_eq!(client(&proxy, "10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn what_a_client_wrote_before_the_proxies_is_not_believed() {
        let proxy = shell(&["10.0.0.0/8"]);

        assert_eq!(client(&proxy, "10.0.0.1", &["6.6.6.6, 1.2.3.4"]), "1.2.3.4");
        assert_eq!(client(&proxy, "10.0.0.1", &["6.6.6.6", "1.2.3.4, 10.9.9.9"]), "1.2.3.4");
        assert_eq!(client(&proxy, "10.0.0.1", &["6.6.6.6, nonsense, 10.0.0.2"]), "10.0.0.2");
        for foreign in ["\u{ff}, 1.2.3.4", "6.6.6.6, ёлғон,1.2.3.4", "\u{a0}, 1.2.3.4, 10.9.9.9"] {
            assert_eq!(client(&proxy, "10.0.0.1", &[foreign]), "1.2.3.4", "{foreign}");
        }
        assert_eq!(client(&proxy, "10.0.0.1", &["1.2.3.4, 10.0.0.2\u{ff}"]), "10.0.0.1");
        assert_eq!(client(&proxy, "10.0.0.1", &["1.2.3.4:5678"]), "1.2.3.4");
        assert_eq!(client(&proxy, "10.0.0.1", &["[2001:db8::1]:5678"]), "2001:db8::1");
    }

    #[test]
    fn a_network_is_an_address_or_a_range() {
        let holds = |network: &str, address: &str| {
            let network: Network = network.parse().unwrap();
            network.holds(address.parse().unwrap())
        };

        assert!(holds("10.1.2.3", "10.1.2.3") && !holds("10.1.2.3", "10.1.2.4"));
        assert!(holds("10.0.0.0/8", "10.255.0.1") && !holds("10.0.0.0/8", "11.0.0.1"));
        assert!(holds("0.0.0.0/0", "1.2.3.4") && !holds("0.0.0.0/0", "::1"));
        assert!(holds("::/0", "::1") && holds("fd00::/8", "fd12::1") && !holds("fd00::/8", "fe80::1"));
        for none in ["", "10.0.0", "10.0.0.0/33", "10.0.0.0/x", "::/129", "*"] {
            assert!(none.parse::<Network>().is_err(), "{none}");
        }
    }

    #[test]
    fn a_provider_calls_from_anywhere_unless_its_networks_are_named() {
        let admitted = |networks: &[Network], address: &str| admits_provider(networks, address.parse().unwrap());
        let named = ["185.234.113.0/28".parse().unwrap()];

        assert!(admitted(&[], "185.234.113.16"));
        assert!(admitted(&named, "185.234.113.15") && !admitted(&named, "185.234.113.16"));
    }

    #[test]
    fn an_origin_is_admitted_to_the_letter() {
        let shell = Shell {
            origins: vec!["https://dokon.uz".to_owned()],
            ..Shell::default()
        };

        assert!(shell.admits("https://dokon.uz"));
        for other in [
            "null",
            "*",
            "",
            "http://dokon.uz",
            "https://dokon.uz:444",
            "https://evil-dokon.uz",
            "https://dokon.uz.evil.uz",
            "https://sub.dokon.uz",
            "https://DOKON.uz",
        ] {
            assert!(!shell.admits(other), "{other}");
        }
    }
}
