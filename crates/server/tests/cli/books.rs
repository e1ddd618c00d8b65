//! `savdo demo` and `savdo verify`.

use std::io::Write;
use std::process::{Output, Stdio};

use tempfile::TempDir;

use crate::{SECRET, refusal, run, savdo};

fn said(output: &Output) -> (Option<i32>, String) {
    (
        output.status.code(),
        String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}

/// A migrated database with one account in it.
fn with_an_admin() -> TempDir {
    let folder = TempDir::new().unwrap();
    run(&folder, &["migrate"], &[]);
    let arguments = ["create-admin", "--username", "bosh", "--phone", "901234567"];
    let mut command = savdo(&folder, &arguments, &[]).stdin(Stdio::piped()).spawn().unwrap();
    command.stdin.take().unwrap().write_all(b"tong-otguncha-7\n").unwrap();
    assert!(command.wait_with_output().unwrap().status.success());
    folder
}

#[test]
fn the_demo_refuses_production() {
    let folder = TempDir::new().unwrap();
    let variables = [
        ("SAVDO_ENVIRONMENT", "production"),
        ("SECRET_KEY", SECRET),
        (
            "SAVDO_FILES__KEY",
            "9c1f0d7be2a94c38ad61fe0b92c7d4e85f0d7c1be2a94c38ad61fe0b92c7d4e8",
        ),
    ];

    let output = run(&folder, &["demo", "--if-empty"], &variables);

    let why = "savdo: the demo has log-ins that everybody knows: never in production";
    assert_eq!(refusal(&output), (Some(1), why.to_owned()));
    assert!(!folder.path().join("data").exists());
}

#[test]
fn the_demo_refuses_a_database_with_users_and_leaves_it_as_it_is_when_told_so() {
    let folder = with_an_admin();

    let plain = run(&folder, &["demo"], &[]);
    let if_empty = run(&folder, &["demo", "--if-empty"], &[]);

    let why = "savdo: the database has users already; the demo fills an empty one only";
    assert_eq!(refusal(&plain), (Some(1), why.to_owned()));
    assert_eq!(said(&if_empty), (Some(0), String::new()));
}

#[test]
fn verify_counts_what_it_compared() {
    let folder = with_an_admin();

    let output = run(&folder, &["verify"], &[]);

    let summary = "Compared 0 products, 0 stock_levels, 0 stock_batches, 0 stock_movements, 0 stock_movement_parts, \
                   0 sales, 0 sale_lines, 0 sale_returns, 0 sale_return_lines, 0 orders, 0 order_lines, \
                   0 prescriptions, 0 prescription_images, 0 deliveries, 0 payments, 0 provider_transactions, 0 expenses, 0 shifts, 1 audit_entries, 0 audit_seals: all agree";
    assert_eq!(said(&output), (Some(0), summary.to_owned()));
}

#[test]
fn verify_makes_no_database_where_there_is_none() {
    let folder = TempDir::new().unwrap();

    let output = run(&folder, &["verify"], &[]);

    let why = "savdo: sqlite:data/savdo.db does not exist; run savdo migrate";
    assert_eq!(refusal(&output), (Some(1), why.to_owned()));
    assert!(!folder.path().join("data/savdo.db").exists());
}

#[test]
fn verify_wants_a_migrated_database() {
    let folder = TempDir::new().unwrap();
    std::fs::create_dir(folder.path().join("data")).unwrap();
    std::fs::write(folder.path().join("data/savdo.db"), "").unwrap();

    let output = run(&folder, &["verify"], &[]);

    let why = "savdo: sqlite:data/savdo.db has not the tables of this version; run savdo migrate";
    assert_eq!(refusal(&output), (Some(1), why.to_owned()));
}
