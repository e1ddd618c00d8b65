//! The addresses that Click calls (payments.md 3): HTTP status 200 with its code, whatever happens but one thing.
//!
//! That one is a failure of ours where the payer was debited already: no code fits there, so the answer is 503 and empty, and the comparison
//! with Click's own list settles it. The order of judging is the domain's; here bytes become what it judges, and what it answers becomes bytes.

mod read;
mod write;

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::http::Method;
use actix_web::rt::time::{sleep, timeout};
use actix_web::web::{self, Payload};
use actix_web::{HttpRequest, HttpResponse};
use savdo_domain::ids::OrderId;
use savdo_domain::payment::Provider;
use savdo_domain::payment::click::{Call, ClickDesk, Code};
use savdo_services::Context;
use savdo_services::desks::Desks;
use savdo_services::metrics::{Direction, ProviderCall};
use savdo_services::payments::click::{self as calls, Answered, Asked, Render, Tries};

use crate::extract::content_type;
use crate::problem::Problem;
use crate::providers::{Within, arrived};
use crate::routes::Route;
use crate::shell::Shell;
use crate::{blocking, route, shell};

use read::Received;
use savdo_domain::payment::click::Action;
pub(crate) use write::failure;

/// How long we wait before each further try of ours, where money was taken: a database that starts anew is back by then, or is not soon.
const PAUSES: [Duration; 4] = [
    Duration::from_millis(50),
    Duration::from_millis(250),
    Duration::from_millis(1_000),
    Duration::from_millis(3_000),
];

/// How many of them a call may make us wait that nobody could judge yet.
const UNJUDGED_PAUSES: usize = 2;

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    let own = [
        (
            route!(Anyone, providers::click; prepare),
            "/api/v6/payments/webhook/click/prepare/",
        ),
        (
            route!(Anyone, providers::click; complete),
            "/api/v6/payments/webhook/click/complete/",
        ),
    ];
    own.map(|(own, older)| own.alias(older).for_any_method()).into()
}

/// A call of Click (Click SHOP API), usually Prepare; what it is, its `action` says. The status is always 200.
#[utoipa::path(post, path = "/api/v1/payments/click/prepare/", tag = "payments",
    request_body(content = Option<Value>, content_type = "application/json",
        description = "`click_trans_id`, `service_id`, `merchant_trans_id`, `amount`, `action`, `error`, `sign_time`, `sign_string` and what comes along; Click sends them as a form, and multipart is read too"),
    responses((status = 200, description = "`click_trans_id`, `merchant_trans_id`, `merchant_prepare_id`, `error`, `error_note`", body = Value)))]
pub async fn prepare(context: web::Data<Context>, request: HttpRequest, payload: Payload) -> HttpResponse {
    answer(&context, &request, payload, Action::Prepare).await
}

/// A call of Click, usually Complete; what it is, its `action` says. The status is 200, but 503 for a failure of ours after a debit.
#[utoipa::path(post, path = "/api/v1/payments/click/complete/", tag = "payments",
    request_body(content = Option<Value>, content_type = "application/json",
        description = "As for Prepare, with `merchant_prepare_id`"),
    responses(
        (status = 200, description = "`click_trans_id`, `merchant_trans_id`, `merchant_confirm_id`, `error`, `error_note`", body = Value),
        (status = 503, description = "Empty: the payer was debited and we failed")))]
pub async fn complete(context: web::Data<Context>, request: HttpRequest, payload: Payload) -> HttpResponse {
    answer(&context, &request, payload, Action::Complete).await
}

async fn answer(context: &web::Data<Context>, request: &HttpRequest, payload: Payload, usual: Action) -> HttpResponse {
    let began = Instant::now();
    let arrived = arrived(request, payload).await;
    let is_whole = arrived.is_some();
    let received = Received::of(content_type(request), &arrived.unwrap_or_default(), usual);
    let within = Within::of(request);
    let left = || within.saturating_sub(began.elapsed());
    let answered = match judged(context, (request, left()), &received, is_whole).await {
        Ok(Some(judged)) => {
            let answered = timeout(left(), carried_out(context, judged, &received)).await;
            answered.ok().flatten().ok_or(Failed::Genuine)
        }
        Ok(None) => Err(Failed::Unjudged),
        Err(code) => Ok(bare(code)),
    };
    let answered = match answered {
        Err(_) if !received.form.tells_of_money() => Ok(bare(Code::OurFailure)),
        other => other,
    };
    let (method, code) = told(&received, answered);
    let call = ProviderCall {
        provider: Provider::Click,
        direction: Direction::In,
        method,
        code,
    };
    context.provider_called(call, began.elapsed());
    match answered {
        Ok(answered) => HttpResponse::Ok()
            .content_type("application/json")
            .body(write::answer(answered, &received.echo)),
        Err(_) => HttpResponse::ServiceUnavailable().finish(),
    }
}

/// A failure of ours.
#[derive(Debug, Clone, Copy)]
enum Failed {
    /// Nobody could tell whether the call is Click's: anybody may have sent it.
    Unjudged,
    /// The call is Click's.
    Genuine,
}

