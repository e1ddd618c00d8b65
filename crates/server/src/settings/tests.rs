//! The configuration as an operator meets it.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use savdo_domain::account::CodeRules;
use savdo_persistence::DatabaseUrl;
use savdo_services::limits::Rates;
use tempfile::TempDir;

use super::{EmailGateway, Environment, Settings, SettingsError, SmsGatewaySettings, Sources};

const SECRET: &str = "5f0d7c1be2a94c38ad61fe0b92c7d4e85f0d7c1be2a94c38";

const FILES_KEY: &str = "9c1f0d7be2a94c38ad61fe0b92c7d4e85f0d7c1be2a94c38ad61fe0b92c7d4e8";

/// These variables, with a key for files unless they say otherwise.
fn sources(folder: &TempDir, variables: &[(&str, &str)]) -> Sources {
    let variables = [("SAVDO_FILES__KEY", FILES_KEY)]
        .iter()
        .filter(|(name, _)| variables.iter().all(|(known, _)| known != name))
        .chain(variables)
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    Sources {
        folder: folder.path().to_owned(),
        variables,
    }
}

pub(super) fn load(variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    Settings::load(&sources(&TempDir::new().unwrap(), variables))
}

fn refusal(variables: &[(&str, &str)]) -> String {
    load(variables).unwrap_err().to_string()
}

#[test]
fn nothing_needs_to_be_configured_in_development() {
    let settings = load(&[]).unwrap();

    assert_eq!(settings.environment, Environment::Development);
    assert_eq!(
        (settings.server.host.as_str(), settings.server.port),
        ("127.0.0.1", 8000)
    );
    assert_eq!(settings.database.url, DatabaseUrl::Sqlite("data/savdo.db".into()));
    assert_eq!(settings.security.password_cost, 10);
    assert!(settings.docs.enabled);
}

#[test]
fn production_listens_everywhere_hashes_harder_and_hides_the_docs() {
    let settings = load(&[("SAVDO_ENVIRONMENT", "production"), ("SECRET_KEY", SECRET)]).unwrap();

    assert_eq!(settings.server.host, "0.0.0.0");
    assert_eq!(settings.security.password_cost, 12);
    assert!(!settings.docs.enabled);
}

#[test]
fn limits_by_address_alone_are_a_hundred_times_as_wide_in_development() {
    let development = load(&[("SAVDO_LIMITS__REGISTRATIONS_PER_IP", "0")]).unwrap().limits;
    let production = load(&[("SAVDO_ENVIRONMENT", "production"), ("SECRET_KEY", SECRET)])
        .unwrap()
        .limits;

    assert_eq!(production, Rates::default());
    assert_eq!(load(&[]).unwrap().code_rules, CodeRules::default());
    let expected = Rates {
        logins_of_address: 6000,
        registrations: 0,
        resets_of_address: 2000,
        codes_of_address: 2000,
        code_tries_of_address: 6000,
        requests_of_address: 60_000,
        ..production
    };
    assert_eq!(development, expected);
}

#[test]
fn servers_count_together_where_a_redis_is_named() {
    let redis = |url: &str| load(&[("REDIS_URL", url)]).map(|settings| settings.redis);

    assert_eq!((load(&[]).unwrap().redis, redis("").unwrap()), (None, None));
    let shown = format!("{:?}", redis("redis://savdo:s3cret@redis:6379/1").unwrap());
    assert_eq!(shown, "Some(redis://redis:6379)");
    let why = redis("rediss://savdo:s3cret@redis/1").unwrap_err().to_string();
    assert!(why.starts_with("limits.redis_url (SAVDO_LIMITS__REDIS_URL, REDIS_URL) is no Redis"));
    assert!(!why.contains("s3cret"), "{why}");
}

#[test]
fn a_redis_is_waited_for_as_long_as_is_said() {
    let timeout = |ms: &str| load(&[("SAVDO_LIMITS__REDIS_TIMEOUT_MS", ms)]).map(|settings| settings.redis_timeout);

    assert_eq!(load(&[]).unwrap().redis_timeout, Duration::from_millis(25));
    assert_eq!(timeout("400").unwrap(), Duration::from_millis(400));
    let why = timeout("0").unwrap_err().to_string();
    assert!(
        why.starts_with("limits.redis_timeout_ms (SAVDO_LIMITS__REDIS_TIMEOUT_MS) is 0"),
        "{why}"
    );
}

#[test]
fn a_code_has_four_to_six_digits() {
    let length = |digits: &str| load(&[("SAVDO_OTP__LENGTH", digits)]);

    assert_eq!(length("6").unwrap().code_rules.length.digits(), 6);
    for digits in ["3", "7", "0"] {
        assert!(length(digits).unwrap_err().to_string().contains("otp.length"));
    }
}

