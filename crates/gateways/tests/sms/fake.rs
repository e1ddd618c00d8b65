//! A provider over real HTTP that behaves as badly as it is told.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A request as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heard {
    /// `POST /auth/login`.
    pub(crate) line: String,
    pub(crate) authorization: String,
    /// How we prove ourselves to Click.
    pub(crate) auth: String,
    pub(crate) content_type: String,
    pub(crate) body: String,
}

/// What becomes of a request.
#[derive(Clone)]
pub(crate) enum Says {
    Answer(u16, String),
    /// The connection stays open, and nothing comes.
    Nothing,
    /// The connection ends without a word.
    HangsUp,
    /// The answer promises more than comes.
    Half(u16, String),
    /// A byte now and then.
    Drips,
    /// Too much, and please come back after so many seconds.
    TooMany(u32),
}

pub(crate) struct FakeProvider {
    pub(crate) url: String,
    heard: Arc<Mutex<Vec<Heard>>>,
}

impl FakeProvider {
    /// `says` is asked with the request and how many came before it.
    pub(crate) fn start(says: impl Fn(&Heard, usize) -> Says + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let heard = Arc::new(Mutex::new(Vec::new()));
        let (kept, says) = (Arc::clone(&heard), Arc::new(says));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (kept, says) = (Arc::clone(&kept), Arc::clone(&says));
                std::thread::spawn(move || converse(stream.unwrap(), &kept, says.as_ref()));
            }
        });
        Self { url, heard }
    }

    pub(crate) fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.heard().into_iter().map(|heard| heard.line).collect()
    }
}

fn converse(stream: TcpStream, kept: &Mutex<Vec<Heard>>, says: &dyn Fn(&Heard, usize) -> Says) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    if reader.read_line(&mut line).unwrap_or_default() == 0 {
        return;
    }
    let mut headers = Vec::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        let Some((name, value)) = header.trim_end().split_once(": ") else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let header = |wanted: &str| {
        let found = headers.iter().find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let mut body = vec![0; header("content-length").parse().unwrap_or_default()];
    reader.read_exact(&mut body).unwrap();
    let heard = Heard {
        line: line.rsplit_once(" HTTP").unwrap().0.to_owned(),
        authorization: header("authorization"),
        auth: header("auth"),
        content_type: header("content-type"),
        body: String::from_utf8(body).unwrap(),
    };
    let before = {
        let mut kept = kept.lock().unwrap();
        kept.push(heard.clone());
        kept.len() - 1
    };
    answer(stream, says(&heard, before));
}

fn answer(mut stream: TcpStream, says: Says) {
    let head = |status: u16, length: usize| {
        format!(
            "HTTP/1.1 {status} Such\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {length}\r\n"
        )
    };
    let said = match says {
        Says::Answer(status, body) => format!("{}\r\n{body}", head(status, body.len())),
        Says::Half(status, body) => format!("{}\r\n{body}", head(status, body.len() + 10)),
        Says::TooMany(seconds) => format!("{}Retry-After: {seconds}\r\n\r\n", head(429, 0)),
        Says::HangsUp => String::new(),
        Says::Nothing => {
            // Until whoever waits has gone.
            let _ = stream.read(&mut [0]);
            return;
        }
        Says::Drips => {
            stream.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
            let _ = stream.write_all(b"HTTP/1.1 200 Such\r\nX-Slow: ");
            while stream.write_all(b"h").is_ok() {
                // Nobody says anything: that is a wait.
                let _ = stream.read(&mut [0]);
            }
            return;
        }
    };
    let _ = stream.write_all(said.as_bytes());
}
