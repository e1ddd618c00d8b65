//! The rules of the signature (payments.md 3.2).

use savdo_domain::payment::desk::DeskSecret;
use savdo_persistence::testing::{Backend, TestDatabase};
use savdo_services::testing::{CLICK_SECRET, PAYME_KEY, desks};
use savdo_tests::Server;

use super::{Call, PREPARE, TRANS, Till, code, on_both, prepared, told};

#[test]
fn the_vectors_of_the_contract_are_signed_by_its_secret() {
    let till = super::till();
    let vector = |action: &str, signature: &str| {
        let call = Call::of(action, "1001")
            .with("amount", "15000.00")
            .with("merchant_prepare_id", "5001");
        code(&till, &call.and("sign_string", signature))
    };

    // No order has that number here: the signature was accepted.
    assert_eq!(vector("0", "68045d230656b877a5e529196de72b6b"), -5);
    assert_eq!(vector("1", "2e670f890ed5150394d88ddff52ca341"), -5);
    assert_eq!(vector("1", "68045d230656b877a5e529196de72b6b"), -1);
    assert_eq!(vector("0", "2e670f890ed5150394d88ddff52ca341"), -1);
}

#[test]
fn fields_are_hashed_exactly_as_they_were_received() {
    let till = super::till();
    let order = till.order();
    let signed = Call::prepare(order).with("amount", "12000");
    let signature = signed.signature();

    assert_eq!(code(&till, &signed.clone().and("sign_string", &signature)), 0);
    for rewritten in ["12000.0", "12000.00", "012000"] {
        let call = signed.clone().with("amount", rewritten).and("sign_string", &signature);
        assert_eq!(code(&till, &call), -1, "{rewritten}");
    }
    let zeros = signed.with("merchant_trans_id", &format!("0{order}"));
    assert_eq!(code(&till, &zeros.clone().and("sign_string", &signature)), -1);
    assert_eq!(code(&till, &zeros), 0, "signed as it is sent");
}

#[test]
fn every_field_that_is_signed_is_covered() {
    let till = super::till();
    let order = till.order();
    let other = till.order();
    let number = prepared(&till, order);

    let prepare = Call::prepare(order);
    let complete = Call::complete(order, number);
    for (name, value) in [
        ("click_trans_id", (TRANS + 1).to_string()),
        ("merchant_trans_id", other.to_string()),
        ("amount", "12000".to_owned()),
        ("sign_time", "2026-11-21 12:00:01".to_owned()),
    ] {
        for call in [&prepare, &complete] {
            let forged = call.clone().and("sign_string", &call.signature()).with(name, &value);
            assert_eq!(code(&till, &forged), -1, "{name}");
        }
    }
    let forged = complete.clone().and("sign_string", &complete.signature());
    assert_eq!(code(&till, &forged.clone().with("merchant_prepare_id", "1000")), -1);
    assert_eq!(code(&till, &forged.with("action", "0")), -1);
    let forged = prepare.clone().and("sign_string", &prepare.signature());
    assert_eq!(
        code(
            &till,
            &forged
                .and("merchant_prepare_id", &number.to_string())
                .with("action", "1")
        ),
        -1
    );
}

#[test]
fn error_its_note_and_paydoc_are_not_covered() {
    let till = super::till();
    let order = till.order();
    let prepare = Call::prepare(order);
    let signed = prepare.clone().and("sign_string", &prepare.signature());

    assert_eq!(code(&till, &signed.clone().with("error", "-1")), -9);
    assert_eq!(code(&till, &signed.clone().with("error_note", "x")), 0);
    assert_eq!(code(&till, &signed.with("click_paydoc_id", "5")), 0);
}

