//! What each layer may know of the others.
//!
//! Packages are judged by `cargo tree` of the layer's crate, without development and build dependencies; words by its production
//! code. `server` and `tests` wire everything and have no rule. Absent: "no business `if` in persistence", which only a reader can judge.

use crate::Violation;
use crate::phrases::Phrase;

/// One crate under `crates/` and what it must never see. A package's name stands for its family: `actix` for `actix-web` too.
#[derive(Clone, Copy, Debug)]
pub struct Layer {
    /// The folder under `crates/`; the package is called `savdo-` and that.
    pub folder: &'static str,
    /// The only packages it may depend on directly, where that list is closed.
    pub may_use: Option<&'static [&'static str]>,
    /// Packages that stand nowhere below it.
    pub never: &'static [&'static str],
    /// Packages it does not depend on itself, though a layer below may.
    pub never_directly: &'static [&'static str],
    /// Features, each of a package, that it leaves off.
    pub never_features: &'static [(&'static str, &'static str)],
    /// What its production code does not say.
    pub phrases: &'static [Phrase],
}

const NO_RULE: Layer = Layer {
    folder: "",
    may_use: None,
    never: &[],
    never_directly: &[],
    never_features: &[],
    phrases: &[],
};

const ASK_SERVICES: &str = "ask the services, which know the database";

const HTTP_PHRASES: &[Phrase] = &[
    Phrase {
        tokens: "schema : :",
        unless_after: Some("openapi : :"),
        why: ASK_SERVICES,
    },
    Phrase::new("diesel : :", ASK_SERVICES),
    Phrase::new("savdo_persistence", ASK_SERVICES),
];

const TIME: &str = "the domain takes the time as an argument";
const CHANCE: &str = "the domain decides the same from the same arguments";
const SETTINGS: &str = "the domain takes settings as arguments";

/// Every layer, from the inside out.
pub const LAYERS: &[Layer] = &[
    Layer {
        folder: "domain",
        may_use: Some(&[
            "base64",
            "bigdecimal",
            "chrono",
            "chrono-tz",
            "form_urlencoded",
            "md-5",
            "serde",
            "sha1",
            "subtle",
            "thiserror",
            "unicode-normalization",
        ]),
        never: &["actix", "anyhow", "diesel", "getrandom", "rand", "tokio"],
        never_features: &[("chrono", "clock"), ("chrono", "now")],
        phrases: &[
            Phrase::new("now (", TIME),
            Phrase::new(": : now", TIME),
            Phrase::new("SystemTime", TIME),
            Phrase::new("Instant", TIME),
            Phrase::new("rand", CHANCE),
            Phrase::new("getrandom", CHANCE),
            Phrase::new("RandomState", CHANCE),
            Phrase::new("env", SETTINGS),
            Phrase::new("option_env", SETTINGS),
        ],
        ..NO_RULE
    },
    Layer {
        folder: "persistence",
        never: &["actix", "tokio"],
        never_directly: &["serde_json", "utoipa"],
        phrases: &[
            Phrase::new("serde_json", "the shape of an answer belongs to the API"),
            Phrase::new("Serialize", "the shape of an answer belongs to the API"),
            Phrase::new("ToSchema", "the shape of an answer belongs to the API"),
        ],
        ..NO_RULE
    },
    Layer {
        folder: "services",
        never: &["actix", "tokio"],
        never_directly: &["diesel"],
        phrases: &[
            Phrase::new("StatusCode", "a refusal has a code; the API gives it a status"),
            Phrase::new("HttpResponse", "a refusal has a code; the API gives it a status"),
            Phrase::new("diesel : :", "ask persistence, which knows the database"),
            Phrase {
                tokens: "schema : :",
                unless_after: Some("openapi : :"),
                why: "ask persistence, which knows the tables",
            },
        ],
        ..NO_RULE
    },
    Layer {
        folder: "gateways",
        never: &["actix"],
        never_directly: &["savdo-persistence"],
        ..NO_RULE
    },
    Layer {
        folder: "paper",
        // What stands on a slip comes as text: neither the trade nor an answer is known here.
        may_use: Some(&["krilla", "qrcode", "skrifa", "thiserror"]),
        never: &["actix", "diesel", "serde_json", "tokio"],
        ..NO_RULE
    },
    Layer {
        folder: "api",
        never_directly: &["diesel", "savdo-persistence"],
        phrases: HTTP_PHRASES,
        ..NO_RULE
    },
    Layer {
        folder: "admin",
        never_directly: &["diesel", "savdo-persistence"],
        phrases: HTTP_PHRASES,
        ..NO_RULE
    },
    Layer {
        folder: "server",
        ..NO_RULE
    },
];

