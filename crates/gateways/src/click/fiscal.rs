//! What Click is told of a sale, and what it says of the receipt (payments.md 3.7).

use savdo_domain::payment::click::{ClickDesk, FiscalItem, FiscalSale, TaxNumber};
use savdo_services::gateways::{Clicked, Submission};
use serde_json::{Value, json};

use super::judge;
use crate::http::Answer;

/// All of it came through Click, by its documentation electronic cash.
pub(super) fn body(desk: &ClickDesk, payment_id: i64, sale: &FiscalSale) -> Value {
    let service_id = desk.service_id.parse::<i64>();
    json!({
        "service_id": service_id.map_or_else(|_| json!(desk.service_id), |number| json!(number)),
        "payment_id": payment_id,
        "items": sale.items.iter().map(|one| item(one, &sale.seller)).collect::<Vec<_>>(),
        "received_ecash": sale.total.tiyin(),
        "received_cash": 0,
        "received_card": 0,
    })
}

fn item(item: &FiscalItem, seller: &TaxNumber) -> Value {
    let seller = match seller {
        TaxNumber::Tin(digits) => json!({ "TIN": digits }),
        TaxNumber::Pinfl(digits) => json!({ "PINFL": digits }),
    };
    json!({
        "Name": item.name,
        "SPIC": item.spic,
        "PackageCode": item.package_code,
        "GoodPrice": item.good_price.tiyin(),
        "Price": item.price.tiyin(),
        "Amount": item.pieces,
        "VAT": item.vat.tiyin(),
        "VATPercent": item.vat_percent,
        "Discount": item.discount.tiyin(),
        "CommissionInfo": seller,
    })
}

pub(super) fn submission(answer: &Answer) -> Clicked<Submission> {
    judge(answer).and_then(|heard| {
        Clicked::Told(match heard {
            Ok(_) => Submission::Taken,
            Err(why) => {
                let error = told(answer).and_then(|told| told.get("error_code").and_then(Value::as_i64));
                let code = error.filter(|error| *error != 0).unwrap_or(i64::from(answer.status));
                Submission::Refused { code, why }
            }
        })
    })
}

/// A link counts without an `error_code`, of which the documentation shows none here; so does an answer without a link.
pub(super) fn receipt(answer: &Answer) -> Clicked<Option<String>> {
    let told = told(answer).filter(|told| (200..=299).contains(&answer.status) && told.is_object());
    let is_fine = |told: &Value| matches!(told.get("error_code").map(Value::as_i64), None | Some(Some(0)));
    if let Some(told) = told.filter(is_fine) {
        let link = told.get("qrCodeURL").and_then(Value::as_str);
        return Clicked::Told(link.filter(|link| !link.is_empty()).map(str::to_owned));
    }
    judge(answer).and_then(|_| Clicked::Told(None))
}

fn told(answer: &Answer) -> Option<Value> {
    serde_json::from_str(answer.body.as_deref()?).ok()
}
