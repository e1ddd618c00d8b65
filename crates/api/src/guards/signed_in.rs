//! A signed-in caller.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use futures_util::FutureExt;
use futures_util::future::Shared;
use savdo_domain::access::{Actor, Origin};
use savdo_domain::account::AccountRefusal;
use savdo_services::{Context, accounts};

use crate::blocking;
use crate::guards::RequestOrigin;
use crate::problem::Problem;

/// The caller, who holds a live access token.
#[derive(Debug, Clone)]
pub struct SignedIn(pub Actor);

/// The caller if he holds a live access token; anything else counts as nobody.
#[derive(Debug, Clone)]
pub struct MaybeSignedIn(pub Option<Actor>);

/// The judgement on a caller's token, noted with the request.
///
/// Extractors run side by side, so a wrong body may be found before a wrong token; the token has the first word all the same.
#[derive(Clone)]
pub(crate) struct Entrance(Shared<Pending<Actor>>);

impl Entrance {
    /// Why the caller is not let in; nothing if he is, or if the handler asked for no token.
    pub(crate) async fn refusal(request: &HttpRequest) -> Option<Problem> {
        let entrance = request.extensions().get::<Self>().cloned()?;
        entrance.0.await.err()
    }
}

type Pending<T> = Pin<Box<dyn Future<Output = Result<T, Problem>>>>;

impl FromRequest for SignedIn {
    type Error = Problem;
    type Future = Pending<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let token = bearer(request);
        let origin = RequestOrigin::of(request).0;
        let context = request.app_data::<web::Data<Context>>().cloned();
        let pending: Pending<Actor> = Box::pin(async move { authenticate(context, token?, origin).await });
        let entrance = Entrance(pending.shared());
        request.extensions_mut().insert(entrance.clone());
        Box::pin(async move { entrance.0.await.map(Self) })
    }
}

impl FromRequest for MaybeSignedIn {
    type Error = Problem;
    type Future = Pending<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let token = bearer(request).ok();
        let origin = RequestOrigin::of(request).0;
        let context = request.app_data::<web::Data<Context>>().cloned();
        Box::pin(async move {
            let Some(token) = token else { return Ok(Self(None)) };
            match authenticate(context, token, origin).await {
                Ok(actor) => Ok(Self(Some(actor))),
                Err(Problem::Refused(_)) => Ok(Self(None)),
                Err(problem) => Err(problem),
            }
        })
    }
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
