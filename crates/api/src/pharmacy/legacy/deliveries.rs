//! What older clients ask of deliveries otherwise: the board of the staff, the courier's own, and a colleague's.

use actix_web::{HttpRequest, HttpResponse, web};
use savdo_domain::Refusal;
use savdo_domain::access::{AccessRefusal, Actor};
use savdo_domain::delivery::DeliveryStatus;
use savdo_domain::ids::DeliveryId;
use savdo_services::Context;
use savdo_services::deliveries::{self as carried, DeliveryFilter};

use crate::extract::{Body, InLanguage, Keyed, PageQuery, PathId, Query};
use crate::guards::SignedIn;
use crate::pharmacy::deliveries as today;
use crate::pharmacy::deliveries::bodies::{DeliveryQuery, DeliveryStatusBody};
use crate::pharmacy::deliveries::replies::DeliveryReply;
use crate::problem::Problem;
use crate::{blocking, reply};

/// What waits for a courier to set out, for staff.
///
/// # Errors
/// 400 for filters; 401; 403 for couriers and whoever only orders; 404 past the last page.
pub async fn board(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Query(query): Query<DeliveryQuery>,
    page: PageQuery,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let filter = DeliveryFilter {
        status: Some(DeliveryStatus::Ready),
        ..query.into_filter()
    };
    let wanted = page.page();
    let listed = blocking::run(&context, move |context| {
        carried::board(context, &actor, filter, &wanted)
    })
    .await?;
    reply::paged(
        listed.map(|delivery| DeliveryReply::new(delivery, language)),
        &page,
        &request,
    )
}

/// What the caller himself carries now.
///
/// # Errors
/// 400 for filters; 401; 403 for whoever only orders; 404 past the last page.
pub async fn own(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Query(query): Query<DeliveryQuery>,
    page: PageQuery,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let filter = DeliveryFilter {
        is_active: Some(true),
        courier_id: Some(actor.user_id),
        ..query.into_filter()
    };
    let wanted = page.page();
    let listed = blocking::run(&context, move |context| carried::list(context, &actor, filter, &wanted)).await?;
    reply::paged(
        listed.map(|delivery| DeliveryReply::new(delivery, language)),
        &page,
        &request,
    )
}

/// One delivery, as a courier asks for it.
///
/// # Errors
/// As today's, but 403 for a courier of the store whose delivery it is not.
pub async fn view(
    context: web::Data<Context>,
    language: InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
) -> Result<HttpResponse, Problem> {
    let answer = today::view(context.clone(), language, SignedIn(actor.clone()), PathId(id)).await;
    colleagues(&context, actor, id, answer).await
}

/// Sets the status of a delivery, as a courier asks for it.
///
/// # Errors
/// As today's, but 403 for a courier of the store whose delivery it is not.
pub async fn advance(
    context: web::Data<Context>,
    language: InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
    keyed: Keyed<Body<DeliveryStatusBody>>,
) -> Result<HttpResponse, Problem> {
    let answer = today::advance(context.clone(), language, SignedIn(actor.clone()), PathId(id), keyed).await;
    colleagues(&context, actor, id, answer).await
}

/// The answer, or 403 for a courier to whom the delivery is unknown only because a colleague carries it.
async fn colleagues(
    context: &web::Data<Context>,
    actor: Actor,
    id: i64,
    answer: Result<HttpResponse, Problem>,
) -> Result<HttpResponse, Problem> {
    match answer {
        Err(Problem::Refused(Refusal::NotFound)) => {}
        answer => return answer,
    }
    let id = DeliveryId::new(id);
    let is_known = blocking::run(context, move |context| {
        carried::is_of_couriers_store(context, &actor, id)
    })
    .await?;
    let refusal = if is_known {
        AccessRefusal::Forbidden.into()
    } else {
        Refusal::NotFound
    };
    Err(Problem::Refused(refusal))
}
