//! Every rule over the real tree. Each test also proves that it looked at something.

use std::collections::BTreeSet;
use std::io;

use savdo_tidy::Violation;
use savdo_tidy::escapes;
use savdo_tidy::layers::{self, LAYERS, Layer};
use savdo_tidy::length;
use savdo_tidy::lints;
use savdo_tidy::migrations;
use savdo_tidy::phrases;
use savdo_tidy::repository::{self, RustFile, TextFile};
use savdo_tidy::traces;

/// The file that spells out what it forbids.
const TRACES_THEMSELVES: &str = "tidy/src/traces.rs";

fn files() -> io::Result<Vec<TextFile>> {
    repository::text_files(&repository::root())
}

fn crate_folders(files: &[TextFile]) -> BTreeSet<&str> {
    let manifests = files
        .iter()
        .filter_map(|file| file.path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml"));
    manifests.collect()
}

fn layers_present(files: &[TextFile]) -> Vec<&'static Layer> {
    let folders = crate_folders(files);
    LAYERS.iter().filter(|layer| folders.contains(layer.folder)).collect()
}

fn assert_none(violations: &[Violation]) {
    let lines: Vec<String> = violations.iter().map(ToString::to_string).collect();
    assert!(violations.is_empty(), "\n{}\n", lines.join("\n"));
}

#[test]
fn every_crate_has_its_layer() -> io::Result<()> {
    let files = files()?;
    let folders = crate_folders(&files);

    assert!(folders.len() >= 5, "{folders:?}");
    assert_none(&layers::unknown_crates(folders.into_iter()));
    Ok(())
}

#[test]
fn no_layer_stands_on_a_forbidden_package() -> io::Result<()> {
    let root = repository::root();
    let mut violations = Vec::new();
    for layer in layers_present(&files()?) {
        let whole_tree = repository::dependency_tree(&root, layer, None)?;
        let direct = repository::dependency_tree(&root, layer, Some(1))?;
        assert!(whole_tree.starts_with(&layer.package()), "{whole_tree}");
        assert!(
            direct.lines().count() > 1 && direct.lines().count() <= whole_tree.lines().count(),
            "{direct}"
        );
        violations.extend(layer.forbidden_packages(&whole_tree, &direct));
    }

    assert_none(&violations);
    Ok(())
}

#[test]
fn no_layer_says_a_forbidden_word() -> io::Result<()> {
    let files = files()?;
    let rust = repository::rust_files(&files)?;
    let mut violations = Vec::new();
    for layer in layers_present(&files) {
        let folder = format!("crates/{}/src/", layer.folder);
        let sources: Vec<&RustFile> = rust.iter().filter(|file| file.path.starts_with(&folder)).collect();
        assert!(!sources.is_empty(), "{folder}");
        violations.extend(
            sources
                .iter()
                .flat_map(|file| phrases::forbidden_phrases(&file.path, &file.code, layer.phrases)),
        );
    }

    assert_none(&violations);
    Ok(())
}

#[test]
fn both_databases_have_the_same_migrations() -> io::Result<()> {
    let files = files()?;
    let tree = |folder: &str| migrations::migrations(files.iter().filter_map(|file| file.path.strip_prefix(folder)));
    let (sqlite, postgres) = (tree("migrations/sqlite/"), tree("migrations/postgres/"));

    assert!(
        !sqlite.is_empty() && !postgres.is_empty(),
        "migrations/sqlite and migrations/postgres hold the migrations"
    );
    assert_none(&migrations::differences(&sqlite, &postgres));
    Ok(())
}

#[test]
fn no_source_file_is_too_long() -> io::Result<()> {
    let files = files()?;
    let sources: Vec<&TextFile> = files.iter().filter(|file| file.path.ends_with(".rs")).collect();
    let violations: Vec<Violation> = sources
        .iter()
        .filter_map(|file| length::too_long(&file.path, &file.text))
        .collect();

    assert!(sources.len() >= 10, "{} sources", sources.len());
    assert_none(&violations);
    Ok(())
}

#[test]
fn every_crate_obeys_every_lint() -> io::Result<()> {
    let files = files()?;
    let (workspace, crates): (Vec<&TextFile>, Vec<&TextFile>) = files
        .iter()
        .filter(|file| file.path.ends_with("Cargo.toml"))
        .partition(|file| file.path == "Cargo.toml");
    let mut violations: Vec<Violation> = workspace
        .iter()
        .flat_map(|file| lints::missing_lints(&file.path, &file.text))
        .collect();
    violations.extend(
        crates
            .iter()
            .filter_map(|file| lints::does_not_inherit(&file.path, &file.text)),
    );

    assert_eq!(workspace.len(), 1);
    assert!(crates.len() >= 7, "{} manifests", crates.len());
    assert_none(&violations);
    Ok(())
}

#[test]
fn nothing_escapes_the_lints() -> io::Result<()> {
    let rust = repository::rust_files(&files()?)?;
    let production: usize = rust
        .iter()
        .map(|file| file.code.tokens.iter().filter(|token| !token.is_test).count())
        .sum();
    let violations: Vec<Violation> = rust
        .iter()
        .flat_map(|file| escapes::escapes(&file.path, &file.code))
        .collect();

    assert!(production > 1000, "{production} tokens of production code");
    assert_none(&violations);
    Ok(())
}

#[test]
fn no_file_bears_traces_of_a_machine() -> io::Result<()> {
    let files = files()?;
    let read: Vec<&TextFile> = files.iter().filter(|file| file.path != TRACES_THEMSELVES).collect();
    let violations: Vec<Violation> = read
        .iter()
        .flat_map(|file| traces::traces(&file.path, &file.text))
        .collect();

    assert!(read.iter().any(|file| file.path == "Cargo.lock"));
    assert_eq!(read.len() + 1, files.len());
    assert_none(&violations);
    Ok(())
}
