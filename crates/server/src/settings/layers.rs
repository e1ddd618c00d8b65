//! The layers of the configuration, and which key came from where.

use std::path::Path;

use figment::error::{Actual, Kind};
use figment::providers::{Format, Serialized, Toml};
use figment::value::{Dict, Num, Value};
use figment::{Figment, Provider};

use super::{Environment, SettingsError, Sources, Written};

/// The variable that chooses the environment.
pub(super) const ENVIRONMENT: &str = "SAVDO_ENVIRONMENT";

const PREFIX: &str = "SAVDO_";

/// Variables with our prefix that are no configuration of the server.
const TOLERATED: [&str; 4] = [
    ENVIRONMENT,
    "SAVDO_TEST_POSTGRES_URL",
    "SAVDO_TEST_REDIS_URL",
    "SAVDO_TEST_REPLICA_URL",
];

/// What platforms call these keys.
const CONVENTIONAL: [(&str, &str); 4] = [
    ("DATABASE_URL", "database.url"),
    ("PORT", "server.port"),
    ("REDIS_URL", "limits.redis_url"),
    ("SECRET_KEY", "security.secret"),
];

/// Keys whose values are never shown.
const HIDDEN: [&str; 12] = [
    "security.secret",
    "database.url",
    "database.replica_url",
    "limits.redis_url",
    "email.smtp_password",
    "sms.hook_token",
    "sms.eskiz_password",
    "sms.playmobile_password",
    "payments.payme.key",
    "payments.payme.previous_key",
    "payments.click.secret_key",
    "payments.click.previous_secret_key",
];

const DEFAULT: &str = include_str!("../../../../config/default.toml");
const DEVELOPMENT: &str = include_str!("../../../../config/development.toml");
const PRODUCTION: &str = include_str!("../../../../config/production.toml");

/// Merges all layers.
pub(super) fn read(sources: &Sources, environment: Environment) -> Result<Written, SettingsError> {
    let (name, embedded) = match environment {
        Environment::Development => ("development", DEVELOPMENT),
        Environment::Production => ("production", PRODUCTION),
    };
    let known = parse(DEFAULT, "default.toml")?;
    let mut figment = Figment::from(Serialized::defaults(&known));
    for (name, embedded) in [("default", None), (name, Some(embedded))] {
        if let Some(embedded) = embedded {
            figment = figment.merge(Serialized::defaults(parse(embedded, name)?));
        }
        if let Some(file) = file(&sources.folder, name, &known)? {
            figment = figment.merge(Serialized::defaults(file));
        }
    }
    for (key, value) in variables(sources, &known)? {
        figment = figment.merge(Serialized::default(&key, value));
    }
    figment.extract().map_err(|error| misfit(&error))
}

/// The variables that set a key: `SAVDO_SERVER__PORT, PORT`.
pub(super) fn variables_of(key: &str) -> String {
    let own = format!("{PREFIX}{}", key.to_uppercase().replace('.', "__"));
    let conventional = CONVENTIONAL.iter().find(|(_, known)| *known == key);
    conventional.map_or_else(|| own.clone(), |(alias, _)| format!("{own}, {alias}"))
}

fn parse(text: &str, place: &str) -> Result<Dict, SettingsError> {
    let sections = Toml::string(text).data().map_err(|error| SettingsError::Unreadable {
        place: place.to_owned(),
        why: error.kind.to_string(),
    })?;
    Ok(sections.into_values().next().unwrap_or_default())
}

/// A file of `./config/`, which may be missing but has no key that nobody reads.
fn file(folder: &Path, name: &str, known: &Dict) -> Result<Option<Dict>, SettingsError> {
    let path = folder.join("config").join(format!("{name}.toml"));
    let place = format!("config/{name}.toml");
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            let why = error.to_string();
            return Err(SettingsError::Unreadable { place, why });
        }
    };
    let file = parse(&text, &place)?;
    match unknown_key(&file, known) {
        Some(key) => Err(SettingsError::UnknownKey { key, place }),
        None => Ok(Some(file)),
    }
}

fn unknown_key(file: &Dict, known: &Dict) -> Option<String> {
    file.iter().find_map(|(name, content)| match known.get(name) {
        None => Some(name.clone()),
        Some(expected) => {
            let unknown = unknown_key(content.as_dict()?, expected.as_dict()?)?;
            Some(format!("{name}.{unknown}"))
        }
    })
}

