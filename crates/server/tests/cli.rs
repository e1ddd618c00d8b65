//! The binary as an operator meets it, in an empty folder of its own.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "this is a test"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

/// The binary in this folder, with none of our variables but those given.
fn savdo(folder: &TempDir, arguments: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_savdo"));
    command
        .args(arguments)
        .current_dir(folder.path())
        .env_clear()
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn run(folder: &TempDir, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    savdo(folder, arguments, variables).output().unwrap()
}

/// The exit code and what it said on stderr, of a command that fails.
fn refusal(output: &Output) -> (Option<i32>, String) {
    (
        output.status.code(),
        String::from_utf8_lossy(&output.stderr).trim().to_owned(),
    )
}

/// A server of this binary; killed when dropped.
struct Serving {
    process: Child,
    log: BufReader<std::process::ChildStdout>,
    address: String,
}

impl Serving {
    /// Waits for the line that says where it listens.
    fn start(folder: &TempDir, variables: &[(&str, &str)]) -> Self {
        let mut process = savdo(folder, &["serve"], variables).spawn().unwrap();
        let mut log = BufReader::new(process.stdout.take().unwrap());
        let address = loop {
            let mut line = String::new();
            if log.read_line(&mut line).unwrap() == 0 {
                let mut said = String::new();
                process.stderr.take().unwrap().read_to_string(&mut said).unwrap();
                panic!("the server did not start: {said}");
            }
            let event: Value = serde_json::from_str(&line).unwrap();
            if let Some(address) = event["address"].as_str() {
                break address.to_owned();
            }
        };
        Self { process, log, address }
    }

    fn get(&self, path: &str) -> u16 {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .build()
            .new_agent();
        agent
            .get(format!("{}{path}", self.address))
            .call()
            .unwrap()
            .status()
            .as_u16()
    }

    fn health(&self, folder: &TempDir) -> Option<i32> {
        run(folder, &["health", "--server", &self.address], &[]).status.code()
    }

    fn signal(&self, name: &str) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }

    /// Sends SIGTERM and waits for the end; the rest of the log comes with it.
    fn terminate(&mut self) -> (ExitStatus, Vec<Value>) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let events = self
            .log
            .by_ref()
            .lines()
            .map(|line| serde_json::from_str(&line.unwrap()).unwrap());
        let events = events.collect();
        (self.process.wait().unwrap(), events)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

const FREE_PORT: (&str, &str) = ("PORT", "0");
const SECRET: &str = "5f0d7c1be2a94c38ad61fe0b92c7d4e85f0d7c1be2a94c38";

#[test]
fn a_server_starts_in_an_empty_folder_and_stops_in_order() {
    let folder = TempDir::new().unwrap();

    let mut server = Serving::start(&folder, &[FREE_PORT]);
    let statuses = ["/health/", "/health/ready/", "/nothing/?phone=901234567"].map(|path| server.get(path));
    let health = server.health(&folder);
    let (ended, log) = server.terminate();

    assert!(server.address.starts_with("http://127.0.0.1:"));
    assert_eq!((statuses, health), ([200, 200, 404], Some(0)));
    assert_eq!(ended.code(), Some(0));
    assert!(folder.path().join("data/savdo.db").exists());
    assert_eq!(log.last().unwrap()["message"], "Savdo stopped");
}

#[test]
fn the_log_has_one_line_of_json_a_request_without_what_was_asked() {
    let folder = TempDir::new().unwrap();

    let mut server = Serving::start(&folder, &[FREE_PORT]);
    server.get("/health/ready?phone=901234567");
    server.get("/nothing/secret-901234567/");
    let (_, log) = server.terminate();

    let access: Vec<_> = log
        .iter()
        .filter(|event| event["target"] == "savdo_api::access")
        .collect();
    let shown: Vec<_> = access
        .iter()
        .map(|event| [&event["span"]["method"], &event["span"]["route"], &event["status"]].map(Value::to_string))
        .collect();
    assert_eq!(
        shown,
        [
            ["\"GET\"", "\"/health/ready/\"", "200"],
            ["\"GET\"", "\"unknown\"", "404"]
        ]
    );
    assert!(
        access
            .iter()
            .all(|event| event["latency_us"].is_u64() && event["span"]["request_id"].is_string())
    );
    assert!(!format!("{log:?}").contains("901234567"));
}

#[test]
fn a_stopping_server_is_first_not_ready_and_still_serves() {
    let folder = TempDir::new().unwrap();
    let mut server = Serving::start(&folder, &[FREE_PORT, ("SAVDO_SERVER__DRAIN_SECONDS", "1")]);

    server.signal("TERM");
    let not_ready = (0..1000).find(|_| server.get("/health/ready/") == 503);
    let others = ["/health/", "/api/schema/"].map(|path| server.get(path));

    assert!(not_ready.is_some());
    assert_eq!(others, [200, 200]);
    assert_eq!(server.process.wait().unwrap().code(), Some(0));
}

#[test]
fn no_request_is_cut_off_when_a_server_stops_under_load() {
    let folder = TempDir::new().unwrap();
    let variables = [
        FREE_PORT,
        ("SAVDO_SERVER__DRAIN_SECONDS", "2"),
        ("SAVDO_LOG__LEVEL", "warn,savdo_server=info"),
    ];
    let mut server = Serving::start(&folder, &variables);
    let (answers, is_ready) = (AtomicU32::new(0), AtomicBool::new(true));

    let ends = std::thread::scope(|scope| {
        let ask = || ask_while_ready(&server.address, &is_ready, &answers);
        let clients: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
        while answers.load(Ordering::Relaxed) < 100 {
            std::thread::yield_now();
        }
        server.signal("TERM");
        while server.get("/health/ready/") == 200 {}
        let seen = answers.load(Ordering::Relaxed);
        while answers.load(Ordering::Relaxed) < seen + 100 {
            std::thread::yield_now();
        }
        is_ready.store(false, Ordering::Relaxed);
        let ends = clients.into_iter().map(|client| client.join().unwrap());
        ends.collect::<Vec<_>>()
    });

    assert_eq!(ends, ["turned away"; 8]);
    assert_eq!(server.process.wait().unwrap().code(), Some(0));
}

/// Asks as a balancer would: on one connection as long as the server keeps it, until the server is known to be not ready.
fn ask_while_ready(address: &str, is_ready: &AtomicBool, answers: &AtomicU32) -> String {
    let agent = ureq::agent();
    while is_ready.load(Ordering::Relaxed) {
        let answer = agent.get(format!("{address}/api/schema/")).call();
        match answer.and_then(|mut answer| answer.body_mut().read_to_string()) {
            Ok(_) => answers.fetch_add(1, Ordering::Relaxed),
            Err(error) => return format!("{error:?}"),
        };
    }
    "turned away".to_owned()
}

#[test]
fn a_client_that_sends_byte_by_byte_is_cut_off_and_the_others_are_served() {
    let folder = TempDir::new().unwrap();
    let server = Serving::start(&folder, &[FREE_PORT]);
    let host = server.address.trim_start_matches("http://");
    let begun = [
        "GET /health/ HTTP/1.1\r\nhost: savdo\r\n",
        "POST /api/v1/auth/login/ HTTP/1.1\r\nhost: savdo\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{",
    ];

    let slow = begun.map(|begun| {
        let mut connection = TcpStream::connect(host).unwrap();
        connection.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        connection.write_all(begun.as_bytes()).unwrap();
        connection
    });
    let others = [(); 20].map(|()| server.get("/health/ready/"));
    let answers = slow.map(|mut connection| {
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        answer
    });

    assert_eq!(others, [200; 20]);
    for answer in answers {
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    }
}

#[test]
fn a_request_that_runs_is_answered_before_the_server_ends() {
    let folder = TempDir::new().unwrap();
    let mut server = Serving::start(&folder, &[FREE_PORT, ("SAVDO_LOG__LEVEL", "warn,savdo_server=info")]);
    let url = format!("{}/api/v1/auth/login/", server.address);

    let mut connection = TcpStream::connect(url.trim_start_matches("http://").split('/').next().unwrap()).unwrap();
    let body = r#"{"username": "nobody", "password": "tong-otguncha-7"}"#;
    let head =
        "POST /api/v1/auth/login/ HTTP/1.1\r\nhost: savdo\r\ncontent-type: application/json\r\nexpect: 100-continue";
    write!(connection, "{head}\r\ncontent-length: {}\r\n\r\n", body.len()).unwrap();
    let mut begun = [0; 12];
    connection.read_exact(&mut begun).unwrap();
    server.signal("TERM");
    connection.write_all(body.as_bytes()).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();

    assert_eq!(&begun, b"HTTP/1.1 100");
    assert!(
        answer.contains("\r\nHTTP/1.1 401") || answer.contains("\r\nHTTP/1.1 400"),
        "{answer}"
    );
    assert_eq!(server.process.wait().unwrap().code(), Some(0));
}

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
