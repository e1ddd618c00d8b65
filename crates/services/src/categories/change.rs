//! A category is changed, put aside, or brought back.

use savdo_domain::Refusal;
use savdo_domain::access::{Actor, Permission, RowStatus};
use savdo_domain::coded::Coded;
use savdo_domain::ids::CategoryId;
use savdo_persistence::categories::{self, Category, CategoryView};
use serde_json::{Value, json};

use super::create::name_taken;
use crate::audit::{self, Action, Author, Entry, Subject};
use crate::{Context, Result};

/// What is to change of a category; `None` leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct ChangeCategory {
    /// Its name.
    pub name: Option<String>,
    /// What belongs into it.
    pub description: Option<String>,
    /// The name of a symbol that clients draw.
    pub icon: Option<String>,
    /// Whether it is in use.
    pub status: Option<RowStatus>,
}

/// Changes a category of the caller's store.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`] for an unknown one or another store's; at `name` one that another active category
/// has, also for a category that is brought back.
pub fn change(context: &Context, actor: &Actor, id: CategoryId, command: ChangeCategory) -> Result<CategoryView> {
    applied(context, actor, id, command, Action::Update)
}

/// Puts a category aside; one that is put aside stays so. Its products keep it.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`] for an unknown one or another store's.
pub fn put_aside(context: &Context, actor: &Actor, id: CategoryId) -> Result<CategoryView> {
    let command = ChangeCategory {
        status: Some(RowStatus::Inactive),
        ..ChangeCategory::default()
    };
    applied(context, actor, id, command, Action::Delete)
}

fn applied(
    context: &Context,
    actor: &Actor,
    id: CategoryId,
    command: ChangeCategory,
    action: Action,
) -> Result<CategoryView> {
    let seat = actor.permit(Permission::ChangeCatalogue)?;
    let store_id = seat.store_id();
    let author = Author::from(actor);
    let now = context.now();
    context.database().write("category_change", move |tx| {
        let before = categories::lock(tx, store_id, id)?.ok_or(Refusal::NotFound)?;
        let after = command.clone().applied_to(before.clone());
        if after != before {
            categories::update(tx, store_id, id, &after).map_err(name_taken)?;
            let entry = Entry {
                store_id: Some(store_id),
                action,
                subject_type: Subject::Category,
                subject_id: id.get(),
                description: format!("Kategoriya o'zgartirildi: {}", after.name),
                details: Some(audit::changes(&told(&before), &told(&after))),
            };
            audit::record(tx, &author, now, entry)?;
        }
        categories::find(tx, store_id, id)?.ok_or_else(|| Refusal::NotFound.into())
    })
}

impl ChangeCategory {
    fn applied_to(self, category: Category) -> Category {
        let Self {
            name,
            description,
            icon,
            status,
        } = self;
        Category {
            name: name.unwrap_or(category.name),
            description: description.unwrap_or(category.description),
            icon: icon.unwrap_or(category.icon),
            status: status.unwrap_or(category.status),
        }
    }
}

fn told(category: &Category) -> Value {
    let Category {
        name,
        description,
        icon,
        status,
    } = category;
    json!({ "name": name, "description": description, "icon": icon, "status": status.code() })
}
