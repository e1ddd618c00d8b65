//! What is sent about deliveries.

use savdo_domain::delivery::DeliveryStatus;
use savdo_domain::ids::{DeliveryId, OrderId, UserId};
use savdo_domain::{FieldErrors, FieldProblem};
use savdo_services::deliveries::{AdvanceDelivery, AssignCourier, CancelDelivery, DeliveryFilter};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::extract::{CodeInput, DateInput, FlagFilter, FlagInput, IdFilter, IdInput, TextInput, TotalInput};
use crate::problem::Problem;

/// Who is to carry an order.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct AssignBody {
    /// An active courier of the store, by his account.
    #[validate(required)]
    #[schema(required, nullable = false)]
    courier_id: Option<IdInput>,
}

/// A status of a delivery to be set.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct DeliveryStatusBody {
    /// `on_the_way` or `delivered`.
    #[validate(required)]
    #[schema(required, nullable = false)]
    status: Option<TextInput>,
    /// What is said to it: up to 255 characters.
    #[validate(length(max = 255))]
    comment: Option<TextInput>,
    /// The cash that was handed over with the goods: the total, for `delivered`.
    cash_received: Option<TotalInput>,
}

/// A delivery to be called off.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct DeliveryCancelBody {
    /// Why: up to 255 characters; must be said where a paid order is cancelled with it.
    #[validate(length(max = 255))]
    reason: Option<TextInput>,
    /// Whether the order is cancelled with it; false when not sent.
    cancel_order: Option<FlagInput>,
}

/// Which deliveries a list shows.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DeliveryQuery {
    /// Where it stands.
    #[param(schema_with = CodeInput::<DeliveryStatus>::schema)]
    status: Option<CodeInput<DeliveryStatus>>,
    /// Whether it goes on.
    #[param(inline)]
    active: Option<FlagFilter>,
    /// Who carries it, by his account.
    #[param(inline)]
    courier: Option<IdFilter>,
    /// The order.
    #[param(inline)]
    order_id: Option<IdFilter>,
    /// The day of the store on which it was made.
    #[param(inline)]
    day: Option<DateInput>,
}

fn required(field: &'static str) -> Problem {
    Problem::Refused(FieldErrors::one(field, FieldProblem::Required).into())
}

impl AssignBody {
    pub(super) fn into_command(self, order_id: OrderId) -> Result<AssignCourier, Problem> {
        let courier = self.courier_id.ok_or_else(|| required("courier_id"))?;
        let courier_id = UserId::new(courier.0);
        Ok(AssignCourier { order_id, courier_id })
    }
}

impl DeliveryStatusBody {
    pub(super) fn into_command(self, delivery_id: DeliveryId) -> Result<AdvanceDelivery, Problem> {
        Ok(AdvanceDelivery {
            delivery_id,
            status: self.status.ok_or_else(|| required("status"))?.0,
            comment: self.comment.unwrap_or_default().0,
            cash_received: self.cash_received.map(|cash| cash.0),
        })
    }
}

impl DeliveryCancelBody {
    pub(super) fn into_command(self, delivery_id: DeliveryId) -> CancelDelivery {
        CancelDelivery {
            delivery_id,
            reason: self.reason.unwrap_or_default().0,
            cancel_order: self.cancel_order.unwrap_or_default().0,
        }
    }
}

impl DeliveryQuery {
    pub(in crate::pharmacy) fn into_filter(self) -> DeliveryFilter {
        DeliveryFilter {
            status: self.status.map(|status| status.0),
            is_active: self.active.map(|flag| flag.0),
            courier_id: self.courier.map(|id| UserId::new(id.0)),
            order_id: self.order_id.map(|id| OrderId::new(id.0)),
            day: self.day.map(|day| day.0),
        }
    }
}
