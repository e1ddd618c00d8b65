//! A body that may come with an idempotency key (shop.md 1.6).

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use savdo_services::Context;
use savdo_services::once::{Key, Rendered};

use crate::extract::body::{self, Bounded};
use crate::pharmacy::legacy::Manner;
use crate::problem::Problem;
use crate::{reply, routes};

/// The header, and its other name.
const HEADERS: [&str; 2] = ["idempotency-key", "x-idempotency-key"];

/// The key of a request, if it carried one, and its body. Only for those who are signed in, and where the answer holds no
/// secret.
#[derive(Debug, Clone)]
pub struct Keyed<B>(pub MaybeKey, pub B);

/// The key of a request, if it carried one.
#[derive(Debug, Clone)]
pub struct MaybeKey(Option<Key>);

impl MaybeKey {
    /// Work that is answered with what `render` makes of its outcome. It may run inside the transaction.
    pub fn answering<V>(self, render: impl Fn(V) -> HttpResponse + Send + Sync + 'static) -> Rendered<V> {
        Rendered::new(self.0, move |outcome| reply::kept(render(outcome)))
    }
}

type Pending<T> = Pin<Box<dyn Future<Output = Result<T, Problem>>>>;

impl<B: FromRequest<Error = Problem> + Bounded + 'static> FromRequest for Keyed<B> {
    type Error = Problem;
    type Future = Pending<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let mut payload = payload.take();
        Box::pin(async move {
            let Some(sent) = sent(&request)? else {
                let body = B::from_request(&request, &mut payload).await?;
                return Ok(Self(MaybeKey(None), body));
            };
            let context = request.app_data::<web::Data<Context>>();
            let context = context.ok_or_else(|| Problem::internal(&"the application has no context"))?;
            let bytes = body::read(payload, B::limits(&request)).await?;
            let identity = B::identity(&request, &bytes)?;
            let key = Key::new(context, &sent, endpoint(&request), &identity).map_err(|_| Problem::KeyInvalid)?;
            let body = B::from_request(&request, &mut Payload::from(bytes)).await?;
            Ok(Self(MaybeKey(Some(key)), body))
        })
    }
}

/// The one key under either name; two that differ are none.
fn sent(request: &HttpRequest) -> Result<Option<String>, Problem> {
    let headers = HEADERS.iter().flat_map(|name| request.headers().get_all(*name));
    let mut keys = headers.map(|value| value.to_str().map_err(|_| Problem::KeyInvalid));
    let Some(first) = keys.next().transpose()? else {
        return Ok(None);
    };
    for other in keys {
        if other? != first {
            return Err(Problem::KeyInvalid);
        }
    }
    Ok(Some(first.to_owned()))
}

/// Method and main path: the same for every alias, with and without the last slash, however an id is written.
fn endpoint(request: &HttpRequest) -> String {
    let pattern = Manner::main_path(request).or_else(|| routes::path_of(request));
    let mut path = pattern.unwrap_or_else(|| request.path().to_owned());
    for (name, value) in request.match_info().iter() {
        let id = value
            .parse::<i64>()
            .map_or_else(|_| value.to_owned(), |id| id.to_string());
        path = path.replace(&format!("{{{name}}}"), &id);
    }
    format!("{} {path}", request.method())
}
