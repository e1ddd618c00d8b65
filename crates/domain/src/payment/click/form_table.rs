//! The first half of the judging order, row by row.

use crate::coded::Coded as _;
use crate::ids::{OrderId, StoreId, TransactionId};
use crate::money::Money;
use crate::payment::click::{Action, Call, ClickDesk, Code, Complete, Field, Form, Prepare, Signed};
use crate::payment::desk::{Desk, DeskSecret, DeskSecrets, Environment};

fn desk(service_id: &str, store_id: Option<i64>, live: &str, previous: &str) -> ClickDesk {
    ClickDesk {
        desk: Desk {
            store_id: store_id.map(StoreId::new),
            environment: Environment::Test,
            secrets: DeskSecrets {
                live: DeskSecret::new(live),
                previous: DeskSecret::new(previous),
            },
        },
        service_id: service_id.to_owned(),
        merchant_id: "46".to_owned(),
        merchant_user_id: "9".to_owned(),
    }
}

fn desks() -> Vec<ClickDesk> {
    vec![
        desk("85335", None, "clicksecret", "earlier"),
        desk("7", Some(3), "", "left-over"),
    ]
}

/// The fields of the contract's vectors.
fn pairs(action: &'static str) -> Vec<(&'static str, String)> {
    let mut pairs = vec![
        ("click_trans_id", "3000000001"),
        ("service_id", "85335"),
        ("click_paydoc_id", "77"),
        ("merchant_trans_id", "1001"),
        ("amount", "15000.00"),
        ("action", action),
        ("error", "0"),
        ("error_note", ""),
        ("sign_time", "2026-11-21 12:00:00"),
    ];
    if action == "1" {
        pairs.push(("merchant_prepare_id", "5001"));
    }
    pairs
        .into_iter()
        .map(|(name, value)| (name, value.to_owned()))
        .collect()
}

fn form(pairs: &[(&'static str, String)]) -> Form {
    Form::of(pairs.iter().map(|(name, value)| (*name, value.as_str())))
}

/// The fields after a change, signed anew by that secret.
fn signed(action: &'static str, secret: &str, changes: &[(&'static str, Option<&str>)]) -> Form {
    let mut pairs = pairs(action);
    for (name, value) in changes {
        pairs.retain(|(other, _)| other != name);
        pairs.extend(value.map(|value| (*name, value.to_owned())));
    }
    let text = |wanted| {
        let found = pairs.iter().find(|(name, _)| *name == wanted);
        found.map_or("", |(_, value)| value.as_str())
    };
    let signature = Signed {
        click_trans_id: text("click_trans_id"),
        service_id: text("service_id"),
        merchant_trans_id: text("merchant_trans_id"),
        merchant_prepare_id: text("merchant_prepare_id"),
        amount: text("amount"),
        action: text("action"),
        sign_time: text("sign_time"),
    }
    .signature(&DeskSecret::new(secret));
    pairs.push(("sign_string", signature));
    form(&pairs)
}

fn judged(form: &Form) -> i64 {
    let desks = desks();
    form.judge(&desks, Environment::Test).map_or_else(Code::number, |_| 0)
}

fn call(form: &Form) -> Call {
    form.judge(&desks(), Environment::Test).unwrap().0
}

#[test]
fn a_signed_prepare_is_read() {
    let expected = Prepare {
        click_trans_id: 3_000_000_001,
        paydoc_id: Some(77),
        order: Some(OrderId::new(1001)),
        amount: Some(Money::from_tiyin(1_500_000)),
        error: 0,
    };
    assert_eq!(call(&signed("0", "clicksecret", &[])), Call::Prepare(expected));
}

#[test]
fn a_signed_complete_is_read() {
    let form = signed(
        "1",
        "clicksecret",
        &[("error", Some("-5017")), ("click_paydoc_id", None)],
    );

    let expected = Complete {
        click_trans_id: 3_000_000_001,
        paydoc_id: None,
        order: Some(OrderId::new(1001)),
        prepare_id: Some(TransactionId::new(5001)),
        amount: Some(Money::from_tiyin(1_500_000)),
        error: -5017,
    };
    assert_eq!(call(&form), Call::Complete(expected));
    assert_eq!(form.action(), Some(Action::Complete));
}

#[test]
fn the_vectors_of_the_contract_are_let_in() {
    for (action, signature) in [
        ("0", "68045d230656b877a5e529196de72b6b"),
        ("1", "2e670f890ed5150394d88ddff52ca341"),
    ] {
        let mut pairs = pairs(action);
        pairs.push(("sign_string", signature.to_owned()));
        assert_eq!(judged(&form(&pairs)), 0, "{action}");
    }
}

#[test]
fn a_missing_field_is_a_bad_request_before_the_signature_is_looked_at() {
    for name in [
        "click_trans_id",
        "service_id",
        "merchant_trans_id",
        "amount",
        "action",
        "error",
        "sign_time",
    ] {
        assert_eq!(judged(&signed("0", "wrong", &[(name, None)])), -8, "{name}");
    }
    assert_eq!(judged(&form(&pairs("0"))), -8, "sign_string");
    assert_eq!(judged(&signed("1", "wrong", &[("merchant_prepare_id", None)])), -8);
    assert_eq!(judged(&signed("0", "clicksecret", &[("error_note", None)])), 0);
}

