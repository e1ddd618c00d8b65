//! Whether orders went where they could go.

use savdo_domain::ids::OrderId;
use savdo_domain::order::{OrderStatus, Row};
use savdo_persistence::Reader;
use savdo_persistence::verify::{HistoryView, histories_unscoped};

use super::{Difference, walk};
use crate::Result;

pub(super) fn wrong(reader: &mut Reader<'_>) -> Result<Vec<Difference>> {
    let id_of = |history: &HistoryView| history.order_id;
    walk(reader, OrderId::new(0), histories_unscoped, id_of, |_, histories| {
        Ok(histories.iter().filter_map(judge).collect())
    })
}

/// An order's history is one legal path from draft to where the order stands.
fn judge(history: &HistoryView) -> Option<Difference> {
    let difference = |rule, expected: OrderStatus, found: String| Difference {
        table: "orders",
        id: history.order_id.get(),
        rule,
        expected: expected.to_string(),
        found,
    };
    let mut at = OrderStatus::Draft;
    for (from, to) in &history.steps {
        if *from != at {
            let rule = "each step of its history begins where the last one ended";
            return Some(difference(rule, at, from.to_string()));
        }
        if Row::of(*from, *to).is_none() {
            let rule = "each step of its history is a legal one";
            return Some(difference(rule, *from, format!("{from} to {to}")));
        }
        at = *to;
    }
    let rule = "its history leads from draft to where it stands";
    (at != history.status || history.steps.is_empty()).then(|| difference(rule, at, history.status.to_string()))
}
