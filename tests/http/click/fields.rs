//! The fields of a call (payments.md 3.1).

use super::{COMPLETE, Call, PREPARE, TRANS, code, on_both, prepared, stands, told};

/// Every field that Prepare must have.
const OF_PREPARE: [&str; 8] = [
    "click_trans_id",
    "service_id",
    "merchant_trans_id",
    "amount",
    "action",
    "error",
    "sign_time",
    "sign_string",
];

#[test]
fn a_field_that_is_missing_is_a_bad_request() {
    let till = super::till();
    let order = till.order();
    let number = prepared(&till, order);

    for name in OF_PREPARE {
        let prepare = Call::prepare(order).attempt(TRANS + 1);
        let with_signature = prepare.clone().and("sign_string", &prepare.signature());
        assert_eq!(code(&till, &with_signature.without(name).signed_by("")), -8, "{name}");
    }
    for name in OF_PREPARE.iter().chain(&["merchant_prepare_id"]) {
        let complete = Call::complete(order, number);
        let with_signature = complete.clone().and("sign_string", &complete.signature());
        assert_eq!(code(&till, &with_signature.without(name).signed_by("")), -8, "{name}");
    }
    assert_eq!(stands(&till, order), "awaiting_payment pending");
    assert_eq!(till.rows("provider_transactions"), 1);
}

#[test]
fn click_trans_id_is_a_whole_number_of_64_bits() {
    let till = super::till();
    let order = till.order();

    for malformed in ["", "x", "1.0", "+1", " 1", "9223372036854775808", "1e3", "0x1"] {
        let answer = Call::prepare(order).with("click_trans_id", malformed).send(&till);
        assert_eq!(told(&answer), (-8, None), "{malformed}");
        assert!(answer.at("/click_trans_id").is_null());
    }
    let answer = Call::prepare(order)
        .with("click_trans_id", "9007199254740993")
        .send(&till);
    assert_eq!(
        (told(&answer).0, answer.integer("/click_trans_id")),
        (0, 9_007_199_254_740_993)
    );
}

#[test]
fn service_id_names_the_desk() {
    let till = super::till();

    for foreign in ["1", "", "085335", "85335 "] {
        assert_eq!(
            code(&till, &Call::prepare(till.order()).with("service_id", foreign)),
            -8,
            "{foreign}"
        );
    }
}

#[test]
fn click_paydoc_id_may_be_absent_and_is_kept() {
    on_both(|till| {
        let paydoc = || {
            let rows = "SELECT coalesce(paydoc_id || '', 'none') AS line FROM provider_transactions ORDER BY id";
            till.server.world.database.lines(rows).pop().unwrap()
        };
        let order = till.order();
        let prepare = Call::prepare(order).without("click_paydoc_id");
        let number = told(&prepare.send(till)).1.unwrap();
        assert_eq!(paydoc(), "none");

        let complete = Call::complete(order, number).with("click_paydoc_id", "9007199254740993");
        assert_eq!(code(till, &complete), 0);

        assert_eq!(paydoc(), "9007199254740993");
        let other = till.order();
        let empty = Call::prepare(other).attempt(TRANS + 1).with("click_paydoc_id", "");
        assert_eq!((code(till, &empty), paydoc()), (0, "none".to_owned()));
        let malformed = Call::prepare(other).attempt(TRANS + 2).with("click_paydoc_id", "x");
        assert_eq!(code(till, &malformed), -8);
    });
}

#[test]
fn merchant_trans_id_is_our_order_as_text() {
    let till = super::till();

    for junk in [
        "x",
        "",
        "-1",
        "1.0",
        "1'; DROP TABLE orders; --",
        "\"1\"",
        "\u{451}",
        &"9".repeat(300),
        "999999",
    ] {
        let answer = Call::of("0", junk).send(&till);
        assert_eq!(told(&answer), (-5, None), "{junk}");
        assert_eq!(answer.text("/merchant_trans_id"), junk);
    }
}

#[test]
fn merchant_prepare_id_is_ours_from_prepare() {
    let till = super::till();
    let order = till.order();
    let number = prepared(&till, order);

    let ids = [
        String::new(),
        "x".to_owned(),
        format!("{number}.0"),
        "0".to_owned(),
        "9223372036854775808".to_owned(),
    ];
    for unknown in ids {
        let complete = Call::complete(order, number).with("merchant_prepare_id", &unknown);
        assert_eq!(code(&till, &complete), -6, "{unknown}");
    }
    // Prepare neither has nor signs one; what stands there is as any other unknown field.
    let prepare = Call::prepare(order).and("merchant_prepare_id", "5");
    assert_eq!(told(&prepare.send(&till)), (0, Some(number)));
}

#[test]
fn amount_is_so_m_with_at_most_two_decimals() {
    let till = super::till();
    let order = till.order();

    for wrong in [
        "",
        "x",
        "12000.001",
        "12000,00",
        "1.2e4",
        "12000.00 ",
        "-12000",
        "11999.99",
        "12000.01",
        "0",
        "NaN",
    ] {
        assert_eq!(code(&till, &Call::prepare(order).with("amount", wrong)), -2, "{wrong}");
    }
    for (attempt, right) in (0..).zip(["12000", "12000.0", "12000.00"]) {
        let prepare = Call::prepare(order).attempt(TRANS + attempt).with("amount", right);
        assert_eq!(code(&till, &prepare), 0, "{right}");
    }
}

