//! Registering in the pharmacy and a forgotten password, by a code to the phone (pharmacy.md 2.1).

use actix_web::{HttpResponse, web};
use savdo_domain::account::CodePurpose;
use savdo_domain::{FieldErrors, Refusal};
use savdo_services::Context;
use savdo_services::accounts::{self, RegisterCustomer, ResetByCode};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::extract::{Body, CodeInput, InLanguage, NameInput, Patch};
use crate::guards::RequestOrigin;
use crate::messages::{self, Done};
use crate::pharmacy::auth::PharmacyLoginReply;
use crate::problem::Problem;
use crate::reply::{self, FamilyReply};
use crate::routes::Route;
use crate::{blocking, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(Anyone, pharmacy::codes; register),
        route!(Anyone, pharmacy::codes; verify),
        route!(Anyone, pharmacy::codes; resend),
        route!(Anyone, pharmacy::codes; forgot),
        route!(Anyone, pharmacy::codes; reset),
    ]
}

/// What a customer registers with.
#[derive(Deserialize, Validate, ToSchema)]
pub struct CustomerBody {
    /// A phone of Uzbekistan.
    #[validate(required)]
    #[schema(required, nullable = false)]
    phone_number: Option<String>,
    /// 8 to 128 characters, not common, not all digits or spaces, not a part of the account.
    #[validate(required)]
    #[schema(required, nullable = false)]
    password: Option<String>,
    #[validate(required, length(min = 1, max = 50))]
    #[schema(required, nullable = false)]
    first_name: Option<NameInput>,
    #[validate(required, length(min = 1, max = 50))]
    #[schema(required, nullable = false)]
    last_name: Option<NameInput>,
}

/// A phone and the code that came to it.
#[derive(Deserialize, Validate, ToSchema)]
pub struct VerifyBody {
    #[validate(required)]
    #[schema(required, nullable = false)]
    phone_number: Option<String>,
    #[validate(required)]
    #[schema(required, nullable = false)]
    code: Option<String>,
}

/// Whom a code is sent to once more, and what for.
#[derive(Deserialize, Validate, ToSchema)]
pub struct ResendBody {
    #[validate(required)]
    #[schema(required, nullable = false)]
    phone_number: Option<String>,
    /// register when not sent, or password_reset.
    #[serde(default)]
    #[schema(schema_with = CodeInput::<CodePurpose>::schema)]
    purpose: Patch<CodeInput<CodePurpose>>,
}

/// Who forgot his password.
#[derive(Deserialize, Validate, ToSchema)]
pub struct ForgotBody {
    #[validate(required)]
    #[schema(required, nullable = false)]
    phone_number: Option<String>,
}

/// A code and the password wanted.
#[derive(Deserialize, Validate, ToSchema)]
pub struct ResetBody {
    #[validate(required)]
    #[schema(required, nullable = false)]
    phone_number: Option<String>,
    #[validate(required)]
    #[schema(required, nullable = false)]
    code: Option<String>,
    /// 8 to 128 characters, not common, not all digits or spaces, not a part of the account.
    #[validate(required)]
    #[schema(required, nullable = false)]
    new_password: Option<String>,
}

const fn said(message: String) -> FamilyReply<()> {
    FamilyReply {
        message: Some(message),
        data: None,
    }
}

/// Registers a customer: a code goes to the phone. The answer is the same whether or not it has an account.
///
/// # Errors
/// Field errors.
#[utoipa::path(post, path = "/api/v1/pharmacy/auth/register/", tag = "pharmacy codes", request_body = CustomerBody, responses(
    (status = 201, description = "A code is on its way, if one is due", body = FamilyReply<serde_json::Value>),
    (status = 429, description = "throttled"),
    (status = 503, description = "Too many at once"),
))]
pub async fn register(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    RequestOrigin(origin): RequestOrigin,
    Body(body): Body<CustomerBody>,
) -> Result<HttpResponse, Problem> {
    let name = |name: Option<NameInput>| name.unwrap_or_default().0;
    let command = RegisterCustomer {
        phone: body.phone_number.unwrap_or_default(),
        password: body.password.unwrap_or_default(),
        first_name: name(body.first_name),
        last_name: name(body.last_name),
    };
    blocking::run(&context, move |context| {
        accounts::register_customer(context, &origin, language, command)
    })
    .await?;
    Ok(HttpResponse::Created().json(said(messages::done(language, Done::CodeSent))))
}

