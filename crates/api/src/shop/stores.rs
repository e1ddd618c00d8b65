//! Stores (shop.md 7).

use actix_web::{HttpResponse, web};
use savdo_domain::access::{Permission, Right, RowStatus, StoreStatus};
use savdo_domain::account::Language;
use savdo_domain::ids::{LocationId, ShiftId, StoreId, WorkerId};
use savdo_domain::zone::Zone;
use savdo_domain::{FieldErrors, FieldProblem};
use savdo_services::Context;
use savdo_services::branches::LocationView;
use savdo_services::shifts::ShiftView;
use savdo_services::stores::{self, AtWorkView, ChangeStore, CreateStore, OwnStoreView, StoreDetailView, StoreView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::extract::{Body, CodeInput, InLanguage, Keyed, NameInput, Patch, PathId, TextInput};
use crate::guards::SignedIn;
use crate::messages::{self, Done};
use crate::problem::Problem;
use crate::reply::{self, MessageReply, Written};
use crate::routes::Route;
use crate::shop::settings::SettingsReply;
use crate::{blocking, route};

/// The routes of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        route!(May(Right::ShopList(Permission::ViewStore)), shop::stores; list),
        route!(May(Right::FoundStore), shop::stores; create).once(),
        route!(May(Right::Shop(Permission::ViewStore)), shop::stores; detail),
        route!(May(Right::Shop(Permission::ChangeStore)), shop::stores; change),
        route!(May(Right::Shop(Permission::ChangeStore)), shop::stores; close),
    ]
}

/// A store to be made.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct StoreBody {
    /// 1 to 200 characters.
    #[validate(required, length(min = 1, max = 200))]
    #[schema(required, nullable = false)]
    name: Option<NameInput>,
    /// Up to 300 characters.
    #[validate(length(max = 300))]
    address: Option<TextInput>,
    /// Up to 20 characters, as it is shown.
    #[validate(length(max = 20))]
    phone: Option<TextInput>,
}

impl From<StoreBody> for CreateStore {
    fn from(body: StoreBody) -> Self {
        Self {
            name: body.name.unwrap_or_default().0,
            address: body.address.unwrap_or_default().0,
            phone: body.phone.unwrap_or_default().0,
        }
    }
}

/// A change of a store: any of the keys.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct StorePatch {
    /// 1 to 200 characters.
    #[serde(default)]
    #[validate(length(min = 1, max = 200))]
    name: Patch<NameInput>,
    /// Up to 300 characters.
    #[serde(default)]
    #[validate(length(max = 300))]
    address: Patch<TextInput>,
    /// Up to 20 characters, as it is shown.
    #[serde(default)]
    #[validate(length(max = 20))]
    phone: Patch<TextInput>,
    /// A name of the IANA database, such as `Asia/Tashkent`.
    #[serde(default)]
    #[validate(length(max = 64))]
    timezone: Patch<TextInput>,
    /// Switches the store off and on.
    #[serde(default)]
    #[schema(schema_with = CodeInput::<RowStatus>::schema)]
    status: Patch<CodeInput<RowStatus>>,
}

impl TryFrom<StorePatch> for ChangeStore {
    type Error = FieldErrors;

    fn try_from(body: StorePatch) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let zone = body.timezone.not_null("timezone", &mut errors);
        let command = Self {
            name: body.name.not_null("name", &mut errors).map(|name| name.0),
            address: body.address.not_null("address", &mut errors).map(|address| address.0),
            phone: body.phone.not_null("phone", &mut errors).map(|phone| phone.0),
            zone: zone.and_then(|name| errors.keep("timezone", zone_named(name.0))),
            status: body.status.not_null("status", &mut errors).map(|status| status.0),
        };
        errors.into_result().map(|()| command)
    }
}

fn zone_named(name: String) -> Result<Zone, FieldProblem> {
    Zone::parse(&name).map_err(|_| FieldProblem::UnknownChoice { value: name })
}

/// A store in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoreRowReply {
    #[schema(value_type = i64)]
    id: StoreId,
    name: String,
    phone: String,
    #[schema(value_type = String)]
    status: StoreStatus,
    status_display: String,
    /// Active branches.
    branch_count: i64,
}

/// A store.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoreReply {
    #[schema(value_type = i64)]
    id: StoreId,
    name: String,
    address: String,
    phone: String,
    #[schema(value_type = String)]
    status: StoreStatus,
    status_display: String,
    timezone: String,
    created_on: String,
    /// Active branches, by name.
    branches: Vec<StoreBranchReply>,
    /// Active workers.
    workers: Vec<StoreWorkerReply>,
    settings: SettingsReply,
    /// Shifts that are open.
    open_smenas: Vec<OpenShiftReply>,
}

/// A branch of a store.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoreBranchReply {
    #[schema(value_type = i64)]
    id: LocationId,
    name: String,
    address: String,
    phone: String,
    #[schema(value_type = String)]
    status: RowStatus,
}

/// A worker of a store.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoreWorkerReply {
    #[schema(value_type = i64)]
    id: WorkerId,
    full_name: String,
}

/// A shift that is open in a branch.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenShiftReply {
    #[schema(value_type = i64)]
    id: ShiftId,
    #[schema(value_type = i64)]
    branch_id: LocationId,
    branch_name: String,
    /// Who opened it.
    worker_open_name: String,
    start_time: String,
}

