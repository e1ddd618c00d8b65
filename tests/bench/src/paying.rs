//! Payme and Click, as they call about orders that wait for their payment.
//!
//! They answer with status 200 whatever they say, so that of their answers a word is looked for.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use anyhow::Context as _;
use savdo_domain::Money;
use savdo_domain::payment::click::Signed;
use savdo_domain::payment::desk::{Desk, DeskSecret, DeskSecrets, Environment};
use savdo_domain::payment::payme::PaymeDesk;
use savdo_services::{Clock as _, SystemClock};
use serde_json::{Value, json};

use crate::client::{Ask, Token};
use crate::driver::{self, Lot};
use crate::stage::{Method, Person, Stage, path};

const KEY: &str = "bench-0123456789-0123456789-01234567";
const SECRET: &str = "bench-click-secret";
const SERVICE: &str = "85335";
/// How many orders are made ready at a time.
const ORDERS: usize = 2_000;
const AT_ONCE: usize = 16;

/// What opens a server's desks to these providers.
pub(crate) const VARIABLES: [(&str, &str); 7] = [
    ("SAVDO_PAYMENTS__ENVIRONMENT", "test"),
    ("SAVDO_PAYMENTS__PAYME__MERCHANT_ID", "000000000000000000000001"),
    ("SAVDO_PAYMENTS__PAYME__KEY", KEY),
    ("SAVDO_PAYMENTS__CLICK__SERVICE_ID", SERVICE),
    ("SAVDO_PAYMENTS__CLICK__MERCHANT_ID", "1"),
    ("SAVDO_PAYMENTS__CLICK__MERCHANT_USER_ID", "1"),
    ("SAVDO_PAYMENTS__CLICK__SECRET_KEY", SECRET),
];

/// An order that waits for its payment.
struct Owed {
    order: String,
    total: Money,
    /// What Click calls the attempt, and Payme the transaction in 24 digits.
    id: String,
}

/// Payme opens a transaction.
pub(crate) async fn creates(stage: &mut Stage, address: SocketAddr) -> anyhow::Result<Vec<Ask>> {
    Ok(owed(stage, address).await?.iter().map(create).collect())
}

/// Payme says that the money is here.
pub(crate) async fn performs(stage: &mut Stage, address: SocketAddr) -> anyhow::Result<Vec<Ask>> {
    let owed = owed(stage, address).await?;
    let created = Lot::once(owed.iter().map(create).collect());
    driver::answers(address, created, AT_ONCE).await?;
    let perform = |owed: &Owed| payme("PerformTransaction", &json!({ "id": payme_id(owed) }), "\"state\":2");
    Ok(owed.iter().map(perform).collect())
}

/// Click begins an attempt.
pub(crate) async fn prepares(stage: &mut Stage, address: SocketAddr) -> anyhow::Result<Vec<Ask>> {
    Ok(owed(stage, address)
        .await?
        .iter()
        .map(|owed| click(owed, None))
        .collect())
}

/// Click says that the money is here.
pub(crate) async fn completes(stage: &mut Stage, address: SocketAddr) -> anyhow::Result<Vec<Ask>> {
    let owed = owed(stage, address).await?;
    let prepared = Lot::once(owed.iter().map(|owed| click(owed, None)).collect());
    let mut numbers = BTreeMap::new();
    for answer in driver::answers(address, prepared, AT_ONCE).await? {
        let answer: Value = serde_json::from_slice(&answer)?;
        let number = |name| {
            answer
                .get(name)
                .and_then(Value::as_i64)
                .context("an attempt without its numbers")
        };
        numbers.insert(number("click_trans_id")?.to_string(), number("merchant_prepare_id")?);
    }
    let completes = owed.iter().map(|owed| {
        let number = numbers.get(&owed.id).context("an attempt that was not answered")?;
        Ok(click(owed, Some(*number)))
    });
    completes.collect()
}

async fn owed(stage: &mut Stage, address: SocketAddr) -> anyhow::Result<Vec<Owed>> {
    let buyers: Vec<Person> = stage.buyers.iter().take(ORDERS).cloned().collect();
    let checkouts = stage.checkouts(&buyers, Method::Online)?;
    let orders = driver::answers(address, Lot::once(checkouts), AT_ONCE).await?;
    let owed = orders.iter().map(|order| {
        let order: Value = serde_json::from_slice(order)?;
        let id = order
            .get("id")
            .and_then(Value::as_i64)
            .context("an order without an id")?;
        let total = order.get("total_price").and_then(Value::as_str);
        Ok(Owed {
            total: Money::parse(total.context("an order without a price")?)?,
            id: format!("3{id:09}"),
            order: id.to_string(),
        })
    });
    owed.collect()
}

fn payme_id(owed: &Owed) -> String {
    format!("{:0>24}", owed.id)
}

fn create(owed: &Owed) -> Ask {
    let params = json!({
        "id": payme_id(owed),
        "time": SystemClock.now().timestamp_millis(),
        "amount": owed.total.tiyin(),
        "account": { "order_id": owed.order },
    });
    payme("CreateTransaction", &params, "\"state\":1")
}

fn payme(method: &str, params: &Value, said: &'static str) -> Ask {
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    let ask = Ask::post(path("payments/payme/"), &body, 200);
    ask.by(&Token::whole(&desk().credential())).saying(said)
}

fn desk() -> PaymeDesk {
    PaymeDesk {
        desk: Desk {
            store_id: None,
            environment: Environment::Test,
            secrets: DeskSecrets {
                live: DeskSecret::new(KEY),
                previous: DeskSecret::new(""),
            },
        },
        merchant_id: String::new(),
        login: "Paycom".to_owned(),
        account_field: "order_id".to_owned(),
        sends_detail: false,
    }
}

/// Complete of the attempt with this number, Prepare without one.
fn click(owed: &Owed, prepare_id: Option<i64>) -> Ask {
    let (action, end) = match prepare_id {
        Some(_) => ("1", "complete"),
        None => ("0", "prepare"),
    };
    let prepare_id = prepare_id.map(|id| id.to_string()).unwrap_or_default();
    let (amount, sign_time) = (owed.total.to_string(), "2026-11-21 12:00:00");
    let signed = Signed {
        click_trans_id: &owed.id,
        service_id: SERVICE,
        merchant_trans_id: &owed.order,
        merchant_prepare_id: &prepare_id,
        amount: &amount,
        action,
        sign_time,
    };
    let sign_string = signed.signature(&DeskSecret::new(SECRET));
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs([
        ("click_trans_id", owed.id.as_str()),
        ("service_id", SERVICE),
        ("click_paydoc_id", &owed.id),
        ("merchant_trans_id", &owed.order),
        ("amount", &amount),
        ("action", action),
        ("error", "0"),
        ("error_note", "Success"),
        ("sign_time", sign_time),
        ("sign_string", &sign_string),
    ]);
    if !prepare_id.is_empty() {
        form.append_pair("merchant_prepare_id", &prepare_id);
    }
    Ask::post_form(path(&format!("payments/click/{end}/")), form.finish()).saying("\"error\":0")
}
