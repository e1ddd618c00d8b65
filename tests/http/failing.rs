//! What fails beneath the calls of every provider.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use actix_web::web::{self, ServiceConfig};
use savdo_tests::Server;

/// What is told of a body that never ends, up to this word of it; the status is 200.
#[track_caller]
pub(crate) fn unfinished(server: &Server, path: &str, (name, value): &(&str, String), last: &str) -> String {
    let mut stream = TcpStream::connect(server.address().trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let head = format!("POST {path} HTTP/1.1\r\nHost: savdo\r\n{name}: {value}\r\nContent-Length: 90\r\n\r\n{{");
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    let mut chunk = [0; 4096];
    while !answer.contains(last) {
        let length = stream.read(&mut chunk).unwrap();
        assert!(length > 0, "{answer}");
        answer.push_str(&String::from_utf8_lossy(&chunk[..length]));
    }
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    answer
}

/// Handlers below the addresses of providers that panic.
pub(crate) fn panicking(config: &mut ServiceConfig) {
    async fn panic() -> &'static str {
        panic!("a handler panics in a test")
    }
    for address in ["payments/payme", "payments/click/prepare", "payments/click/complete"] {
        config.route(&format!("/api/v1/{address}/panic/"), web::to(panic));
    }
    config.route("/api/v6/payments/webhook/click/complete/panic/", web::to(panic));
}
