//! The devices that somebody is told of news at (pharmacy.md 2.1).

use actix_web::{HttpResponse, web};
use savdo_domain::account::Platform;
use savdo_domain::ids::DeviceId;
use savdo_domain::{FieldErrors, FieldProblem};
use savdo_services::Context;
use savdo_services::devices::{self, RegisterDevice};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::extract::{Body, CodeInput, Keyed, PathId};
use crate::guards::SignedIn;
use crate::problem::Problem;
use crate::reply::{self, FamilyReply};
use crate::routes::Route;
use crate::{blocking, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(SignedIn, pharmacy::devices; register).once(),
        route!(SignedIn, pharmacy::devices; remove),
    ]
}

/// A device.
#[derive(Deserialize, Validate, ToSchema)]
pub struct DeviceBody {
    /// The token by which its maker reaches it: 1 to 4096 characters.
    #[validate(required, length(min = 1, max = 4096))]
    #[schema(required, nullable = false)]
    token: Option<String>,
    /// android, ios or web.
    #[validate(required)]
    #[schema(required, schema_with = CodeInput::<Platform>::schema)]
    platform: Option<CodeInput<Platform>>,
}

/// A device that is known.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeviceReply {
    #[schema(value_type = i64)]
    id: DeviceId,
}

impl TryFrom<DeviceBody> for RegisterDevice {
    type Error = FieldErrors;

    fn try_from(body: DeviceBody) -> Result<Self, FieldErrors> {
        let required = |field| move || FieldErrors::one(field, FieldProblem::Required);
        Ok(Self {
            token: body.token.ok_or_else(required("token"))?,
            platform: body.platform.ok_or_else(required("platform"))?.0,
        })
    }
}

/// Makes a device known; one that somebody else had is the caller's from now on.
///
/// # Errors
/// Field errors.
#[utoipa::path(post, path = "/api/v1/pharmacy/me/devices/", tag = "pharmacy account", request_body = DeviceBody, responses(
    (status = 201, description = "Known", body = FamilyReply<DeviceReply>),
))]
pub async fn register(
    context: web::Data<Context>,
    SignedIn(actor): SignedIn,
    Keyed(key, Body(body)): Keyed<Body<DeviceBody>>,
) -> Result<HttpResponse, Problem> {
    let command = RegisterDevice::try_from(body).map_err(|errors| Problem::Refused(errors.into()))?;
    let answer = key.answering(|id| {
        HttpResponse::Created().json(FamilyReply {
            message: None,
            data: Some(DeviceReply { id }),
        })
    });
    reply::once(
        blocking::run(&context, move |context| {
            devices::register(context, &actor, command, &answer)
        })
        .await?,
    )
}

/// Forgets a device.
///
/// # Errors
/// 404 for a device that is not the caller's.
#[utoipa::path(delete, path = "/api/v1/pharmacy/me/devices/{id}/", tag = "pharmacy account", params(("id" = i64, Path, description = "The device")), responses(
    (status = 204, description = "Forgotten"),
))]
pub async fn remove(
    context: web::Data<Context>,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
) -> Result<HttpResponse, Problem> {
    let id = DeviceId::new(id);
    blocking::run(&context, move |context| devices::remove(context, &actor, id)).await?;
    Ok(HttpResponse::NoContent().finish())
}
