//! How the server listens, and what it knows of the network around it.

use std::time::Duration;

use savdo_api::shell::{Network, Shell};
use serde::Deserialize;

use super::{Environment, ServerSettings, SettingsError, within};

/// `[server]` as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenServer {
    host: String,
    port: u16,
    workers: usize,
    drain_seconds: u64,
    headers_timeout_ms: u64,
    body_timeout_ms: u64,
    form_timeout_ms: u64,
    trusted_proxies: String,
    public_url: String,
}

/// `[cors]` as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenCors {
    origins: String,
}

/// Checks both.
pub(super) fn checked(
    server: WrittenServer,
    cors: &WrittenCors,
    environment: Environment,
) -> Result<(ServerSettings, Shell), SettingsError> {
    let workers = u64::try_from(server.workers).unwrap_or(u64::MAX);
    within("server.workers", workers, 0, 1024)?;
    within("server.drain_seconds", server.drain_seconds, 0, 8)?;
    within("server.headers_timeout_ms", server.headers_timeout_ms, 1, 60_000)?;
    within("server.body_timeout_ms", server.body_timeout_ms, 1, 600_000)?;
    within("server.form_timeout_ms", server.form_timeout_ms, 1, 600_000)?;
    let shell = Shell {
        trusted_proxies: networks("server.trusted_proxies", &server.trusted_proxies)?,
        origins: origins("cors.origins", &cors.origins)?,
        public_url: public_url(&server.public_url)?,
        demands_tls: environment == Environment::Production,
        body_within: Duration::from_millis(server.body_timeout_ms),
        form_within: Duration::from_millis(server.form_timeout_ms),
        sms_hook_token: None,
        payme_networks: Vec::new(),
        click_networks: Vec::new(),
    };
    let server = ServerSettings {
        host: server.host,
        port: server.port,
        workers: server.workers,
        drain_seconds: server.drain_seconds,
        headers_within: Duration::from_millis(server.headers_timeout_ms),
    };
    Ok((server, shell))
}

pub(super) fn networks(key: &str, written: &str) -> Result<Vec<Network>, SettingsError> {
    let parsed = listed(written).map(|network| {
        let why = |error| SettingsError::invalid(key, format!("has {network:?}; each is {error}"));
        network.parse().map_err(why)
    });
    parsed.collect()
}

pub(super) fn origins(key: &str, written: &str) -> Result<Vec<String>, SettingsError> {
    let checked = listed(written).map(|origin| {
        if is_origin(origin) {
            Ok(origin.to_owned())
        } else {
            let why = format!("has {origin:?}; each is as browsers write it, such as https://dokon.uz");
            Err(SettingsError::invalid(key, why))
        }
    });
    checked.collect()
}

fn public_url(written: &str) -> Result<Option<String>, SettingsError> {
    let url = written.trim().trim_end_matches('/');
    if url.is_empty() {
        Ok(None)
    } else if is_origin(url) {
        Ok(Some(url.to_owned()))
    } else {
        let why = format!("is {written:?}; it is scheme and host alone, such as https://api.dokon.uz");
        Err(SettingsError::invalid("server.public_url", why))
    }
}

/// Scheme, host and perhaps a port: no path, no capitals, no wildcard.
fn is_origin(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let is_plain = |host: &str| {
        !host.is_empty()
            && host
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-:[]".contains(&byte))
    };
    rest.is_some_and(is_plain)
}

/// The parts of a list written with commas.
fn listed(written: &str) -> impl Iterator<Item = &str> {
    written.split(',').map(str::trim).filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{networks, origins, public_url};

    #[test]
    fn origins_are_written_as_browsers_write_them() {
        let fine = origins("cors.origins", "http://localhost:3000, https://dokon.uz,").unwrap();

        assert_eq!(fine, ["http://localhost:3000", "https://dokon.uz"]);
        for none in [
            "*",
            "null",
            "dokon.uz",
            "https://",
            "https://dokon.uz/",
            "https://Dokon.uz",
            "https://*.dokon.uz",
        ] {
            assert!(origins("cors.origins", none).is_err(), "{none}");
        }
    }

    #[test]
    fn proxies_are_addresses_or_ranges() {
        assert_eq!(networks("server.trusted_proxies", "10.0.0.0/8, ::1").unwrap().len(), 2);
        assert!(networks("server.trusted_proxies", "").unwrap().is_empty());
        assert!(networks("server.trusted_proxies", "10.0.0.0/8, proxy").is_err());
    }

    #[test]
    fn the_public_url_has_no_path() {
        assert_eq!(
            public_url("https://api.dokon.uz/").unwrap().as_deref(),
            Some("https://api.dokon.uz")
        );
        assert_eq!(public_url("").unwrap(), None);
        assert!(public_url("https://dokon.uz/api").is_err());
    }
}