const fn bare(code: Code) -> Answered {
    Answered { code, number: None }
}

/// A call that is to be carried out.
struct Judged {
    desk: ClickDesk,
    /// The desks that it was found among.
    desks: Arc<Desks>,
    call: Call,
}

/// The call, where it is one. Another method than POST is no request of Click's; where it may not call from, no secret is right. `None` where the
/// desks are not told: then nobody is told whether his secret is right.
async fn judged(
    context: &web::Data<Context>,
    (request, left): (&HttpRequest, Duration),
    received: &Received,
    is_whole: bool,
) -> Result<Option<Judged>, Code> {
    if request.method() != Method::POST {
        return Err(Code::BadRequest);
    }
    if !is_whole {
        return Err(Code::OurFailure);
    }
    let Some(desks) = desks(context, received, left).await else {
        return Ok(None);
    };
    let is_admitted = shell::admits_provider(&Shell::of(request).click_networks, shell::client(request));
    let opened = if is_admitted { desks.click.as_slice() } else { &[] };
    let (call, desk) = received.form.judge(opened, desks.environment)?;
    let desk = desk.clone();
    Ok(Some(Judged { desk, desks, call }))
}

/// The desks, asked for again where the call says that money was taken: not for long, as nobody has proved yet that he is Click.
async fn desks(context: &web::Data<Context>, received: &Received, left: Duration) -> Option<Arc<Desks>> {
    let mut pauses = pauses(received).iter().take(UNJUDGED_PAUSES);
    let asked = async {
        loop {
            match super::desks(context, left).await {
                Some(desks) => return Some(desks),
                None => sleep(*pauses.next()?).await,
            }
        }
    };
    timeout(left, asked).await.ok().flatten()
}

/// What stands between our tries.
fn pauses(received: &Received) -> &'static [Duration] {
    if received.form.tells_of_money() {
        PAUSES.as_slice()
    } else {
        &[]
    }
}

/// Carries the call out, where money was taken again and again; `None` where we failed. What takes too long is not waited for, and a repeat of
/// the call finds what it did.
async fn carried_out(context: &web::Data<Context>, judged: Judged, received: &Received) -> Option<Answered> {
    let tries = Tries::default();
    let mut pauses = pauses(received).iter();
    let render: Render = {
        let echo = received.echo.clone();
        Arc::new(move |answered| write::answer(*answered, &echo))
    };
    loop {
        let (desk, call, render) = (judged.desk.clone(), judged.call.clone(), Arc::clone(&render));
        let desks = Arc::clone(&judged.desks);
        let (request, tries) = (received.logged.clone(), tries.clone());
        let work = blocking::run(context, move |context| {
            let asked = Asked {
                desk: &desk,
                stores_with_own: &desks.stores_with_own_click(),
                holds_for: desks.click_holds_for,
                call,
                request,
                tries,
            };
            calls::call(context, asked, render)
        });
        match work.await {
            Ok(answered) => return Some(answered),
            // What is busy now may not be in a moment; what is broken stays so.
            Err(Problem::Busy) => sleep(*pauses.next()?).await,
            Err(_) => return None,
        }
    }
}

/// What the log of requests and metrics say of a call: its method, the number that it was told, and by which numbers it is found in Click's list
/// and among our orders. A call that is about no payment stands nowhere else, so that is all that is kept of it; nothing but numbers is.
fn told(received: &Received, answered: Result<Answered, Failed>) -> (&'static str, i64) {
    let method = match received.form.action() {
        Some(Action::Prepare) => "Prepare",
        Some(Action::Complete) => "Complete",
        None => "unknown",
    };
    let by = Numbers {
        click_trans_id: received.form.click_trans_id(),
        order_id: received.form.order().map(OrderId::get),
    };
    // The status stands for the number that no answer had.
    let number = answered.map_or(503, |answered| answered.code.number());
    match answered {
        Ok(_) => told_number(method, number, by),
        Err(Failed::Genuine) => failed_genuine(by),
        Err(Failed::Unjudged) => failed_unjudged(by),
    }
    (method, number)
}

/// By what a call is found.
#[derive(Debug, Clone, Copy)]
struct Numbers {
    click_trans_id: Option<i64>,
    order_id: Option<i64>,
}

fn told_number(method: &str, number: i64, by: Numbers) {
    tracing::info!(
        method,
        number,
        click_trans_id = by.click_trans_id,
        order_id = by.order_id,
        "Click asked {method} and was told {number}"
    );
}

fn failed_genuine(by: Numbers) {
    let attempt = by.click_trans_id.unwrap_or_default();
    tracing::error!(
        click_trans_id = by.click_trans_id,
        order_id = by.order_id,
        "Click took money by attempt {attempt} and asked Complete, which failed: compare it with Click's list"
    );
}

/// Nobody is woken by what anybody may have sent.
fn failed_unjudged(by: Numbers) {
    let attempt = by.click_trans_id.unwrap_or_default();
    tracing::warn!(
        click_trans_id = by.click_trans_id,
        order_id = by.order_id,
        "Somebody asked Complete of attempt {attempt}, and the desks that tell whether it was Click could not be read"
    );
}
