//! What older clients ask of orders otherwise.

use actix_web::{HttpResponse, web};
use savdo_domain::ids::OrderId;
use savdo_services::{Context, orders};

use crate::extract::{Body, InLanguage, Keyed, PathId};
use crate::guards::SignedIn;
use crate::media::Pictures;
use crate::pharmacy::orders::Advancing;
use crate::pharmacy::orders::bodies::AdvanceBody;
use crate::problem::Problem;

/// As setting the status of an order, but the pair of statuses is judged before the role.
///
/// # Errors
/// 404, 400 for the status, `illegal_transition` whoever asks, then 403 and 409.
pub async fn change_status(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    pictures: Pictures,
    PathId(order_id): PathId,
    keyed: Result<Keyed<Body<AdvanceBody>>, Problem>,
) -> Result<HttpResponse, Problem> {
    let wish = Advancing {
        actor,
        order_id: OrderId::new(order_id),
        keyed,
        pictures,
        language,
    };
    wish.carried_out(&context, orders::advance_pair_first).await
}
