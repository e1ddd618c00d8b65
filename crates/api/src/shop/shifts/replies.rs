//! Shifts as JSON.

use actix_web::HttpResponse;
use savdo_domain::Money;
use savdo_domain::access::Workplace;
use savdo_domain::account::Language;
use savdo_domain::ids::{LocationId, ShiftId, StoreId, WorkerId};
use savdo_domain::shift::ShiftStatus;
use savdo_domain::zone::Zone;
use savdo_services::shifts::{ClosedShift, ShiftReported, ShiftSeen, ShiftView};
use serde::Serialize;
use utoipa::ToSchema;

use super::paper;
use super::report::ReportReply;
use crate::messages::{self, Done};
use crate::paper as printing;
use crate::reply;

/// A shift in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShiftRowReply {
    #[schema(value_type = i64)]
    id: ShiftId,
    #[schema(value_type = i64)]
    branch: LocationId,
    branch_name: String,
    #[schema(value_type = String)]
    status: ShiftStatus,
    status_display: String,
    start_time: String,
    end_time: Option<String>,
    /// Who opened it.
    worker_open_name: String,
}

impl ShiftRowReply {
    pub(super) fn new(view: ShiftView, zone: Zone, language: Language) -> Self {
        Self {
            id: view.id,
            branch: view.branch_id,
            branch_name: view.branch_name,
            status: view.status,
            status_display: messages::label(language, "shift_status", view.status),
            start_time: zone.write(view.opened_at),
            end_time: view.closed_at.map(|at| zone.write(at)),
            worker_open_name: view.opened_by_name,
        }
    }
}

/// A shift.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShiftReply {
    #[schema(value_type = i64)]
    id: ShiftId,
    #[schema(value_type = i64)]
    branch: LocationId,
    branch_name: String,
    #[schema(value_type = i64)]
    store: StoreId,
    store_name: String,
    #[schema(value_type = String)]
    status: ShiftStatus,
    status_display: String,
    #[schema(value_type = i64)]
    worker_open: WorkerId,
    worker_open_name: String,
    #[schema(value_type = Option<i64>)]
    worker_close: Option<WorkerId>,
    worker_close_name: Option<String>,
    start_time: String,
    end_time: Option<String>,
    /// What lay in the drawer at the beginning.
    #[schema(value_type = String)]
    cash_start: Money,
    /// What was counted at the end.
    #[schema(value_type = Option<String>)]
    cash_end: Option<Money>,
    /// What should have lain there; null while it is open.
    #[schema(value_type = Option<String>)]
    cash_expected: Option<Money>,
    /// How much more than that was counted.
    #[schema(value_type = Option<String>)]
    cash_difference: Option<Money>,
    description: String,
}

impl ShiftReply {
    pub(super) fn new(seen: ShiftSeen, language: Language) -> Self {
        let ShiftSeen {
            shift,
            store: Workplace { id, name, zone, .. },
            report,
        } = seen;
        Self {
            id: shift.id,
            branch: shift.branch_id,
            branch_name: shift.branch_name,
            store: id,
            store_name: name,
            status: shift.status,
            status_display: messages::label(language, "shift_status", shift.status),
            worker_open: shift.opened_by,
            worker_open_name: shift.opened_by_name,
            worker_close: shift.closed_by,
            worker_close_name: shift.closed_by_name,
            start_time: zone.write(shift.opened_at),
            end_time: shift.closed_at.map(|at| zone.write(at)),
            cash_start: shift.cash_start,
            cash_end: shift.cash_end,
            cash_expected: report.as_ref().map(|report| report.cash_expected),
            cash_difference: report.and_then(|report| report.cash_difference),
            description: shift.description,
        }
    }
}

/// A shift with what went through it so far.
#[derive(Debug, Serialize, ToSchema)]
pub struct XReply {
    smena: ShiftReply,
    x_report: ReportReply,
}

impl XReply {
    pub(super) fn new(reported: ShiftReported, language: Language) -> Self {
        let (smena, x_report) = split(reported, language);
        Self { smena, x_report }
    }
}

/// A closed shift with its frozen report.
#[derive(Debug, Serialize, ToSchema)]
pub struct ZReply {
    smena: ShiftReply,
    z_report: ReportReply,
}

impl ZReply {
    pub(super) fn new(reported: ShiftReported, language: Language) -> Self {
        let (smena, z_report) = split(reported, language);
        Self { smena, z_report }
    }
}

fn split(reported: ShiftReported, language: Language) -> (ShiftReply, ReportReply) {
    let ShiftReported { seen, report, until } = reported;
    let report = ReportReply::new(report, (seen.shift.opened_at, until), seen.store.zone);
    (ShiftReply::new(seen, language), report)
}

/// A shift that was closed, and its report.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClosedShiftReply {
    /// What was done, in the caller's language.
    message: String,
    data: ShiftReply,
    z_report: ReportReply,
    /// The report on paper, as `data:application/pdf;base64,..`, where the store wants it; null when it could not be made.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    z_report_pdf: Option<Option<String>>,
}

impl ClosedShiftReply {
    /// 200 with the closed shift.
    pub(super) fn answer(closed: ClosedShift, language: Language) -> HttpResponse {
        let ClosedShift { reported, is_printed } = closed;
        let z_report_pdf = is_printed.then(|| printing::attached(|| paper::z_report(&reported, language).into_pdf()));
        let (shift, z_report) = split(reported, language);
        let closed = Self {
            message: messages::done(language, Done::ShiftClosed),
            data: shift,
            z_report,
            z_report_pdf,
        };
        reply::spoken(HttpResponse::Ok().json(closed), language)
    }
}
