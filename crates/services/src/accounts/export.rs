//! All that is kept of the caller, as a file of his own. Each part of it is a field of [`Export`]: a new part is a field, read here.

use std::collections::BTreeMap;

use savdo_domain::Refusal;
use savdo_domain::access::Actor;
use savdo_domain::ids::OrderId;
use savdo_persistence::devices::{self, DeviceView};
use savdo_persistence::notices::{self, ToldView};
use savdo_persistence::orders::{self, HistoryView, OrderLineView, OrderView};
use savdo_persistence::payments::{self, PaymentView};
use savdo_persistence::prescriptions::{self, PrescriptionView};
use savdo_persistence::users::{self, UserView};

use crate::audit::{self, Action, Author, Entry, Subject};
use crate::limits::Limit;
use crate::{Context, Error, Result};

/// All that is kept of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// The account.
    pub user: UserView,
    /// The devices that are told of news.
    pub devices: Vec<DeviceView>,
    /// What he himself ordered, the oldest first.
    pub orders: Vec<ExportedOrder>,
    /// The money for it, the oldest first.
    pub payments: Vec<PaymentView>,
    /// What he showed pharmacies, the oldest first; the pictures themselves are taken out one by one.
    pub prescriptions: Vec<ExportedPrescription>,
    /// What he was told, the oldest first.
    pub notices: Vec<ToldView>,
}

/// An order with all of its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedOrder {
    /// The order.
    pub order: OrderView,
    /// Its lines, in their order.
    pub lines: Vec<OrderLineView>,
    /// The steps that it took, the oldest first.
    pub steps: Vec<HistoryView>,
}

/// A prescription, and how many pictures of it are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedPrescription {
    /// The prescription.
    pub prescription: PrescriptionView,
    /// How many pictures of it are kept.
    pub images: usize,
}

/// All that is kept of the caller, at one moment. What is taken out is noted in the audit log.
///
/// # Errors
/// [`Error::Throttled`] for who takes it out too often.
pub fn export(context: &Context, actor: &Actor) -> Result<Export> {
    context.admit(Limit::BulkOfUser, &actor.user_id.to_string())?;
    let (user_id, now, author) = (actor.user_id, context.now(), Author::from(actor));
    let export = context.database().read_consistent("account_export", |reader| {
        let user = users::find_unscoped(reader, user_id)?.ok_or(Refusal::NotFound)?;
        let devices = devices::of_user(reader, user_id)?;
        let placed = orders::owned(reader, user_id)?;
        let mut lines: BTreeMap<OrderId, Vec<OrderLineView>> = BTreeMap::new();
        for line in orders::read::lines(reader, &placed)? {
            lines.entry(line.order_id).or_default().push(line);
        }
        let mut steps: BTreeMap<OrderId, Vec<HistoryView>> = BTreeMap::new();
        for (order_id, step) in orders::owned_history(reader, user_id)? {
            steps.entry(order_id).or_default().push(step);
        }
        let orders = placed.into_iter().map(|order| ExportedOrder {
            lines: lines.remove(&order.id).unwrap_or_default(),
            steps: steps.remove(&order.id).unwrap_or_default(),
            order,
        });
        let shown = prescriptions::owned(reader, user_id)?;
        let images = prescriptions::read::images(reader, &shown)?;
        let shown = shown.into_iter().map(|prescription| ExportedPrescription {
            images: images.get(&prescription.id).map_or(0, Vec::len),
            prescription,
        });
        Ok::<_, Error>(Export {
            user,
            devices,
            orders: orders.collect(),
            payments: payments::read::owned(reader, user_id)?,
            prescriptions: shown.collect(),
            notices: notices::owned(reader, user_id)?,
        })
    })?;
    let entry = Entry {
        store_id: actor.store_id(),
        action: Action::Export,
        subject_type: Subject::User,
        subject_id: user_id.get(),
        description: format!("O'z ma'lumotlarini oldi: {}", export.user.full_name()),
        details: None,
    };
    context.database().write("export_note", move |tx| {
        audit::record(tx, &author, now, entry.clone())?;
        Ok::<_, Error>(())
    })?;
    Ok(export)
}
