//! Letters to a mail server that behaves, and to those that do not.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use chrono::DateTime;
use savdo_domain::account::Email;
use savdo_domain::dispatch::Outcome;
use savdo_gateways::email::{LogMail, NoMail, Security, Sender, SmtpMail, SmtpSettings};
use savdo_services::gateways::{Mail, MailGateway};

/// What a server answers to each command; the rest it answers as it should.
#[derive(Clone, Copy, Default)]
struct Manners {
    /// The first line; silence without one.
    greeting: Option<&'static str>,
    auth: Option<&'static str>,
    mail: Option<&'static str>,
    rcpt: Option<&'static str>,
    data: Option<&'static str>,
    /// After the final dot; hangs up without one.
    taken: Option<&'static str>,
    /// Sends each byte of its greeting so late.
    drips: bool,
    /// Says nothing after the final dot.
    falls_silent: bool,
    /// Offers STARTTLS and then speaks plain text.
    fakes_tls: bool,
}

const POLITE: Manners = Manners {
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

struct FakeServer {
    port: u16,
    talk: JoinHandle<String>,
    _hold: mpsc::Sender<()>,
}

impl FakeServer {
    fn start(manners: Manners) -> Self {
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
    fn heard(self) -> String {
        drop(self._hold);
        self.talk.join().unwrap()
    }

    fn mail(&self, login: Option<(&str, &str)>, security: Security) -> SmtpMail {
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

    fn sent(&self) -> Outcome {
        self.mail(None, Security::None).send(&letter())
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

fn letter() -> Mail {
    Mail {
        message_number: 42,
        to: Email::parse("ali@savdo.uz").unwrap(),
        subject: "Восстановление пароля".to_owned(),
        text: "https://savdo.uz/reset/7/tok/\n.\nSalom".to_owned(),
        html: "<p>Salom</p>".to_owned(),
        at: DateTime::from_timestamp(1_790_000_000, 0).unwrap(),
    }
}

fn why(outcome: &Outcome) -> (&'static str, &str) {
    match outcome {
        Outcome::Sent => ("sent", ""),
        Outcome::Retry { why, after: None } => ("retry", why),
        Outcome::Permanent { why } => ("permanent", why),
        Outcome::Unknown { why } => ("unknown", why),
        Outcome::Retry { after: Some(_), .. } | Outcome::Pointless { .. } => panic!("no gateway says so: {outcome:?}"),
    }
}

#[test]
fn a_letter_arrives_with_its_headers() {
    let server = FakeServer::start(POLITE);

    let outcome = server.mail(Some(("ali", "sir")), Security::None).send(&letter());

    assert_eq!(outcome, Outcome::Sent);
    let heard = server.heard();
    let lines: Vec<_> = heard.lines().collect();
    assert_eq!(
        lines[..4],
        [
            "EHLO savdo.uz",
            "AUTH PLAIN AGFsaQBzaXI=",
            "MAIL FROM:<no-reply@savdo.uz>",
            "RCPT TO:<ali@savdo.uz>"
        ]
    );
    for header in [
        "From: Savdo <no-reply@savdo.uz>",
        "To: ali@savdo.uz",
        "Message-ID: <savdo-42@savdo.uz>",
        "Auto-Submitted: auto-generated",
        "Date: Mon, 21 Sep 2026 14:13:20 +0000",
    ] {
        assert_eq!(
            lines.iter().filter(|line| **line == header).count(),
            1,
            "{header} in {heard}"
        );
    }
    assert!(heard.contains("Subject: =?utf-8?b?") && heard.is_ascii(), "{heard}");
    assert!(heard.contains("\r\n..\r\n"), "a lonely dot does not end the letter");
    assert!(heard.contains("Content-Type: text/plain") && heard.contains("Content-Type: text/html"));
    assert_eq!(lines.last(), Some(&"QUIT"));
}

#[test]
fn what_a_server_says_of_a_letter_decides_about_it() {
    let said = |manners| {
        let server = FakeServer::start(manners);
        let outcome = server.sent();
        let (kind, why) = why(&outcome);
        format!("{kind} {why}")
    };

    assert_eq!(
        said(Manners {
            mail: Some("451 later"),
            ..POLITE
        }),
        "retry 451: refused for now"
    );
    assert_eq!(
        said(Manners {
            rcpt: Some("450 greylisted"),
            ..POLITE
        }),
        "retry 450: refused for now"
    );
    assert_eq!(
        said(Manners {
            rcpt: Some("550 no ali@savdo.uz"),
            ..POLITE
        }),
        "permanent 550: refused for good"
    );
    assert_eq!(
        said(Manners {
            data: Some("554 no"),
            ..POLITE
        }),
        "permanent 554: refused for good"
    );
    assert_eq!(
        said(Manners {
            taken: Some("452 full"),
            ..POLITE
        }),
        "retry 452: refused for now"
    );
    assert_eq!(
        said(Manners {
            taken: Some("552 too big"),
            ..POLITE
        }),
        "permanent 552: refused for good"
    );
    // It speaks of itself, not of this letter.
    assert_eq!(
        said(Manners {
            greeting: Some("554 go away"),
            ..POLITE
        }),
        "retry 554: refused for good"
    );
    assert_eq!(
        said(Manners {
            greeting: Some("421 busy"),
            ..POLITE
        }),
        "retry 421: refused for now"
    );
    assert_eq!(
        said(Manners {
            greeting: Some("hello"),
            ..POLITE
        }),
        "retry an answer that is none"
    );
}

#[test]
fn a_log_in_that_is_refused_drops_no_letter() {
    let server = FakeServer::start(Manners {
        auth: Some("535 wrong"),
        ..POLITE
    });

    let outcome = server.mail(Some(("ali", "wrong")), Security::None).send(&letter());

    assert_eq!(why(&outcome), ("retry", "535: refused for good"));
    assert!(!server.heard().contains("MAIL FROM"));
}

#[test]
fn a_connection_lost_after_the_final_dot_is_an_unknown_outcome() {
    let lost = FakeServer::start(Manners { taken: None, ..POLITE });
    let silent = FakeServer::start(Manners {
        falls_silent: true,
        ..POLITE
    });
    let before = FakeServer::start(Manners { data: None, ..POLITE });

    assert_eq!(why(&lost.sent()).0, "unknown");
    assert_eq!(why(&silent.sent()).0, "unknown");
    assert_eq!(why(&before.sent()).0, "retry");
}

#[test]
fn a_server_that_is_silent_slow_or_away_holds_nobody_up() {
    let silent = FakeServer::start(Manners {
        greeting: None,
        ..POLITE
    });
    let slow = FakeServer::start(Manners { drips: true, ..POLITE });
    let away = FakeServer {
        port: 1,
        ..FakeServer::start(Manners {
            greeting: None,
            ..POLITE
        })
    };

    for server in [&silent, &slow, &away] {
        let begun = Instant::now();
        let outcome = server.sent();
        assert_eq!(why(&outcome).0, "retry");
        assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    }
}

#[test]
fn nothing_is_said_to_a_server_that_does_not_turn_to_tls() {
    let without = FakeServer::start(POLITE);
    let faking = FakeServer::start(Manners {
        fakes_tls: true,
        ..POLITE
    });
    let plain = FakeServer::start(POLITE);

    let login = Some(("ali", "sir"));
    let outcomes = [
        without.mail(login, Security::StartTls).send(&letter()),
        faking.mail(login, Security::StartTls).send(&letter()),
        plain.mail(login, Security::Tls).send(&letter()),
    ];

    for outcome in &outcomes {
        assert_eq!(why(outcome).0, "retry", "{outcome:?}");
    }
    for server in [without, faking] {
        let heard = server.heard();
        assert!(!heard.contains("AUTH") && !heard.contains("MAIL"), "{heard}");
    }
}

#[test]
fn no_value_becomes_a_header() {
    let server = FakeServer::start(POLITE);
    let sent = |subject: &str| {
        let mail = Mail {
            subject: subject.to_owned(),
            ..letter()
        };
        server.mail(None, Security::None).send(&mail)
    };

    for subject in [
        "Salom\r\nBcc: evil@evil.uz",
        "Salom\nBcc: evil@evil.uz",
        "Salom\rX",
        "Salom\0",
    ] {
        assert_eq!(why(&sent(subject)), ("permanent", "a line break in a header"));
    }
    for from in [
        "Savdo <a@b.uz>\r\nBcc: evil@evil.uz",
        "Savdo\n<a@b.uz>",
        "not an address",
        "",
    ] {
        assert!(Sender::parse(from).is_err(), "{from:?}");
    }
    assert!(Email::parse("a@b.uz\r\nRCPT TO:<evil@evil.uz>").is_err());
    assert!(Email::parse("a@b.uz>\r\n").is_err());
}

#[test]
fn without_a_mail_server_letters_are_read_or_refused() {
    assert_eq!(LogMail.send(&letter()), Outcome::Sent);
    assert_eq!(
        why(&NoMail.send(&letter())),
        ("permanent", "no letters are sent: email.gateway is \"none\"")
    );
}

#[test]
fn a_letter_shows_neither_its_text_nor_whom_it_is_for() {
    assert_eq!(format!("{:?}", letter()), "Mail(42, ***)");
}
