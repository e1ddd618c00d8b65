//! Looking through payments.

use chrono::NaiveDate;
use savdo_domain::access::Actor;
use savdo_domain::account::Language;
use savdo_domain::ids::{OrderId, StoreId, UserId};
use savdo_domain::payment::{PaymentState, Provider};
use savdo_domain::zone::Zone;
use savdo_persistence::payments::{self, PaymentFilter};

use super::seen::{self, PaymentSeen, Shown};
use crate::{Context, Listed, Page, Result};

/// Which payments a list shows; all that the caller sees where nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListPayments {
    /// Where they stand.
    pub state: Option<PaymentState>,
    /// Who takes the money.
    pub provider: Option<Provider>,
    /// For this order.
    pub order_id: Option<OrderId>,
    /// Of this store.
    pub store_id: Option<StoreId>,
    /// For what this account ordered.
    pub buyer_id: Option<UserId>,
    /// Begun on this day or later.
    pub created_from: Option<NaiveDate>,
    /// Begun on this day or earlier.
    pub created_to: Option<NaiveDate>,
}

/// A page of the payments that the caller sees, the newest first: those for his own orders, staff those of their store. Days are those
/// of the caller's store, of customers and admins those of the installation.
///
/// # Errors
/// The refusal of a blocked store.
pub fn list(
    context: &Context,
    actor: &Actor,
    wish: ListPayments,
    language: Language,
    page: &Page,
) -> Result<Listed<PaymentSeen>> {
    let scope = actor.payment_scope()?;
    let workplace = actor.worker.as_ref().and_then(|worker| worker.store.as_ref());
    let zone = workplace.map_or_else(Zone::default, |store| store.zone);
    let desks = context.desks()?;
    let shown = Shown {
        desks: &desks,
        language,
        return_url: None,
        at: context.now(),
    };
    let filter = wish.in_zone(zone);
    context.list(actor, "payment_list", page, |reader, wanted| {
        let listed = payments::list(reader, &scope, &filter, wanted)?;
        Ok(listed.try_map_rows(|rows| seen::all(reader, shown, rows))?)
    })
}

impl ListPayments {
    fn in_zone(self, zone: Zone) -> PaymentFilter {
        let next = self.created_to.and_then(|day| day.succ_opt());
        PaymentFilter {
            state: self.state,
            provider: self.provider,
            order_id: self.order_id,
            store_id: self.store_id,
            buyer_id: self.buyer_id,
            from: self.created_from.map(|day| zone.start_of(day)),
            before: next.map(|day| zone.start_of(day)),
        }
    }
}
