//! Prescriptions (pharmacy.md 2.6).

pub mod bodies;
pub mod replies;
mod tickets;

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, ContentDisposition, ContentType, DispositionParam, DispositionType,
    HeaderName,
};
use actix_web::{HttpRequest, HttpResponse, web};
use savdo_domain::access::{Actor, Right};
use savdo_domain::account::AccountRefusal;
use savdo_domain::ids::{PrescriptionId, PrescriptionImageId};
use savdo_services::Context;
use savdo_services::prescriptions::{self, RejectPrescription, SubmitPrescription, Ticket, Viewer};

use crate::edge::NO_STORE;
use crate::extract::{
    Body, FileBytes, InLanguage, Keyed, MaybeKey, NoBody, PageQuery, PathId, PathImageId, PharmacyPage, PicturesForm,
    Query,
};
use crate::guards::{MaybeSignedIn, RequestOrigin, SignedIn};
use crate::messages::Done;
use crate::pharmacy::prescriptions::bodies::{
    PendingQuery, PrescriptionBody, PrescriptionQuery, RejectBody, TicketQuery,
};
use crate::pharmacy::prescriptions::replies::{Manner, PrescriptionReply, ReviewedReply};
use crate::problem::Problem;
use crate::reply::PageReply;
use crate::routes::Route;
use crate::{blocking, reply, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(SignedIn, pharmacy::prescriptions; submit).once(),
        route!(May(Right::Prescriptions), pharmacy::prescriptions; list),
        route!(May(Right::Reviews), pharmacy::prescriptions; pending),
        route!(May(Right::Prescriptions), pharmacy::prescriptions; view),
        route!(SignedInOrTicket, pharmacy::prescriptions; image),
        // Whoever may not judge leaves a trace, which their use-cases write.
        route!(SignedIn, pharmacy::prescriptions; approve).once(),
        route!(SignedIn, pharmacy::prescriptions; reject).once(),
    ]
}

/// Shows the pharmacy a prescription for an order of one's own.
///
/// # Errors
/// 400 for fields and pictures; 401; 404 for any other order; 409 for an order that takes none now; 413; 415 for JSON; 429.
#[utoipa::path(post, path = "/api/v1/pharmacy/prescriptions/", tag = "prescriptions", request_body(content = PrescriptionBody, content_type = "multipart/form-data"), responses(
    (status = 201, description = "The prescription", body = PrescriptionReply),
    (status = 403, description = "store_blocked"),
    (status = 404, description = "No such order of the caller's own"),
    (status = 409, description = "order_not_awaiting_prescription, prescription_pending, too_many_prescriptions"),
    (status = 413, description = "image_too_large"),
    (status = 507, description = "storage_full"),
))]
pub async fn submit(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Keyed(key, PicturesForm(body)): Keyed<PicturesForm<PrescriptionBody>>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let manner = Manner::of(&request, language);
    submitted(&context, actor, body.into_command()?, key, manner).await
}

/// Shows the pharmacy a prescription, by whatever names it was sent.
pub(super) async fn submitted(
    context: &web::Data<Context>,
    actor: Actor,
    command: SubmitPrescription,
    key: MaybeKey,
    manner: Manner,
) -> Result<HttpResponse, Problem> {
    let (manner, caller) = (manner.kept(), actor.clone());
    let once = key.answering(move |seen| {
        let reply = PrescriptionReply::of(seen, &manner);
        reply::spoken(HttpResponse::Created().json(reply), manner.language())
    });
    let done = blocking::run(context, move |context| {
        prescriptions::submit(context, &actor, command, &once)
    });
    Ok(tickets::put_in(context, &caller, reply::once(done.await?)?))
}

/// The prescriptions that the caller sees, the newest first: his own, staff those of their store.
///
/// # Errors
/// 400 for filters; 401; 403; 404 past the last page.
#[utoipa::path(get, path = "/api/v1/pharmacy/prescriptions/", tag = "prescriptions", params(PrescriptionQuery, PharmacyPage), responses(
    (status = 200, description = "A page of prescriptions", body = PageReply<PrescriptionReply>),
    (status = 403, description = "store_blocked"),
    (status = 404, description = "invalid_page"),
))]
pub async fn list(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Query(query): Query<PrescriptionQuery>,
    page: PageQuery,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let filter = query.into_filter();
    let wanted = page.page();
    let listed = blocking::run(&context, move |context| {
        prescriptions::list(context, &actor, filter, &wanted)
    })
    .await?;
    let manner = Manner::of(&request, language);
    let listed = listed.map(|seen| PrescriptionReply::of(seen, &manner));
    reply::paged(listed, &page, &request)
}

/// The prescriptions that nobody judged yet, the oldest first.
///
/// # Errors
/// 401; 403 for all but staff; 404 past the last page.
#[utoipa::path(get, path = "/api/v1/pharmacy/prescriptions/pending/", tag = "prescriptions", params(PendingQuery, PharmacyPage), responses(
    (status = 200, description = "A page of prescriptions", body = PageReply<PrescriptionReply>),
    (status = 403, description = "forbidden, store_blocked"),
    (status = 404, description = "invalid_page"),
))]
pub async fn pending(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Query(query): Query<PendingQuery>,
    page: PageQuery,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let wanted = page.page();
    let listed = blocking::run(&context, move |context| {
        prescriptions::pending(context, &actor, query.store(), &wanted)
    })
    .await?;
    let manner = Manner::of(&request, language);
    let listed = listed.map(|seen| PrescriptionReply::of(seen, &manner));
    reply::paged(listed, &page, &request)
}