#[test]
fn a_later_layer_wins_over_an_earlier_one() {
    let folder = TempDir::new().unwrap();
    std::fs::create_dir(folder.path().join("config")).unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join("config").join(name), text).unwrap();
    write(
        "default.toml",
        "[server]\nhost = \"10.0.0.1\"\nport = 1\nworkers = 1\n[security]\npassword_cost = 9\n",
    );
    write("development.toml", "[server]\nport = 2\nworkers = 2\n");
    let port = |variables: &[(&str, &str)]| Settings::load(&sources(&folder, variables)).unwrap().server.port;

    let settings = Settings::load(&sources(&folder, &[("SAVDO_SERVER__WORKERS", "3")])).unwrap();

    assert_eq!(settings.server.host, "10.0.0.1");
    assert_eq!((settings.server.port, settings.server.workers), (2, 3));
    assert_eq!(
        settings.security.password_cost, 10,
        "the embedded file of the environment lies above"
    );
    assert_eq!(port(&[("SAVDO_SERVER__PORT", "3")]), 3);
    assert_eq!(port(&[("SAVDO_SERVER__PORT", "3"), ("PORT", "4")]), 4);
}

#[test]
fn the_conventional_variables_are_understood() {
    let settings = load(&[
        ("DATABASE_URL", "postgres://savdo:pw@db/savdo"),
        ("PORT", "9000"),
        ("SECRET_KEY", "12345678901234567890123456789012345678901234567890"),
    ])
    .unwrap();

    assert_eq!(settings.database.url.to_string(), "postgres://db/savdo");
    assert_eq!(settings.server.port, 9000);
}

#[test]
fn an_unknown_key_or_variable_is_named() {
    let folder = TempDir::new().unwrap();
    std::fs::create_dir(folder.path().join("config")).unwrap();
    std::fs::write(folder.path().join("config/development.toml"), "[server]\nprot = 1\n").unwrap();

    assert_eq!(
        Settings::load(&sources(&folder, &[])).unwrap_err().to_string(),
        "config/development.toml: there is no key server.prot; config/default.toml lists them all"
    );
    assert_eq!(
        refusal(&[("SAVDO_SERVER__PROT", "1")]),
        "SAVDO_SERVER__PROT: there is no such variable; config/default.toml lists them all"
    );
    assert!(load(&[("SAVDO_TEST_POSTGRES_URL", "postgres://x")]).is_ok());
}

#[test]
fn a_wrong_value_is_named_with_its_variable() {
    let wrong = [
        [("SAVDO_SERVER__PORT", "eighty")],
        [("PORT", "65536")],
        [("SAVDO_LOG__FORMAT", "xml")],
        [("SAVDO_DOCS__ENABLED", "yes")],
        [("SAVDO_DATABASE__POOL_SIZE", "0")],
        [("SAVDO_SECURITY__PASSWORD_COST", "3")],
        [("DATABASE_URL", "mysql://h/d")],
        [("SAVDO_ENVIRONMENT", "staging")],
    ]
    .map(|variables| refusal(&variables));

    insta::assert_json_snapshot!(wrong);
}

#[test]
fn production_refuses_a_secret_that_is_missing_short_or_made_up() {
    let production = |secret: &str| refusal(&[("SAVDO_ENVIRONMENT", "production"), ("SECRET_KEY", secret)]);

    let refused = [
        production(""),
        production("short"),
        production("change-me-change-me-change-me-change-me"),
        production(&"ab".repeat(30)),
    ];

    insta::assert_json_snapshot!(refused);
}

#[test]
fn production_refuses_to_lose_acknowledged_writes() {
    let refused = refusal(&[
        ("SAVDO_ENVIRONMENT", "production"),
        ("SECRET_KEY", SECRET),
        ("SAVDO_DATABASE__REQUIRE_FSYNC", "false"),
    ]);

    assert!(refused.starts_with("database.require_fsync (SAVDO_DATABASE__REQUIRE_FSYNC) must be true"));
}

#[test]
fn a_secret_made_in_development_is_kept_and_private() {
    let folder = TempDir::new().unwrap();
    let key = |settings: &Settings| settings.security.secret.key(savdo_services::keys::Purpose::Tokens);

    let first = Settings::load(&sources(&folder, &[])).unwrap();
    let second = Settings::load(&sources(&folder, &[])).unwrap();

    assert_eq!(key(&first), key(&second));
    let path = folder.path().join("data/secret.key");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::read_dir(folder.path().join("data")).unwrap().count(), 1);
}

