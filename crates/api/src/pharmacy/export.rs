//! All that is kept of the caller, as a file (pharmacy.md 2.1).

use actix_web::http::header::{CONTENT_DISPOSITION, HeaderValue};
use actix_web::{HttpResponse, web};
use savdo_domain::Money;
use savdo_domain::account::Platform;
use savdo_domain::ids::{DeviceId, OrderId, UserId};
use savdo_domain::notice::{Channel, NoticeType};
use savdo_domain::order::{OrderStatus, PaymentMethod, PaymentStatus};
use savdo_domain::payment::{PaymentState, Provider};
use savdo_domain::prescription::PrescriptionStatus;
use savdo_domain::zone::Zone;
use savdo_services::Context;
use savdo_services::accounts::{self, Export, ExportedOrder, ExportedPrescription};
use serde::Serialize;
use utoipa::ToSchema;

use crate::guards::SignedIn;
use crate::pharmacy::auth::ProfileReply;
use crate::pharmacy::orders::replies::OrderStepReply;
use crate::problem::Problem;
use crate::reply;
use crate::routes::Route;
use crate::{blocking, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![route!(SignedIn, pharmacy::export; export)]
}

/// All that is kept of somebody.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExportReply {
    profile: ProfileReply,
    devices: Vec<ExportedDeviceReply>,
    /// What he himself ordered, the oldest first.
    orders: Vec<ExportedOrderReply>,
    /// The money for it, the oldest first.
    payments: Vec<ExportedPaymentReply>,
    /// What he showed pharmacies, the oldest first.
    prescriptions: Vec<ExportedPrescriptionReply>,
    /// What he was told, the oldest first.
    notifications: Vec<ExportedNoticeReply>,
}

/// Money for an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExportedPaymentReply {
    payment_id: String,
    order_id: i64,
    #[schema(value_type = String)]
    provider: Provider,
    #[schema(value_type = String)]
    status: PaymentState,
    #[schema(value_type = String)]
    amount: Money,
    created_at: String,
    completed_at: Option<String>,
}

/// A prescription; its pictures are had one by one.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExportedPrescriptionReply {
    id: i64,
    order_id: Option<i64>,
    #[schema(value_type = String)]
    status: PrescriptionStatus,
    rejection_reason: Option<String>,
    /// How many pictures of it are kept.
    images: usize,
    reviewed_at: Option<String>,
    created_at: String,
}

/// Something that somebody was told.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExportedNoticeReply {
    #[schema(value_type = String)]
    notification_type: NoticeType,
    #[schema(value_type = String)]
    channel: Channel,
    message: String,
    is_read: bool,
    created_at: String,
}

/// A device, without the token by which it is reached.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExportedDeviceReply {
    #[schema(value_type = i64)]
    id: DeviceId,
    #[schema(value_type = String)]
    platform: Platform,
    updated_at: String,
}

/// An order with all of its parts.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExportedOrderReply {
    id: i64,
    #[schema(value_type = String)]
    status: OrderStatus,
    #[schema(value_type = String)]
    payment_status: PaymentStatus,
    #[schema(value_type = String)]
    payment_method: PaymentMethod,
    #[schema(value_type = String)]
    total_price: Money,
    delivery_address: String,
    comment: String,
    store: String,
    cancel_reason: String,
    created_at: String,
    paid_at: Option<String>,
    delivered_at: Option<String>,
    cancelled_at: Option<String>,
    items: Vec<ExportedLineReply>,
    history: Vec<OrderStepReply>,
}

/// A line of an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExportedLineReply {
    product_id: i64,
    product_name: String,
    quantity: i64,
    #[schema(value_type = String)]
    price: Money,
    #[schema(value_type = String)]
    subtotal: Money,
}

