//! The audit log: leaves an entry in the transaction of what it tells, shows entries, seals them.

mod read;
mod seal;

use chrono::{DateTime, Utc};
use savdo_domain::access::{Actor, Origin};
use savdo_domain::coded::Coded;
use savdo_domain::coded_enum;
use savdo_domain::ids::{StoreId, UserId};
use savdo_persistence::audit::{NewAuditEntry, insert};
use savdo_persistence::{Error, Tx};
use serde_json::{Map, Value, json};

pub use read::{AuditEntrySeen, ListAudit, list, view};
pub use seal::seal_all;
pub(crate) use seal::{broken_seals, seal_log};

coded_enum! {
    /// What was done (shop.md 6).
    pub enum Action {
        /// Something new.
        Create = "create",
        /// Something changed.
        Update = "update",
        /// Something switched off.
        Delete = "delete",
        /// Signed in.
        Login = "login",
        /// Tried to sign in with a wrong password.
        LoginFailed = "login_failed",
        /// Signed out.
        Logout = "logout",
        /// Rights or couriers given.
        Assign = "assign",
        /// A draft made to count.
        Confirm = "confirm",
        /// A document undone.
        Cancel = "cancel",
        /// A shift begun.
        Open = "open",
        /// A shift ended.
        Close = "close",
        /// Taken out as a file.
        Export = "export",
        /// Taken in from a file.
        Import = "import",
        /// An admin acting as somebody else.
        Impersonate = "impersonate",
        /// An order moved on.
        Status = "status",
        /// A prescription accepted.
        Approve = "approve",
        /// A prescription refused.
        Reject = "reject",
        /// Money given back.
        Refund = "refund",
        /// A medical image looked at.
        View = "view",
        /// A medical image that somebody tried to look at.
        ViewDenied = "view_denied",
    }
}

coded_enum! {
    /// What something was done to (`target_model` of shop.md 6).
    pub enum Subject {
        /// An account.
        User = "user",
        /// A worker.
        Worker = "worker",
        /// The settings of a store.
        Settings = "settings",
        /// A store.
        Store = "store",
        /// A branch.
        Branch = "branch",
        /// A warehouse.
        Warehouse = "warehouse",
        /// A category of products.
        Category = "category",
        /// A product.
        Product = "product",
        /// An active substance.
        Substance = "substance",
        /// The level of a product at a place.
        StockLevel = "stock_level",
        /// A movement of goods by hand.
        StockMovement = "stock_movement",
        /// A batch.
        StockBatch = "stock_batch",
        /// A sale at the counter.
        Sale = "sale",
        /// Goods brought back.
        SaleReturn = "sale_return",
        /// A shift.
        Shift = "shift",
        /// An online order.
        Order = "order",
        /// Money for an online order.
        Payment = "payment",
        /// A courier's way with an online order.
        Delivery = "delivery",
        /// A message to somebody.
        Notice = "notification",
        /// A prescription.
        Prescription = "prescription",
        /// A picture of a prescription.
        PrescriptionImage = "prescription_image",
        /// The words of a message.
        Template = "notification_template",
        /// An expense.
        Expense = "expense",
        /// A category of expenses.
        ExpenseCategory = "expense_category",
        /// A desk at a provider of payments.
        PaymentDesk = "payment_desk",
    }
}

/// Who did it, and from where.
#[derive(Debug, Clone)]
pub struct Author {
    /// The account; none for a job.
    pub user_id: Option<UserId>,
    /// Name and role at that time: `Aziza Karimova (Sotuvchi)`.
    pub name: String,
    /// Where the request came from.
    pub origin: Origin,
}

impl From<&Actor> for Author {
    fn from(actor: &Actor) -> Self {
        Self {
            user_id: Some(actor.user_id),
            name: actor.display_name(),
            origin: actor.origin.clone(),
        }
    }
}

impl Author {
    /// A job or a command of whoever runs the installation.
    #[must_use]
    pub fn system() -> Self {
        Self {
            user_id: None,
            name: "Tizim".to_owned(),
            origin: Origin::default(),
        }
    }
}

/// What was done to which thing.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The store it concerns, if one.
    pub store_id: Option<StoreId>,
    /// What was done.
    pub action: Action,
    /// What kind of thing.
    pub subject_type: Subject,
    /// Which one.
    pub subject_id: i64,
    /// One sentence for a reader.
    pub description: String,
    /// More, as a JSON object; secrets already masked.
    pub details: Option<Value>,
}

/// Leaves the entry.
///
/// # Errors
/// A failed statement.
pub fn record(tx: &mut Tx<'_>, author: &Author, at: DateTime<Utc>, entry: Entry) -> Result<(), Error> {
    insert(
        tx,
        NewAuditEntry {
            store_id: entry.store_id,
            actor_id: author.user_id,
            actor_name: author.name.clone(),
            action: entry.action.code(),
            subject_type: entry.subject_type.code(),
            subject_id: entry.subject_id,
            description: entry.description,
            details: entry.details.map(|details| details.to_string()).unwrap_or_default(),
            ip: author.origin.ip.clone(),
            user_agent: author.origin.user_agent.clone(),
            request_id: author.origin.request_id.clone(),
            created_at: at,
        },
    )
}

/// The details of a change: `{"changes": {"field": {"old": x, "new": y}}}`, fields that stayed the same left out.
///
/// `before` and `after` are the thing as JSON objects, secrets masked in both.
#[must_use]
pub fn changes(before: &Value, after: &Value) -> Value {
    let fields = after.as_object().into_iter().flatten();
    let changed: Map<String, Value> = fields
        .filter_map(|(field, new)| {
            let old = before.get(field).unwrap_or(&Value::Null);
            (old != new).then(|| (field.clone(), json!({ "old": old, "new": new })))
        })
        .collect();
    json!({ "changes": changed })
}
