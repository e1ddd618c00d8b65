//! What Payme is told, to the byte: keys in the order of its documentation, times and amounts as whole numbers, our ids as text.

use savdo_domain::ids::TransactionId;
use savdo_domain::payment::Which;
use savdo_domain::payment::payme::detail::{Detail, DetailItem};
use savdo_domain::payment::payme::{Answer, Fault};
use savdo_services::payments::payme::{Outcome, Reply, StatementRow};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::messages::{self, InAll};

/// The source text of the `id` of a call.
pub(super) type Id = Box<RawValue>;

/// The `id` of an answer to what has none.
pub(super) fn no_id() -> Id {
    RawValue::NULL.to_owned()
}

/// The answer to a call that was carried out or refused.
pub(super) fn outcome(outcome: &Outcome, account_field: &str, id: &RawValue) -> String {
    let result = match outcome {
        Ok(reply) => result(reply),
        Err(fault) => return refused(fault, account_field, id),
    };
    let written = result.and_then(|result| Ok(serde_json::to_string(&Told { result, id })?));
    written.unwrap_or_else(|error| {
        tracing::error!(%error, "An answer to Payme cannot be written: {error}");
        refused(&Fault::OurFailure, account_field, id)
    })
}

/// The answer to a call that is refused.
pub(super) fn refused(fault: &Fault, account_field: &str, id: &RawValue) -> String {
    let error = FaultReply {
        code: fault.number(),
        message: messages::in_all("payme", fault.code()),
        data: fault.about(account_field),
    };
    // Neither a map with other keys than texts nor an error of its own is in it.
    serde_json::to_string(&Refused { error, id }).unwrap_or_default()
}

/// The answer where a failure of ours left nothing of the call.
pub(crate) fn failure() -> String {
    refused(&Fault::OurFailure, "", RawValue::NULL)
}

#[derive(Serialize)]
struct Told<'a> {
    result: ResultReply<'a>,
    id: &'a RawValue,
}

#[derive(Serialize)]
struct Refused<'a> {
    error: FaultReply<'a>,
    id: &'a RawValue,
}

#[derive(Serialize)]
struct FaultReply<'a> {
    code: i64,
    message: InAll,
    data: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum ResultReply<'a> {
    Allowed {
        allow: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        detail: Option<DetailReply<'a>>,
    },
    Created {
        create_time: i64,
        transaction: String,
        state: i64,
    },
    Performed {
        transaction: String,
        perform_time: i64,
        state: i64,
    },
    Cancelled {
        transaction: String,
        cancel_time: i64,
        state: i64,
    },
    Checked {
        create_time: i64,
        perform_time: i64,
        cancel_time: i64,
        transaction: String,
        state: i64,
        reason: Option<i64>,
    },
    Listed {
        transactions: Vec<StatementReply<'a>>,
    },
    Kept {
        success: bool,
    },
}

#[derive(Serialize)]
struct DetailReply<'a> {
    receipt_type: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    shipping: Option<ShippingReply<'a>>,
    items: Vec<ItemReply<'a>>,
}

#[derive(Serialize)]
struct ShippingReply<'a> {
    title: &'a str,
    price: i64,
}

#[derive(Serialize)]
struct ItemReply<'a> {
    title: &'a str,
    price: i64,
    count: i64,
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    units: Option<i64>,
    vat_percent: i64,
    package_code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    discount: Option<i64>,
}

#[derive(Serialize)]
struct StatementReply<'a> {
    id: &'a str,
    time: i64,
    amount: i64,
    account: &'a RawValue,
    create_time: i64,
    perform_time: i64,
    cancel_time: i64,
    transaction: String,
    state: i64,
    reason: Option<i64>,
    /// We are the only one.
    receivers: (),
}

fn result(reply: &Reply) -> anyhow::Result<ResultReply<'_>> {
    match reply {
        Reply::Answer(answer) => of_answer(answer),
        Reply::Allowed(detail) => Ok(ResultReply::Allowed {
            allow: true,
            detail: detail.as_ref().map(of_detail),
        }),
        Reply::Statement(rows) => Ok(ResultReply::Listed {
            transactions: rows.iter().map(of_row).collect::<anyhow::Result<_>>()?,
        }),
    }
}

fn of_answer(answer: &Answer) -> anyhow::Result<ResultReply<'static>> {
    let told = match answer {
        Answer::Allowed => ResultReply::Allowed {
            allow: true,
            detail: None,
        },
        Answer::Created {
            create_time,
            transaction,
            state,
        } => ResultReply::Created {
            create_time: create_time.get(),
            transaction: made(*transaction)?.to_string(),
            state: state.payme_number(),
        },
        Answer::Performed {
            transaction,
            perform_time,
            state,
        } => ResultReply::Performed {
            transaction: transaction.to_string(),
            perform_time: perform_time.get(),
            state: state.payme_number(),
        },
        Answer::Cancelled {
            transaction,
            cancel_time,
            state,
        } => ResultReply::Cancelled {
            transaction: transaction.to_string(),
            cancel_time: cancel_time.get(),
            state: state.payme_number(),
        },
        Answer::Checked {
            create_time,
            perform_time,
            cancel_time,
            transaction,
            state,
            reason,
        } => ResultReply::Checked {
            create_time: create_time.get(),
            perform_time: perform_time.get(),
            cancel_time: cancel_time.get(),
            transaction: transaction.to_string(),
            state: state.payme_number(),
            reason: *reason,
        },
        Answer::FiscalKept => ResultReply::Kept { success: true },
    };
    Ok(told)
}

/// The id of a row that stands by now.
fn made(transaction: Which<TransactionId>) -> anyhow::Result<TransactionId> {
    match transaction {
        Which::Known(id) => Ok(id),
        Which::Made => anyhow::bail!("a transaction was made and has no id"),
    }
}

fn of_detail(detail: &Detail) -> DetailReply<'_> {
    let shipping = detail.shipping.as_ref();
    DetailReply {
        receipt_type: 0,
        shipping: shipping.map(|(title, price)| ShippingReply {
            title,
            price: price.tiyin(),
        }),
        items: detail.items.iter().map(of_item).collect(),
    }
}

fn of_item(item: &DetailItem) -> ItemReply<'_> {
    let discount = item.discount.tiyin();
    ItemReply {
        title: &item.title,
        price: item.price.tiyin(),
        count: item.count,
        code: &item.code,
        units: item.units,
        vat_percent: item.vat_percent,
        package_code: &item.package_code,
        discount: (discount != 0).then_some(discount),
    }
}

fn of_row(row: &StatementRow) -> anyhow::Result<StatementReply<'_>> {
    Ok(StatementReply {
        id: row.id.as_str(),
        time: row.time.get(),
        amount: row.amount.tiyin(),
        account: serde_json::from_str(&row.account)?,
        create_time: row.create_time.get(),
        perform_time: row.perform_time.get(),
        cancel_time: row.cancel_time.get(),
        transaction: row.transaction.to_string(),
        state: row.state.payme_number(),
        reason: row.reason,
        receivers: (),
    })
}

#[cfg(test)]
mod tests;
