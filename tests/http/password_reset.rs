//! A new password by e-mail (shop.md 3).

use savdo_persistence::testing::Backend;
use savdo_services::accounts::{self, ChangeProfile};
use savdo_services::testing::Mailbox;
use savdo_tests::{Server, same_on_both};
use serde_json::json;

const SEND: &str = "/api/v1/auth/send-reset-email/";
const LOGIN: &str = "/api/v1/auth/login/";

/// An owner with this address; answers a mailbox and account and token of the link that came into it.
fn asked(server: &Server, email: &str) -> (Mailbox, String) {
    let shop = server.world.shop();
    let command = ChangeProfile {
        email: Some(email.to_owned()),
        ..ChangeProfile::default()
    };
    accounts::change_profile(&server.world.context, &shop.owner, command).unwrap();
    let mailbox = Mailbox::default();
    server.client().post(SEND, &json!({ "email": email }));
    server.world.runner(&mailbox).send_due(|| false).unwrap();
    let (uid, token) = mailbox.last_link();
    (mailbox, format!("/api/v1/auth/reset-password/{uid}/{token}/"))
}

#[test]
fn a_forgotten_password_is_set_anew() {
    same_on_both!(|server: &Server| {
        let (_, link) = asked(server, "ali@savdo.uz");
        let client = server.client();
        let quiet = client.unnoted();
        let words = |password: &str| json!({ "password": password, "password2": password });

        client.post(SEND, &json!({ "email": "nobody@savdo.uz" }));
        client.post(SEND, &json!({ "email": "ali@savdo" }));
        client.post(SEND, &json!({ "email": "ali@savdo.uz\r\nBcc: evil@evil.uz" }));
        client.post(SEND, &json!({}));
        client.post("/api/v1/auth/reset-password/1/abc/", &words("yangi-parol-1975"));
        client.post("/api/v1/auth/reset-password/x/abc/", &words("short"));
        let refused = quiet.post(&link, &json!({ "password": "short", "password2": "other" }));
        assert_eq!(
            refused.body,
            json!({
                "password": ["Kamida 8 ta bo'lishi kerak."],
                "password2": ["Parollar bir xil emas."],
            })
        );
        assert_eq!(quiet.post(&link, &words("yangi-parol-1975")).status, 200);
        assert_eq!(
            quiet.post(&link, &words("boshqa-parol-1975")).text("/code"),
            "reset_link_invalid"
        );
        client.post(LOGIN, &json!({ "username": "owner1", "password": "tong-otguncha-7" }));
        let signed_in = quiet.post(LOGIN, &json!({ "username": "owner1", "password": "yangi-parol-1975" }));
        assert_eq!(signed_in.status, 200);
    });
}

#[test]
fn what_a_request_calls_its_host_turns_no_link_elsewhere() {
    let server = Server::on(Backend::Sqlite);
    let (mailbox, _) = asked(&server, "ali@savdo.uz");
    let evil = server
        .client()
        .with_header("x-forwarded-host", "evil.uz")
        .with_header("forwarded", "host=evil.uz");
    let evil = evil
        .with_header("host", "evil.uz")
        .with_header("origin", "https://evil.uz")
        .with_header("referer", "https://evil.uz/");

    assert_eq!(evil.post(SEND, &json!({ "email": "ali@savdo.uz" })).status, 200);
    server.world.runner(&mailbox).send_due(|| false).unwrap();

    let letters = mailbox.tried();
    assert_eq!(letters.len(), 2);
    for letter in letters {
        assert!(letter.text.contains("\nhttps://savdo.test/reset/1/"));
        assert!(!format!("{}{}{}", letter.subject, letter.text, letter.html).contains("evil"));
    }
}

#[test]
fn a_letter_is_in_the_language_of_who_asked_for_it() {
    let server = Server::on(Backend::Sqlite);
    let (mailbox, _) = asked(&server, "ali@savdo.uz");

    for language in ["ru-RU", "en"] {
        let client = server.client().with_header("accept-language", language);
        client.post(SEND, &json!({ "email": "ali@savdo.uz" }));
    }
    server.world.runner(&mailbox).send_due(|| false).unwrap();

    let subjects: Vec<_> = mailbox.tried().into_iter().map(|letter| letter.subject).collect();
    assert_eq!(
        subjects,
        ["Parolni tiklash", "Восстановление пароля", "Reset your password"]
    );
}
