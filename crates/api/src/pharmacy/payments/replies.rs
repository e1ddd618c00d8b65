//! What is answered about payments.

use savdo_domain::Money;
use savdo_domain::account::Language;
use savdo_domain::payment::{LogEvent, PaymentState, Provider};
use savdo_domain::zone::Zone;
use savdo_services::payments::{PaymentLogView, PaymentSeen};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::messages;

/// A payment.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaymentReply {
    id: i64,
    /// What it is called in addresses: `PAY-` and 16 hexadecimal digits.
    payment_id: String,
    order_id: i64,
    user_phone: String,
    #[schema(value_type = String)]
    provider: Provider,
    provider_display: String,
    #[schema(value_type = String)]
    status: PaymentState,
    status_display: String,
    #[schema(value_type = String)]
    amount: Money,
    /// Where it is paid; null once it cannot be.
    pay_url: Option<String>,
    click_trans_id: Option<String>,
    payme_transaction_id: Option<String>,
    error_message: String,
    /// Whether its money came when the order was paid or over.
    late: bool,
    created_at: String,
    completed_at: Option<String>,
    cancelled_at: Option<String>,
    refunded_at: Option<String>,
}

/// Something that happened to a payment.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaymentLogReply {
    id: i64,
    payment: i64,
    #[schema(value_type = String)]
    event_type: LogEvent,
    /// What was sent, its secrets masked; empty where nobody called.
    #[schema(value_type = Object)]
    request_data: Map<String, Value>,
    /// What was answered.
    #[schema(value_type = Object)]
    response_data: Map<String, Value>,
    error_message: String,
    created_at: String,
}

impl PaymentReply {
    pub(in crate::pharmacy) fn new(seen: PaymentSeen, language: Language) -> Self {
        let PaymentSeen {
            payment,
            external_id,
            pay_url,
        } = seen;
        let written = |at| payment.zone.write(at);
        let called = external_id.map(|id| id.to_string());
        let of = |provider| called.clone().filter(|_| payment.provider == provider);
        Self {
            id: payment.id.get(),
            order_id: payment.order.id.get(),
            provider_display: messages::label(language, "payment_provider", payment.provider),
            status_display: messages::label(language, "payment_state", payment.state),
            provider: payment.provider,
            status: payment.state,
            amount: payment.amount,
            pay_url,
            click_trans_id: of(Provider::Click),
            payme_transaction_id: of(Provider::Payme),
            late: payment.is_late,
            created_at: written(payment.created_at),
            completed_at: payment.completed_at.map(written),
            cancelled_at: payment.cancelled_at.map(written),
            refunded_at: payment.refunded_at.map(written),
            payment_id: payment.public_id,
            user_phone: payment.buyer_phone,
            error_message: payment.error_message,
        }
    }
}

impl PaymentLogReply {
    pub(super) fn new(log: PaymentLogView, zone: Zone) -> Self {
        Self {
            id: log.id.get(),
            payment: log.payment_id.get(),
            event_type: log.event,
            request_data: object(&log.request),
            response_data: object(&log.response),
            error_message: log.error_message,
            created_at: zone.write(log.created_at),
        }
    }
}

/// The object that a text of the log is; an empty one where nobody called.
fn object(text: &str) -> Map<String, Value> {
    serde_json::from_str(text).unwrap_or_default()
}
