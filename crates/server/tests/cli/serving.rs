//! A server that starts, answers and stops.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::{FREE_PORT, Serving};

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
    assert!(answer.contains("\r\nHTTP/1.1 400"), "{answer}");
    assert_eq!(server.process.wait().unwrap().code(), Some(0));
}
