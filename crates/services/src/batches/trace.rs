//! Where a maker's series came from, lies, and went.

use std::collections::BTreeMap;

use savdo_domain::access::{Actor, Permission};
use savdo_domain::ids::{BatchId, ProductId};
use savdo_domain::{FieldProblem, Refusal};
use savdo_persistence::stock::{self, IssuedView};

use super::BatchSeen;
use crate::{Context, Result};

/// Which series is traced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceSeries {
    /// Exactly this one.
    pub series: String,
    /// Of this product alone.
    pub product: Option<ProductId>,
}

/// A batch of a series, with all that left it and has not come back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchTrace {
    /// The batch.
    pub seen: BatchSeen,
    /// The documents that took of it, oldest first.
    pub issued: Vec<IssuedView>,
}

/// The batches of a series in the caller's store. What came back into a batch is taken off the document that had taken it;
/// a document of which all came back is left out.
///
/// # Errors
/// A missing right; a series that is not named.
pub fn trace(context: &Context, actor: &Actor, query: &TraceSeries) -> Result<Vec<BatchTrace>> {
    let Some(seat) = actor.permit_list(Permission::OverseeStock)? else {
        return Ok(Vec::new());
    };
    if query.series.is_empty() {
        return Err(Refusal::field("series", FieldProblem::Required).into());
    }
    let store_id = seat.store_id();
    let day = seat.zone().day(context.now());
    context.report(actor, "batch_trace", |reader| {
        let batches = stock::of_series(reader, store_id, &query.series, query.product)?;
        let ids: Vec<BatchId> = batches.iter().map(|batch| batch.id).collect();
        let mut by_batch: BTreeMap<BatchId, Vec<IssuedView>> = BTreeMap::new();
        for issued in stock::issued(reader, store_id, &ids)? {
            by_batch.entry(issued.batch_id).or_default().push(issued);
        }
        let traces = batches.into_iter().map(|batch| BatchTrace {
            issued: by_batch.remove(&batch.id).unwrap_or_default(),
            seen: BatchSeen::new(batch, day),
        });
        Ok(traces.collect())
    })
}
