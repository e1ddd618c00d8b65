//! What is sent about prescriptions.

use savdo_domain::ids::{OrderId, PrescriptionId, StoreId};
use savdo_domain::prescription::PrescriptionStatus;
use savdo_domain::{FieldErrors, FieldProblem};
use savdo_services::prescriptions::{PrescriptionFilter, RejectPrescription, SubmitPrescription};
use serde::Deserialize;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::extract::{CodeInput, DateInput, FileInput, IdFilter, IdInput, TextInput};
use crate::problem::Problem;

/// A prescription to be shown: a form, never JSON.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct PrescriptionBody {
    /// The order that waits for it.
    #[validate(required)]
    #[schema(required, nullable = false)]
    order_id: Option<IdInput>,
    /// 1 to 5 pictures, JPEG or PNG, each of 5 MiB at most: the key comes once for each.
    #[schema(required, schema_with = files)]
    images: Option<Vec<FileInput>>,
}

/// Why a prescription is rejected.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct RejectBody {
    /// 1 to 500 characters.
    #[validate(required, length(min = 1, max = 500))]
    #[schema(required, nullable = false)]
    reason: Option<TextInput>,
}

/// Which prescriptions a list shows.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PrescriptionQuery {
    /// Where it stands.
    #[param(schema_with = CodeInput::<PrescriptionStatus>::schema)]
    status: Option<CodeInput<PrescriptionStatus>>,
    /// The store.
    #[param(inline)]
    store: Option<IdFilter>,
    /// The order.
    #[param(inline)]
    order_id: Option<IdFilter>,
    /// The first day.
    #[param(inline)]
    created_from: Option<DateInput>,
    /// The last day.
    #[param(inline)]
    created_to: Option<DateInput>,
}

/// Which of those that wait a list shows.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PendingQuery {
    /// The store.
    #[param(inline)]
    store: Option<IdFilter>,
}

/// The ticket to a picture, where no header comes along.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TicketQuery {
    /// What the address of a picture in an answer ends in; it opens for five minutes.
    #[param(inline)]
    pub(super) t: Option<TextInput>,
}

fn files() -> Schema {
    let file = ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::Custom("binary".to_owned())));
    let files = ArrayBuilder::new().items(file).min_items(Some(1)).max_items(Some(5));
    files.into()
}

fn required(field: &'static str) -> Problem {
    Problem::Refused(FieldErrors::one(field, FieldProblem::Required).into())
}

impl PrescriptionBody {
    pub(super) fn into_command(self) -> Result<SubmitPrescription, Problem> {
        let images = self.images.unwrap_or_default();
        Ok(SubmitPrescription {
            order_id: Some(OrderId::new(self.order_id.ok_or_else(|| required("order_id"))?.0)),
            images: images.into_iter().map(|file| file.0).collect(),
        })
    }
}

impl RejectBody {
    pub(super) fn into_command(self, id: PrescriptionId) -> Result<RejectPrescription, Problem> {
        let reason = self.reason.ok_or_else(|| required("reason"))?.0;
        Ok(RejectPrescription { id, reason })
    }
}

impl PendingQuery {
    pub(super) fn store(&self) -> Option<StoreId> {
        self.store.as_ref().map(|id| StoreId::new(id.0))
    }
}

impl PrescriptionQuery {
    pub(super) fn into_filter(self) -> PrescriptionFilter {
        PrescriptionFilter {
            status: self.status.map(|status| status.0),
            store: self.store.map(|id| StoreId::new(id.0)),
            order_id: self.order_id.map(|id| OrderId::new(id.0)),
            created_from: self.created_from.map(|day| day.0),
            created_to: self.created_to.map(|day| day.0),
            ..PrescriptionFilter::default()
        }
    }
}
