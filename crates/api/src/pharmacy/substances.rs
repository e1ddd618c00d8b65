//! Active substances (pharmacy.md 2.2, 2.3).

use actix_web::{HttpRequest, HttpResponse, web};
use savdo_domain::access::Right;
use savdo_domain::ids::{StoreId, SubstanceId};
use savdo_domain::{FieldErrors, FieldProblem};
use savdo_services::Context;
use savdo_services::substances::{self, ChangeSubstance, CreateSubstance, ListSubstances, SubstanceView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::extract::{
    Body, IdFilter, IdInput, Keyed, NameInput, PageQuery, Patch, PathId, PharmacyPage, Query, TextInput,
};
use crate::guards::{MaybeSignedIn, SignedIn};
use crate::pharmacy::shown::shown;
use crate::problem::Problem;
use crate::reply::{Frame, PageReply};
use crate::routes::Route;
use crate::{blocking, reply, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(AnyoneOrSignedIn, pharmacy::substances; list),
        route!(May(Right::OnlineCatalogue), pharmacy::substances; create).once(),
        route!(AnyoneOrSignedIn, pharmacy::substances; detail),
        route!(May(Right::OnlineCatalogue), pharmacy::substances; change),
        route!(May(Right::OnlineCatalogue), pharmacy::substances; remove),
    ]
}

/// Which substances a list shows.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SubstanceQuery {
    /// Words in the name.
    #[param(inline)]
    search: Option<TextInput>,
    /// The store.
    #[param(inline)]
    store: Option<IdFilter>,
}

/// A substance to be made.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct SubstanceBody {
    /// 1 to 255 characters, unique in the store.
    #[validate(required, length(min = 1, max = 255))]
    #[schema(required, nullable = false)]
    name: Option<NameInput>,
    /// Up to 2000 characters.
    #[validate(length(max = 2000))]
    description: Option<TextInput>,
    /// The store, which only an admin of the installation has to name.
    store: Option<IdInput>,
}

/// A change of a substance: any of the keys.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct SubstancePatch {
    /// 1 to 255 characters, unique in the store.
    #[serde(default)]
    #[validate(length(min = 1, max = 255))]
    name: Patch<NameInput>,
    /// Up to 2000 characters.
    #[serde(default)]
    #[validate(length(max = 2000))]
    description: Patch<TextInput>,
}

/// A substance.
#[derive(Debug, Serialize, ToSchema)]
pub struct OnlineSubstanceReply {
    #[schema(value_type = i64)]
    id: SubstanceId,
    name: String,
    description: String,
    #[schema(value_type = i64)]
    store: StoreId,
}

/// The substances of the stores that are open online, by name; staff see those of their store in any case.
///
/// # Errors
/// Field errors of the query; 404 past the last page.
#[utoipa::path(get, path = "/api/v1/pharmacy/substances/", tag = "online substances", params(SubstanceQuery, PharmacyPage), responses(
    (status = 200, description = "A page of substances", body = PageReply<OnlineSubstanceReply>),
    (status = 304, description = "As the caller has it: If-None-Match names its ETag"),
    (status = 404, description = "Past the last page"),
))]
pub async fn list(
    context: web::Data<Context>,
    MaybeSignedIn(actor): MaybeSignedIn,
    Query(query): Query<SubstanceQuery>,
    page: PageQuery,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let query = ListSubstances {
        store: query.store.map(|id| StoreId::new(id.0)),
        search: query.search.unwrap_or_default().0,
        page: page.page(),
    };
    let frame = Frame::of(&page, &request);
    shown(&context, &request, actor, move |context, actor| {
        let listed = substances::list(context, actor, query)?;
        frame.paged(listed.map(OnlineSubstanceReply::from), Some(context))
    })
    .await
}

