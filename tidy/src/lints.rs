//! The lints that every crate obeys, as the manifests state them.

use crate::Violation;

/// What `[workspace.lints.clippy]` must hold: no `unwrap`, `expect`, `as` or slicing, nothing that panics or prints.
pub const CLIPPY: &[&str] = &[
    "all",
    "as_conversions",
    "dbg_macro",
    "expect_used",
    "indexing_slicing",
    "panic",
    "print_stderr",
    "print_stdout",
    "string_slice",
    "todo",
    "unimplemented",
    "unreachable",
    "unwrap_used",
];

/// What `[workspace.lints.rust]` must hold.
pub const RUST: &[&str] = &["missing_docs", "unsafe_code"];

/// Proves that a crate obeys the lints of the workspace.
#[must_use]
pub fn does_not_inherit(path: &str, manifest: &str) -> Option<Violation> {
    let inherits = entries(manifest, "[lints]").any(|(key, value)| key == "workspace" && value == "true");
    (!inherits).then(|| Violation::at(path, "without `[lints] workspace = true` it obeys no lint"))
}

/// Names the lints that the workspace's manifest has lost or weakened.
#[must_use]
pub fn missing_lints(path: &str, manifest: &str) -> Vec<Violation> {
    let clippy = missing(manifest, "[workspace.lints.clippy]", CLIPPY);
    let rust = missing(manifest, "[workspace.lints.rust]", RUST);
    clippy
        .chain(rust)
        .map(|(section, lint)| Violation::at(path, format!("{section} must warn of, deny or forbid `{lint}`")))
        .collect()
}

fn missing<'a>(manifest: &'a str, section: &'a str, lints: &'a [&str]) -> impl Iterator<Item = (&'a str, &'a str)> {
    let is_on = |value: &str| {
        ["\"warn\"", "\"deny\"", "\"forbid\""]
            .iter()
            .any(|level| value.contains(level))
    };
    lints
        .iter()
        .filter(move |lint| !entries(manifest, section).any(|(key, value)| key == **lint && is_on(value)))
        .map(move |lint| (section, *lint))
}

/// The `key = value` lines of one section.
fn entries<'a>(manifest: &'a str, section: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let lines = manifest
        .lines()
        .map(|line| line.split('#').next().unwrap_or_default().trim());
    lines
        .skip_while(move |line| *line != section)
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split_once('='))
        .map(|(key, value)| (key.trim(), value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_with_lints_of_its_own_or_none_is_named() {
        for manifest in [
            "[package]\n",
            "[lints]\nworkspace = false\n",
            "# [lints]\n# workspace = true\n",
            "[lints]\n[x]\nworkspace = true\n",
        ] {
            assert_eq!(
                does_not_inherit("a/Cargo.toml", manifest)
                    .map(|violation| violation.place)
                    .as_deref(),
                Some("a/Cargo.toml")
            );
        }
    }

    #[test]
    fn a_crate_with_the_lints_of_the_workspace_passes() {
        assert_eq!(
            does_not_inherit("a/Cargo.toml", "[package]\n\n[lints]\nworkspace = true # all\n"),
            None
        );
    }

    #[test]
    fn a_lint_that_was_removed_or_weakened_is_named() {
        let whole: Vec<String> = CLIPPY.iter().map(|lint| format!("{lint} = \"warn\"\n")).collect();
        let weakened = whole
            .concat()
            .replace("unwrap_used = \"warn\"", "unwrap_used = \"allow\"")
            .replace("panic = \"warn\"\n", "");
        let manifest = format!(
            "[workspace.lints.rust]\nunsafe_code = \"forbid\"\nmissing_docs = \"warn\"\n[workspace.lints.clippy]\n{weakened}"
        );

        let violations: Vec<String> = missing_lints("Cargo.toml", &manifest)
            .into_iter()
            .map(|violation| violation.fault)
            .collect();

        assert_eq!(
            violations,
            [
                "[workspace.lints.clippy] must warn of, deny or forbid `panic`",
                "[workspace.lints.clippy] must warn of, deny or forbid `unwrap_used`",
            ]
        );
    }

    #[test]
    fn a_level_may_stand_in_a_table() {
        let whole: Vec<String> = CLIPPY
            .iter()
            .map(|lint| format!("{lint} = {{ level = \"deny\", priority = -1 }}\n"))
            .collect();
        let manifest = format!(
            "[workspace.lints.rust]\nunsafe_code = \"forbid\"\nmissing_docs = \"warn\"\n[workspace.lints.clippy]\n{}",
            whole.concat()
        );

        assert_eq!(missing_lints("Cargo.toml", &manifest), []);
    }
}
