//! What is asked of the audit log.

use savdo_domain::coded_enum;
use savdo_domain::ids::WorkerId;
use savdo_services::Period;
use savdo_services::audit::{Action, ListAudit};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::extract::{CodesFilter, DateInput, IdFilter, Ordering, PageQuery, SearchFilter};

coded_enum! {
    /// What the log is sorted by.
    pub enum AuditColumn {
        /// When it was written.
        CreatedAt = "created_at",
    }
}

/// Which entries are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// What kind of thing, such as `sale`.
    #[param(inline)]
    model: Option<SearchFilter>,
    /// What was done.
    #[param(schema_with = CodesFilter::<Action>::schema)]
    action: Option<CodesFilter<Action>>,
    /// By this worker of the store.
    #[param(inline)]
    worker: Option<IdFilter>,
    /// The number of the thing.
    #[param(inline)]
    target_id: Option<IdFilter>,
    /// On this day of the store or later.
    #[param(inline)]
    date_from: Option<DateInput>,
    /// On this day of the store or before.
    #[param(inline)]
    date_to: Option<DateInput>,
    #[param(schema_with = Ordering::<AuditColumn>::schema)]
    ordering: Option<Ordering<AuditColumn>>,
}

impl AuditQuery {
    pub(super) fn into_command(self, page: &PageQuery) -> ListAudit {
        let sort = self.ordering.and_then(|ordering| ordering.0.into_iter().next());
        ListAudit {
            subject_type: self.model.map(|model| model.0).filter(|model| !model.is_empty()),
            actions: self.action.map(|actions| actions.0).unwrap_or_default(),
            worker: self.worker.map(|id| WorkerId::new(id.0)),
            subject_id: self.target_id.map(|id| id.0),
            period: Period {
                day: None,
                from: self.date_from.map(|day| day.0),
                to: self.date_to.map(|day| day.0),
            },
            is_oldest_first: sort.is_some_and(|sort| !sort.is_descending),
            page: page.page(),
        }
    }
}