#[test]
fn no_secret_is_shown() {
    let settings = load(&[
        ("SECRET_KEY", SECRET),
        ("DATABASE_URL", "postgres://savdo:s3cret@db/savdo"),
    ])
    .unwrap();

    let shown = format!("{settings:?}");

    assert!(!shown.contains(SECRET) && !shown.contains("s3cret"), "{shown}");
}

#[test]
fn letters_go_to_the_log_in_development_and_nowhere_in_production() {
    let gateway = |variables: &[(&str, &str)]| load(variables).unwrap().email.gateway;
    let production = [("SAVDO_ENVIRONMENT", "production"), ("SECRET_KEY", SECRET)];

    assert!(matches!(gateway(&[]), EmailGateway::Log));
    assert!(matches!(gateway(&production), EmailGateway::None));
    assert_eq!(
        refusal(&[production[0], production[1], ("SAVDO_EMAIL__GATEWAY", "log")]),
        "email.gateway (SAVDO_EMAIL__GATEWAY) is \"log\", which shows the links of letters to whoever reads the log: not in production"
    );
}

#[test]
fn short_messages_go_to_the_log_in_development_and_nowhere_in_production() {
    let gateway = |variables: &[(&str, &str)]| load(variables).unwrap().sms.gateway;
    let production = [("SAVDO_ENVIRONMENT", "production"), ("SECRET_KEY", SECRET)];

    assert_eq!(gateway(&[]), SmsGatewaySettings::Log);
    assert_eq!(gateway(&production), SmsGatewaySettings::None);
    assert_eq!(
        refusal(&[production[0], production[1], ("SAVDO_SMS__GATEWAY", "log")]),
        "sms.gateway (SAVDO_SMS__GATEWAY) is \"log\", which shows codes to whoever reads the log: not in production"
    );
}

const TOKEN: &str = "0123456789abcdef01234567";

/// Eskiz and behind it PlayMobile, and what a test says besides.
fn providers(more: &[(&'static str, &'static str)]) -> Result<Settings, SettingsError> {
    let mut variables = vec![
        ("SAVDO_SMS__GATEWAY", "eskiz"),
        ("SAVDO_SMS__FALLBACK", "playmobile"),
        ("SAVDO_SMS__ESKIZ_EMAIL", "ali@savdo.uz"),
        ("SAVDO_SMS__ESKIZ_PASSWORD", "sir-175"),
        ("SAVDO_SMS__PLAYMOBILE_USERNAME", "ali"),
        ("SAVDO_SMS__PLAYMOBILE_PASSWORD", "sir-175"),
        ("SAVDO_SMS__HOOK_TOKEN", TOKEN),
        ("SAVDO_SERVER__PUBLIC_URL", "https://savdo.uz"),
    ];
    variables.extend(more);
    load(&variables)
}

#[test]
fn providers_of_short_messages_are_named_in_the_configuration() {
    let settings = providers(&[]).unwrap();

    let SmsGatewaySettings::Eskiz(eskiz) = &settings.sms.gateway else {
        panic!("it is Eskiz");
    };
    assert_eq!(
        (eskiz.url.as_str(), eskiz.from.as_str()),
        ("https://notify.eskiz.uz/api", "4546")
    );
    let callback = format!("https://savdo.uz/api/v1/hooks/sms/eskiz/{TOKEN}/");
    assert_eq!(eskiz.callback_url, Some(callback));
    assert!(matches!(&settings.sms.fallback, Some(SmsGatewaySettings::PlayMobile(it)) if it.originator == "3700"));
    assert!(settings.shell.sms_hook_token.as_ref().unwrap().is(TOKEN));
    let shown = format!("{settings:?}");
    assert!(!shown.contains("sir-175") && !shown.contains(TOKEN), "{shown}");
    let silent = providers(&[("SAVDO_SMS__HOOK_TOKEN", "")]).unwrap();
    assert!(silent.shell.sms_hook_token.is_none());
}

#[test]
fn a_provider_of_short_messages_needs_a_log_in_and_a_safe_way_to_it() {
    for (key, value) in [
        ("SAVDO_SMS__ESKIZ_PASSWORD", ""),
        ("SAVDO_SMS__PLAYMOBILE_USERNAME", ""),
        ("SAVDO_SMS__ESKIZ_URL", "http://notify.eskiz.uz"),
        ("SAVDO_SMS__ESKIZ_URL", "http://127.0.0.1.evil.uz"),
        ("SAVDO_SMS__ESKIZ_URL", "https://"),
        ("SAVDO_SMS__PLAYMOBILE_URL", "https:///x"),
        ("SAVDO_SMS__FALLBACK", "eskiz"),
        ("SAVDO_SMS__FALLBACK", "log"),
        ("SAVDO_SMS__HOOK_TOKEN", "123"),
        ("SAVDO_SMS__HOOK_TOKEN", "0123456789abcdef0123456/"),
    ] {
        let why = providers(&[(key, value)]).unwrap_err().to_string();
        assert!(why.contains(&format!("({key}) ")) && !why.contains("sir-175"), "{why}");
    }
    let local = ("SAVDO_SMS__ESKIZ_URL", "http://127.0.0.1:9000/api");
    assert!(providers(&[local]).is_ok());
}

