//! The batches of a store.

use chrono::NaiveDate;
use savdo_domain::access::{Actor, Permission};
use savdo_domain::ids::{LocationId, ProductId};
use savdo_domain::stock::batch;
use savdo_persistence::paging::SortBy;
use savdo_persistence::stock::{self, BatchColumn, BatchFilter, BatchView};

use crate::{Context, Listed, Page, Result};

/// Which batches are wanted.
#[derive(Debug, Clone)]
pub struct ListBatches {
    /// Of this product.
    pub product: Option<ProductId>,
    /// In this branch.
    pub branch: Option<LocationId>,
    /// In this warehouse.
    pub warehouse: Option<LocationId>,
    /// With nothing left, or with something.
    pub is_empty: Option<bool>,
    /// Whose last day is before this one.
    pub expires_before: Option<NaiveDate>,
    /// Whose last day has passed in the store, or has not.
    pub is_expired: Option<bool>,
    /// In quarantine, or not.
    pub is_blocked: Option<bool>,
    /// Of exactly this series; empty: of any.
    pub series: String,
    /// In this order; by time of receipt when empty.
    pub sort: Vec<SortBy<BatchColumn>>,
    /// Which page.
    pub page: Page,
}

/// A batch as of a day of its store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchSeen {
    /// The batch.
    pub batch: BatchView,
    /// What is printed on it.
    pub code: String,
    /// Whether its last day has passed.
    pub is_expired: bool,
}

impl BatchSeen {
    pub(super) fn new(view: BatchView, day: NaiveDate) -> Self {
        Self {
            code: batch::code(view.store_id, view.came_on, view.id),
            is_expired: view.label.expires_on.is_some_and(|expires_on| expires_on < day),
            batch: view,
        }
    }
}

/// The batches of the caller's store, empty ones too.
///
/// # Errors
/// A missing right.
pub fn list(context: &Context, actor: &Actor, query: ListBatches) -> Result<Listed<BatchSeen>> {
    let Some(seat) = actor.permit_list(Permission::ViewStock)? else {
        return Ok(Listed::none());
    };
    let store_id = seat.store_id();
    let day = seat.zone().day(context.now());
    let filter = BatchFilter {
        product: query.product,
        branch: query.branch,
        warehouse: query.warehouse,
        is_empty: query.is_empty,
        expires_before: query.expires_before,
        is_expired: query.is_expired,
        is_blocked: query.is_blocked,
        series: Some(query.series).filter(|series| !series.is_empty()),
        sort: query.sort,
    };
    let listed: Listed<BatchView> = context.list(actor, "batch_list", &query.page, |reader, wanted| {
        stock::list_batches(reader, store_id, day, &filter, wanted)
    })?;
    Ok(listed.map(|view| BatchSeen::new(view, day)))
}
