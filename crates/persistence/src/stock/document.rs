//! What moves the goods.

use chrono::{DateTime, NaiveDate, Utc};
use savdo_domain::ids::{StoreId, UserId};
use savdo_domain::stock::{DocumentType, MovementReason, Place};

/// The document that moves goods at a place, as every movement of it tells.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    /// The store.
    pub store_id: StoreId,
    /// Where the goods lie.
    pub place: Place,
    /// What kind of document it is.
    pub document_type: DocumentType,
    /// Which one; none for a manual movement, which is its own document.
    pub document_id: Option<i64>,
    /// Why the goods move.
    pub reason: MovementReason,
    /// Who moves them; none for a job.
    pub actor_id: Option<UserId>,
    /// The store's day, which decides what is expired.
    pub day: NaiveDate,
    /// When.
    pub at: DateTime<Utc>,
    /// A remark, possibly empty.
    pub description: &'a str,
}
