//! What no client library sends: slow, broken, oversized and idle connections (reliability.md 89-92).

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use savdo_persistence::testing::Backend;
use savdo_tests::Server;

const READY: &str = "GET /health/ready/ HTTP/1.1\r\nHost: savdo\r\n\r\n";

/// A server that waits for nobody long.
fn impatient() -> Server {
    Server::configured(&[
        ("SAVDO_SERVER__HEADERS_TIMEOUT_MS", "2000"),
        ("SAVDO_SERVER__BODY_TIMEOUT_MS", "1000"),
    ])
}

fn connect(server: &Server) -> TcpStream {
    let stream = TcpStream::connect(server.address().trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream
}

/// All that comes until the server closes.
fn until_closed(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    match stream.read_to_end(&mut bytes) {
        Ok(_) => {}
        Err(error) if matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe) => {}
        Err(error) => panic!("the connection was not closed: {error}"),
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The answer to these bytes, of a server that closes the connection after it.
fn closed_after(server: &Server, sent: &str) -> String {
    let mut stream = connect(server);
    stream.write_all(sent.as_bytes()).unwrap();
    until_closed(stream)
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or_default()
}

/// Sends byte by byte until the server has had enough; answers what it said, and after how long.
fn trickle(server: &Server, head: &str, rest: &str) -> (String, Duration) {
    let mut stream = connect(server);
    let started = Instant::now();
    stream.write_all(head.as_bytes()).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
    let mut answer = Vec::new();
    for byte in rest.bytes().cycle() {
        assert!(started.elapsed() < Duration::from_secs(10), "the server still listens");
        let mut chunk = [0; 1024];
        match stream.read(&mut chunk) {
            Ok(0) => break,
            Ok(length) => answer.extend_from_slice(&chunk[..length]),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                if stream.write_all(&[byte]).is_err() {
                    break;
                }
            }
            Err(_) => break,
        }
    }
    (String::from_utf8_lossy(&answer).into_owned(), started.elapsed())
}

fn is_served(server: &Server) -> bool {
    server.client().get("/health/ready/").status == 200
}

#[test]
fn headers_that_come_byte_by_byte_are_not_waited_for() {
    let server = impatient();

    let (answer, lasted) = trickle(&server, "GET /health/ready/ HTTP/1.1\r\nHost: savdo\r\nX-Slow: ", "a");

    assert_eq!(status(&answer), "408", "{answer}");
    assert!(lasted < Duration::from_secs(5), "{lasted:?}");
    assert!(is_served(&server));
}

#[test]
fn a_body_that_comes_byte_by_byte_is_not_waited_for() {
    let server = impatient();
    let head = "POST /api/v1/auth/login/ HTTP/1.1\r\nHost: savdo\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n";

    let (answer, lasted) = trickle(&server, head, "a");

    assert_eq!(status(&answer), "408", "{answer}");
    assert!(answer.contains("\"code\":\"request_timeout\""), "{answer}");
    assert!(lasted < Duration::from_secs(5), "{lasted:?}");
    assert!(is_served(&server));
}

#[test]
fn a_body_that_nobody_asked_for_is_not_waited_for() {
    let server = impatient();

    for head in [
        "POST /nothing/ HTTP/1.1\r\nHost: savdo\r\nContent-Length: 1000\r\n\r\n",
        "POST /api/v1/sales/ HTTP/1.1\r\nHost: savdo\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n",
    ] {
        let (answer, lasted) = trickle(&server, head, "a");

        assert!(["404", "401"].contains(&status(&answer)), "{answer}");
        assert!(lasted < Duration::from_secs(8), "{lasted:?}");
    }
    assert!(is_served(&server));
}

#[test]
fn many_slow_clients_do_not_hold_up_the_others() {
    let server = Server::on(Backend::Sqlite);
    let slow: Vec<_> = (0..50)
        .map(|_| {
            let mut stream = connect(&server);
            stream.write_all(b"POST /api/v1/auth/login/ HTTP/1.1\r\nHost: savdo\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{").unwrap();
            stream
        })
        .collect();

    let started = Instant::now();
    for _ in 0..20 {
        assert!(is_served(&server));
    }

    assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
    drop(slow);
}

#[test]
fn a_request_with_two_lengths_is_refused_and_its_connection_closed() {
    let server = Server::on(Backend::Sqlite);
    let post = "POST /api/v1/auth/login/ HTTP/1.1\r\nHost: savdo\r\nContent-Type: application/json\r\n";
    let requests = [
        format!("{post}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        format!("{post}Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n"),
        format!("{post}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{{}}"),
        format!("{post}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{{}}"),
        format!("{post}Content-Length: +2\r\n\r\n{{}}"),
        format!("{post}Content-Length: -2\r\n\r\n{{}}"),
        format!("{post}Content-Length: 2, 2\r\n\r\n{{}}"),
    ];

    for request in requests {
        // What follows would be a second request to whoever read the first one otherwise.
        let answer = closed_after(&server, &format!("{request}{READY}"));

        assert_eq!(status(&answer), "400", "{request}\n{answer}");
        assert_eq!(answer.matches("HTTP/1.1").count(), 1, "{answer}");
    }
    assert!(is_served(&server));
}

#[test]
fn a_broken_chunk_is_refused_and_its_connection_closed() {
    let server = Server::on(Backend::Sqlite);
    let post = "POST /api/v1/auth/login/ HTTP/1.1\r\nHost: savdo\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";

    for chunk in [
        "zz\r\n{}\r\n0\r\n\r\n",
        "-2\r\n{}\r\n0\r\n\r\n",
        "ffffffffffffffffff\r\n{}\r\n",
    ] {
        let answer = closed_after(&server, &format!("{post}{chunk}"));

        assert_eq!(status(&answer), "400", "{chunk:?} {answer}");
    }
    assert!(is_served(&server));
}

#[test]
fn an_oversized_head_is_refused() {
    let server = Server::on(Backend::Sqlite);
    let close = "Connection: close\r\n\r\n";
    let header = |length: usize| {
        format!(
            "GET /health/ready/ HTTP/1.1\r\nHost: savdo\r\nX-Long: {}\r\n{close}",
            "x".repeat(length)
        )
    };
    let address = |length: usize| {
        format!(
            "GET /health/ready/?{} HTTP/1.1\r\nHost: savdo\r\n{close}",
            "x".repeat(length)
        )
    };

    let answers = [
        header(64 * 1024),
        header(10 * 1024),
        address(10 * 1024),
        address(4 * 1024),
        header(1024 * 1024),
    ]
    .map(|request| closed_after_head(&server, &request));

    assert_eq!(
        answers.each_ref().map(|answer| status(answer)),
        ["431", "200", "414", "200", "431"]
    );
    assert!(answers[0].contains("\"code\":\"headers_too_large\""), "{}", answers[0]);
    assert!(answers[2].contains("\"code\":\"url_too_long\""), "{}", answers[2]);
    assert!(is_served(&server));
}

/// As [`closed_after`], of a server that may answer before it has read everything.
fn closed_after_head(server: &Server, sent: &str) -> String {
    let mut stream = connect(server);
    let _ = stream.write_all(sent.as_bytes());
    until_closed(stream)
}

#[test]
fn methods_that_no_address_has_are_refused() {
    let server = Server::on(Backend::Sqlite);

    for method in ["TRACE", "PROPFIND", "CONNECT", "DEBUG"] {
        let request =
            format!("{method} /api/v1/sales/ HTTP/1.1\r\nHost: savdo\r\nX-Secret: 12345\r\nConnection: close\r\n\r\n");
        let answer = closed_after(&server, &request);

        assert!(["405", "400"].contains(&status(&answer)), "{method} {answer}");
        assert!(!answer.contains("12345"), "{answer}");
    }
}

#[test]
fn a_host_of_the_clients_own_makes_no_links_elsewhere_than_to_itself() {
    let server = Server::configured(&[("SAVDO_SERVER__PUBLIC_URL", "https://api.dokon.uz")]);

    let answer = closed_after(
        &server,
        "GET /api/v1/pharmacy/products/?page_size=1 HTTP/1.1\r\nHost: evil.uz\r\nConnection: close\r\n\r\n",
    );

    assert_eq!(status(&answer), "200", "{answer}");
    assert!(!answer.contains("evil.uz"), "{answer}");
}

#[test]
fn a_thousand_idle_connections_leave_room_for_others() {
    let server = Server::on(Backend::Sqlite);
    // Both ends are in this process, beside other tests.
    let count = (descriptors() / 4).min(1000);
    assert!(
        count >= 200,
        "only {count} connections fit into the limits of this machine"
    );

    let idle: Vec<_> = (0..count).map(|_| connect(&server)).collect();

    let started = Instant::now();
    for _ in 0..10 {
        assert!(is_served(&server));
    }
    assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
    drop(idle);
}

/// How many descriptors this process may have.
fn descriptors() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
    let line = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
    line.split_whitespace()
        .nth(3)
        .and_then(|soft| soft.parse().ok())
        .unwrap_or(usize::MAX)
}
