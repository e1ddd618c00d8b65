//! Registering, signing in and out, one's own account (shop.md 3).

use actix_web::{HttpResponse, web};
use savdo_domain::FieldErrors;
use savdo_domain::access::Right;
use savdo_services::Context;
use savdo_services::accounts::{
    self, ChangeProfile, Door, Login, Register, SignedIn as Session, StaffAccount, TokenPair,
};
use savdo_services::limits::Limit;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::extract::{Body, InLanguage, NameInput, Patch};
use crate::guards::{RequestOrigin, SignedIn};
use crate::messages::{self, Done};
use crate::problem::Problem;
use crate::reply::{self, MessageReply, Written};
use crate::routes::Route;
use crate::shop::user::UserReply;
use crate::{blocking, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(Anyone, shop::auth; register).limited(Limit::Registrations),
        route!(Anyone, shop::auth; login),
        route!(Anyone, shop::auth; refresh).alias("/api/v1/auth/refresh/"),
        route!(SignedIn, shop::auth; logout),
        route!(SignedIn, shop::auth; profile),
        route!(May(Right::Staff), shop::auth; change_profile),
    ]
}

/// What an owner registers with.
#[derive(Deserialize, Validate, ToSchema)]
pub struct RegisterBody {
    /// 3 to 150 ASCII letters, digits and `@.+-_`.
    #[validate(required)]
    #[schema(required, nullable = false)]
    username: Option<String>,
    /// 8 to 128 characters.
    #[validate(required)]
    #[schema(required, nullable = false)]
    password: Option<String>,
    /// The password once more.
    #[validate(required)]
    #[schema(required, nullable = false)]
    password2: Option<String>,
    /// A phone of Uzbekistan.
    #[validate(required)]
    #[schema(required, nullable = false)]
    phone1: Option<String>,
    /// Another phone, or nothing.
    phone2: Option<String>,
    /// An e-mail address, or nothing.
    email: Option<String>,
    #[validate(length(max = 150))]
    first_name: Option<NameInput>,
    #[validate(length(max = 150))]
    last_name: Option<NameInput>,
    /// Makes the store right away.
    #[validate(length(min = 1, max = 200))]
    store_name: Option<NameInput>,
    /// Kept for clients; takes effect with the referrals.
    #[validate(length(max = 20))]
    referral_code: Option<NameInput>,
}

impl From<RegisterBody> for Register {
    fn from(body: RegisterBody) -> Self {
        let name = |name: Option<NameInput>| name.unwrap_or_default().0;
        Self {
            account: StaffAccount {
                username: body.username.unwrap_or_default(),
                password: body.password.unwrap_or_default(),
                phone1: body.phone1.unwrap_or_default(),
                phone2: body.phone2.unwrap_or_default(),
                email: body.email.unwrap_or_default(),
                first_name: name(body.first_name),
                last_name: name(body.last_name),
            },
            password2: body.password2.unwrap_or_default(),
            store_name: body.store_name.map(|name| name.0),
        }
    }
}

/// What somebody signs in with.
#[derive(Deserialize, Validate, ToSchema)]
pub struct LoginBody {
    /// A user name or a phone.
    #[validate(required)]
    #[schema(required, nullable = false)]
    username: Option<String>,
    #[validate(required)]
    #[schema(required, nullable = false)]
    password: Option<String>,
}

/// A refresh token.
#[derive(Deserialize, Validate, ToSchema)]
pub struct RefreshBody {
    #[validate(required)]
    #[schema(required, nullable = false)]
    refresh: Option<String>,
}

impl RefreshBody {
    /// The token.
    pub(crate) fn into_token(self) -> String {
        self.refresh.unwrap_or_default()
    }
}

/// What one may change of one's account.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct ProfileBody {
    #[validate(length(max = 150))]
    #[serde(default)]
    first_name: Patch<NameInput>,
    #[validate(length(max = 150))]
    #[serde(default)]
    last_name: Patch<NameInput>,
    /// A phone of Uzbekistan.
    #[serde(default)]
    phone1: Patch<String>,
    /// Another phone, or nothing.
    #[serde(default)]
    phone2: Patch<String>,
    /// An e-mail address, or nothing.
    #[serde(default)]
    email: Patch<String>,
}

impl TryFrom<ProfileBody> for ChangeProfile {
    type Error = FieldErrors;

    fn try_from(body: ProfileBody) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let change = Self {
            first_name: body.first_name.not_null("first_name", &mut errors).map(|name| name.0),
            last_name: body.last_name.not_null("last_name", &mut errors).map(|name| name.0),
            phone1: body.phone1.not_null("phone1", &mut errors),
            phone2: body.phone2.not_null("phone2", &mut errors),
            email: body.email.not_null("email", &mut errors),
        };
        errors.into_result().map(|()| change)
    }
}

/// A pair of tokens.
#[derive(Serialize, ToSchema)]
pub struct TokensReply {
    /// For one exchange, within 7 days.
    refresh: String,
    /// For calling the API, 30 minutes.
    access: String,
}