impl Layer {
    /// The name cargo knows the crate by.
    #[must_use]
    pub fn package(&self) -> String {
        format!("savdo-{}", self.folder)
    }

    /// Judges the packages below this crate; each list is the output of `cargo tree --prefix none --format {p}|{f}` with the crate
    /// itself in the first line, once whole and once of depth 1.
    #[must_use]
    pub fn forbidden_packages(&self, whole_tree: &str, direct: &str) -> Vec<Violation> {
        let place = self.package();
        let never = dependencies(whole_tree)
            .filter(|dependency| self.never.iter().any(|family| dependency.is_of(family)))
            .map(|dependency| format!("{} stands below it", dependency.name));
        let never_directly = dependencies(direct)
            .filter(|dependency| self.never_directly.iter().any(|family| dependency.is_of(family)))
            .map(|dependency| format!("it depends on {} itself", dependency.name));
        let unlisted = dependencies(direct)
            .filter(|dependency| self.may_use.is_some_and(|list| !list.contains(&dependency.name)))
            .map(|dependency| format!("{} is not on the list of what it may use", dependency.name));
        let features = dependencies(whole_tree).flat_map(|dependency| {
            let forbidden = self
                .never_features
                .iter()
                .filter(move |(package, _)| *package == dependency.name);
            let switched_on =
                forbidden.filter(move |(_, feature)| dependency.features.split(',').any(|on| on == *feature));
            switched_on.map(|(package, feature)| format!("{package} has its feature `{feature}`"))
        });
        let mut faults: Vec<String> = never.chain(never_directly).chain(unlisted).chain(features).collect();
        faults.sort();
        faults.dedup();
        faults.into_iter().map(|fault| Violation::at(&place, fault)).collect()
    }
}

/// Names the folders under `crates/` that no rule knows.
#[must_use]
pub fn unknown_crates<'a>(folders: impl Iterator<Item = &'a str>) -> Vec<Violation> {
    folders
        .filter(|folder| !LAYERS.iter().any(|layer| layer.folder == *folder))
        .map(|folder| {
            Violation::at(
                format!("crates/{folder}"),
                "a crate needs its row in the table of layers",
            )
        })
        .collect()
}

/// The packages of a tree, without the crate it is of.
fn dependencies(tree: &str) -> impl Iterator<Item = Dependency<'_>> {
    tree.lines().skip(1).filter_map(|line| {
        let (package, features) = line.split_once('|')?;
        let name = package.split_whitespace().next()?;
        let features = features.trim_end_matches("(*)").trim();
        Some(Dependency { name, features })
    })
}

#[derive(Clone, Copy)]
struct Dependency<'a> {
    name: &'a str,
    features: &'a str,
}

