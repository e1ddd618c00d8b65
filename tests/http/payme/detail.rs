//! Fiscal lines (payments.md 2.7): the whole bill with its codes and tax, or none of it.

use savdo_domain::ids::ProductId;
use savdo_domain::payment::desk::DeskSecret;
use savdo_domain::percent::Percent;
use savdo_persistence::testing::Backend;
use savdo_services::desks::{AddDesk, DeskIds, PaymeTerms};
use savdo_services::once::Unkeyed;
use savdo_services::products::{self, OfferProduct};
use serde_json::{Value, json};

use super::{ORDERS, Till, basic, on_both};
use crate::online::medicine;

const KEY: &str = "dokon&kaliti?0123456789@abc#def%ghij";

/// A desk of the shop that sends fiscal lines.
fn sends_detail(till: &mut Till) {
    till.server.world.desk(AddDesk {
        store_id: Some(till.shop.store_id),
        environment: None,
        ids: DeskIds::Payme {
            merchant_id: "own1".to_owned(),
            terms: PaymeTerms {
                login: "Paycom".to_owned(),
                account_field: "order_id".to_owned(),
                sends_detail: true,
            },
        },
        secret: DeskSecret::new(KEY),
    });
    let client = till.server.client().unnoted();
    till.payme = client.with_header("authorization", &basic(&format!("Paycom:{KEY}")));
}

/// A product that the tax office knows, as far as it is told.
fn known(till: &Till, (name, price): (&str, &str), (mxik, package): (&str, &str), vat: Option<i64>) -> ProductId {
    let id = medicine(&till.server, &till.shop, name, price);
    let command = OfferProduct {
        mxik_code: Some((!mxik.is_empty()).then(|| mxik.to_owned())),
        package_code: Some(package.to_owned()),
        vat_percent: Some(vat.map(|percent| Percent::from_hundredths(percent * 100))),
        ..OfferProduct::default()
    };
    products::offer(&till.server.world.context, &till.shop.owner, id, command, &Unkeyed).unwrap();
    id
}

/// What Payme is told of an order of these.
fn told(till: &Till, lines: &[(ProductId, i64)], amount: i64) -> Value {
    for (product, quantity) in lines {
        let item = json!({ "product_id": product, "quantity": quantity });
        let _ = till
            .buyer
            .post("/api/v1/pharmacy/cart/items/", &item)
            .expect_status(201);
    }
    let order = till
        .buyer
        .post(ORDERS, &json!({ "delivery_address": "Toshkent, Navoiy 1" }));
    let order = order.expect_status(201).integer("/id");
    let params = json!({ "amount": amount, "account": { "order_id": order.to_string() } });
    till.call("CheckPerformTransaction", &params).at("/result").clone()
}

#[test]
fn a_bill_whose_lines_have_their_codes_is_told_line_by_line() {
    on_both_open(|till| {
        let one = known(
            till,
            ("Paratsetamol", "12000.50"),
            ("00702001001000001", "1244862"),
            Some(12),
        );
        let two = known(till, ("Vitamin C", "7.00"), ("10702001001000002", "99"), None);

        let result = told(till, &[(one, 2), (two, 3)], 2 * 1_200_050 + 3 * 700);

        let items = json!([
            { "title": "Paratsetamol", "price": 1_200_050, "count": 2, "code": "00702001001000001", "vat_percent": 12,
              "package_code": "1244862" },
            { "title": "Vitamin C", "price": 700, "count": 3, "code": "10702001001000002", "vat_percent": 0,
              "package_code": "99" },
        ]);
        assert_eq!(
            result,
            json!({ "allow": true, "detail": { "receipt_type": 0, "items": items } })
        );
        let items = result["detail"]["items"].as_array().unwrap();
        let sum = items
            .iter()
            .map(|item| item["price"].as_i64().unwrap() * item["count"].as_i64().unwrap());
        assert_eq!(sum.sum::<i64>(), 2_402_200);
    });
}

#[test]
fn a_bill_with_a_line_that_lacks_a_code_is_allowed_without_lines() {
    on_both_open(|till| {
        let whole = known(
            till,
            ("Paratsetamol", "12000.00"),
            ("00702001001000001", "1244862"),
            Some(12),
        );
        let no_code = known(till, ("Vitamin C", "1.00"), ("", "99"), Some(12));
        let no_package = known(till, ("Vitamin D", "2.00"), ("10702001001000002", ""), Some(12));
        let no_lines = json!({ "allow": true });

        assert_eq!(told(till, &[(whole, 1), (no_code, 1)], 1_200_100), no_lines);
        assert_eq!(told(till, &[(whole, 1), (no_package, 1)], 1_200_200), no_lines);
        assert_eq!(told(till, &[(whole, 1)], 1_200_000)["detail"]["items"][0]["count"], 1);
    });
}

#[test]
fn a_desk_that_sends_no_lines_tells_none() {
    on_both(|till| {
        let whole = known(
            till,
            ("Paratsetamol", "12000.00"),
            ("00702001001000001", "1244862"),
            Some(12),
        );

        assert_eq!(told(till, &[(whole, 1)], 1_200_000), json!({ "allow": true }));
    });
}

/// As [`on_both`], at a desk that sends fiscal lines.
fn on_both_open(test: fn(&Till)) {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let mut till = Till::open(savdo_tests::Server::on(backend));
        sends_detail(&mut till);
        test(&till);
    }
}
