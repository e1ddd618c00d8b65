//! How workers are shown.

use savdo_domain::Money;
use savdo_domain::access::{Role, Section, SectionChanges, WorkerStatus, Workplace};
use savdo_domain::account::Language;
use savdo_domain::ids::{LocationId, StoreId, WorkerId};
use savdo_services::workers::{OwnChanged, StaffView};
use serde::Serialize;
use utoipa::ToSchema;

use crate::messages::{self, Done};
use crate::shop::auth::TokensReply;
use crate::shop::user::SectionChangesReply;

/// A worker in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkerRowReply {
    #[schema(value_type = i64)]
    id: WorkerId,
    full_name: String,
    phone1: String,
    #[schema(value_type = String)]
    role: Role,
    role_display: String,
    #[schema(value_type = Option<i64>)]
    branch_id: Option<LocationId>,
    branch_name: Option<String>,
    #[schema(value_type = i64)]
    store_id: StoreId,
    store_name: String,
    /// Null when it is not written down, or not for the caller's eyes.
    #[schema(value_type = Option<String>)]
    salary: Option<Money>,
    #[schema(value_type = String)]
    status: WorkerStatus,
}

/// A worker.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkerDetailReply {
    #[schema(value_type = i64)]
    id: WorkerId,
    full_name: String,
    first_name: String,
    last_name: String,
    username: String,
    email: String,
    phone1: String,
    phone2: String,
    #[schema(value_type = String)]
    role: Role,
    role_display: String,
    #[schema(value_type = Option<i64>)]
    branch_id: Option<LocationId>,
    branch_name: Option<String>,
    #[schema(value_type = i64)]
    store_id: StoreId,
    store_name: String,
    /// Null when it is not written down, or not for the caller's eyes.
    #[schema(value_type = Option<String>)]
    salary: Option<Money>,
    #[schema(value_type = String)]
    status: WorkerStatus,
    status_display: String,
    /// The sections he has, sorted.
    #[schema(value_type = Vec<String>)]
    permissions: Vec<Section>,
    extra_permissions: SectionChangesReply,
    created_on: String,
}

/// Oneself after a change.
#[derive(Serialize, ToSchema)]
pub struct OwnChangedReply {
    /// What was done.
    message: String,
    data: WorkerDetailReply,
    /// New tokens, only after a change of password: the old ones are dead.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    tokens: Option<TokensReply>,
}

/// A worker whose sections were changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssignedReply {
    /// What was done.
    message: String,
    /// The sections he has, sorted.
    #[schema(value_type = Vec<String>)]
    permissions: Vec<Section>,
    extra_permissions: SectionChangesReply,
    data: WorkerDetailReply,
}

impl WorkerRowReply {
    pub(super) fn new(worker: StaffView, store: &Workplace, language: Language) -> Self {
        let full_name = worker.full_name();
        let (branch_id, branch_name) = worker.branch.unzip();
        Self {
            id: worker.post.worker_id,
            full_name,
            phone1: worker.phone,
            role: worker.post.role,
            role_display: messages::label(language, "role", worker.post.role),
            branch_id,
            branch_name,
            store_id: store.id,
            store_name: store.name.clone(),
            salary: worker.salary,
            status: worker.post.status,
        }
    }
}

impl WorkerDetailReply {
    pub(super) fn new(worker: StaffView, store: &Workplace, language: Language) -> Self {
        let full_name = worker.full_name();
        let (branch_id, branch_name) = worker.branch.unzip();
        Self {
            id: worker.post.worker_id,
            full_name,
            first_name: worker.first_name,
            last_name: worker.last_name,
            username: worker.username,
            email: worker.email,
            phone1: worker.phone,
            phone2: worker.phone2,
            role: worker.post.role,
            role_display: messages::label(language, "role", worker.post.role),
            branch_id,
            branch_name,
            store_id: store.id,
            store_name: store.name.clone(),
            salary: worker.salary,
            status: worker.post.status,
            status_display: messages::label(language, "worker_status", worker.post.status),
            permissions: worker.post.sections().into_iter().collect(),
            extra_permissions: SectionChangesReply::new(&worker.post.changes),
            created_on: store.zone.write(worker.created_at),
        }
    }
}

impl OwnChangedReply {
    pub(super) fn new(changed: OwnChanged, store: &Workplace, language: Language) -> Self {
        Self {
            message: messages::done(language, Done::Updated),
            data: WorkerDetailReply::new(changed.worker, store, language),
            tokens: changed.tokens.map(TokensReply::from),
        }
    }
}

impl AssignedReply {
    pub(super) fn new(worker: StaffView, store: &Workplace, language: Language) -> Self {
        let changes: SectionChanges = worker.post.changes.clone();
        Self {
            message: messages::done(language, Done::Updated),
            permissions: worker.post.sections().into_iter().collect(),
            extra_permissions: SectionChangesReply::new(&changes),
            data: WorkerDetailReply::new(worker, store, language),
        }
    }
}