impl From<TokenPair> for TokensReply {
    fn from(TokenPair { access, refresh }: TokenPair) -> Self {
        Self { refresh, access }
    }
}

/// A new owner, signed in.
#[derive(Serialize, ToSchema)]
pub struct RegisteredReply {
    /// What was done.
    message: String,
    tokens: TokensReply,
    data: UserReply,
}

/// Somebody signed in.
#[derive(Serialize, ToSchema)]
pub struct LoginReply {
    refresh: String,
    access: String,
    user: UserReply,
}

/// Makes a staff account, with its store if that is named.
///
/// # Errors
/// Field errors.
#[utoipa::path(post, path = "/api/v1/auth/register/", tag = "auth", request_body = RegisterBody, responses(
    (status = 201, description = "Registered and signed in", body = RegisteredReply),
    (status = 503, description = "Too many at once"),
))]
pub async fn register(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    RequestOrigin(origin): RequestOrigin,
    Body(body): Body<RegisterBody>,
) -> Result<HttpResponse, Problem> {
    let command = Register::from(body);
    let Session { tokens, user } =
        blocking::run(&context, move |context| accounts::register(context, &origin, command)).await?;
    let reply = HttpResponse::Created().json(RegisteredReply {
        message: messages::done(language, Done::Registered),
        tokens: tokens.into(),
        data: UserReply::new(user, language),
    });
    Ok(reply::unstored(reply))
}

/// Signs a staff account in.
///
/// # Errors
/// Field errors, the same for an unknown name, a wrong password and a blocked account.
#[utoipa::path(post, path = "/api/v1/auth/login/", tag = "auth", request_body = LoginBody, responses(
    (status = 200, description = "Signed in", body = LoginReply),
    (status = 400, description = "Name and password do not belong together"),
    (status = 503, description = "Too many at once"),
))]
pub async fn login(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    RequestOrigin(origin): RequestOrigin,
    Body(body): Body<LoginBody>,
) -> Result<HttpResponse, Problem> {
    let command = Login {
        name: body.username.unwrap_or_default(),
        password: body.password.unwrap_or_default(),
        door: Door::Shop,
    };
    let Session { tokens, user } =
        blocking::run(&context, move |context| accounts::login(context, &origin, command)).await?;
    let TokensReply { refresh, access } = tokens.into();
    let reply = reply::found(LoginReply {
        refresh,
        access,
        user: UserReply::new(user, language),
    });
    Ok(reply::unstored(reply))
}

/// Exchanges a refresh token for a new pair.
///
/// # Errors
/// 401 for a token that does not live.
#[utoipa::path(post, path = "/api/v1/auth/token/refresh/", tag = "auth", request_body = RefreshBody, responses(
    (status = 200, description = "A new pair; the token given is spent", body = TokensReply),
    (status = 401, description = "token_not_valid, token_rotated, token_reused, user_inactive"),
))]
pub async fn refresh(context: web::Data<Context>, Body(body): Body<RefreshBody>) -> Result<HttpResponse, Problem> {
    let token = body.into_token();
    let pair = blocking::run(&context, move |context| accounts::refresh(context, &token)).await?;
    Ok(reply::unstored(reply::found(TokensReply::from(pair))))
}

/// Ends the session of a refresh token.
///
/// # Errors
/// Field errors at `refresh` for a token that is not the caller's or does not live.
#[utoipa::path(post, path = "/api/v1/auth/logout/", tag = "auth", request_body = RefreshBody, responses(
    (status = 200, description = "The session is ended", body = MessageReply),
))]
pub async fn logout(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Body(body): Body<RefreshBody>,
) -> Result<HttpResponse, Problem> {
    let token = body.into_token();
    blocking::run(&context, move |context| accounts::logout(context, &actor, &token)).await?;
    Ok(reply::message(language, Done::LoggedOut))
}

/// One's own account.
///
/// # Errors
/// 401 when not signed in.
#[utoipa::path(get, path = "/api/v1/auth/profil/", tag = "auth", responses(
    (status = 200, description = "The account", body = UserReply),
))]
pub async fn profile(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
) -> Result<HttpResponse, Problem> {
    let user = blocking::run(&context, move |context| accounts::profile(context, &actor)).await?;
    Ok(reply::found(UserReply::new(user, language)))
}

/// Changes one's own account.
///
/// # Errors
/// Field errors; 403 for a customer.
#[utoipa::path(patch, path = "/api/v1/auth/profil/", tag = "auth", request_body = ProfileBody, responses(
    (status = 200, description = "The account as it is now", body = Written<UserReply>),
    (status = 400, description = "Field errors, empty_patch"),
    (status = 403, description = "not_a_worker"),
))]
pub async fn change_profile(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Body(body): Body<ProfileBody>,
) -> Result<HttpResponse, Problem> {
    let command = ChangeProfile::try_from(body).map_err(|errors| Problem::Refused(errors.into()))?;
    let user = blocking::run(&context, move |context| {
        accounts::change_profile(context, &actor, command)
    })
    .await?;
    Ok(reply::changed(language, Done::Updated, UserReply::new(user, language)))
}
