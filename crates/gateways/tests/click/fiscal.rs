//! A sale is told to Click, and its receipt asked for.

use savdo_domain::Money;
use savdo_domain::payment::click::{FiscalItem, FiscalSale, TaxNumber};
use savdo_gateways::click::NoClick;
use savdo_services::gateways::{ClickGateway, Clicked, Submission};
use serde_json::{Value, json};

use crate::fake::{FakeProvider, Says};
use crate::{PAYMENT, at, clicked, desk, now};

const LINK: &str = "https://ofd.soliq.uz/epi?t=1";

fn sale(seller: &str) -> FiscalSale {
    let tiyin = Money::from_tiyin;
    FiscalSale {
        seller: TaxNumber::parse(seller).unwrap(),
        total: tiyin(505_000),
        items: vec![FiscalItem {
            name: "Paratsetamol dona".to_owned(),
            spic: "00702001001000001".to_owned(),
            package_code: "1244862".to_owned(),
            good_price: tiyin(252_550),
            price: tiyin(505_100),
            pieces: 2,
            vat: tiyin(54_107),
            vat_percent: 12,
            discount: tiyin(100),
        }],
    }
}

fn submitted(asked: Clicked<Submission>) -> String {
    clicked(asked, |submission| match submission {
        Submission::Taken => "taken".to_owned(),
        Submission::Refused { code, why } => format!("refused {code}: {why}"),
    })
}

fn printed(asked: Clicked<Option<String>>) -> String {
    clicked(asked, |link| link.unwrap_or_else(|| "none".to_owned()))
}

/// What becomes of a sale and of a question that are answered so.
fn both(says: Says) -> [String; 2] {
    let click = FakeProvider::start(move |_, _| says.clone());
    let api = at(&click.url);
    [
        submitted(api.submit_items(&desk(), PAYMENT, &sale("123456789"), now())),
        printed(api.receipt(&desk(), PAYMENT, now())),
    ]
}

fn answers(status: u16, body: &str) -> [String; 2] {
    both(Says::Answer(status, body.to_owned()))
}

#[test]
fn a_sale_is_told_as_the_contract_has_it() {
    let click = FakeProvider::start(|_, _| Says::Answer(200, r#"{"error_code":0}"#.to_owned()));
    let api = at(&click.url);

    let told = ["123456789", "12345678901234"]
        .map(|seller| submitted(api.submit_items(&desk(), PAYMENT, &sale(seller), now())));
    let receipt = printed(api.receipt(&desk(), PAYMENT, now()));

    assert_eq!((told, receipt.as_str()), (["taken"; 2].map(str::to_owned), "none"));
    assert_eq!(
        click.lines(),
        [
            "POST /v2/merchant/payment/ofd_data/submit_items",
            "POST /v2/merchant/payment/ofd_data/submit_items",
            "GET /v2/merchant/payment/ofd_data/85335/2882345901",
        ]
    );
    let heard = click.heard();
    let mut expected = json!({
        "service_id": 85335,
        "payment_id": PAYMENT,
        "items": [{
            "Name": "Paratsetamol dona",
            "SPIC": "00702001001000001",
            "PackageCode": "1244862",
            "GoodPrice": 252_550,
            "Price": 505_100,
            "Amount": 2,
            "VAT": 54_107,
            "VATPercent": 12,
            "Discount": 100,
            "CommissionInfo": { "TIN": "123456789" },
        }],
        "received_ecash": 505_000,
        "received_cash": 0,
        "received_card": 0,
    });
    let body = |number: usize| serde_json::from_str::<Value>(&heard.get(number).unwrap().body).unwrap();
    assert_eq!(body(0), expected);
    *expected.pointer_mut("/items/0/CommissionInfo").unwrap() = json!({ "PINFL": "12345678901234" });
    assert_eq!(body(1), expected);
    for heard in &heard {
        assert_eq!(heard.auth, "9:6582787550ad2401c1b498fd8e4365f0947daced:1790000000");
        assert_eq!(heard.content_type, "application/json");
    }
}

#[test]
fn what_click_took_what_it_refuses_and_what_nobody_knows_are_three_things() {
    let with_link = |error: &str| format!(r#"{{{error}"paymentId":2882345901,"qrCodeURL":"{LINK}"}}"#);
    assert_eq!(answers(200, &with_link(r#""error_code":0,"#)), ["taken", LINK]);
    // Its documentation shows no error_code beside a link.
    assert_eq!(
        answers(200, &with_link("")),
        ["unknown 200: an answer that is none", LINK]
    );
    assert_eq!(answers(200, r#"{"error_code":0,"qrCodeURL":""}"#), ["taken", "none"]);
    assert_eq!(answers(200, r#"{"error_code":0,"qrCodeURL":null}"#), ["taken", "none"]);
    let refused = r#"{"error_code":-500,"error_note":"SPIC of 2882345901","qrCodeURL":"x"}"#;
    assert_eq!(
        answers(200, refused),
        ["refused -500: 200 error -500: SPIC of ***", "none"]
    );
    assert_eq!(answers(404, "<html>"), ["refused 404: 404", "none"]);
    for (status, said) in [
        (401, "log-in refused 401: the log-in is refused"),
        (500, "unknown 500: a fault of Click"),
        (408, "unknown 408: no answer in time"),
    ] {
        assert_eq!(answers(status, &with_link("")), [said, said]);
    }
    for garbage in ["", "oops", "[]"] {
        assert_eq!(
            answers(200, garbage),
            ["unknown 200: an answer that is none"; 2],
            "{garbage}"
        );
    }
    assert_eq!(both(Says::Nothing), ["unknown no answer in time"; 2]);
}

#[test]
fn without_a_click_nothing_is_registered() {
    let why = "not now Click is not asked: payments.click.api_url is empty";

    assert_eq!(
        submitted(NoClick.submit_items(&desk(), PAYMENT, &sale("123456789"), now())),
        why
    );
    assert_eq!(printed(NoClick.receipt(&desk(), PAYMENT, now())), why);
}
