//! `savdo payments desk`, as an operator meets it beside a running server.

use std::io::Write;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{FREE_PORT, SECRET, Serving, refusal, run, savdo};

/// Base64 of `Paycom:` and a key.
const CREDENTIALS: [(&str, &str); 3] = [
    (
        "dokon-kaliti-1-0123456789abcdefghijk",
        "UGF5Y29tOmRva29uLWthbGl0aS0xLTAxMjM0NTY3ODlhYmNkZWZnaGlqaw==",
    ),
    (
        "dokon-kaliti-2-0123456789abcdefghijk",
        "UGF5Y29tOmRva29uLWthbGl0aS0yLTAxMjM0NTY3ODlhYmNkZWZnaGlqaw==",
    ),
    (
        "sinov-kaliti-0123456789abcdefghijklm",
        "UGF5Y29tOnNpbm92LWthbGl0aS0wMTIzNDU2Nzg5YWJjZGVmZ2hpamtsbQ==",
    ),
];

/// An installation that deals with real money, and has no desk in its configuration.
const PRODUCTION: [(&str, &str); 4] = [
    ("SECRET_KEY", SECRET),
    ("SAVDO_PAYMENTS__ENVIRONMENT", "production"),
    // Those of development take no real money.
    ("SAVDO_PAYMENTS__PAYME__KEY", ""),
    ("SAVDO_PAYMENTS__CLICK__SECRET_KEY", ""),
];

