//! Signing in and out of the pharmacy API (pharmacy.md 2.1).

use actix_web::{HttpResponse, web};
use savdo_domain::Refusal;
use savdo_domain::access::{PharmacyRole, Role, WorkerStatus};
use savdo_domain::account::{AccountRefusal, Language};
use savdo_domain::ids;
use savdo_services::Context;
use savdo_services::accounts::{self, Door, Login, SignedIn as Session, UserView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::extract::{Body, InLanguage};
use crate::guards::{RequestOrigin, SignedIn};
use crate::messages::{self, Done};
use crate::problem::Problem;
use crate::reply::{self, FamilyReply};
use crate::routes::Route;
use crate::shop::auth::{RefreshBody, TokensReply};
use crate::{blocking, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(Anyone, pharmacy::auth; login),
        route!(Anyone, pharmacy::auth; refresh),
        route!(SignedIn, pharmacy::auth; logout),
    ]
}

/// What somebody signs in with.
#[derive(Deserialize, Validate, ToSchema)]
pub struct PharmacyLoginBody {
    /// A phone; a user name of staff is taken too.
    #[validate(required)]
    #[schema(required, nullable = false)]
    phone_number: Option<String>,
    #[validate(required)]
    #[schema(required, nullable = false)]
    password: Option<String>,
}

/// Somebody signed in.
#[derive(Serialize, ToSchema)]
pub struct PharmacyLoginReply {
    #[serde(flatten)]
    tokens: TokensReply,
    user: ProfileReply,
}

/// An account, as the pharmacy API shows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProfileReply {
    #[schema(value_type = i64)]
    id: ids::UserId,
    phone_number: String,
    first_name: String,
    last_name: String,
    address: String,
    email: String,
    #[schema(value_type = String)]
    language: Language,
    /// admin, operator, courier or customer.
    #[schema(value_type = String)]
    role: PharmacyRole,
    /// The role in the store, while he works there.
    #[schema(value_type = Option<String>)]
    store_role: Option<Role>,
    /// That store.
    #[schema(value_type = Option<i64>)]
    store: Option<ids::StoreId>,
    /// Whether the phone was proven; staff count as proven.
    is_verified: bool,
}

impl From<Session> for PharmacyLoginReply {
    fn from(signed_in: Session) -> Self {
        Self {
            tokens: signed_in.tokens.into(),
            user: signed_in.user.into(),
        }
    }
}

impl From<UserView> for ProfileReply {
    fn from(user: UserView) -> Self {
        let worker = user.worker.filter(|worker| worker.status == WorkerStatus::Active);
        let store_role = worker.as_ref().map(|worker| worker.role);
        Self {
            id: user.id,
            phone_number: user.phone,
            first_name: user.first_name,
            last_name: user.last_name,
            address: user.address,
            email: user.email,
            language: user.language,
            role: PharmacyRole::of(user.is_superuser, store_role),
            store_role,
            store: worker.and_then(|worker| worker.store).map(|(id, _)| id),
            is_verified: user.is_verified,
        }
    }
}

/// Signs a customer or staff in.
///
/// # Errors
/// Field errors; `invalid_credentials`, the same for an unknown name, a wrong password and a blocked account; `not_verified`.
#[utoipa::path(post, path = "/api/v1/pharmacy/auth/login/", tag = "pharmacy auth", request_body = PharmacyLoginBody, responses(
    (status = 200, description = "Signed in", body = FamilyReply<PharmacyLoginReply>),
    (status = 400, description = "Field errors, invalid_credentials, not_verified"),
    (status = 503, description = "Too many at once"),
))]
pub async fn login(
    context: web::Data<Context>,
    RequestOrigin(origin): RequestOrigin,
    Body(body): Body<PharmacyLoginBody>,
) -> Result<HttpResponse, Problem> {
    let command = Login {
        name: body.phone_number.unwrap_or_default(),
        password: body.password.unwrap_or_default(),
        door: Door::Pharmacy,
    };
    let signed_in = blocking::run(&context, move |context| accounts::login(context, &origin, command)).await?;
    let reply = reply::found(FamilyReply {
        message: None,
        data: Some(PharmacyLoginReply::from(signed_in)),
    });
    Ok(reply::unstored(reply))
}

/// Exchanges a refresh token for a new pair.
///
/// # Errors
/// 401 `token_not_valid` for a token that does not live, whatever the reason.
#[utoipa::path(post, path = "/api/v1/pharmacy/auth/token/refresh/", tag = "pharmacy auth", request_body = RefreshBody, responses(
    (status = 200, description = "A new pair; the token given is spent", body = TokensReply),
    (status = 401, description = "token_not_valid"),
))]
pub async fn refresh(context: web::Data<Context>, Body(body): Body<RefreshBody>) -> Result<HttpResponse, Problem> {
    let token = body.into_token();
    let pair = blocking::run(&context, move |context| accounts::refresh(context, &token)).await;
    let pair = pair.map_err(|problem| match problem {
        Problem::Refused(Refusal::Account(_)) => Problem::Refused(AccountRefusal::TokenNotValid.into()),
        other => other,
    })?;
    Ok(reply::unstored(reply::found(TokensReply::from(pair))))
}

/// Ends the session of a refresh token.
///
/// # Errors
/// 400 `token_not_valid` for a token that is not the caller's or does not live.
#[utoipa::path(post, path = "/api/v1/pharmacy/auth/logout/", tag = "pharmacy auth", request_body = RefreshBody, responses(
    (status = 200, description = "The session is ended", body = FamilyReply<serde_json::Value>),
    (status = 400, description = "Field errors, token_not_valid"),
))]
pub async fn logout(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Body(body): Body<RefreshBody>,
) -> Result<HttpResponse, Problem> {
    let token = body.into_token();
    blocking::run(&context, move |context| accounts::logout(context, &actor, &token)).await?;
    Ok(reply::found(FamilyReply::<()> {
        message: Some(messages::done(language, Done::LoggedOut)),
        data: None,
    }))
}
