//! A new password by e-mail (shop.md 3).

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use savdo_services::Context;
use savdo_services::accounts::{self, ResetPassword};
use savdo_services::limits::Limit;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::extract::{Body, InLanguage};
use crate::guards::RequestOrigin;
use crate::messages::Done;
use crate::problem::Problem;
use crate::reply::{self, MessageReply};
use crate::routes::Route;
use crate::{blocking, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(Anyone, shop::password_reset; send_reset_email).limited(Limit::ResetsOfAddress),
        route!(Anyone, shop::password_reset; reset_password),
    ]
}

/// Where the letter goes.
#[derive(Deserialize, Validate, ToSchema)]
pub struct SendResetBody {
    /// The address of a staff account.
    #[validate(required)]
    #[schema(required, nullable = false)]
    email: Option<String>,
}

/// The new password.
#[derive(Deserialize, Validate, ToSchema)]
pub struct ResetPasswordBody {
    /// 8 to 128 characters.
    #[validate(required)]
    #[schema(required, nullable = false)]
    password: Option<String>,
    /// The password once more.
    #[validate(required)]
    #[schema(required, nullable = false)]
    password2: Option<String>,
}

/// What a link names; whether it is one is for the use-case to judge.
#[derive(Debug, Clone)]
pub struct ResetPath {
    uid: String,
    token: String,
}

impl FromRequest for ResetPath {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let part = |name| request.match_info().get(name).unwrap_or_default().to_owned();
        ready(Ok(Self {
            uid: part("uid"),
            token: part("token"),
        }))
    }
}

/// Sends a link for a new password to a staff account's address; the answer never tells whether there is one.
///
/// # Errors
/// 400 for what is no address.
#[utoipa::path(post, path = "/api/v1/auth/send-reset-email/", tag = "auth", request_body = SendResetBody, responses(
    (status = 200, description = "If the address is known, a letter is on its way", body = MessageReply),
))]
pub async fn send_reset_email(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    RequestOrigin(origin): RequestOrigin,
    Body(body): Body<SendResetBody>,
) -> Result<HttpResponse, Problem> {
    let email = body.email.unwrap_or_default();
    blocking::run(&context, move |context| {
        accounts::request_reset(context, &origin, language, &email)
    })
    .await?;
    Ok(reply::message(language, Done::ResetSent))
}

/// Sets the new password that a link allows; all sessions end.
///
/// # Errors
/// 400 for a link that is malformed, used or older than a day, and for fields.
#[utoipa::path(post, path = "/api/v1/auth/reset-password/{uid}/{token}/", tag = "auth",
    params(("uid" = String, Path, description = "The account"), ("token" = String, Path, description = "The token of the link")),
    request_body = ResetPasswordBody,
    responses(
        (status = 200, description = "The password is set", body = MessageReply),
        (status = 400, description = "reset_link_invalid, field errors"),
        (status = 503, description = "Too many at once"),
    ),
)]
pub async fn reset_password(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    RequestOrigin(origin): RequestOrigin,
    path: ResetPath,
    Body(body): Body<ResetPasswordBody>,
) -> Result<HttpResponse, Problem> {
    let command = ResetPassword {
        uid: path.uid,
        token: path.token,
        password: body.password.unwrap_or_default(),
        password2: body.password2.unwrap_or_default(),
    };
    blocking::run(&context, move |context| {
        accounts::reset_password(context, &origin, &command)
    })
    .await?;
    Ok(reply::message(language, Done::PasswordReset))
}
