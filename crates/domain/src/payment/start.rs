//! A buyer asks to pay online: the payment he gets, and whether its link still leads anywhere (contract, pharmacy 2.9).
//!
//! Asking again gives the payment that is there. Absent: who may ask, and the link itself, which each provider writes.

use chrono::{DateTime, Utc};

use crate::ids::PaymentId;
use crate::payment::Provider;
use crate::payment::bill::Bill;
use crate::payment::draft::Draft;
use crate::payment::effect::{Effect, Which};
use crate::payment::refusal::PaymentRefusal;

/// What a wish to pay leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// What is written.
    pub effects: Vec<Effect>,
    /// The payment.
    pub payment: Which<PaymentId>,
}

impl Bill {
    /// The payment by which the order can be paid through `provider`, Payme or Click, whose desk the store has or has not. A transaction whose time is over
    /// is cancelled first.
    ///
    /// # Errors
    /// In this order, unless the order is paid through this provider: [`PaymentRefusal::OrderNotAwaitingPayment`];
    /// [`PaymentRefusal::PaymentInProgress`] while another provider holds it; [`PaymentRefusal::ProviderNotConfigured`].
    pub fn start(&self, provider: Provider, has_desk: bool, now: DateTime<Utc>) -> Result<Started, PaymentRefusal> {
        if let Some(paid) = self.paid_by().filter(|payment| payment.provider == provider) {
            return Ok(Started {
                effects: Vec::new(),
                payment: Which::Known(paid.id),
            });
        }
        let mut draft = Draft::new(self, now);
        check_link(draft.bill(), provider, now)?;
        if !has_desk {
            return Err(PaymentRefusal::ProviderNotConfigured);
        }
        let payment = draft.expect(provider);
        Ok(Started {
            effects: draft.effects(),
            payment,
        })
    }

    /// Whether the link of this provider leads to a payment now; without one `pay_url` is null.
    #[must_use]
    pub fn has_link(&self, provider: Provider, now: DateTime<Utc>) -> bool {
        check_link(Draft::new(self, now).bill(), provider, now).is_ok()
    }
}

/// Of a bill without overdue transactions.
fn check_link(bill: &Bill, provider: Provider, now: DateTime<Utc>) -> Result<(), PaymentRefusal> {
    bill.check_payable(now)
        .map_err(|_| PaymentRefusal::OrderNotAwaitingPayment)?;
    match bill.holder() {
        Some(holder) if holder.provider != provider => Err(PaymentRefusal::PaymentInProgress),
        Some(_) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use crate::ids::PaymentId;
    use crate::payment::Provider;
    use crate::payment::bill::Bill;
    use crate::payment::book::{
        Book, NOW, awaiting, cancelled, click_open, payme_cancelled, payme_open, payme_performed,
    };
    use crate::payment::effect::Which;

    fn started(bill: &Bill, provider: Provider) -> Result<Which<PaymentId>, &'static str> {
        let started = bill.start(provider, true, NOW);
        started.map(|started| started.payment).map_err(|refusal| refusal.code())
    }

    #[test]
    fn a_payment_is_made_once_for_each_provider() {
        let mut book = Book::of(awaiting());

        book.start(Provider::Payme, NOW);
        book.start(Provider::Click, NOW);
        book.start(Provider::Payme, NOW);

        assert_eq!(book.story(), "unpaid awaiting_payment; payme pending, click pending; ");
        assert_eq!(book.log(), "created created");
        assert_eq!(
            started(&book.bill, Provider::Payme),
            Ok(Which::Known(book.bill.payments[0].id))
        );
    }

    #[test]
    fn asking_again_gives_the_payment_that_is_taken_or_here() {
        for bill in [payme_open(), payme_performed()] {
            let known = Which::Known(bill.payments[0].id);
            assert_eq!(started(&bill, Provider::Payme), Ok(known));
        }
    }

    #[test]
    fn an_order_that_awaits_no_online_payment_is_refused() {
        let mut expired = awaiting();
        expired.expires_at = Some(NOW - TimeDelta::seconds(1));

        for bill in [cancelled(), expired, payme_performed()] {
            assert_eq!(started(&bill, Provider::Click), Err("order_not_awaiting_payment"));
            assert!(!bill.has_link(Provider::Click, NOW));
        }
    }

    #[test]
    fn an_order_that_another_provider_holds_is_in_progress() {
        assert_eq!(started(&payme_open(), Provider::Click), Err("payment_in_progress"));
        assert_eq!(started(&click_open(), Provider::Payme), Err("payment_in_progress"));
        assert!(click_open().has_link(Provider::Click, NOW) && !click_open().has_link(Provider::Payme, NOW));
    }

    #[test]
    fn a_store_without_a_desk_is_told_last() {
        let without = |bill: &Bill| bill.start(Provider::Payme, false, NOW).unwrap_err().code();

        assert_eq!(without(&awaiting()), "provider_not_configured");
        assert_eq!(without(&click_open()), "payment_in_progress");
        assert_eq!(without(&cancelled()), "order_not_awaiting_payment");
    }

    #[test]
    fn a_payment_that_was_given_up_is_followed_by_a_new_one() {
        assert_eq!(started(&payme_cancelled(), Provider::Payme), Ok(Which::Made));
    }
}