/// Makes a substance.
///
/// # Errors
/// Field errors; 403 for all but staff.
#[utoipa::path(post, path = "/api/v1/pharmacy/substances/", tag = "online substances", request_body = SubstanceBody, responses(
    (status = 201, description = "The new substance", body = OnlineSubstanceReply),
))]
pub async fn create(
    context: web::Data<Context>,
    SignedIn(actor): SignedIn,
    Keyed(key, Body(body)): Keyed<Body<SubstanceBody>>,
) -> Result<HttpResponse, Problem> {
    let command = CreateSubstance {
        name: body.name.unwrap_or_default().0,
        description: body.description.unwrap_or_default().0,
        store: body.store.map(|id| StoreId::new(id.0)),
    };
    let once = key.answering(|view| HttpResponse::Created().json(OnlineSubstanceReply::from(view)));
    reply::once(
        blocking::run(&context, move |context| {
            substances::create(context, &actor, command, &once)
        })
        .await?,
    )
}

/// One substance.
///
/// # Errors
/// 404 for one whose store is not open online, but to its staff.
#[utoipa::path(get, path = "/api/v1/pharmacy/substances/{id}/", tag = "online substances", params(("id" = i64, Path, description = "The substance")), responses(
    (status = 200, description = "The substance", body = OnlineSubstanceReply),
    (status = 304, description = "As the caller has it: If-None-Match names its ETag"),
    (status = 404, description = "Unknown"),
))]
pub async fn detail(
    context: web::Data<Context>,
    MaybeSignedIn(actor): MaybeSignedIn,
    PathId(id): PathId,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let id = SubstanceId::new(id);
    shown(&context, &request, actor, move |context, actor| {
        let view = substances::detail(context, actor, id)?;
        Ok(reply::found(OnlineSubstanceReply::from(view)))
    })
    .await
}

/// Changes a substance; customers find its products by the new name.
///
/// # Errors
/// Field errors; 403 for all but staff; 404 for an unknown one or another store's.
#[utoipa::path(patch, path = "/api/v1/pharmacy/substances/{id}/", tag = "online substances", request_body = SubstancePatch,
    params(("id" = i64, Path, description = "The substance")),
    responses((status = 200, description = "The substance as it is now", body = OnlineSubstanceReply)),
)]
pub async fn change(
    context: web::Data<Context>,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
    Body(body): Body<SubstancePatch>,
) -> Result<HttpResponse, Problem> {
    let id = SubstanceId::new(id);
    let command = body.into_command()?;
    let view = blocking::run(&context, move |context| {
        substances::change(context, &actor, id, command)
    })
    .await?;
    Ok(reply::found(OnlineSubstanceReply::from(view)))
}

/// Takes away a substance that no product has.
///
/// # Errors
/// 403 for all but staff; 404 for an unknown one or another store's; 409 `in_use`.
#[utoipa::path(delete, path = "/api/v1/pharmacy/substances/{id}/", tag = "online substances",
    params(("id" = i64, Path, description = "The substance")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 409, description = "in_use"),
    ),
)]
pub async fn remove(
    context: web::Data<Context>,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
) -> Result<HttpResponse, Problem> {
    let id = SubstanceId::new(id);
    blocking::run(&context, move |context| substances::remove(context, &actor, id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

impl SubstancePatch {
    fn into_command(self) -> Result<ChangeSubstance, Problem> {
        let Self { name, description } = self;
        let mut errors = FieldErrors::new();
        if !name.is_sent() && !description.is_sent() {
            errors.add(FieldErrors::NON_FIELD, FieldProblem::Required);
        }
        let command = ChangeSubstance {
            name: name.not_null("name", &mut errors).map(|name| name.0),
            description: description.not_null("description", &mut errors).map(|text| text.0),
        };
        errors.into_result().map_err(|errors| Problem::Refused(errors.into()))?;
        Ok(command)
    }
}

impl From<SubstanceView> for OnlineSubstanceReply {
    fn from(view: SubstanceView) -> Self {
        let SubstanceView {
            id,
            store_id,
            name,
            description,
        } = view;
        Self {
            id,
            name,
            description,
            store: store_id,
        }
    }
}
