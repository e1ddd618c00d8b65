//! The files of this repository, as they lie in the working tree.
//!
//! Build output, local data and the version history are left out; whatever else lies here is about to be committed. Paths are
//! relative to the root, with `/`.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::code::Code;
use crate::layers::Layer;

/// What at the root is never committed: the history, the data of a local run, build output.
const LEFT_OUT: &[&str] = &[".git", "data", "target"];

/// What cargo writes into each of its build folders, whatever they are called.
const BUILD_FOLDER_TAG: &str = "CACHEDIR.TAG";

/// One file; bytes that are not UTF-8 are replaced.
#[derive(Clone, Debug)]
pub struct TextFile {
    /// Relative to the root.
    pub path: String,
    /// The whole text.
    pub text: String,
}

/// One Rust file, in which test code is known as such.
#[derive(Clone, Debug)]
pub struct RustFile {
    /// Relative to the root.
    pub path: String,
    /// The tokens; all of them test code in the file of a test target or test module.
    pub code: Code,
}

/// The root of the workspace.
#[must_use]
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// Reads every file below a folder, in the order of their paths.
///
/// # Errors
/// When a file or folder cannot be read.
pub fn text_files(root: &Path) -> io::Result<Vec<TextFile>> {
    let mut found = Vec::new();
    collect(root, "", &mut found)?;
    found.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(found)
}

fn collect(folder: &Path, prefix: &str, found: &mut Vec<TextFile>) -> io::Result<()> {
    if folder.join(BUILD_FOLDER_TAG).exists() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        let kind = entry.file_type()?;
        if kind.is_dir() && !LEFT_OUT.contains(&path.as_str()) {
            collect(&entry.path(), &format!("{path}/"), found)?;
        } else if kind.is_file() {
            let text = String::from_utf8_lossy(&fs::read(entry.path())?).into_owned();
            found.push(TextFile { path, text });
        }
    }
    Ok(())
}

/// Reads the Rust files among others and tells test code from production code.
///
/// # Errors
/// When a file is not Rust.
pub fn rust_files(files: &[TextFile]) -> io::Result<Vec<RustFile>> {
    let mut parsed = Vec::new();
    for file in files.iter().filter(|file| file.path.ends_with(".rs")) {
        let code = Code::parse(&file.text).map_err(|error| io::Error::other(format!("{}: {error}", file.path)))?;
        parsed.push(RustFile {
            path: file.path.clone(),
            code,
        });
    }
    let test_modules: BTreeSet<String> = parsed.iter().flat_map(test_module_paths).collect();
    let mark = |file: RustFile| {
        let is_test = is_test_target(&file.path) || is_in_module(&file.path, &test_modules);
        let code = if is_test { file.code.into_test() } else { file.code };
        RustFile { path: file.path, code }
    };
    Ok(parsed.into_iter().map(mark).collect())
}

/// The package `tests`, and the folders of test targets beside a crate's `src`.
fn is_test_target(path: &str) -> bool {
    let top: Vec<&str> = path.split('/').collect();
    matches!(
        top.as_slice(),
        ["tests", ..] | ["crates", _, "tests" | "benches", ..] | [_, "tests" | "benches", ..]
    )
}

/// The paths, without `.rs`, of the modules that this file declares for tests alone.
fn test_module_paths(file: &RustFile) -> Vec<String> {
    let (folder, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
    let parent = match name.trim_end_matches(".rs") {
        "lib" | "main" | "mod" => folder.to_owned(),
        module => format!("{folder}/{module}"),
    };
    file.code
        .test_modules
        .iter()
        .map(|module| format!("{parent}/{module}"))
        .collect()
}

fn is_in_module(path: &str, modules: &BTreeSet<String>) -> bool {
    modules.iter().any(|module| {
        path.strip_prefix(module.as_str())
            .is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
    })
}

/// Asks cargo which packages a crate stands on, development and build dependencies left out; `depth` counts from the crate.
///
/// # Errors
/// With cargo's own words when it fails, as it does when the lock file does not fit the manifests.
pub fn dependency_tree(root: &Path, layer: &Layer, depth: Option<u8>) -> io::Result<String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(root).args([
        "tree", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}|{f}",
    ]);
    cargo.args(["--package", &layer.package()]);
    if let Some(depth) = depth {
        cargo.args(["--depth", &depth.to_string()]);
    }
    let output = cargo.output()?;
    if !output.status.success() {
        return Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn production_tokens(files: &[(&str, &str)]) -> Vec<(String, usize)> {
        let files: Vec<TextFile> = files
            .iter()
            .map(|(path, text)| TextFile {
                path: (*path).to_owned(),
                text: (*text).to_owned(),
            })
            .collect();
        let parsed = rust_files(&files).expect("the examples are Rust");
        parsed
            .into_iter()
            .map(|file| {
                (
                    file.path,
                    file.code.tokens.iter().filter(|token| !token.is_test).count(),
                )
            })
            .collect()
    }

    #[test]
    fn the_files_of_test_modules_are_test_code() {
        let counted = production_tokens(&[
            (
                "crates/a/src/lib.rs",
                "#[cfg(feature = \"testing\")] pub mod testing; mod sale;",
            ),
            ("crates/a/src/testing.rs", "mod world;"),
            ("crates/a/src/testing/world.rs", "fn a() {}"),
            ("crates/a/src/sale.rs", "#[cfg(test)] mod tests;"),
            ("crates/a/src/sale/tests.rs", "fn a() {}"),
            ("crates/a/src/testing_rules.rs", "fn a() {}"),
        ]);

        let production: Vec<&str> = counted
            .iter()
            .filter(|(_, count)| *count > 0)
            .map(|(path, _)| path.as_str())
            .collect();

        assert_eq!(production, ["crates/a/src/lib.rs", "crates/a/src/testing_rules.rs"]);
    }

    #[test]
    fn the_files_of_test_targets_are_test_code() {
        let counted = production_tokens(&[
            ("tests/shop/sales.rs", "fn a() {}"),
            ("crates/a/tests/ledger.rs", "fn a() {}"),
            ("crates/a/src/tests_of_time.rs", "fn a() {}"),
        ]);

        let counts: Vec<usize> = counted.into_iter().map(|(_, count)| count).collect();

        assert_eq!(counts, [0, 0, 6]);
    }

    #[test]
    fn a_file_that_is_not_rust_is_named() {
        let file = TextFile {
            path: "crates/a/src/lib.rs".to_owned(),
            text: "fn a( {".to_owned(),
        };

        let error = rust_files(&[file]).expect_err("brackets do not match").to_string();

        assert!(error.starts_with("crates/a/src/lib.rs: "), "{error}");
    }

    #[test]
    fn this_file_is_found_and_build_output_is_not() {
        let files = text_files(&root()).expect("the tree is readable");

        assert!(files.iter().any(|file| file.path == "tidy/src/repository.rs"));
        assert!(
            !files
                .iter()
                .any(|file| file.path.starts_with("target/") || file.path.starts_with(".git/"))
        );
    }
}