#[test]
fn a_mail_server_needs_a_name_a_sender_and_a_safe_way_to_it() {
    let smtp = |more: &[(&'static str, &'static str)]| {
        let mut variables = vec![
            ("SAVDO_ENVIRONMENT", "production"),
            ("SECRET_KEY", SECRET),
            ("SAVDO_EMAIL__GATEWAY", "smtp"),
            ("SAVDO_EMAIL__SMTP_HOST", "mail.savdo.uz"),
            ("SAVDO_EMAIL__RESET_LINK", "https://savdo.uz/reset/{uid}/{token}/"),
        ];
        variables.extend(more);
        load(&variables).map(|settings| settings.email.gateway)
    };
    let why = |more: &[(&'static str, &'static str)]| smtp(more).unwrap_err().to_string();

    let EmailGateway::Smtp(settings) = smtp(&[
        ("SAVDO_EMAIL__SMTP_USERNAME", "ali"),
        ("SAVDO_EMAIL__SMTP_PASSWORD", "sir-175"),
    ])
    .unwrap() else {
        panic!("it is smtp");
    };
    assert_eq!(settings.login, Some(("ali".to_owned(), "sir-175".to_owned())));
    assert!(!format!("{settings:?}").contains("sir-175"));
    assert!(why(&[("SAVDO_EMAIL__SMTP_HOST", "")]).starts_with("email.smtp_host (SAVDO_EMAIL__SMTP_HOST) is empty"));
    assert!(why(&[("SAVDO_EMAIL__FROM", "nobody")]).starts_with("email.from "));
    assert!(why(&[("SAVDO_EMAIL__RESET_LINK", "http://savdo.uz/{uid}/{token}/")]).starts_with("email.reset_link "));
    assert!(
        why(&[("SAVDO_EMAIL__RESET_LINK", "https://savdo.uz/{uid}/")]).ends_with("lacks the place {uid} or {token}")
    );
    let open = ("SAVDO_EMAIL__SMTP_SECURITY", "none");
    let login = ("SAVDO_EMAIL__SMTP_USERNAME", "ali");
    assert!(smtp(&[open]).is_ok());
    assert!(why(&[open, login]).starts_with("email.smtp_security "));
    assert!(smtp(&[open, login, ("SAVDO_EMAIL__SMTP_HOST", "127.0.0.1")]).is_ok());
}

#[test]
fn production_wants_a_key_for_files_of_its_own() {
    let with = |key| {
        refusal(&[
            ("SAVDO_ENVIRONMENT", "production"),
            ("SECRET_KEY", SECRET),
            ("SAVDO_FILES__KEY", key),
        ])
    };
    let says = |why: &str| format!("files.key (SAVDO_FILES__KEY) {why}; `openssl rand -hex 32` prints one");

    assert_eq!(with(""), says("is missing"));
    assert_eq!(with("sirli"), says("is no random text"));
    assert_eq!(with(SECRET), says("is no key of 64 hexadecimal digits"));
    assert_eq!(with(&"12".repeat(32)), says("is no random text"));
    assert!(refusal(&[("SAVDO_FILES__OLD_KEYS", "x")]).starts_with("files.old_keys (SAVDO_FILES__OLD_KEYS) is no key"));
    assert!(refusal(&[("SAVDO_PRESCRIPTIONS__KEEP_DAYS", "0")]).starts_with("prescriptions.keep_days "));
}

#[test]
fn a_key_for_files_made_in_development_is_kept_beside_the_secret_and_none_is_shown() {
    let folder = TempDir::new().unwrap();
    let load = |variables: &[(&str, &str)]| Settings::load(&sources(&folder, variables)).unwrap();

    load(&[("SAVDO_FILES__KEY", "")]);
    let path = folder.path().join("data/files.key");
    let made = std::fs::read_to_string(&path).unwrap();
    load(&[("SAVDO_FILES__KEY", "")]);

    assert_eq!(
        (made.len(), std::fs::read_to_string(&path).unwrap() == made),
        (64, true)
    );
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let shown = format!("{:?}", load(&[("SAVDO_FILES__OLD_KEYS", &made)]));
    assert!(!shown.contains(&made) && !shown.contains(FILES_KEY), "{shown}");
}