#[test]
fn a_malformed_number_is_a_bad_request() {
    for (name, value) in [
        ("click_trans_id", ""),
        ("click_trans_id", "abc"),
        ("click_trans_id", "9223372036854775808"),
        ("click_trans_id", "+5"),
        ("click_paydoc_id", "x"),
        ("error", "none"),
        ("error", "1"),
    ] {
        assert_eq!(
            judged(&signed("0", "clicksecret", &[(name, Some(value))])),
            -8,
            "{name} {value}"
        );
    }
    let most = signed("0", "clicksecret", &[("click_trans_id", Some("9223372036854775807"))]);
    assert_eq!((judged(&most), most.click_trans_id()), (0, Some(i64::MAX)));
}

#[test]
fn a_field_given_twice_is_a_bad_request() {
    for field in Field::ALL {
        let mut once = pairs("1");
        once.push(("sign_string", "2e670f890ed5150394d88ddff52ca341".to_owned()));
        assert_eq!(judged(&form(&once)), 0);
        let given = once.iter().find(|(name, _)| *name == field.code()).cloned();
        let twice = form(&[once, vec![given.unwrap()]].concat());

        assert_eq!(judged(&twice), -8, "{field}");
        assert_eq!(
            (twice.click_trans_id(), twice.merchant_trans_id()),
            (Some(3_000_000_001), Some("1001"))
        );
    }
}

#[test]
fn a_wrong_or_empty_signature_fails() {
    let mut empty = pairs("0");
    empty.push(("sign_string", String::new()));
    let mut upper = pairs("0");
    upper.push(("sign_string", "68045D230656B877A5E529196DE72B6B".to_owned()));
    let mut changed = pairs("1");
    changed.push(("sign_string", "68045d230656b877a5e529196de72b6b".to_owned()));

    for form in [form(&empty), form(&upper), form(&changed), signed("0", "wrong", &[])] {
        assert_eq!(judged(&form), -1);
    }
}

#[test]
fn the_previous_secret_signs_too() {
    assert_eq!(judged(&signed("1", "earlier", &[])), 0);
}

#[test]
fn a_desk_without_a_live_secret_or_of_another_world_lets_nobody_in() {
    for secret in ["", "left-over", "clicksecret"] {
        assert_eq!(
            judged(&signed("0", secret, &[("service_id", Some("7"))])),
            -1,
            "{secret}"
        );
    }
    let right = signed("0", "clicksecret", &[]);
    assert_eq!(right.judge(&desks(), Environment::Production), Err(Code::BadSignature));
    assert_eq!(right.judge(&[], Environment::Test), Err(Code::BadSignature));
}

#[test]
fn a_service_that_no_desk_has_is_judged_by_the_default_secret_first() {
    let foreign = |secret| judged(&signed("0", secret, &[("service_id", Some("1"))]));

    assert_eq!([foreign("wrong"), foreign("clicksecret")], [-1, -8]);
}

#[test]
fn an_action_that_is_neither_is_not_found() {
    for action in ["2", "-1", "", "01", "prepare"] {
        let with = [("action", Some(action)), ("merchant_prepare_id", Some("5001"))];
        assert_eq!(judged(&signed("0", "clicksecret", &with)), -3, "{action}");
        assert_eq!(
            judged(&signed("0", "clicksecret", &[("action", Some(action))])),
            -3,
            "{action}"
        );
        assert_eq!(
            judged(&signed("0", "wrong", &[("action", Some(action))])),
            -1,
            "{action}"
        );
    }
}

#[test]
fn an_amount_is_decimal_text_with_two_decimals_at_most() {
    let amount = |text| match call(&signed("0", "clicksecret", &[("amount", Some(text))])) {
        Call::Prepare(prepare) => prepare.amount.map(Money::tiyin),
        Call::Complete(_) => panic!("action 0 is Prepare"),
    };

    assert_eq!(["1000", "1000.0", "1000.00"].map(amount), [Some(100_000); 3]);
    assert_eq!(
        ["0.01", "99999999999999.99"].map(amount),
        [Some(1), Some(9_999_999_999_999_999)]
    );
    for text in ["", "1000.000", "1e3", "1000,00", "NaN", "1 000", "99999999999999999999"] {
        assert_eq!(amount(text), None, "{text}");
    }
}

#[test]
fn an_order_that_cannot_be_a_number_is_none() {
    let order = |text| match call(&signed("0", "clicksecret", &[("merchant_trans_id", Some(text))])) {
        Call::Prepare(prepare) => prepare.order.map(OrderId::get),
        Call::Complete(_) => panic!("action 0 is Prepare"),
    };

    assert_eq!(["1001", "9223372036854775807"].map(order), [Some(1001), Some(i64::MAX)]);
    assert_eq!(["", "-1", "1001 ", "9223372036854775808", "user"].map(order), [None; 5]);
}

#[test]
fn a_complete_without_an_error_tells_of_money() {
    let tells = |action: &'static str, error: Option<&str>| signed(action, "x", &[("error", error)]).tells_of_money();

    assert!(tells("1", Some("0")));
    assert!(!tells("0", Some("0")) && !tells("2", Some("0")));
    assert!(!tells("1", Some("-5017")) && !tells("1", Some("")) && !tells("1", None));
}
