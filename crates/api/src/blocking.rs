//! The one way from a handler to a use-case.

use actix_web::web;
use savdo_services::Context;

use crate::problem::Problem;

/// Runs a use-case, which blocks, on a thread made for that.
///
/// # Errors
/// What the use-case answers, as a [`Problem`].
pub async fn run<T, F>(context: &web::Data<Context>, work: F) -> Result<T, Problem>
where
    T: Send + 'static,
    F: FnOnce(&Context) -> savdo_services::Result<T> + Send + 'static,
{
    let context = context.get_ref().clone();
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one helper through which blocking work is reached"
    )]
    let outcome = web::block(move || work(&context)).await;
    match outcome {
        Ok(outcome) => outcome.map_err(Problem::from),
        Err(gone) => Err(Problem::internal(&gone)),
    }
}
