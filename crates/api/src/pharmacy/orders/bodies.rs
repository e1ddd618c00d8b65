//! What is sent about orders.

use savdo_domain::cart::CartPart;
use savdo_domain::ids::{OrderId, StoreId, UserId};
use savdo_domain::order::{OrderStatus, PaymentMethod, PaymentStatus};
use savdo_domain::{FieldErrors, FieldProblem};
use savdo_services::orders::{AdvanceOrder, CancelOrder, OrderFilter, OrderOrdering, PlaceOrder, ReceiveCash};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::extract::{CodeInput, CodesFilter, DateInput, FlagFilter, IdFilter, TextInput, TotalInput};
use crate::problem::Problem;

/// A checkout of the caller's cart.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct CheckoutBody {
    /// Where to bring it: 5 to 500 characters.
    #[validate(required, length(min = 5, max = 500))]
    #[schema(required, nullable = false)]
    delivery_address: Option<TextInput>,
    /// What the buyer adds: up to 500 characters.
    #[validate(length(max = 500))]
    comment: Option<TextInput>,
    /// `online` when not sent.
    #[schema(schema_with = CodeInput::<PaymentMethod>::schema_or_null)]
    payment_method: Option<CodeInput<PaymentMethod>>,
    /// The total that the buyer was shown; when sent, another total is refused.
    expected_total: Option<TotalInput>,
    /// `all` when not sent.
    #[schema(schema_with = CodeInput::<CartPart>::schema_or_null)]
    part: Option<CodeInput<CartPart>>,
}

/// A cancel.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct CancelBody {
    /// Why: up to 255 characters; staff must say so when the order is paid.
    #[validate(length(max = 255))]
    reason: Option<TextInput>,
}

/// A status to be set.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct AdvanceBody {
    /// One of the nine codes.
    #[validate(required)]
    #[schema(required, nullable = false)]
    status: Option<TextInput>,
    /// What is said to it: up to 255 characters.
    #[validate(length(max = 255))]
    comment: Option<TextInput>,
    /// The cash that was handed over with the goods: the total, for `delivered`.
    cash_received: Option<TotalInput>,
}

/// Cash that was handed over.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct CashBody {
    /// How much: the total of the order.
    #[validate(required)]
    #[schema(required, nullable = false)]
    amount: Option<TotalInput>,
}

/// Which orders a list shows.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OrderQuery {
    /// Statuses by comma.
    #[param(schema_with = CodesFilter::<OrderStatus>::schema)]
    status: Option<CodesFilter<OrderStatus>>,
    /// Where the money stands.
    #[param(schema_with = CodeInput::<PaymentStatus>::schema)]
    payment_status: Option<CodeInput<PaymentStatus>>,
    /// How it is paid.
    #[param(schema_with = CodeInput::<PaymentMethod>::schema)]
    payment_method: Option<CodeInput<PaymentMethod>>,
    /// Whether a prescription is needed.
    #[param(inline)]
    needs_prescription: Option<FlagFilter>,
    /// Who ordered.
    #[param(inline)]
    customer: Option<IdFilter>,
    /// Who carries it.
    #[param(inline)]
    courier: Option<IdFilter>,
    /// The store.
    #[param(inline)]
    store: Option<IdFilter>,
    /// The first day.
    #[param(inline)]
    created_from: Option<DateInput>,
    /// The last day.
    #[param(inline)]
    created_to: Option<DateInput>,
    /// Words in name and phone, or the id; for staff.
    #[param(inline)]
    search: Option<TextInput>,
    /// `created_at`, `-created_at` (when not sent), `total_price`, `-total_price`.
    #[param(schema_with = CodeInput::<OrderOrdering>::schema)]
    ordering: Option<CodeInput<OrderOrdering>>,
}

impl CheckoutBody {
    pub(super) fn into_command(self) -> Result<PlaceOrder, Problem> {
        let required = || Problem::Refused(FieldErrors::one("delivery_address", FieldProblem::Required).into());
        Ok(PlaceOrder {
            delivery_address: self.delivery_address.ok_or_else(required)?.0,
            comment: self.comment.unwrap_or_default().0,
            payment_method: self.payment_method.map_or(PaymentMethod::Online, |method| method.0),
            expected_total: self.expected_total.map(|total| total.0),
            part: self.part.map_or(CartPart::All, |part| part.0),
        })
    }
}

impl CancelBody {
    pub(super) fn into_command(self, order_id: OrderId) -> CancelOrder {
        let reason = self.reason.unwrap_or_default().0;
        CancelOrder { order_id, reason }
    }
}

impl AdvanceBody {
    pub(super) fn into_command(self, order_id: OrderId) -> Result<AdvanceOrder, Problem> {
        let required = || Problem::Refused(FieldErrors::one("status", FieldProblem::Required).into());
        Ok(AdvanceOrder {
            order_id,
            status: self.status.ok_or_else(required)?.0,
            comment: self.comment.unwrap_or_default().0,
            cash_received: self.cash_received.map(|cash| cash.0),
        })
    }
}

impl CashBody {
    pub(super) fn into_command(self, order_id: OrderId) -> Result<ReceiveCash, Problem> {
        let required = || Problem::Refused(FieldErrors::one("amount", FieldProblem::Required).into());
        let amount = self.amount.ok_or_else(required)?.0;
        Ok(ReceiveCash { order_id, amount })
    }
}

impl OrderQuery {
    pub(super) fn into_filter(self) -> OrderFilter {
        let filter = OrderFilter {
            statuses: self.status.map(|statuses| statuses.0).unwrap_or_default(),
            payment_status: self.payment_status.map(|status| status.0),
            payment_method: self.payment_method.map(|method| method.0),
            needs_prescription: self.needs_prescription.map(|flag| flag.0),
            buyer_id: self.customer.map(|id| UserId::new(id.0)),
            courier_id: self.courier.map(|id| UserId::new(id.0)),
            store_id: self.store.map(|id| StoreId::new(id.0)),
            created_from: self.created_from.map(|day| day.0),
            created_to: self.created_to.map(|day| day.0),
            ordering: self.ordering.map(|ordering| ordering.0).unwrap_or_default(),
            ..OrderFilter::default()
        };
        match self.search {
            Some(TextInput(typed)) => filter.with_search(&typed),
            None => filter,
        }
    }
}
