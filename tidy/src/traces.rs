//! Traces of the machine a file was written on: they mean nothing elsewhere.
//!
//! A path counts only where it begins, so `$HOME/work/` or the path of a URL is none. The lock file names one source.

use crate::Violation;

const FOLDERS: &[&str] = &["/home/", "/Users/", "/root/", "/work/", "C:\\"];

/// Signs that packages come from elsewhere than cargo's default registry.
const REGISTRIES: &[&str] = &[
    "sparse+",
    "replace-with",
    "index.crates.io",
    "static.crates.io",
    "registry.npmjs.org",
    "pypi.org",
    "pythonhosted.org",
];

const DEFAULT_SOURCE: &str = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";

/// Finds paths of one machine and registries of one network in any file.
#[must_use]
pub fn traces(path: &str, text: &str) -> Vec<Violation> {
    let is_lock_file = path.ends_with("Cargo.lock");
    text.lines()
        .enumerate()
        .flat_map(|(index, line)| {
            let folders = FOLDERS.iter().filter(|folder| starts_a_path(line, folder));
            let folders = folders.map(|folder| format!("`{folder}` is a path of one machine"));
            let registries = REGISTRIES.iter().filter(|registry| line.contains(**registry));
            let registries =
                registries.map(|registry| format!("`{registry}`: packages come from cargo's default registry"));
            let is_foreign = is_lock_file && line.starts_with("source = ") && line != DEFAULT_SOURCE;
            let foreign = is_foreign.then(|| format!("{line}: packages come from cargo's default registry"));
            let faults: Vec<String> = folders.chain(registries).chain(foreign).collect();
            faults
                .into_iter()
                .map(move |fault| Violation::at_line(path, index + 1, fault))
        })
        .collect()
}

fn starts_a_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(position, _)| {
        let before = line.get(..position).and_then(|text| text.chars().next_back());
        !before.is_some_and(|character| character.is_ascii_alphanumeric() || "/._-~}*>".contains(character))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_one_machine_is_found_wherever_it_begins() {
        for line in [
            "cd /home/ali/savdo",
            "root=\"/root/savdo\"",
            "PATH=/bin:/work/bin",
            "(/Users/ali)",
            "C:\\savdo",
        ] {
            assert_eq!(traces("README.md", line).len(), 1, "{line}");
        }
    }

    #[test]
    fn a_part_of_another_path_is_none() {
        for line in [
            "$HOME/work/",
            "https://example.uz/home/",
            "../root/",
            "api/v2/users/",
            "${FOLDER}/work/",
        ] {
            assert_eq!(traces("README.md", line), [], "{line}");
        }
    }

    #[test]
    fn a_registry_of_one_network_is_found_with_its_line() {
        assert_eq!(
            traces(".cargo/config.toml", "[source.default]\nreplace-with = \"mirror\""),
            [Violation::at(
                ".cargo/config.toml:2",
                "`replace-with`: packages come from cargo's default registry"
            )]
        );
    }

    #[test]
    fn the_lock_file_names_one_source() {
        let git = "[[package]]\nsource = \"git+https://example.uz/diesel\"";

        assert_eq!(traces("Cargo.lock", git).len(), 1);
        assert_eq!(traces("Cargo.lock", DEFAULT_SOURCE), []);
        assert_eq!(traces("README.md", git), []);
    }
}
