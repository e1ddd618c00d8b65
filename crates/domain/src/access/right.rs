//! What a request asks of its caller, judged before anything else of it is looked at.
//!
//! A row of the table of routes names one of these; the use-case behind it asks for the same by the verb that
//! [`Actor::check`] goes through, so that neither can say something else than the other.

use crate::access::{AccessRefusal, Actor, Effect, Permission};

/// What a request asks of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// What every staff account may do for itself.
    Staff,
    /// To administer the installation.
    Installation,
    /// To see one's own place of work, also on leave and afterwards.
    OwnWork,
    /// To make the store that one is the owner of.
    FoundStore,
    /// A right in the caller's store.
    Shop(Permission),
    /// The same for a list, which is empty for an owner who has not made his store.
    ShopList(Permission),
    /// To see orders of the online pharmacy, whichever.
    Orders,
    /// To see deliveries of orders there: staff and couriers.
    Deliveries,
    /// To see prescriptions there, whichever.
    Prescriptions,
    /// To judge prescriptions there: staff.
    Reviews,
    /// To see payments there, whichever.
    Payments,
    /// To read what happened to payments there, call by call: staff.
    PaymentLogs,
    /// To say that the money of a payment was given back by hand: owners and managers.
    Refunds,
    /// To see what couriers are to carry there: staff alone.
    Dispatch,
    /// To order there.
    Checkout,
    /// To write the catalogue of the online pharmacy.
    OnlineCatalogue,
    /// To see the words of messages, or to change them.
    Templates(Effect),
    /// To read the audit log, which is empty for an owner who has not made his store.
    AuditLog,
    /// To read one entry of it.
    AuditEntry,
}

impl Actor {
    /// Judges a right as the use-case will.
    ///
    /// # Errors
    /// The [`AccessRefusal`] of what is missing.
    pub fn check(&self, right: Right) -> Result<(), AccessRefusal> {
        match right {
            Right::Staff => self.permit_staff(),
            Right::Installation => self.permit_installation(),
            Right::OwnWork => self.permit_own_work().map(|_| ()),
            Right::FoundStore => self.permit_founding().map(|_| ()),
            Right::Shop(permission) => self.permit(permission).map(|_| ()),
            Right::ShopList(permission) => self.permit_list(permission).map(|_| ()),
            Right::Orders => self.order_scope().map(|_| ()),
            Right::Deliveries => self.delivery_scope().map(|_| ()),
            Right::Prescriptions => self.prescription_scope().map(|_| ()),
            Right::Reviews => self.review_scope().map(|_| ()),
            Right::Payments => self.payment_scope().map(|_| ()),
            Right::PaymentLogs => self.payment_log_scope().map(|_| ()),
            Right::Refunds => self.refund_scope().map(|_| ()),
            Right::Dispatch => self.dispatch_scope().map(|_| ()),
            Right::Checkout => self.permit_checkout(),
            Right::OnlineCatalogue => self.catalogue_scope(Effect::Writes).map(|_| ()),
            Right::Templates(effect) => self.template_scope(effect).map(|_| ()),
            Right::AuditLog => self.audit_scope().map(|_| ()),
            Right::AuditEntry => self.audit_scope()?.map(|_| ()).ok_or(AccessRefusal::NoStore),
        }
    }
}
