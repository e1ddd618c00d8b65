//! How a call comes and how it is answered, whatever it says (payments.md 1.3, 3.1).

use savdo_tests::{Form, Server};

use super::{COMPLETE, Call, FORM, PREPARE, code, on_both, paid, prepared, told};

#[test]
fn a_call_is_answered_by_numbers_and_its_ids_as_they_came() {
    on_both(|till| {
        let order = till.order();
        let most = i64::MAX;
        let prepare = Call::prepare(order)
            .attempt(most)
            .with("merchant_trans_id", &format!("00{order}"));

        let answer = prepare.send(till);
        let number = told(&answer).1.unwrap();
        assert_eq!(
            answer.text,
            format!(
                r#"{{"click_trans_id":{most},"merchant_trans_id":"00{order}","merchant_prepare_id":{number},"error":0,"error_note":"Success"}}"#
            )
        );
        let complete = Call::complete(order, number).attempt(most).send(till);
        assert_eq!(
            complete.text,
            format!(
                r#"{{"click_trans_id":{most},"merchant_trans_id":"{order}","merchant_confirm_id":{number},"error":0,"error_note":"Success"}}"#
            )
        );
    });
}

#[test]
fn json_and_multipart_bodies_are_read_too() {
    on_both(|till| {
        let client = till.server.client().unnoted();
        let order = till.order();
        let prepare = Call::prepare(order).with("amount", "12000.0");
        let texts = prepare
            .signed()
            .into_iter()
            .fold(Form::default(), |form, (name, value)| form.text(&name, &value));

        let by_form = told(&prepare.send(till));
        let by_multipart = told(&client.send_form("POST", PREPARE, &texts));
        let json = |is_number: fn(&str) -> bool| {
            let pairs = prepare.signed().into_iter().map(|(name, value)| {
                let value = if is_number(&name) { value } else { format!("{value:?}") };
                format!("{name:?}: {value}")
            });
            let body = format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "));
            told(
                &client
                    .with_header("content-type", "application/json")
                    .send("POST", PREPARE, Some(body.as_bytes())),
            )
        };
        let numbers: fn(&str) -> bool =
            |name| !["sign_time", "sign_string", "error_note", "merchant_trans_id"].contains(&name);

        assert_eq!((by_form.0, by_form), (0, by_multipart));
        assert_eq!((json(|_| false), json(numbers)), (by_form, by_form));
    });
}

#[test]
fn what_is_no_body_of_click_is_a_bad_request_without_ids() {
    let till = super::till();
    let client = till.server.client().unnoted();

    for body in [
        "",
        "{",
        "[]",
        "null",
        "{\"amount\":",
        "nonsense",
        "a=b&c",
        "%",
        "{}",
        "\0",
    ] {
        for (content_type, path) in [
            (FORM, PREPARE),
            ("application/json", COMPLETE),
            ("multipart/form-data; boundary=x", PREPARE),
        ] {
            let client = client.with_header("content-type", content_type);
            let answer = client.send("POST", path, Some(body.as_bytes()));
            assert_eq!(told(&answer), (-8, None), "{body} {content_type}");
            assert!(answer.at("/click_trans_id").is_null() && answer.at("/merchant_trans_id").is_null());
        }
    }
}

#[test]
fn the_type_the_last_slash_and_the_older_addresses_make_no_difference() {
    let till = super::till();
    let order = till.order();
    let number = prepared(&till, order);

    for path in [
        PREPARE,
        COMPLETE,
        "/api/v1/payments/click/prepare",
        "/api/v1/payments/click/complete",
        "/api/v6/payments/webhook/click/prepare/",
        "/api/v6/payments/webhook/click/prepare",
        "/api/v6/payments/webhook/click/complete/",
        "/api/v6/payments/webhook/click/complete",
    ] {
        for content_type in [FORM, "application/json", "text/html", ""] {
            let client = till.server.client().unnoted().with_header("content-type", content_type);
            let answer = client.send("POST", path, Some(Call::prepare(order).body().as_bytes()));
            assert_eq!(told(&answer), (0, Some(number)), "{path} {content_type}");
            assert_eq!(answer.header("content-language"), "");
        }
    }
}

#[test]
fn another_method_is_a_bad_request() {
    let till = super::till();
    let order = till.order();
    let client = till.server.client().unnoted().with_header("content-type", FORM);

    for method in ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "CLICK"] {
        for path in [PREPARE, COMPLETE] {
            let answer = client.send(method, path, Some(Call::prepare(order).body().as_bytes()));
            assert_eq!(told(&answer), (-8, None), "{method}");
        }
    }
    let asked_before = client
        .with_header("origin", "http://localhost:3000")
        .with_header("access-control-request-method", "POST");
    assert_eq!(told(&asked_before.send("OPTIONS", PREPARE, None)), (-8, None));
    assert_eq!(till.rows("provider_transactions"), 0);
}

#[test]
fn click_may_call_from_its_networks_alone_where_they_are_named() {
    let named = |networks| super::Till::open(Server::configured(&[("SAVDO_PAYMENTS__CLICK__ALLOW_FROM", networks)]));
    let (elsewhere, here) = (named("217.29.119.130"), named("127.0.0.0/8"));

    assert_eq!(code(&elsewhere, &Call::prepare(elsewhere.order())), -1);
    assert_eq!(code(&here, &Call::prepare(here.order())), 0);
}

#[test]
fn nobody_counts_the_calls() {
    let till = super::till();
    let (order, number) = paid(&till);

    for _ in 0..700 {
        assert_eq!(told(&Call::complete(order, number).send(&till)), (-4, Some(number)));
    }
}