impl StoreRowReply {
    fn new(view: OwnStoreView, language: Language) -> Self {
        let OwnStoreView { store, branch_count } = view;
        Self {
            id: store.id,
            name: store.name,
            phone: store.phone,
            status: store.status,
            status_display: messages::label(language, "store_status", store.status),
            branch_count,
        }
    }
}

impl StoreReply {
    fn new(view: StoreDetailView, language: Language) -> Self {
        let StoreDetailView {
            store,
            branches,
            workers,
            settings,
            open_shifts,
        } = view;
        let StoreView {
            id,
            name,
            address,
            phone,
            status,
            zone,
            created_at,
        } = store;
        Self {
            id,
            name,
            address,
            phone,
            status,
            status_display: messages::label(language, "store_status", status),
            timezone: zone.name().to_owned(),
            created_on: zone.write(created_at),
            branches: branches.into_iter().map(StoreBranchReply::from).collect(),
            workers: workers.into_iter().map(StoreWorkerReply::from).collect(),
            settings: settings.into(),
            open_smenas: open_shifts
                .into_iter()
                .map(|shift| OpenShiftReply::new(shift, zone))
                .collect(),
        }
    }
}

impl OpenShiftReply {
    fn new(shift: ShiftView, zone: Zone) -> Self {
        Self {
            id: shift.id,
            branch_id: shift.branch_id,
            branch_name: shift.branch_name,
            worker_open_name: shift.opened_by_name,
            start_time: zone.write(shift.opened_at),
        }
    }
}

impl From<LocationView> for StoreBranchReply {
    fn from(branch: LocationView) -> Self {
        Self {
            id: branch.id,
            name: branch.name,
            address: branch.address,
            phone: branch.phone,
            status: branch.status,
        }
    }
}

impl From<AtWorkView> for StoreWorkerReply {
    fn from(worker: AtWorkView) -> Self {
        Self {
            id: worker.id,
            full_name: worker.full_name,
        }
    }
}

/// The store one works in, as the only element of an array.
///
/// # Errors
/// 403 without the right.
#[utoipa::path(get, path = "/api/v1/stores/", tag = "stores", responses(
    (status = 200, description = "One store, or none before it is made", body = Vec<StoreRowReply>),
))]
pub async fn list(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
) -> Result<HttpResponse, Problem> {
    let view = blocking::run(&context, move |context| stores::list(context, &actor)).await?;
    let rows = view.into_iter().map(|view| StoreRowReply::new(view, language));
    Ok(reply::all(rows.collect()))
}

/// Makes one's store, with its settings.
///
/// # Errors
/// Field errors; 403 without the right; 409 for who has one.
#[utoipa::path(post, path = "/api/v1/stores/", tag = "stores", request_body = StoreBody, responses(
    (status = 201, description = "The new store", body = Written<StoreReply>),
    (status = 409, description = "store_exists"),
))]
pub async fn create(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    Keyed(key, Body(body)): Keyed<Body<StoreBody>>,
) -> Result<HttpResponse, Problem> {
    let command = CreateStore::from(body);
    let once = key.answering(move |view| reply::created(language, Done::Created, StoreReply::new(view, language)));
    reply::once(blocking::run(&context, move |context| stores::create(context, &actor, command, &once)).await?)
}

/// One's store with its branches, workers and settings.
///
/// # Errors
/// 403 without the right; 404 for another store.
#[utoipa::path(get, path = "/api/v1/stores/{id}/", tag = "stores", params(("id" = i64, Path, description = "The store")), responses(
    (status = 200, description = "The store", body = StoreReply),
))]
pub async fn detail(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
) -> Result<HttpResponse, Problem> {
    let id = StoreId::new(id);
    let view = blocking::run(&context, move |context| stores::detail(context, &actor, id)).await?;
    Ok(reply::found(StoreReply::new(view, language)))
}

/// Changes one's store; also one that is switched off, and so switches it on again.
///
/// # Errors
/// Field errors, `empty_patch`; 403 without the right; 404 for another store; 409 with an open shift.
#[utoipa::path(patch, path = "/api/v1/stores/{id}/", tag = "stores", request_body = StorePatch,
    params(("id" = i64, Path, description = "The store")),
    responses(
        (status = 200, description = "The store as it is now", body = Written<StoreReply>),
        (status = 400, description = "Field errors, empty_patch"),
        (status = 409, description = "shift_open"),
    ),
)]
pub async fn change(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
    Body(body): Body<StorePatch>,
) -> Result<HttpResponse, Problem> {
    let command = ChangeStore::try_from(body).map_err(|errors| Problem::Refused(errors.into()))?;
    let id = StoreId::new(id);
    let view = blocking::run(&context, move |context| stores::change(context, &actor, id, command)).await?;
    Ok(reply::changed(language, Done::Updated, StoreReply::new(view, language)))
}

/// Switches one's store off: it is only read from then on. One that is off stays so.
///
/// # Errors
/// 403 without the right; 404 for another store; 409 with an open shift.
#[utoipa::path(delete, path = "/api/v1/stores/{id}/", tag = "stores",
    params(("id" = i64, Path, description = "The store")),
    responses(
        (status = 200, description = "It is switched off", body = MessageReply),
        (status = 409, description = "shift_open"),
    ),
)]
pub async fn close(
    context: web::Data<Context>,
    InLanguage(language): InLanguage,
    SignedIn(actor): SignedIn,
    PathId(id): PathId,
) -> Result<HttpResponse, Problem> {
    let id = StoreId::new(id);
    blocking::run(&context, move |context| stores::close(context, &actor, id)).await?;
    Ok(reply::message(language, Done::Deleted))
}
