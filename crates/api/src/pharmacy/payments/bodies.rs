//! What is sent about payments.

use savdo_domain::account::Language;
use savdo_domain::ids::{OrderId, StoreId};
use savdo_domain::payment::{PaymentState, Provider};
use savdo_domain::{FieldErrors, FieldProblem, coded_enum};
use savdo_services::payments::{ListPayments, RefundPayment, StartPayment};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::extract::{AnyIdInput, CodeInput, DateInput, IdFilter, TextInput};
use crate::problem::Problem;

coded_enum! {
    /// Through whom an order is paid online.
    pub enum OnlineProvider {
        /// Payme.
        Payme = "payme",
        /// Click.
        Click = "click",
    }
}

/// An order to be paid online.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct PaymentBody {
    /// The order, which awaits its payment: a number, or its digits as a string.
    #[validate(required)]
    #[schema(required, nullable = false)]
    order_id: Option<AnyIdInput>,
    /// Who is to take the money.
    #[validate(required)]
    #[schema(required, nullable = false, schema_with = CodeInput::<OnlineProvider>::schema)]
    provider: Option<CodeInput<OnlineProvider>>,
    /// Where the payer comes back to, at an origin that the installation lists; the page of the order when not sent.
    #[validate(length(max = 500))]
    return_url: Option<TextInput>,
}

/// Why and by what money was given back.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct RefundBody {
    /// 1 to 255 characters.
    #[validate(required, length(min = 1, max = 255))]
    #[schema(required, nullable = false)]
    reason: Option<TextInput>,
    /// The number of a transfer or of a slip.
    #[validate(length(max = 100))]
    reference: Option<TextInput>,
}

/// Which payments a list shows.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PaymentQuery {
    /// Where it stands.
    #[param(schema_with = CodeInput::<PaymentState>::schema)]
    status: Option<CodeInput<PaymentState>>,
    /// Who takes the money.
    #[param(schema_with = CodeInput::<Provider>::schema)]
    provider: Option<CodeInput<Provider>>,
    /// The order.
    #[param(inline)]
    order_id: Option<IdFilter>,
    /// The store.
    #[param(inline)]
    store: Option<IdFilter>,
    /// The first day.
    #[param(inline)]
    created_from: Option<DateInput>,
    /// The last day.
    #[param(inline)]
    created_to: Option<DateInput>,
}

fn required(field: &'static str) -> Problem {
    Problem::Refused(FieldErrors::one(field, FieldProblem::Required).into())
}

impl From<OnlineProvider> for Provider {
    fn from(provider: OnlineProvider) -> Self {
        match provider {
            OnlineProvider::Payme => Self::Payme,
            OnlineProvider::Click => Self::Click,
        }
    }
}

impl PaymentBody {
    pub(in crate::pharmacy) fn into_command(self, language: Language) -> Result<StartPayment, Problem> {
        Ok(StartPayment {
            order_id: OrderId::new(self.order_id.ok_or_else(|| required("order_id"))?.0),
            provider: self.provider.ok_or_else(|| required("provider"))?.0.into(),
            return_url: self.return_url.map(|url| url.0),
            language,
        })
    }
}

impl RefundBody {
    pub(in crate::pharmacy) fn into_command(
        self,
        public_id: String,
        language: Language,
    ) -> Result<RefundPayment, Problem> {
        Ok(RefundPayment {
            public_id,
            reason: self.reason.ok_or_else(|| required("reason"))?.0,
            reference: self
                .reference
                .map(|reference| reference.0)
                .filter(|text| !text.is_empty()),
            language,
        })
    }
}

impl PaymentQuery {
    pub(in crate::pharmacy) fn into_wish(self) -> ListPayments {
        ListPayments {
            state: self.status.map(|status| status.0),
            provider: self.provider.map(|provider| provider.0),
            order_id: self.order_id.map(|id| OrderId::new(id.0)),
            store_id: self.store.map(|id| StoreId::new(id.0)),
            buyer_id: None,
            created_from: self.created_from.map(|day| day.0),
            created_to: self.created_to.map(|day| day.0),
        }
    }
}
