//! What is asked about batches.

use savdo_domain::ids::{LocationId, ProductId};
use savdo_domain::{FieldErrors, Refusal};
use savdo_services::batches::{BatchColumn, ChangeBatch, ListBatches, TraceSeries};
use serde::Deserialize;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::extract::{Clearable, DateInput, FlagFilter, FlagInput, IdFilter, Ordering, PageQuery, Patch, TextInput};
use crate::problem::Problem;

/// Which batches are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BatchQuery {
    /// Of this product.
    #[param(inline)]
    product: Option<IdFilter>,
    /// In this branch.
    #[param(inline)]
    branch: Option<IdFilter>,
    /// In this warehouse.
    #[param(inline)]
    warehouse: Option<IdFilter>,
    /// With nothing left; false: with something.
    #[param(inline)]
    is_empty: Option<FlagFilter>,
    /// Whose last day is before this one.
    #[param(inline)]
    expires_before: Option<DateInput>,
    /// Whose last day has passed; false: those that keep, too.
    #[param(inline)]
    expired: Option<FlagFilter>,
    /// In quarantine; false: not in it.
    #[param(inline)]
    blocked: Option<FlagFilter>,
    /// Of exactly this series.
    #[param(inline)]
    series: Option<TextInput>,
    /// By `id`, `received_at`, `expires_on`, `qty_left`; `-` before one for descending; by `received_at` when not sent.
    #[param(schema_with = Ordering::<BatchColumn, false>::schema)]
    ordering: Option<Ordering<BatchColumn, false>>,
}

impl BatchQuery {
    pub(super) fn into_command(self, page: &PageQuery) -> ListBatches {
        ListBatches {
            product: self.product.map(|id| ProductId::new(id.0)),
            branch: self.branch.map(|id| LocationId::new(id.0)),
            warehouse: self.warehouse.map(|id| LocationId::new(id.0)),
            is_empty: self.is_empty.map(|flag| flag.0),
            expires_before: self.expires_before.map(|day| day.0),
            is_expired: self.expired.map(|flag| flag.0),
            is_blocked: self.blocked.map(|flag| flag.0),
            series: self.series.unwrap_or_default().0,
            sort: self.ordering.map(|ordering| ordering.0).unwrap_or_default(),
            page: page.page(),
        }
    }
}

/// Which series is traced. `series` is needed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TraceQuery {
    /// Exactly this one.
    #[param(schema_with = TraceQuery::series)]
    series: Option<TextInput>,
    /// Of this product alone.
    #[param(inline)]
    product: Option<IdFilter>,
}

impl TraceQuery {
    fn series() -> RefOr<Schema> {
        TextInput::needed("Exactly this one", None)
    }

    pub(super) fn into_command(self) -> TraceSeries {
        TraceSeries {
            series: self.series.unwrap_or_default().0,
            product: self.product.map(|id| ProductId::new(id.0)),
        }
    }
}

/// A change of a batch: any of the keys.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct BatchPatch {
    /// Whether it is in quarantine: never sold, ordered or transferred.
    #[serde(default)]
    blocked: Patch<FlagInput>,
    /// Why; up to 255 characters, needed when it is put into quarantine.
    #[serde(default)]
    #[validate(length(max = 255))]
    reason: Patch<TextInput>,
    /// The maker's series; up to 50 characters, a medicine keeps one.
    #[serde(default)]
    #[validate(length(max = 50))]
    series: Patch<TextInput>,
    /// The last day on which it may be sold; null: the goods keep. A medicine has one.
    #[serde(default)]
    expires_on: Clearable<DateInput>,
}

impl BatchPatch {
    pub(super) fn into_command(self) -> Result<ChangeBatch, Problem> {
        let mut errors = FieldErrors::new();
        let command = ChangeBatch {
            blocked: self.blocked.not_null("blocked", &mut errors).map(|flag| flag.0),
            reason: self.reason.not_null("reason", &mut errors).map(|reason| reason.0),
            series: self.series.not_null("series", &mut errors).map(|series| series.0),
            expires_on: self.expires_on.into_change(|day| day.0),
        };
        errors
            .into_result()
            .map_err(|errors| Problem::Refused(Refusal::from(errors)))?;
        Ok(command)
    }
}