impl From<Export> for ExportReply {
    fn from(export: Export) -> Self {
        let Export {
            user,
            devices,
            orders,
            payments,
            prescriptions,
            notices,
        } = export;
        let user_id = user.id;
        let devices = devices.into_iter().map(|device| ExportedDeviceReply {
            id: device.id,
            platform: device.platform,
            updated_at: Zone::TASHKENT.write(device.updated_at),
        });
        let written = |at| Zone::TASHKENT.write(at);
        let payments = payments.into_iter().map(|payment| ExportedPaymentReply {
            payment_id: payment.public_id,
            order_id: payment.order.id.get(),
            provider: payment.provider,
            status: payment.state,
            amount: payment.amount,
            created_at: written(payment.created_at),
            completed_at: payment.completed_at.map(written),
        });
        let notifications = notices.into_iter().map(|told| ExportedNoticeReply {
            notification_type: told.notice,
            channel: told.channel,
            message: told.message,
            is_read: told.is_read,
            created_at: written(told.created_at),
        });
        Self {
            payments: payments.collect(),
            prescriptions: prescriptions.into_iter().map(ExportedPrescriptionReply::from).collect(),
            notifications: notifications.collect(),
            profile: ProfileReply::from(user),
            devices: devices.collect(),
            orders: orders
                .into_iter()
                .map(|order| ExportedOrderReply::of(order, user_id))
                .collect(),
        }
    }
}

impl From<ExportedPrescription> for ExportedPrescriptionReply {
    fn from(exported: ExportedPrescription) -> Self {
        let ExportedPrescription { prescription, images } = exported;
        let zone = prescription.zone;
        Self {
            id: prescription.id.get(),
            order_id: prescription.order_id.map(OrderId::get),
            status: prescription.status,
            rejection_reason: Some(prescription.rejection_reason).filter(|reason| !reason.is_empty()),
            images,
            reviewed_at: prescription.reviewed_at.map(|at| zone.write(at)),
            created_at: zone.write(prescription.created_at),
        }
    }
}

impl ExportedOrderReply {
    /// As to any customer, staff in the history are only what they are.
    fn of(exported: ExportedOrder, user_id: UserId) -> Self {
        let ExportedOrder { order, lines, steps } = exported;
        let zone = order.store.zone;
        let written = |at| zone.write(at);
        let line = |line: savdo_services::orders::OrderLineView| ExportedLineReply {
            product_id: line.product_id.get(),
            product_name: line.product_name,
            quantity: line.pieces,
            price: line.price,
            subtotal: line.subtotal,
        };
        Self {
            id: order.id.get(),
            status: order.status,
            payment_status: order.payment_status,
            payment_method: order.payment_method,
            total_price: order.total_price,
            delivery_address: order.delivery_address,
            comment: order.comment,
            store: order.store.name,
            cancel_reason: order.cancel_reason,
            created_at: written(order.created_at),
            paid_at: order.paid_at.map(written),
            delivered_at: order.delivered_at.map(written),
            cancelled_at: order.cancelled_at.map(written),
            items: lines.into_iter().map(line).collect(),
            history: steps
                .into_iter()
                .map(|step| OrderStepReply::of(step, zone, Some(user_id)))
                .collect(),
        }
    }
}

/// All that is kept of the caller, as a file of JSON.
///
/// # Errors
/// 429 for who takes it out too often.
#[utoipa::path(get, path = "/api/v1/pharmacy/me/export/", tag = "pharmacy account", responses(
    (status = 200, description = "All that is kept of the caller", body = ExportReply),
    (status = 429, description = "throttled"),
))]
pub async fn export(context: web::Data<Context>, SignedIn(actor): SignedIn) -> Result<HttpResponse, Problem> {
    let export = blocking::run(&context, move |context| accounts::export(context, &actor)).await?;
    let mut response = reply::found(ExportReply::from(export));
    let file = HeaderValue::from_static("attachment; filename=\"savdo.json\"");
    response.headers_mut().insert(CONTENT_DISPOSITION, file);
    Ok(reply::unstored(response))
}
