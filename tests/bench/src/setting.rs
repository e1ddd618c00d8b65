//! On what was measured: how large the database is, and of which version everything is.

use std::process::Command;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use crate::server::Setup;
use crate::store::Store;

/// Sizes that differ by more than so many per cent are different ones: each run leaves some orders and sales behind.
const APART_PERCENT: i64 = 10;

/// On what was measured.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Setting {
    /// Products of all stores.
    pub(crate) products: i64,
    /// Their orders.
    pub(crate) orders: i64,
    /// Their sales.
    pub(crate) sales: i64,
    /// What git calls the sources, where it is asked among them.
    pub(crate) revision: Option<String>,
    /// The version of the server.
    pub(crate) server: String,
    /// That of the database.
    pub(crate) database: String,
    /// How many processors there are.
    pub(crate) processors: usize,
}

impl Setting {
    /// Before anything is measured.
    pub(crate) fn find(setup: &Setup, store: &mut Store) -> anyhow::Result<Self> {
        let mut count = |table: &str| store.number(&format!("SELECT COUNT(*) AS number FROM {table}"));
        let (products, orders, sales) = (count("products")?, count("orders")?, count("sales")?);
        let mut git = Command::new("git");
        git.args(["describe", "--always", "--dirty", "--abbrev=12"]);
        Ok(Self {
            products,
            orders,
            sales,
            revision: said(&mut git).ok(),
            server: said(Command::new(&setup.binary).arg("--version"))?,
            database: match store.postmaster() {
                Some(_) => store.text("SELECT 'PostgreSQL ' || current_setting('server_version') AS text")?,
                None => store.text("SELECT 'SQLite ' || sqlite_version() AS text")?,
            },
            processors: std::thread::available_parallelism()?.get(),
        })
    }

    /// In what another one differs, so that figures of both tell more than one thing.
    pub(crate) fn differences(&self, other: &Self) -> Vec<String> {
        let Self {
            products,
            orders,
            sales,
            revision: _,
            server,
            database,
            processors,
        } = self;
        let mut all = Vec::new();
        for (what, one, other) in [
            ("products", *products, other.products),
            ("orders", *orders, other.orders),
            ("sales", *sales, other.sales),
        ] {
            if (one - other).abs() * 100 > one.max(other) * APART_PERCENT {
                all.push(format!("{one} {what} and {other}"));
            }
        }
        for (one, other) in [(server, &other.server), (database, &other.database)] {
            if one != other {
                all.push(format!("{one} and {other}"));
            }
        }
        if *processors != other.processors {
            all.push(format!("{processors} processors and {}", other.processors));
        }
        all
    }
}

impl std::fmt::Display for Setting {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let revision = self.revision.as_deref().unwrap_or("no revision known");
        write!(
            formatter,
            "{} ({revision}), {}, {} processors, {} products, {} orders, {} sales",
            self.server, self.database, self.processors, self.products, self.orders, self.sales
        )
    }
}

/// The first line that a program writes.
fn said(command: &mut Command) -> anyhow::Result<String> {
    let output = command
        .output()
        .with_context(|| format!("{command:?} cannot be started"))?;
    anyhow::ensure!(output.status.success(), "{command:?} failed");
    let text = String::from_utf8(output.stdout)?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting() -> Setting {
        Setting {
            products: 20_000,
            orders: 20_000,
            sales: 20_000,
            revision: Some("abc".to_owned()),
            server: "savdo 0.1.0".to_owned(),
            database: "SQLite 3.50.4".to_owned(),
            processors: 2,
        }
    }

    #[test]
    fn a_run_on_what_another_left_behind_is_like_it() {
        let other = Setting {
            orders: 22_000,
            revision: Some("def".to_owned()),
            ..setting()
        };

        assert_eq!(setting().differences(&other), [""; 0]);
    }

    #[test]
    fn other_sizes_and_versions_are_named() {
        let other = Setting {
            orders: 1_000_000,
            database: "PostgreSQL 15.18".to_owned(),
            processors: 8,
            ..setting()
        };

        assert_eq!(
            setting().differences(&other),
            [
                "20000 orders and 1000000",
                "SQLite 3.50.4 and PostgreSQL 15.18",
                "2 processors and 8"
            ]
        );
    }
}
