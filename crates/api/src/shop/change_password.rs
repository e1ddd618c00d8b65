//! Another password for oneself (shop.md 3).

use actix_web::{HttpResponse, web};
use savdo_services::Context;
use savdo_services::accounts::{self, OwnPassword};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::extract::{Body, InLanguage};
use crate::guards::SignedIn;
use crate::messages::{self, Done};
use crate::problem::Problem;
use crate::reply;
use crate::routes::Route;
use crate::shop::auth::TokensReply;
use crate::{blocking, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![route!(SignedIn, shop::change_password; change_password)]
}

/// The password that one has and the one that one wants.
#[derive(Deserialize, Validate, ToSchema)]
pub struct ChangePasswordBody {
    /// The password that one has.
    #[validate(required)]
    #[schema(required, nullable = false)]
    current_password: Option<String>,
    /// 8 to 128 characters, not common, not all digits or spaces, not a part of the account.
    #[validate(required)]
    #[schema(required, nullable = false)]
    password: Option<String>,
    /// The same once more.
    #[validate(required)]
    #[schema(required, nullable = false)]
    password2: Option<String>,
}

/// A password was set.
#[derive(Serialize, ToSchema)]
pub struct PasswordChangedReply {
    /// What was done.
    message: String,
    /// New tokens, the old ones are dead; null when it is the password that one had.
    tokens: Option<TokensReply>,
}

/// Sets another password; every token ends, and the answer has new ones.
///
/// # Errors
/// Field errors; 429 after too many wrong guesses of the current one.
#[utoipa::path(post, path = "/api/v1/auth/change-password/", tag = "auth", request_body = ChangePasswordBody, responses(
    (status = 200, description = "Set, with new tokens", body = PasswordChangedReply),
    (status = 429, description = "throttled"),
))]
pub async fn change_password(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Body(body): Body<ChangePasswordBody>,
) -> Result<HttpResponse, Problem> {
    let typed = OwnPassword {
        current: body.current_password.unwrap_or_default(),
        new: body.password.unwrap_or_default(),
        again: body.password2.unwrap_or_default(),
    };
    let tokens = blocking::run(&context, move |context| {
        accounts::change_password(context, &actor, &typed)
    })
    .await?;
    Ok(reply::unstored(HttpResponse::Ok().json(PasswordChangedReply {
        message: messages::done(language, Done::PasswordChanged),
        tokens: tokens.map(TokensReply::from),
    })))
}
