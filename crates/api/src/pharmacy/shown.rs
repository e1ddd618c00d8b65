//! What anybody may see: read once for all customers who ask for it at the same time.

use actix_web::{HttpRequest, HttpResponse, web};
use savdo_domain::access::Actor;
use savdo_services::{Context, catalogue};

use crate::blocking;
use crate::coalescing::Coalescing;
use crate::problem::Problem;
use crate::reply::{self, Shown};

/// The public pages that somebody waits for.
pub type Readings = Coalescing<Result<Shown, Problem>>;

/// Shows what `read` answers, which looks no closer at its caller than whether he may see what is hidden.
///
/// Who may reads by himself, and so does a caller who is signed in where there is a replica: which of its states he may be shown depends on
/// what he wrote.
pub(super) async fn shown<R>(
    context: &web::Data<Context>,
    request: &HttpRequest,
    actor: Option<Actor>,
    read: R,
) -> Result<HttpResponse, Problem>
where
    R: FnOnce(&Context, Option<&Actor>) -> Result<HttpResponse, Problem> + Send + 'static,
{
    let is_known = context.has_replica() && actor.is_some();
    let is_for_all = !catalogue::sees_hidden(actor.as_ref()) && !is_known;
    let readings = request.app_data::<web::Data<Readings>>().filter(|_| is_for_all);
    let reading = {
        let context = context.clone();
        async move {
            let work = move |context: &Context| Ok(read(context, actor.as_ref()).map(Shown::of));
            blocking::run(&context, work).await?
        }
    };
    let shown = match readings.map(|readings| readings.clone().into_inner()) {
        Some(readings) => {
            let shown = readings.read(reply::address(request), reading).await;
            shown.unwrap_or(Err(Problem::Busy))
        }
        None => reading.await,
    };
    Ok(shown?.answer(request))
}