/// Proves a phone by its code and signs its owner in.
///
/// # Errors
/// Field errors; `otp_invalid`, the same for a wrong code, an old one, an unknown phone and a blocked account.
#[utoipa::path(post, path = "/api/v1/pharmacy/auth/verify/", tag = "pharmacy codes", request_body = VerifyBody, responses(
    (status = 200, description = "Proven and signed in", body = FamilyReply<PharmacyLoginReply>),
    (status = 400, description = "Field errors, otp_invalid"),
    (status = 429, description = "throttled"),
))]
pub async fn verify(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    RequestOrigin(origin): RequestOrigin,
    Body(body): Body<VerifyBody>,
) -> Result<HttpResponse, Problem> {
    let (phone, code) = (body.phone_number.unwrap_or_default(), body.code.unwrap_or_default());
    let signed_in = blocking::run(&context, move |context| {
        accounts::verify_phone(context, &origin, &phone, &code)
    })
    .await?;
    Ok(reply::unstored(reply::found(FamilyReply {
        message: Some(messages::done(language, Done::PhoneVerified)),
        data: Some(PharmacyLoginReply::from(signed_in)),
    })))
}

/// Sends a code once more. The answer is the same whether or not the phone has an account.
///
/// # Errors
/// Field errors; `otp_too_soon`, whether or not the phone has an account.
#[utoipa::path(post, path = "/api/v1/pharmacy/auth/resend/", tag = "pharmacy codes", request_body = ResendBody, responses(
    (status = 200, description = "A code is on its way, if one is due", body = FamilyReply<serde_json::Value>),
    (status = 429, description = "otp_too_soon, throttled"),
))]
pub async fn resend(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    RequestOrigin(origin): RequestOrigin,
    Body(body): Body<ResendBody>,
) -> Result<HttpResponse, Problem> {
    let mut errors = FieldErrors::new();
    let purpose = body.purpose.not_null("purpose", &mut errors);
    errors
        .into_result()
        .map_err(|errors| Problem::Refused(Refusal::Fields(errors)))?;
    let purpose = purpose.map_or(CodePurpose::Register, |purpose| purpose.0);
    let phone = body.phone_number.unwrap_or_default();
    blocking::run(&context, move |context| {
        accounts::resend_code(context, &origin, language, &phone, purpose)
    })
    .await?;
    Ok(reply::found(said(messages::done(language, Done::CodeSent))))
}

/// Sends a code for another password. The answer is the same whether or not the phone has an account.
///
/// # Errors
/// As [`resend`].
#[utoipa::path(post, path = "/api/v1/pharmacy/auth/password/forgot/", tag = "pharmacy codes", request_body = ForgotBody, responses(
    (status = 200, description = "A code is on its way, if one is due", body = FamilyReply<serde_json::Value>),
    (status = 429, description = "otp_too_soon, throttled"),
))]
pub async fn forgot(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    RequestOrigin(origin): RequestOrigin,
    Body(body): Body<ForgotBody>,
) -> Result<HttpResponse, Problem> {
    let phone = body.phone_number.unwrap_or_default();
    blocking::run(&context, move |context| {
        accounts::resend_code(context, &origin, language, &phone, CodePurpose::PasswordReset)
    })
    .await?;
    Ok(reply::found(said(messages::done(language, Done::CodeSent))))
}

/// Sets another password by a code; all sessions end.
///
/// # Errors
/// Field errors, of which those of `new_password` do not use up the code; `otp_invalid` as in [`verify`].
#[utoipa::path(post, path = "/api/v1/pharmacy/auth/password/reset/", tag = "pharmacy codes", request_body = ResetBody, responses(
    (status = 200, description = "Set; all sessions are over", body = FamilyReply<serde_json::Value>),
    (status = 400, description = "Field errors, otp_invalid"),
    (status = 429, description = "throttled"),
    (status = 503, description = "Too many at once"),
))]
pub async fn reset(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    RequestOrigin(origin): RequestOrigin,
    Body(body): Body<ResetBody>,
) -> Result<HttpResponse, Problem> {
    let command = ResetByCode {
        phone: body.phone_number.unwrap_or_default(),
        code: body.code.unwrap_or_default(),
        new_password: body.new_password.unwrap_or_default(),
    };
    blocking::run(&context, move |context| {
        accounts::reset_by_code(context, &origin, &command)
    })
    .await?;
    Ok(reply::found(said(messages::done(language, Done::PasswordReset))))
}