#[test]
fn amounts_at_the_edges_are_exact() {
    on_both(|till| {
        for (attempt, tiyin, so_m, beside) in [
            (1, 1_i64, "0.01", "0.02"),
            (2, 9_999_999_999_999_999, "99999999999999.99", "99999999999999.98"),
            // One tiyin more than 32 bits and than a float of them hold.
            (3, 2_147_483_648, "21474836.48", "21474836.47"),
            (4, 1_677_721_701, "16777217.01", "16777217.00"),
        ] {
            let order = till.order();
            let total = format!("UPDATE orders SET total_price = {tiyin} WHERE id = {order}");
            till.server.world.database.execute(&total);
            let attempt = TRANS + attempt;

            let prepare = Call::prepare(order).attempt(attempt);
            assert_eq!(code(till, &prepare.clone().with("amount", beside)), -2, "{beside}");
            let (prepared, number) = told(&prepare.with("amount", so_m).send(till));
            assert_eq!(prepared, 0, "{so_m}");
            let complete = Call::complete(order, number.unwrap()).attempt(attempt);
            assert_eq!(code(till, &complete.clone().with("amount", beside)), -2, "{beside}");
            assert_eq!(code(till, &complete.with("amount", so_m)), 0, "{so_m}");

            assert_eq!(stands(till, order), "paid paid");
            let amount = format!("SELECT amount || '' AS line FROM payments WHERE order_id = {order}");
            assert_eq!(till.server.world.database.lines(&amount), [tiyin.to_string()]);
        }
    });
}

#[test]
fn action_is_zero_or_one_at_either_address() {
    on_both(|till| {
        let client = till.server.client().unnoted();
        let order = till.order();

        let number = told(&Call::prepare(order).send_by(&client, COMPLETE)).1.unwrap();
        let completed = Call::complete(order, number).send_by(&client, PREPARE);

        assert_eq!(told(&completed), (0, Some(number)));
        assert_eq!(completed.integer("/merchant_confirm_id"), number);
        for other in ["2", "-1", "", "00", "0.0", "x"] {
            for (path, key) in [(PREPARE, "/merchant_prepare_id"), (COMPLETE, "/merchant_confirm_id")] {
                let answer = Call::of(other, "1").send_by(&client, path);
                assert_eq!(told(&answer), (-3, None), "{other}");
                assert!(answer.at(key).is_null());
            }
        }
    });
}

#[test]
fn error_is_zero_or_a_failure_of_clicks_and_its_note_decides_nothing() {
    let till = super::till();
    let order = till.order();

    for malformed in ["", "x", "1", "0.0", "-9223372036854775809"] {
        assert_eq!(
            code(&till, &Call::prepare(order).with("error", malformed)),
            -8,
            "{malformed}"
        );
    }
    for failed in ["-1", "-5017"] {
        assert_eq!(code(&till, &Call::prepare(order).with("error", failed)), -9, "{failed}");
    }
    assert_eq!(till.rows("provider_transactions"), 0, "a failed Prepare has no effect");
    assert_eq!(code(&till, &Call::prepare(order).without("error_note")), 0);
    assert_eq!(
        code(&till, &Call::prepare(order).with("error_note", "Insufficient funds")),
        0
    );
}

#[test]
fn sign_time_is_a_text_and_may_be_old() {
    let till = super::till();
    let order = till.order();

    for time in ["2001-01-01 00:00:00", "2099-12-31 23:59:59", "", "kecha"] {
        assert_eq!(code(&till, &Call::prepare(order).with("sign_time", time)), 0, "{time}");
    }
}

#[test]
fn a_field_that_stands_twice_is_a_bad_request() {
    let till = super::till();
    let order = till.order();
    let number = prepared(&till, order);

    for call in [Call::prepare(order).attempt(TRANS + 1), Call::complete(order, number)] {
        let signed = call.clone().and("sign_string", &call.signature());
        let others = ["click_paydoc_id", "error_note", "merchant_prepare_id"];
        for name in OF_PREPARE.into_iter().chain(others) {
            let value = signed.text(name).to_owned();
            let once = signed.clone().with(name, &value);
            assert_eq!(code(&till, &once.and(name, &value)), -8, "{name}");
        }
    }
    assert_eq!(stands(&till, order), "awaiting_payment pending");
    assert_eq!(till.rows("provider_transactions"), 1);
    let json = format!(r#"{{"merchant_trans_id": "{order}", "amount": 1, "amount": 1}}"#);
    let answer = till
        .server
        .client()
        .unnoted()
        .send("POST", PREPARE, Some(json.as_bytes()));
    assert_eq!(told(&answer), (-8, None));
    assert_eq!(answer.text("/merchant_trans_id"), order.to_string());
}

#[test]
fn unknown_fields_are_ignored() {
    let till = super::till();
    let prepare = Call::prepare(till.order())
        .and("card", "8600123412341234")
        .and("card", "x")
        .and("Amount", "1");

    assert_eq!(code(&till, &prepare), 0);
}
