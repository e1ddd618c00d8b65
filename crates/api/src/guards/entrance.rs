//! The entrance of a route: token, account, session, place of work, store, section and role are judged before the body is
//! read and before the query is looked at, in the order of shop.md 2.2.
//!
//! Whoever is let in is noted with the request, where the handler finds him. Deliberately absent: what a caller may do to
//! one thing; that needs the thing, and the use-case judges it.

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::AUTHORIZATION;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, web};
use savdo_domain::access::{Actor, Origin};
use savdo_domain::account::AccountRefusal;
use savdo_services::limits::{Limit, network_of};
use savdo_services::{Context, accounts};

use crate::blocking;
use crate::guards::RequestOrigin;
use crate::problem::Problem;
use crate::routes::Access;
use crate::shell;

/// The caller, once he was let in.
#[derive(Debug, Clone)]
pub(crate) struct Caller(pub(crate) Actor);

/// What a row asks of whoever comes in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    /// Who may come in.
    pub(crate) access: Access,
    /// A limit of the row's own, counted by address.
    pub(crate) limit: Option<Limit>,
}

/// Lets a request through to its handler, or answers why not.
///
/// # Errors
/// None of its own: a refusal is an answer, which `edge` writes in its dialect.
pub(crate) async fn judge(
    terms: Terms,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match caller(terms, request.request()).await {
        Ok(caller) => {
            let write = Write::of(request.request(), caller.as_ref());
            if let Some(actor) = caller {
                request.extensions_mut().insert(Caller(actor));
            }
            let response = next.call(request).await?;
            if let Some(write) = write {
                write.note().await;
            }
            Ok(response)
        }
        Err(problem) => Ok(request.error_response(problem)),
    }
}

/// What a request may have written, where lists are read from a replica: noted before it is answered, so that its caller sees it.
struct Write {
    context: web::Data<Context>,
    caller: Option<Actor>,
    origin: Origin,
}

impl Write {
    fn of(request: &HttpRequest, caller: Option<&Actor>) -> Option<Self> {
        let context = request.app_data::<web::Data<Context>>()?;
        if request.method().is_safe() || !context.has_replica() {
            return None;
        }
        Some(Self {
            context: web::Data::clone(context),
            caller: caller.cloned(),
            origin: RequestOrigin::of(request).0,
        })
    }

    async fn note(self) {
        let Self {
            context,
            caller,
            origin,
        } = self;
        let noted = blocking::run(&context, move |context| context.note_write(caller.as_ref(), &origin)).await;
        if noted.is_err() {
            tracing::warn!("A write was not noted: its caller may read lists without it for a moment");
        }
    }
}

/// Everybody is counted: who is signed in as himself, the others by their address. Who somebody is takes one statement by primary key, also
/// of those who are turned away after it; the expensive work comes behind.
async fn caller(terms: Terms, request: &HttpRequest) -> Result<Option<Actor>, Problem> {
    if let Some(limit) = terms.limit {
        admit(request, limit, network(request)).await?;
    }
    let caller = match terms.access {
        Access::Anyone => return admit_nobody(request).await.map(|()| None),
        Access::SignedInOrTicket if has_ticket(request) => {
            return admit_nobody(request).await.map(|()| None);
        }
        Access::AnyoneOrSignedIn | Access::SignedIn | Access::SignedInOrTicket | Access::May(_) => {
            signed_in(request).await
        }
    };
    match &caller {
        Ok(actor) => admit(request, Limit::RequestsOfUser, actor.user_id.to_string()).await?,
        Err(Problem::Refused(_)) => admit_nobody(request).await?,
        Err(_) => {}
    }
    match (terms.access, caller) {
        (Access::AnyoneOrSignedIn, Err(Problem::Refused(_))) => Ok(None),
        (Access::May(right), Ok(actor)) => {
            actor.check(right).map_err(|refusal| Problem::Refused(refusal.into()))?;
            Ok(Some(actor))
        }
        (_, caller) => caller.map(Some),
    }
}

/// Whether a ticket came, and no header that would count for more.
fn has_ticket(request: &HttpRequest) -> bool {
    let mut keys = request
        .query_string()
        .split('&')
        .filter_map(|pair| pair.split_once('='));
    !request.headers().contains_key(AUTHORIZATION) && keys.any(|(key, ticket)| key == "t" && !ticket.is_empty())
}

/// Counts a request of somebody who is not signed in.
///
/// # Errors
/// [`Problem::Throttled`] when there were too many from his address.
pub(crate) async fn admit_nobody(request: &HttpRequest) -> Result<(), Problem> {
    admit(request, Limit::RequestsOfAddress, network(request)).await
}

async fn admit(request: &HttpRequest, limit: Limit, subject: String) -> Result<(), Problem> {
    let Some(context) = request.app_data::<web::Data<Context>>().cloned() else {
        return Err(Problem::internal(&"the application has no context"));
    };
    if context.limits_make_wait() {
        // A flood that is over the limit takes no thread from others.
        context.refuse_early(limit, &subject)?;
        return blocking::run(&context, move |context| context.admit(limit, &subject)).await;
    }
    Ok(context.admit(limit, &subject)?)
}

fn network(request: &HttpRequest) -> String {
    network_of(shell::client(request))
}

async fn signed_in(request: &HttpRequest) -> Result<Actor, Problem> {
    let token = bearer(request)?;
    let origin = RequestOrigin::of(request).0;
    let context = request.app_data::<web::Data<Context>>().cloned();
    authenticate(context, token, origin).await
}

async fn authenticate(context: Option<web::Data<Context>>, token: String, origin: Origin) -> Result<Actor, Problem> {
    let context = context.ok_or_else(|| Problem::internal(&"the application has no context"))?;
    blocking::run(&context, move |context| accounts::authenticate(context, &token, origin)).await
}

/// The token of the one `Authorization: Bearer` header.
fn bearer(request: &HttpRequest) -> Result<String, Problem> {
    let mut headers = request.headers().get_all(AUTHORIZATION);
    let Some(header) = headers.next() else {
        return Err(Problem::Refused(AccountRefusal::NotAuthenticated.into()));
    };
    let broken = || Problem::Refused(AccountRefusal::TokenNotValid.into());
    if headers.next().is_some() {
        return Err(broken());
    }
    let (scheme, token) = header
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .ok_or_else(broken)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(broken());
    }
    Ok(token.trim().to_owned())
}