impl Dependency<'_> {
    fn is_of(&self, family: &str) -> bool {
        self.name
            .strip_prefix(family)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::Code;
    use crate::phrases::forbidden_phrases;

    fn layer(folder: &str) -> &'static Layer {
        LAYERS
            .iter()
            .find(|layer| layer.folder == folder)
            .expect("the layer has a row")
    }

    fn faults(folder: &str, whole_tree: &str, direct: &str) -> Vec<String> {
        let violations = layer(folder).forbidden_packages(whole_tree, direct);
        violations.into_iter().map(|violation| violation.to_string()).collect()
    }

    fn says(folder: &str, text: &str) -> usize {
        let code = Code::parse(text).expect("the example is Rust");
        forbidden_phrases("a.rs", &code, layer(folder).phrases).len()
    }

    #[test]
    fn a_forbidden_package_is_found_anywhere_below() {
        let tree =
            "savdo-services v0.1.0 (path)|\nanyhow v1.0.0|std\nactix-rt v2.0.0|default (*)\nactix-rt v2.0.0|default\n";

        assert_eq!(
            faults("services", tree, "savdo-services v0.1.0|\nanyhow v1.0.0|std\n"),
            ["savdo-services: actix-rt stands below it"]
        );
    }

    #[test]
    fn a_package_that_comes_along_is_no_direct_one() {
        let tree = "savdo-api v0.1.0 (path)|\nsavdo-services v0.1.0 (path)|\ndiesel v2.3.0|sqlite\n";

        assert_eq!(
            faults("api", tree, "savdo-api v0.1.0|\nsavdo-services v0.1.0|\n"),
            [""; 0]
        );
        assert_eq!(
            faults(
                "api",
                tree,
                "savdo-api v0.1.0|\ndiesel_migrations v2.3.0|\nsavdo-persistence v0.1.0|\n"
            ),
            [
                "savdo-api: it depends on diesel_migrations itself",
                "savdo-api: it depends on savdo-persistence itself"
            ]
        );
    }

    #[test]
    fn the_domain_uses_what_is_on_its_list_and_no_clock() {
        let tree = "savdo-domain v0.1.0 (path)|\nchrono v0.4.0|alloc,clock,std\nregex v1.0.0|default\n";

        assert_eq!(
            faults("domain", tree, tree),
            [
                "savdo-domain: chrono has its feature `clock`",
                "savdo-domain: regex is not on the list of what it may use"
            ]
        );
    }

    #[test]
    fn another_package_with_the_same_beginning_passes() {
        let tree = "savdo-domain v0.1.0 (path)|\nserde v1.0.0|\nrandom v1.0.0|\n";

        assert_eq!(faults("domain", tree, "savdo-domain v0.1.0|\nserde v1.0.0|\n"), [""; 0]);
    }

    #[test]
    fn the_domain_reads_no_clock_no_chance_and_no_settings() {
        assert_eq!(says("domain", "fn a() -> u8 { clock.now() }"), 1);
        assert_eq!(says("domain", "fn a() { let tick = Utc::now; }"), 1);
        assert_eq!(says("domain", "use std::{env, fmt};"), 1);
        assert_eq!(says("domain", "fn a() { rand::random() }"), 1);
        assert_eq!(
            says("domain", "fn is_open(now: DateTime<Utc>) -> bool { opens <= now }"),
            0
        );
    }

    #[test]
    fn persistence_knows_no_answers_and_services_no_status() {
        assert_eq!(says("persistence", "#[derive(Serialize)] struct Reply { id: i64 }"), 1);
        assert_eq!(says("persistence", "fn a() { serde_json::to_string(b) }"), 1);
        assert_eq!(says("services", "fn a() -> StatusCode { b }"), 1);
        assert_eq!(says("services", "use diesel::prelude::*;"), 1);
    }

    #[test]
    fn the_dialects_know_no_tables() {
        for folder in ["api", "admin"] {
            assert_eq!(says(folder, "use savdo_services::schema::sales;"), 1);
            assert_eq!(says(folder, "use utoipa::openapi::schema::Object;"), 0);
        }
    }

    #[test]
    fn a_crate_without_a_row_is_named() {
        let violations = unknown_crates(["domain", "helpers"].into_iter());

        assert_eq!(
            violations,
            [Violation::at(
                "crates/helpers",
                "a crate needs its row in the table of layers"
            )]
        );
    }
}