#[test]
fn a_plus_sign_in_sign_time_is_a_space() {
    let till = super::till();
    let body = Call::prepare(till.order()).body();
    assert!(body.contains("sign_time=2026-11-21+12%3A00%3A00"), "{body}");

    let client = till.server.client().unnoted().with_header("content-type", super::FORM);
    assert_eq!(told(&client.send("POST", PREPARE, Some(body.as_bytes()))).0, 0);
    let percent = body.replace("21+12", "21%2012");
    assert_eq!(told(&client.send("POST", PREPARE, Some(percent.as_bytes()))).0, 0);
    let plus = body.replace("21+12", "21%2B12");
    assert_eq!(told(&client.send("POST", PREPARE, Some(plus.as_bytes()))).0, -1);
}

#[test]
fn a_signature_is_32_hexadecimal_digits_in_lower_case() {
    let till = super::till();
    let prepare = Call::prepare(till.order());
    let signature = prepare.signature();

    for wrong in [
        signature.to_uppercase(),
        format!("{signature} "),
        signature.chars().take(31).collect(),
        format!("{signature}0"),
        "0".repeat(32),
        String::new(),
        "\u{451}".repeat(16),
    ] {
        assert_eq!(code(&till, &prepare.clone().and("sign_string", &wrong)), -1, "{wrong}");
    }
    assert_eq!(code(&till, &prepare.and("sign_string", &signature)), 0);
}

#[test]
fn a_service_that_no_desk_has_is_judged_by_the_default_desks_secret_first() {
    let till = super::till();
    let foreign = Call::prepare(till.order()).with("service_id", "4711");

    assert_eq!(code(&till, &foreign.clone().signed_by("other")), -1);
    assert_eq!(code(&till, &foreign), -8);
}

#[test]
fn a_desk_without_a_secret_accepts_no_signature() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let off = Till::open(Server::with_desks(TestDatabase::new(backend), desks(PAYME_KEY, "")));
        let order = off.order();

        for secret in ["", CLICK_SECRET] {
            let call = Call::prepare(order);
            let signature = call.clone().signed_by(secret).signature();
            assert_eq!(code(&off, &call.and("sign_string", &signature)), -1, "{secret}");
        }
        assert_eq!(off.rows("provider_transactions"), 0);
    }
}

#[test]
fn the_live_and_the_previous_secret_are_accepted() {
    let mut rotated = desks(PAYME_KEY, "yangi");
    rotated.click[0].desk.secrets.previous = DeskSecret::new(CLICK_SECRET);
    let till = Till::open(Server::with_desks(TestDatabase::new(Backend::Sqlite), rotated));
    let prepare = Call::prepare(till.order());

    let codes = ["yangi", CLICK_SECRET, "eski"].map(|secret| code(&till, &prepare.clone().signed_by(secret)));
    assert_eq!(codes, [0, 0, -1]);
}

#[test]
fn a_number_of_json_is_hashed_as_its_source_text() {
    on_both(|till| {
        let client = till
            .server
            .client()
            .unnoted()
            .with_header("content-type", "application/json");
        let order = till.order();
        let sent = |amount: &str, signed: &str| {
            let signature = Call::prepare(order).with("amount", signed).signature();
            let body = format!(
                r#"{{"click_trans_id":{TRANS},"service_id":85335,"merchant_trans_id":"{order}","amount":{amount},"action":0,"error":0,"sign_time":"2026-11-21 12:00:00","sign_string":"{signature}"}}"#
            );
            told(&client.send("POST", PREPARE, Some(body.as_bytes()))).0
        };

        for amount in ["12000", "12000.0", "12000.00"] {
            assert_eq!(sent(amount, amount), 0, "{amount}");
        }
        assert_eq!(sent("12000.0", "12000"), -1);
        assert_eq!(sent("1.2e4", "1.2e4"), -2, "it is no amount, but signed");
    });
}

#[test]
fn nothing_is_read_or_changed_without_a_signature() {
    on_both(|till| {
        let order = till.order();
        let number = prepared(till, order);
        let before = till.server.world.everything();

        for call in [
            Call::prepare(order).attempt(5),
            Call::complete(order, number),
            Call::complete(order, number).with("error", "-1"),
        ] {
            assert_eq!(code(till, &call.signed_by("boshqa")), -1);
        }
        assert_eq!(till.server.world.everything(), before);
    });
}