/// The command with this input.
fn desk(folder: &TempDir, arguments: &[&str], input: &str) -> Output {
    let arguments = [&["payments", "desk"], arguments].concat();
    let mut command = savdo(folder, &arguments, &PRODUCTION)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that refuses its arguments reads no input.
    let _ = command.stdin.take().unwrap().write_all(input.as_bytes());
    command.wait_with_output().unwrap()
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{:?}", refusal(output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What Payme is told with this key of an order that nobody has placed.
fn told(server: &Serving, key: &str) -> i64 {
    let (_, credential) = CREDENTIALS.iter().find(|(known, _)| *known == key).unwrap();
    let call = json!({ "method": "CheckPerformTransaction", "id": 1,
        "params": { "amount": 100, "account": { "order_id": "1" } } });
    let request = ureq::post(format!("{}/api/v1/payments/payme/", server.address));
    let request = request.header("authorization", format!("Basic {credential}"));
    let mut answer = request.send(call.to_string()).unwrap();
    let answer: Value = serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
    answer["error"]["code"].as_i64().unwrap()
}

const ADD: [&str; 5] = ["add", "payme", "--default", "--merchant-id", "own1"];

#[test]
fn a_desk_is_made_rotated_switched_and_removed() {
    let folder = TempDir::new().unwrap();
    said(&run(&folder, &["migrate"], &PRODUCTION));

    assert_eq!(
        said(&desk(&folder, &ADD, "dokon-kaliti-1-0123456789abcdefghijk\n")),
        "Desk 1 made: own1 at payme, of every store without its own\n"
    );
    let click = [
        "add",
        "click",
        "--default",
        "--service-id",
        "900",
        "--merchant-id",
        "77",
        "--merchant-user-id",
        "88",
    ];
    assert_eq!(
        said(&desk(&folder, &click, "click-siri-1\n")),
        "Desk 2 made: 900 at click, of every store without its own\n"
    );
    let test = [&ADD[..], &["--environment", "test"]].concat();
    assert_eq!(
        said(&desk(&folder, &test, "sinov-kaliti-0123456789abcdefghijklm")),
        "Desk 3 made: own1 at payme, of every store without its own\n"
    );
    assert_eq!(
        said(&desk(
            &folder,
            &["rotate", "1"],
            "dokon-kaliti-2-0123456789abcdefghijk\n"
        )),
        "Desk 1 takes the new secret, and the previous one until --drop-previous\n"
    );
    assert_eq!(said(&desk(&folder, &["off", "2"], "")), "Desk 2 takes no calls\n");

    let listed = desk(&folder, &["list"], "");
    let expected = "\
ID      PROVIDER  ENVIRONMENT  STORE    DESK                      PREVIOUS   STATE
config  payme     production   default  000000000000000000000001  -          off: desk 1 stands in its place
config  click     production   default  1                         -          off: desk 2 stands in its place
1       payme     production   default  own1                      taken too  on
2       click     production   default  900                       -          off
3       payme     test         default  own1                      -          off: payments.environment is the other
";
    assert_eq!(said(&listed), expected);
    assert_eq!(
        said(&desk(&folder, &["rotate", "1", "--undo"], "")),
        "Desk 1 takes its previous secret alone\n"
    );
    said(&desk(
        &folder,
        &["rotate", "1"],
        "dokon-kaliti-2-0123456789abcdefghijk\n",
    ));
    assert_eq!(
        said(&desk(&folder, &["rotate", "1", "--drop-previous"], "")),
        "Desk 1 takes its live secret alone\n"
    );
    assert_eq!(said(&desk(&folder, &["remove", "2"], "")), "Desk 2 is removed\n");
    assert_eq!(said(&desk(&folder, &["list"], "")).lines().count(), 5);
}

#[test]
fn a_secret_is_read_from_the_input_alone_and_never_shown() {
    let folder = TempDir::new().unwrap();
    said(&run(&folder, &["migrate"], &PRODUCTION));

    let argument = [&ADD[..], &["--secret", "dokon-kaliti-1-0123456789abcdefghijk"]].concat();
    assert_eq!(desk(&folder, &argument, "").status.code(), Some(2));
    let outputs = [
        desk(&folder, &ADD, "dokon-kaliti-1-0123456789abcdefghijk\n"),
        desk(&folder, &["rotate", "1"], "dokon-kaliti-1-0123456789abcdefghijk\n"),
        desk(&folder, &["rotate", "1"], "dokon-kaliti-2-0123456789abcdefghijk\n"),
        desk(&folder, &["list"], ""),
    ];

    for output in outputs {
        let shown = format!("{output:?}");
        assert!(!shown.contains("dokon-kaliti"), "{shown}");
    }
    let database = std::fs::read(folder.path().join("data/savdo.db")).unwrap();
    let lies_open = database.windows(12).any(|bytes| bytes == b"dokon-kaliti");
    assert!(!lies_open);
}

#[test]
fn what_an_operator_gets_wrong_is_named() {
    let folder = TempDir::new().unwrap();
    said(&run(&folder, &["migrate"], &PRODUCTION));
    said(&desk(&folder, &ADD, "dokon-kaliti-1-0123456789abcdefghijk\n"));

    let of_store = ["add", "payme", "--store", "7", "--merchant-id", "own2"];
    let strange = ["add", "payme", "--default", "--merchant-id", "own 2"];
    for (arguments, input, why) in [
        (&of_store[..], "k\n", "there is no store 7"),
        (
            &strange,
            "k\n",
            "the merchant id is \"own 2\"; it is a word of letters, digits, - and _, as the provider gave it",
        ),
        (&ADD, "\n", "the secret is empty"),
        (
            &ADD,
            "a b\n",
            "the secret holds a space, a sign that cannot be seen, or one that is not ASCII",
        ),
        (
            &ADD,
            "k\n",
            "desk 1 is of the same store, provider and environment; rotate its secret, or remove it first",
        ),
        (&["rotate", "9"], "k\n", "there is no desk 9"),
        (
            &["rotate", "1"],
            "dokon-kaliti-1-0123456789abcdefghijk\n",
            "desk 1 has this secret already",
        ),
        (
            &["rotate", "1"],
            "yarim-kalit\n",
            "the secret has 11 characters; a desk of this provider has 36 at least",
        ),
        (&["rotate", "1", "--undo"], "", "desk 1 takes no previous secret"),
        (&["remove", "1"], "", "desk 1 is on; switch it off first"),
    ] {
        let output = desk(&folder, arguments, input);
        assert_eq!(refusal(&output), (Some(1), format!("savdo: {why}")), "{arguments:?}");
    }
    for unclear in [
        &["add", "payme", "--merchant-id", "own2"][..],
        &["add", "payme", "--merchant-id", "own2", "--store", "7", "--default"],
        &[
            "add",
            "payme",
            "--default",
            "--merchant-id",
            "own2",
            "--environment",
            "sandbox",
        ],
        &["rotate", "1", "--undo", "--drop-previous"],
    ] {
        assert_eq!(desk(&folder, unclear, "k\n").status.code(), Some(2), "{unclear:?}");
    }
}

#[test]
fn a_running_server_takes_a_new_desk_and_no_key_of_the_sandbox() {
    let folder = TempDir::new().unwrap();
    let server = Serving::start(&folder, &[&PRODUCTION[..], &[FREE_PORT]].concat());

    said(&desk(&folder, &ADD, "dokon-kaliti-1-0123456789abcdefghijk\n"));
    said(&desk(
        &folder,
        &[&ADD[..], &["--environment", "test"]].concat(),
        "sinov-kaliti-0123456789abcdefghijklm\n",
    ));

    // No order 1: the key opened its desk, which the server reads within some seconds.
    let deadline = Instant::now() + Duration::from_secs(30);
    while told(&server, "dokon-kaliti-1-0123456789abcdefghijk") != -31050 {
        assert!(Instant::now() < deadline, "the desk is not read");
        std::thread::park_timeout(Duration::from_millis(100));
    }
    assert_eq!(told(&server, "dokon-kaliti-2-0123456789abcdefghijk"), -32504);
    assert_eq!(told(&server, "sinov-kaliti-0123456789abcdefghijklm"), -32504);
}
