//! What an operator is told: refusals of the start, and the other subcommands.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use tempfile::TempDir;

use crate::{FREE_PORT, SECRET, Serving, refusal, run, savdo};

#[test]
fn a_key_that_nobody_reads_stops_the_start() {
    let folder = TempDir::new().unwrap();

    let output = run(&folder, &["serve"], &[FREE_PORT, ("SAVDO_SERVER__PROT", "1")]);

    let said = "savdo: SAVDO_SERVER__PROT: there is no such variable; config/default.toml lists them all";
    assert_eq!(refusal(&output), (Some(1), said.to_owned()));
    assert!(!folder.path().join("data").exists());
}

#[test]
fn production_without_a_secret_does_not_start() {
    let folder = TempDir::new().unwrap();

    let output = run(&folder, &["serve"], &[FREE_PORT, ("SAVDO_ENVIRONMENT", "production")]);

    let (code, said) = refusal(&output);
    assert_eq!(code, Some(1));
    assert!(
        said.starts_with("savdo: security.secret (SAVDO_SECURITY__SECRET, SECRET_KEY) is missing"),
        "{said}"
    );
}

#[test]
fn production_starts_with_a_secret_and_hides_the_docs() {
    let folder = TempDir::new().unwrap();

    let variables = [
        FREE_PORT,
        ("SAVDO_ENVIRONMENT", "production"),
        ("SECRET_KEY", SECRET),
        (
            "SAVDO_FILES__KEY",
            "9c1f0d7be2a94c38ad61fe0b92c7d4e85f0d7c1be2a94c38ad61fe0b92c7d4e8",
        ),
        ("SAVDO_SERVER__HOST", "127.0.0.1"),
    ];
    let server = Serving::start(&folder, &variables);
    let statuses =
        ["/health/ready/", "/api/schema/", "/openapi.json", "/api/docs/", "/docs"].map(|path| server.get(path));

    assert_eq!(statuses, [200, 404, 404, 404, 404]);
    assert!(!folder.path().join("data/secret.key").exists());
}

#[test]
fn a_sqlite_file_has_one_server() {
    let folder = TempDir::new().unwrap();

    let server = Serving::start(&folder, &[FREE_PORT]);
    let second = run(&folder, &["serve"], &[FREE_PORT]);
    let migration = run(&folder, &["migrate"], &[]);

    let said = "savdo: another server uses sqlite:data/savdo.db; stop it first";
    assert_eq!(refusal(&second), (Some(1), said.to_owned()));
    assert_eq!(refusal(&migration), (Some(1), said.to_owned()));
    assert_eq!(server.get("/health/ready/"), 200);
}

#[test]
fn a_database_that_is_not_there_is_named_without_its_password() {
    let folder = TempDir::new().unwrap();

    let output = run(
        &folder,
        &["serve"],
        &[FREE_PORT, ("DATABASE_URL", "postgres://savdo:s3cret@127.0.0.1:1/savdo")],
    );

    let (code, said) = refusal(&output);
    assert_eq!(code, Some(1));
    assert!(
        said.starts_with("savdo: cannot connect to postgres://127.0.0.1:1/savdo:"),
        "{said}"
    );
    assert!(!said.contains("s3cret"), "{said}");
}

#[test]
fn migrating_twice_changes_nothing_the_second_time() {
    let folder = TempDir::new().unwrap();

    let [first, second] = [(), ()].map(|()| run(&folder, &["migrate"], &[]));

    assert!(String::from_utf8_lossy(&first.stdout).starts_with("2026"));
    assert_eq!(
        String::from_utf8_lossy(&second.stdout),
        "sqlite:data/savdo.db is up to date\n"
    );
}

#[test]
fn a_command_over_a_database_that_is_not_there_makes_none() {
    let folder = TempDir::new().unwrap();

    let outputs = [
        run(&folder, &["verify"], &[]),
        run(
            &folder,
            &["create-admin", "--username", "bosh", "--phone", "901234567"],
            &[],
        ),
    ];

    let said = "savdo: sqlite:data/savdo.db does not exist; run savdo migrate";
    for output in &outputs {
        assert_eq!(refusal(output), (Some(1), said.to_owned()));
    }
    assert!(!folder.path().join("data/savdo.db").exists());
}

#[test]
fn the_folder_of_the_database_is_ours_alone() {
    let folder = TempDir::new().unwrap();

    run(&folder, &["migrate"], &[("SECRET_KEY", SECRET)]);

    let mode = std::fs::metadata(folder.path().join("data"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn health_fails_where_no_server_answers() {
    let folder = TempDir::new().unwrap();

    let output = run(&folder, &["health", "--server", "http://127.0.0.1:1"], &[]);

    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_taken_port_is_named() {
    let folder = TempDir::new().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();

    let output = run(&folder, &["serve"], &[("PORT", &port)]);

    let (code, said) = refusal(&output);
    assert_eq!(code, Some(1));
    assert!(
        said.starts_with(&format!("savdo: cannot listen on 127.0.0.1:{port}: ")),
        "{said}"
    );
}

#[test]
fn an_admin_is_made_beside_a_running_server_and_signs_in() {
    let folder = TempDir::new().unwrap();
    let server = Serving::start(&folder, &[FREE_PORT]);
    let create = |password: &str| {
        let arguments = ["create-admin", "--username", "bosh", "--phone", "901234567"];
        let mut command = savdo(&folder, &arguments, &[]).stdin(Stdio::piped()).spawn().unwrap();
        command.stdin.take().unwrap().write_all(password.as_bytes()).unwrap();
        command.wait_with_output().unwrap()
    };

    let short = create("short\n");
    let made = create("tong-otguncha-7\n");
    let again = create("tong-otguncha-7\n");
    let login = ureq::post(format!("{}/api/v1/auth/login/", server.address))
        .content_type("application/json")
        .send(r#"{"username": "bosh", "password": "tong-otguncha-7"}"#);

    assert_eq!(refusal(&short), (Some(1), "savdo: password: too_short".to_owned()));
    assert_eq!(String::from_utf8_lossy(&made.stdout), "Admin bosh made, user 1\n");
    assert_eq!(
        refusal(&again),
        (Some(1), "savdo: phone1: taken; username: taken".to_owned())
    );
    assert_eq!(login.unwrap().status().as_u16(), 200);
}

#[test]
fn the_document_is_printed_without_any_configuration() {
    let folder = TempDir::new().unwrap();

    let output = run(&folder, &["openapi"], &[("SAVDO_ENVIRONMENT", "production")]);

    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        savdo_api::openapi::text().unwrap()
    );
}