/// The keys that variables set, in the order of their precedence. A variable takes the type that its key has by default.
fn variables(sources: &Sources, known: &Dict) -> Result<Vec<(String, Value)>, SettingsError> {
    let mut found = Vec::new();
    for (name, text) in &sources.variables {
        let Some(rest) = name.strip_prefix(PREFIX) else {
            continue;
        };
        if TOLERATED.contains(&name.as_str()) {
            continue;
        }
        let key = rest.to_lowercase().replace("__", ".");
        let default = default_of(known, &key).ok_or_else(|| SettingsError::UnknownVariable(name.clone()))?;
        found.push((key, typed(text, default)));
    }
    for (name, key) in CONVENTIONAL {
        let Some(text) = sources.variable(name).filter(|text| !text.is_empty()) else {
            continue;
        };
        let Some(default) = default_of(known, key) else {
            continue;
        };
        found.push((key.to_owned(), typed(text, default)));
    }
    Ok(found)
}

fn default_of<'a>(known: &'a Dict, key: &str) -> Option<&'a Value> {
    match key.split_once('.') {
        Some((section, rest)) => default_of(known.get(section)?.as_dict()?, rest),
        None => known.get(key).filter(|default| default.as_dict().is_none()),
    }
}

/// A text that does not fit stays one: the type that is expected says what is wrong with it.
fn typed(text: &str, default: &Value) -> Value {
    match default {
        Value::Bool(..) => text.parse::<bool>().map_or_else(|_| Value::from(text), Value::from),
        Value::Num(_, Num::F32(_) | Num::F64(_)) => Value::from(text),
        Value::Num(..) => text.parse::<i64>().map_or_else(|_| Value::from(text), Value::from),
        _ => Value::from(text),
    }
}

fn misfit(error: &figment::Error) -> SettingsError {
    let key = error.path.join(".");
    if HIDDEN.contains(&key.as_str()) {
        return SettingsError::invalid(&key, "is no text");
    }
    let why = match &error.kind {
        Kind::InvalidType(found, expected) | Kind::InvalidValue(found, expected) => {
            format!("is {}; it is {}", shown(found), wanted(&expected.to_string()))
        }
        Kind::UnknownVariant(found, known) => format!("is {found:?}; it is one of {}", known.join(", ")),
        other => other.to_string(),
    };
    SettingsError::invalid(&key, why)
}

fn shown(found: &Actual) -> String {
    match found {
        Actual::Str(text) => format!("{text:?}"),
        Actual::Unsigned(number) => number.to_string(),
        Actual::Signed(number) => number.to_string(),
        other => other.to_string(),
    }
}

/// The type of a key, in words.
fn wanted(expected: &str) -> &str {
    match expected {
        "a boolean" => "true or false",
        "u16" => "a number from 0 to 65535",
        "u32" | "u64" | "usize" => "a whole number",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use figment::value::Dict;

    use super::{DEFAULT, DEVELOPMENT, PRODUCTION, default_of, parse, unknown_key, variables_of};

    /// Every key with its sections: `payments.payme.key`.
    fn keys(sections: &Dict) -> Vec<String> {
        let of = |(name, content): (&String, &figment::value::Value)| match content.as_dict() {
            Some(section) => keys(section).iter().map(|key| format!("{name}.{key}")).collect(),
            None => vec![name.clone()],
        };
        sections.iter().flat_map(of).collect()
    }

    #[test]
    fn the_files_of_the_environments_have_no_key_of_their_own() {
        let known = parse(DEFAULT, "default").unwrap();

        for file in [DEVELOPMENT, PRODUCTION] {
            assert_eq!(unknown_key(&parse(file, "environment").unwrap(), &known), None);
        }
    }

    #[test]
    fn every_key_is_commented_with_its_variables() {
        for file in [DEFAULT, DEVELOPMENT, PRODUCTION] {
            for key in keys(&parse(file, "file").unwrap()) {
                let variables = variables_of(&key);
                let own = variables.split(',').next().unwrap();
                assert!(file.contains(own), "{own}");
                assert!(!file.ends_with("default") || file.contains(&variables), "{variables}");
            }
        }
    }

    #[test]
    fn a_section_may_stand_within_another_and_is_no_key_itself() {
        let known = parse(DEFAULT, "default").unwrap();
        let unknown = |text: &str| unknown_key(&parse(text, "file").unwrap(), &known);

        assert!(default_of(&known, "payments.payme.key").is_some());
        for none in [
            "payments",
            "payments.payme",
            "payments.payme.none",
            "payments.payme.key.x",
        ] {
            assert!(default_of(&known, none).is_none(), "{none}");
        }
        assert_eq!(unknown("[payments.payme]\nkey = \"x\"\n"), None);
        let odd = unknown("[payments.payme]\nkye = \"x\"\n");
        assert_eq!(odd.as_deref(), Some("payments.payme.kye"));
    }
}
