//! Shifts and their reports (shop.md 8).

mod bodies;
mod paper;
mod replies;
mod report;

use actix_web::{HttpRequest, HttpResponse, web};
use savdo_domain::access::{Permission, Right};
use savdo_domain::ids::ShiftId;
use savdo_services::Context;
use savdo_services::shifts;

pub use bodies::{CloseShiftBody, ReportQuery, ShiftBody, ShiftsQuery};
pub use paper::ReportWord;
pub use replies::{ClosedShiftReply, ShiftReply, ShiftRowReply, XReply, ZReply};
pub use report::{PeriodReply, ReportReply};

use crate::extract::{Body, FileBytes, InLanguage, Keyed, OptionalBody, PageQuery, PathId, Query, ShopPage};
use crate::guards::SignedIn;
use crate::messages::Done;
use crate::paper::{self as printing, PaperFormat};
use crate::problem::Problem;
use crate::reply::{self, Written};
use crate::routes::Route;
use crate::shop::zone_of;
use crate::{blocking, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(May(Right::ShopList(Permission::ViewShifts)), shop::shifts; list),
        route!(May(Right::Shop(Permission::OpenShift)), shop::shifts; open).once(),
        route!(May(Right::Shop(Permission::ViewShifts)), shop::shifts; detail),
        route!(May(Right::Shop(Permission::CloseShift)), shop::shifts; close)
            .or_patch()
            .once(),
        route!(May(Right::Shop(Permission::ViewShifts)), shop::shifts; x_report),
        route!(May(Right::Shop(Permission::ViewShifts)), shop::shifts; z_report),
    ]
}

/// The shifts of the store, the last one first.
///
/// # Errors
/// Field errors of the query; 403 without the right.
#[utoipa::path(get, path = "/api/v1/shifts/", tag = "shifts", params(ShiftsQuery, ShopPage), responses(
    (status = 200, description = "A page of the shifts", body = Vec<ShiftRowReply>),
))]
pub async fn list(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Query(query): Query<ShiftsQuery>,
    page: PageQuery,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let zone = zone_of(&actor);
    let query = query.into_query(&page);
    let listed = blocking::run(&context, move |context| shifts::list(context, &actor, query)).await?;
    reply::listed(
        listed.map(|view| ShiftRowReply::new(view, zone, language)),
        &page,
        &request,
    )
}

/// Opens a shift in a branch.
///
/// # Errors
/// Field errors; 403 without the right, or where the store has no shifts; 409 where one is open, or too many were today.
#[utoipa::path(post, path = "/api/v1/shifts/", tag = "shifts", request_body = ShiftBody, responses(
    (status = 201, description = "The new shift", body = Written<ShiftReply>),
    (status = 403, description = "Without the right, module_disabled"),
    (status = 409, description = "shift_already_open, shifts_per_day_reached"),
))]
pub async fn open(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Keyed(key, Body(body)): Keyed<Body<ShiftBody>>,
) -> Result<HttpResponse, Problem> {
    let command = body.into_command();
    let once = key.answering(move |seen| reply::created(language, Done::ShiftOpened, ShiftReply::new(seen, language)));
    reply::once(blocking::run(&context, move |context| shifts::open(context, &actor, command, &once)).await?)
}

/// One shift.
///
/// # Errors
/// 403 without the right, 404 for another store's.
#[utoipa::path(get, path = "/api/v1/shifts/{id}/", tag = "shifts", params(("id" = i64, Path, description = "The shift")), responses(
    (status = 200, description = "The shift", body = ShiftReply),
))]
pub async fn detail(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
) -> Result<HttpResponse, Problem> {
    let id = ShiftId::new(id);
    let seen = blocking::run(&context, move |context| shifts::detail(context, &actor, id)).await?;
    Ok(reply::found(ShiftReply::new(seen, language)))
}

/// Closes a shift and freezes its report. Answers PATCH as well.
///
/// # Errors
/// Field errors; 403 without the right, or for a seller at another's shift; 404 for another store's; 409 when it is closed.
#[utoipa::path(post, path = "/api/v1/shifts/{id}/close/", tag = "shifts", params(("id" = i64, Path, description = "The shift")), request_body = Option<CloseShiftBody>, responses(
    (status = 200, description = "Closed", body = ClosedShiftReply),
    (status = 403, description = "Without the right, shift_not_yours"),
    (status = 409, description = "shift_already_closed"),
))]
pub async fn close(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
    Keyed(key, OptionalBody(body)): Keyed<OptionalBody<CloseShiftBody>>,
) -> Result<HttpResponse, Problem> {
    let command = body.into_command(ShiftId::new(id));
    let once = key.answering(move |closed| ClosedShiftReply::answer(closed, language));
    reply::once(blocking::run(&context, move |context| shifts::close(context, &actor, command, &once)).await?)
}

/// What went through a shift so far; of a closed one its frozen report.
///
/// # Errors
/// 403 without the right, 404 for another store's.
#[utoipa::path(get, path = "/api/v1/shifts/{id}/x-report/", tag = "shifts", params(("id" = i64, Path, description = "The shift")), responses(
    (status = 200, description = "The shift and its report", body = XReply),
))]
pub async fn x_report(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
) -> Result<HttpResponse, Problem> {
    let id = ShiftId::new(id);
    let reported = blocking::run(&context, move |context| shifts::x_report(context, &actor, id)).await?;
    Ok(reply::found(XReply::new(reported, language)))
}

/// The report of a closed shift, as it was frozen; also on paper of 80 mm, in the caller's language.
///
/// # Errors
/// A format that there is not; 403 without the right, 404 for another store's, 409 while the shift is open.
#[utoipa::path(get, path = "/api/v1/shifts/{id}/z-report/", tag = "shifts", params(("id" = i64, Path, description = "The shift"), ReportQuery), responses(
    (status = 200, description = "The shift and its report", content((ZReply = "application/json"), (FileBytes = "application/pdf"))),
    (status = 400, description = "A format that there is not"),
    (status = 409, description = "shift_still_open"),
))]
pub async fn z_report(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
    Query(query): Query<ReportQuery>,
) -> Result<HttpResponse, Problem> {
    let id = ShiftId::new(id);
    match query.on_paper() {
        None => {
            let reported = blocking::run(&context, move |context| shifts::z_report(context, &actor, id)).await?;
            Ok(reply::found(ZReply::new(reported, language)))
        }
        Some(PaperFormat::Pdf) => {
            let print = move |context: &Context| {
                let reported = shifts::z_report(context, &actor, id)?;
                Ok(paper::z_report(&reported, language).into_pdf())
            };
            printing::shown(blocking::run(&context, print).await?, &format!("z-report-{id}"))
        }
    }
}
