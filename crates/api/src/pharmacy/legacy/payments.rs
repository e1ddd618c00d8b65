//! What older clients ask of payments otherwise: the list is of the caller's own orders alone, whoever he is.

use actix_web::{HttpRequest, HttpResponse, web};
use savdo_services::Context;
use savdo_services::payments::{self as paid, ListPayments};

use crate::extract::{InLanguage, PageQuery, Query};
use crate::guards::SignedIn;
use crate::pharmacy::payments::bodies::PaymentQuery;
use crate::pharmacy::payments::replies::PaymentReply;
use crate::problem::Problem;
use crate::{blocking, reply};

/// The payments for what the caller himself ordered, the newest first.
///
/// # Errors
/// 400 for filters; 401; 403; 404 past the last page.
pub async fn own(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Query(query): Query<PaymentQuery>,
    page: PageQuery,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let wish = ListPayments {
        buyer_id: Some(actor.user_id),
        ..query.into_wish()
    };
    let wanted = page.page();
    let listed = blocking::run(&context, move |context| {
        paid::list(context, &actor, wish, language, &wanted)
    })
    .await?;
    reply::paged(listed.map(|seen| PaymentReply::new(seen, language)), &page, &request)
}