/// One prescription.
///
/// # Errors
/// 401; 403; 404.
#[utoipa::path(get, path = "/api/v1/pharmacy/prescriptions/{id}/", tag = "prescriptions", params(("id" = i64, Path, description = "The prescription")), responses(
    (status = 200, description = "The prescription", body = PrescriptionReply),
    (status = 403, description = "store_blocked"),
))]
pub async fn view(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let id = PrescriptionId::new(id);
    let seen = blocking::run(&context, move |context| prescriptions::view(context, &actor, id)).await?;
    Ok(reply::found(PrescriptionReply::of(
        seen,
        &Manner::of(&request, language),
    )))
}

/// A picture of a prescription, with a token or with the ticket of its address.
///
/// # Errors
/// 401 without either, and for a ticket that opens nothing; 404; 410 once it is erased.
#[utoipa::path(get, path = "/api/v1/pharmacy/prescriptions/{id}/images/{image_id}/", tag = "prescriptions",
    params(
        ("id" = i64, Path, description = "The prescription"),
        ("image_id" = i64, Path, description = "The picture"),
        TicketQuery,
    ),
    responses(
        (status = 200, description = "The picture", body = FileBytes, content_type = "image/jpeg"),
        (status = 403, description = "store_blocked"),
        (status = 410, description = "image_erased"),
    ),
)]
pub async fn image(
    context: web::Data<Context>,
    MaybeSignedIn(actor): MaybeSignedIn,
    RequestOrigin(origin): RequestOrigin,
    PathId(id): PathId,
    PathImageId(image_id): PathImageId,
    Query(query): Query<TicketQuery>,
) -> Result<HttpResponse, Problem> {
    let viewer = match (actor, query.t) {
        (Some(actor), _) => Viewer::SignedIn(actor),
        (None, Some(ticket)) => Viewer::Holder(Ticket(ticket.0), origin),
        (None, None) => return Err(Problem::Refused(AccountRefusal::NotAuthenticated.into())),
    };
    let (id, image_id) = (PrescriptionId::new(id), PrescriptionImageId::new(image_id));
    let shown = blocking::run(&context, move |context| {
        prescriptions::image(context, viewer, id, image_id)
    })
    .await?;
    let name = format!("prescription-{}.jpg", shown.prescription_id);
    Ok(HttpResponse::Ok()
        .content_type(ContentType::jpeg())
        .insert_header((CACHE_CONTROL, NO_STORE))
        .insert_header((CONTENT_SECURITY_POLICY, "sandbox"))
        // The front end that shows it stands at another address; the ticket says who may.
        .insert_header((HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"))
        .insert_header(ContentDisposition {
            disposition: DispositionType::Inline,
            parameters: vec![DispositionParam::Filename(name)],
        })
        .body(shown.jpeg))
}

/// Accepts a prescription; its order goes on.
///
/// # Errors
/// 401; 403 for all but staff, and for one's own; 404; 409 for one that was judged.
#[utoipa::path(post, path = "/api/v1/pharmacy/prescriptions/{id}/approve/", tag = "prescriptions",
    params(("id" = i64, Path, description = "The prescription")),
    responses(
        (status = 200, description = "The prescription", body = ReviewedReply),
        (status = 403, description = "forbidden, own_prescription, store_blocked"),
        (status = 409, description = "not_pending, order_not_awaiting_prescription"),
    ),
)]
pub async fn approve(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
    Keyed(key, NoBody): Keyed<NoBody>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let (manner, caller) = (Manner::of(&request, language).kept(), actor.clone());
    let id = PrescriptionId::new(id);
    let once = key.answering(move |seen| {
        let reply = ReviewedReply::of(seen, Done::PrescriptionApproved, &manner);
        reply::spoken(reply::found(reply), manner.language())
    });
    let done = blocking::run(&context, move |context| {
        prescriptions::approve(context, &actor, id, &once)
    });
    Ok(tickets::put_in(&context, &caller, reply::once(done.await?)?))
}

/// Rejects a prescription; its order waits for another one.
///
/// # Errors
/// 400 for the reason; 401; 403 for all but staff, and for one's own; 404; 409 for one that was judged.
#[utoipa::path(post, path = "/api/v1/pharmacy/prescriptions/{id}/reject/", tag = "prescriptions", request_body = RejectBody,
    params(("id" = i64, Path, description = "The prescription")),
    responses(
        (status = 200, description = "The prescription", body = ReviewedReply),
        (status = 403, description = "forbidden, own_prescription, store_blocked"),
        (status = 409, description = "not_pending, order_not_awaiting_prescription"),
    ),
)]
pub async fn reject(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
    Keyed(key, Body(body)): Keyed<Body<RejectBody>>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let manner = Manner::of(&request, language);
    rejected(
        &context,
        actor,
        body.into_command(PrescriptionId::new(id))?,
        key,
        manner,
    )
    .await
}

/// Rejects a prescription, by whatever name the reason was sent.
pub(super) async fn rejected(
    context: &web::Data<Context>,
    actor: Actor,
    command: RejectPrescription,
    key: MaybeKey,
    manner: Manner,
) -> Result<HttpResponse, Problem> {
    let (manner, caller) = (manner.kept(), actor.clone());
    let once = key.answering(move |seen| {
        let reply = ReviewedReply::of(seen, Done::PrescriptionRejected, &manner);
        reply::spoken(reply::found(reply), manner.language())
    });
    let done = blocking::run(context, move |context| {
        prescriptions::reject(context, &actor, command, &once)
    });
    Ok(tickets::put_in(context, &caller, reply::once(done.await?)?))
}
