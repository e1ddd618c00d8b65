//! One's own account in the pharmacy API (pharmacy.md 2.1).

use actix_web::{HttpResponse, web};
use savdo_domain::FieldErrors;
use savdo_domain::account::Language;
use savdo_services::Context;
use savdo_services::accounts::{self, ChangeMe};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::extract::{Body, CodeInput, InLanguage, NameInput, Patch, TextInput};
use crate::guards::SignedIn;
use crate::messages::{self, Done};
use crate::pharmacy::auth::ProfileReply;
use crate::problem::Problem;
use crate::reply::{self, FamilyReply};
use crate::routes::Route;
use crate::shop::auth::TokensReply;
use crate::{blocking, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(SignedIn, pharmacy::me; view),
        route!(SignedIn, pharmacy::me; change),
        route!(SignedIn, pharmacy::me; change_password),
    ]
}

/// What one may change of oneself: any of the keys.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct MeBody {
    #[validate(length(min = 1, max = 50))]
    #[serde(default)]
    first_name: Patch<NameInput>,
    #[validate(length(min = 1, max = 50))]
    #[serde(default)]
    last_name: Patch<NameInput>,
    /// Where orders are brought, or nothing.
    #[validate(length(max = 500))]
    #[serde(default)]
    address: Patch<TextInput>,
    /// An e-mail address, or nothing; staff change theirs in the shop.
    #[serde(default)]
    email: Patch<String>,
    #[serde(default)]
    #[schema(schema_with = CodeInput::<Language>::schema)]
    language: Patch<CodeInput<Language>>,
}

impl TryFrom<MeBody> for ChangeMe {
    type Error = FieldErrors;

    fn try_from(body: MeBody) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let change = Self {
            first_name: body.first_name.not_null("first_name", &mut errors).map(|name| name.0),
            last_name: body.last_name.not_null("last_name", &mut errors).map(|name| name.0),
            address: body.address.not_null("address", &mut errors).map(|text| text.0),
            email: body.email.not_null("email", &mut errors),
            language: body.language.not_null("language", &mut errors).map(|code| code.0),
        };
        errors.into_result().map(|()| change)
    }
}

/// The password that one has and the one that one wants.
#[derive(Deserialize, Validate, ToSchema)]
pub struct NewPasswordBody {
    /// The password that one has.
    #[validate(required)]
    #[schema(required, nullable = false)]
    old_password: Option<String>,
    /// 8 to 128 characters, not common, not all digits or spaces, not a part of the account.
    #[validate(required)]
    #[schema(required, nullable = false)]
    new_password: Option<String>,
}

/// One's own account.
///
/// # Errors
/// 401.
#[utoipa::path(get, path = "/api/v1/pharmacy/me/", tag = "pharmacy account", responses(
    (status = 200, description = "The account", body = FamilyReply<ProfileReply>),
))]
pub async fn view(context: web::Data<Context>, SignedIn(actor): SignedIn) -> Result<HttpResponse, Problem> {
    let user = blocking::run(&context, move |context| accounts::profile(context, &actor)).await?;
    Ok(reply::found(FamilyReply {
        message: None,
        data: Some(ProfileReply::from(user)),
    }))
}

/// Changes one's own account.
///
/// # Errors
/// Field errors; `empty_patch` without any of the keys.
#[utoipa::path(patch, path = "/api/v1/pharmacy/me/", tag = "pharmacy account", request_body = MeBody, responses(
    (status = 200, description = "Changed", body = FamilyReply<ProfileReply>),
))]
pub async fn change(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Body(body): Body<MeBody>,
) -> Result<HttpResponse, Problem> {
    let command = ChangeMe::try_from(body).map_err(|errors| Problem::Refused(errors.into()))?;
    let user = blocking::run(&context, move |context| accounts::change_me(context, &actor, command)).await?;
    Ok(reply::found(FamilyReply {
        message: Some(messages::done(language, Done::Updated)),
        data: Some(ProfileReply::from(user)),
    }))
}

/// Sets another password; every token ends, and the answer has new ones.
///
/// # Errors
/// Field errors; 429 after too many wrong guesses of the one that one has.
#[utoipa::path(post, path = "/api/v1/pharmacy/me/password/", tag = "pharmacy account", request_body = NewPasswordBody, responses(
    (status = 200, description = "Set, with new tokens", body = FamilyReply<TokensReply>),
    (status = 429, description = "throttled"),
))]
pub async fn change_password(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Body(body): Body<NewPasswordBody>,
) -> Result<HttpResponse, Problem> {
    let (old, new) = (
        body.old_password.unwrap_or_default(),
        body.new_password.unwrap_or_default(),
    );
    let tokens = blocking::run(&context, move |context| {
        accounts::renew_password(context, &actor, old, new)
    })
    .await?;
    Ok(reply::unstored(reply::found(FamilyReply {
        message: Some(messages::done(language, Done::PasswordChanged)),
        data: Some(TokensReply::from(tokens)),
    })))
}
