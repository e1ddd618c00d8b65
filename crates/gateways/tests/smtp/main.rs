//! Letters to a mail server that behaves, and to those that do not.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod fake;

use std::time::{Duration, Instant};

use chrono::DateTime;
use savdo_domain::account::Email;
use savdo_domain::dispatch::Outcome;
use savdo_gateways::email::{LogMail, NoMail, Security, Sender};
use savdo_services::gateways::{Mail, MailGateway};

use fake::{FakeServer, Manners, POLITE};

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
        let outcome = server.mail(None, Security::None).send(&letter());
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
            mail: Some("530 log in first"),
            ..POLITE
        }),
        "retry 530: refused for good"
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

    assert_eq!(why(&lost.mail(None, Security::None).send(&letter())).0, "unknown");
    assert_eq!(why(&silent.mail(None, Security::None).send(&letter())).0, "unknown");
    assert_eq!(why(&before.mail(None, Security::None).send(&letter())).0, "retry");
}

#[test]
fn a_server_that_is_silent_slow_or_away_holds_nobody_up() {
    let silent = FakeServer::start(Manners {
        greeting: None,
        ..POLITE
    });
    let slow = FakeServer::start(Manners { drips: true, ..POLITE });
    let mut away = FakeServer::start(Manners {
        greeting: None,
        ..POLITE
    });
    away.port = 1;

    for server in [&silent, &slow, &away] {
        let begun = Instant::now();
        let outcome = server.mail(None, Security::None).send(&letter());
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
