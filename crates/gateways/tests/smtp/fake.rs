//! A mail server that behaves as badly as it is told.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use savdo_gateways::email::{Security, Sender, SmtpMail, SmtpSettings};

/// What a server answers to each command; the rest it answers as it should.
#[derive(Clone, Copy, Default)]
pub(crate) struct Manners {
    /// The first line; silence without one.
    pub(crate) greeting: Option<&'static str>,
    pub(crate) auth: Option<&'static str>,
    pub(crate) mail: Option<&'static str>,
    pub(crate) rcpt: Option<&'static str>,
    pub(crate) data: Option<&'static str>,
    /// After the final dot; hangs up without one.
    pub(crate) taken: Option<&'static str>,
    /// Sends each byte of its greeting so late.
    pub(crate) drips: bool,
    /// Says nothing after the final dot.
    pub(crate) falls_silent: bool,
    /// Offers STARTTLS and then speaks plain text.
    pub(crate) fakes_tls: bool,
}

pub(crate) const POLITE: Manners = Manners {
    greeting: Some("220 fake ESMTP"),
    auth: Some("235 ok"),
    mail: Some("250 ok"),
    rcpt: Some("250 ok"),
    data: Some("354 go on"),
    taken: Some("250 queued"),
    drips: false,
    falls_silent: false,
    fakes_tls: false,
};

pub(crate) struct FakeServer {
    pub(crate) port: u16,
    talk: JoinHandle<String>,
    _hold: mpsc::Sender<()>,
}

impl FakeServer {
    pub(crate) fn start(manners: Manners) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (hold, held) = mpsc::channel();
        let talk = std::thread::spawn(move || converse(&listener, manners, &held));
        Self {
            port,
            talk,
            _hold: hold,
        }
    }

    /// Everything the client said.
    pub(crate) fn heard(self) -> String {
        drop(self._hold);
        self.talk.join().unwrap()
    }

    pub(crate) fn mail(&self, login: Option<(&str, &str)>, security: Security) -> SmtpMail {
        SmtpMail::new(SmtpSettings {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            security,
            login: login.map(|(user, password)| (user.to_owned(), password.to_owned())),
            from: Sender::parse("Savdo <no-reply@savdo.uz>").unwrap(),
            answer_within: Duration::from_millis(400),
            done_within: Duration::from_millis(800),
        })
        .unwrap()
    }
}

fn converse(listener: &TcpListener, manners: Manners, held: &mpsc::Receiver<()>) -> String {
    let (mut stream, _) = listener.accept().unwrap();
    let mut heard = String::new();
    let Some(greeting) = manners.greeting else {
        let _ = held.recv();
        return heard;
    };
    if manners.drips {
        for byte in greeting.bytes().cycle() {
            if stream.write_all(&[byte]).is_err()
                || held.recv_timeout(Duration::from_millis(50)) != Err(mpsc::RecvTimeoutError::Timeout)
            {
                return heard;
            }
        }
    }
    say(&mut stream, greeting);
    let mut lines = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    while lines.read_line(&mut line).is_ok_and(|length| length > 0) {
        heard.push_str(&line);
        let command = line.trim_end().to_uppercase();
        line.clear();
        let answer = match command.split(' ').next().unwrap_or_default() {
            "EHLO" if manners.fakes_tls => Some("250-fake\r\n250 STARTTLS"),
            "EHLO" => Some("250-fake\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN"),
            "STARTTLS" => Some("220 go on\r\nnot TLS at all"),
            "AUTH" => manners.auth,
            "MAIL" => manners.mail,
            "RCPT" => manners.rcpt,
            "DATA" => manners.data,
            "QUIT" => Some("221 bye"),
            _ => Some("500 what"),
        };
        let Some(answer) = answer else { return heard };
        say(&mut stream, answer);
        if command == "DATA" && answer.starts_with("354") {
            heard.push_str(&letter_text(&mut lines));
            if manners.falls_silent {
                let _ = held.recv();
                return heard;
            }
            let Some(taken) = manners.taken else { return heard };
            say(&mut stream, taken);
        }
        if command == "QUIT" {
            return heard;
        }
    }
    heard
}

fn letter_text(lines: &mut BufReader<TcpStream>) -> String {
    let mut text = String::new();
    while !text.ends_with("\r\n.\r\n") {
        let mut line = String::new();
        if lines.by_ref().read_line(&mut line).unwrap_or_default() == 0 {
            break;
        }
        text.push_str(&line);
    }
    text
}

fn say(stream: &mut TcpStream, answer: &str) {
    let _ = stream.write_all(format!("{answer}\r\n").as_bytes());
}
