//! Two trees of migrations that stay one history.
//!
//! What the migrations make is compared on live databases by a test of the persistence crate; here only their names.

use std::collections::{BTreeMap, BTreeSet};

use crate::Violation;

/// The names of the files in each migration of one tree, by the name of the migration.
pub type Migrations = BTreeMap<String, BTreeSet<String>>;

const STEPS: &[&str] = &["down.sql", "up.sql"];

/// Sorts paths below one folder (`20260101000000_stores/up.sql`) into migrations.
#[must_use]
pub fn migrations<'a>(paths: impl Iterator<Item = &'a str>) -> Migrations {
    let mut found = Migrations::new();
    for path in paths {
        let (name, file) = path.split_once('/').unwrap_or((path, ""));
        found.entry(name.to_owned()).or_default().insert(file.to_owned());
    }
    found
}

/// Names every migration that only one of the two databases has, and every one without its two steps.
#[must_use]
pub fn differences(sqlite: &Migrations, postgres: &Migrations) -> Vec<Violation> {
    let lonely = |here: &Migrations, here_name: &str, there: &Migrations, there_name: &str| -> Vec<Violation> {
        here.keys()
            .filter(|name| !there.contains_key(*name))
            .map(|name| {
                Violation::at(
                    format!("migrations/{here_name}/{name}"),
                    format!("migrations/{there_name} lacks it"),
                )
            })
            .collect()
    };
    let incomplete = |tree: &Migrations, tree_name: &str| -> Vec<Violation> {
        tree.iter()
            .filter(|(_, files)| !files.iter().map(String::as_str).eq(STEPS.iter().copied()))
            .map(|(name, _)| {
                Violation::at(
                    format!("migrations/{tree_name}/{name}"),
                    "a migration is a folder of up.sql and down.sql",
                )
            })
            .collect()
    };
    [
        lonely(sqlite, "sqlite", postgres, "postgres"),
        lonely(postgres, "postgres", sqlite, "sqlite"),
        incomplete(sqlite, "sqlite"),
        incomplete(postgres, "postgres"),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_trees_pass() {
        let tree = migrations(["1_stores/up.sql", "1_stores/down.sql"].into_iter());

        assert_eq!(differences(&tree, &tree), []);
    }

    #[test]
    fn a_migration_of_one_database_alone_is_named() {
        let sqlite = migrations(["1_stores/up.sql", "1_stores/down.sql"].into_iter());
        let postgres = migrations(["1_shops/up.sql", "1_shops/down.sql"].into_iter());

        assert_eq!(
            differences(&sqlite, &postgres),
            [
                Violation::at("migrations/sqlite/1_stores", "migrations/postgres lacks it"),
                Violation::at("migrations/postgres/1_shops", "migrations/sqlite lacks it"),
            ]
        );
    }

    #[test]
    fn a_migration_without_a_way_back_is_named() {
        let sqlite = migrations(["1_stores/up.sql"].into_iter());
        let postgres = migrations(["1_stores/up.sql", "1_stores/down.sql"].into_iter());

        assert_eq!(
            differences(&sqlite, &postgres),
            [Violation::at(
                "migrations/sqlite/1_stores",
                "a migration is a folder of up.sql and down.sql"
            )]
        );
    }

    #[test]
    fn a_stray_file_is_named() {
        let tree = migrations(["notes.sql"].into_iter());

        assert_eq!(differences(&tree, &tree).len(), 2);
    }
}
