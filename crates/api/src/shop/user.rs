//! An account as the shop answers it (shop.md 3).

use savdo_domain::access::{Role, Section, SectionChanges, WorkerStatus};
use savdo_domain::account::Language;
use savdo_domain::ids;
use savdo_services::accounts::{UserView, WorkerView};
use serde::Serialize;
use utoipa::ToSchema;

use crate::messages;

/// An account.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserReply {
    #[schema(value_type = i64)]
    id: ids::UserId,
    /// Empty for a customer.
    username: String,
    first_name: String,
    last_name: String,
    email: String,
    phone1: String,
    phone2: String,
    /// False: blocked.
    status: bool,
    #[schema(value_type = Option<i64>)]
    store_id: Option<ids::StoreId>,
    store_name: Option<String>,
    worker: Option<WorkerReply>,
}

/// A place of work.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkerReply {
    #[schema(value_type = i64)]
    id: ids::WorkerId,
    #[schema(value_type = String)]
    role: Role,
    role_display: String,
    /// The sections he has, sorted.
    #[schema(value_type = Vec<String>)]
    permissions: Vec<Section>,
    extra_permissions: SectionChangesReply,
    #[schema(value_type = Option<i64>)]
    store_id: Option<ids::StoreId>,
    store_name: Option<String>,
    #[schema(value_type = Option<i64>)]
    branch_id: Option<ids::LocationId>,
    branch_name: Option<String>,
    #[schema(value_type = String)]
    status: WorkerStatus,
}

/// A worker's own changes to the sections of his role.
#[derive(Debug, Serialize, ToSchema)]
pub struct SectionChangesReply {
    #[schema(value_type = Vec<String>)]
    added: Vec<Section>,
    #[schema(value_type = Vec<String>)]
    removed: Vec<Section>,
}

impl SectionChangesReply {
    /// As they are shown.
    pub(super) fn new(changes: &SectionChanges) -> Self {
        Self {
            added: changes.added().iter().copied().collect(),
            removed: changes.removed().iter().copied().collect(),
        }
    }
}

impl UserReply {
    /// The account, its labels in a language.
    pub(super) fn new(user: UserView, language: Language) -> Self {
        let worker = user.worker.map(|worker| WorkerReply::new(worker, language));
        Self {
            id: user.id,
            username: user.username,
            first_name: user.first_name,
            last_name: user.last_name,
            email: user.email,
            phone1: user.phone,
            phone2: user.phone2,
            status: user.is_active,
            store_id: worker.as_ref().and_then(|worker| worker.store_id),
            store_name: worker.as_ref().and_then(|worker| worker.store_name.clone()),
            worker,
        }
    }
}

impl WorkerReply {
    fn new(worker: WorkerView, language: Language) -> Self {
        let (store_id, store_name) = worker.store.unzip();
        let (branch_id, branch_name) = worker.branch.unzip();
        Self {
            id: worker.id,
            role: worker.role,
            role_display: messages::label(language, "role", worker.role),
            permissions: worker.changes.effective(worker.role).into_iter().collect(),
            extra_permissions: SectionChangesReply::new(&worker.changes),
            store_id,
            store_name,
            branch_id,
            branch_name,
            status: worker.status,
        }
    }
}
