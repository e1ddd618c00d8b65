//! Sales that Click registers with the tax office: their items go to it once, then their receipt is asked for until it is there.
//!
//! Items that Click may have taken are never sent again before it was asked for their receipt.

use savdo_domain::dispatch::Outcome;
use savdo_domain::payment::click::ClickDesk;
use savdo_domain::payment::fiscal::FiscalRecord;
use savdo_persistence::dispatches::LeasedView;

use super::Runner;
use super::clicking::{permanent, pointless, retried, retry};
use super::sending::fault;
use crate::Result;
use crate::gateways::{ClickGateway as _, Clicked, Submission};
use crate::payments::merchant::{self, Place, Registration, ToRegister};

impl Runner {
    /// Has Click register a sale; none when somebody else has the message.
    ///
    /// # Errors
    /// The database is away, and Click was asked for nothing.
    pub(super) fn register(&self, message: &LeasedView, place: Place) -> Result<Option<Outcome>> {
        let desks = match self.context.desks() {
            Ok(desks) => desks,
            Err(error) => return fault(error).map(Some),
        };
        let due = match merchant::begin_registration(&self.context, place, (message.id, &self.name)) {
            Ok(Registration::Now(due)) => due,
            Ok(Registration::Lost) => return Ok(None),
            Ok(Registration::Done) => return Ok(Some(Outcome::Sent)),
            Ok(Registration::Pointless(why)) => return Ok(Some(pointless(why))),
            Ok(Registration::Untellable(why)) => return Ok(Some(permanent(why))),
            Err(error) => return fault(error).map(Some),
        };
        let ended = match desks.click_named(&due.paid_by.desk) {
            Some(desk) => self.register_at(desk, place, &due, message.is_doubtful),
            None => retried(merchant::no_desk::<Submission>()),
        };
        Ok(Some(ended))
    }

    /// From here on the outcome of a call counts more than any fault of ours.
    fn register_at(&self, desk: &ClickDesk, place: Place, due: &ToRegister, is_doubtful: bool) -> Outcome {
        let payment_id = match self.payment_id(desk, place, &due.paid_by, true) {
            Ok(payment_id) => payment_id,
            Err(outcome) => return outcome,
        };
        if is_doubtful || due.is_submitted {
            let asked = self.receipt(desk, place, due, payment_id);
            if let Some(ended) = asked {
                return ended;
            }
            if due.is_submitted {
                return retry("Click has no receipt yet", None);
            }
        }
        let now = self.context.now();
        match self.click().submit_items(desk, payment_id, &due.sale, now) {
            Clicked::Told(Submission::Taken) => {
                let kept = self.keep_receipt(place, due, merchant::submitted());
                kept.or_else(|| self.receipt(desk, place, due, payment_id))
                    .unwrap_or_else(|| retry("Click has no receipt yet", None))
            }
            Clicked::Told(Submission::Refused { code, why }) => {
                let kept = self.keep_receipt(place, due, FiscalRecord::failed(code, &why));
                kept.unwrap_or_else(|| permanent(why))
            }
            Clicked::Unknown { why } => Outcome::Unknown { why },
            silent => retried(silent),
        }
    }

    /// Asks for the receipt: what becomes of the message, none where Click says that there is no receipt.
    fn receipt(&self, desk: &ClickDesk, place: Place, due: &ToRegister, payment_id: i64) -> Option<Outcome> {
        match self.click().receipt(desk, payment_id, self.context.now()) {
            Clicked::Told(Some(link)) => {
                let kept = self.keep_receipt(place, due, FiscalRecord::registered(&link));
                Some(kept.unwrap_or(Outcome::Sent))
            }
            Clicked::Told(None) => None,
            silent => Some(retried(silent)),
        }
    }

    /// A doubt where it could not be kept: then Click is asked before anything else.
    fn keep_receipt(&self, place: Place, due: &ToRegister, record: FiscalRecord) -> Option<Outcome> {
        let kept = merchant::keep_receipt(&self.context, place, due, record);
        kept.err().map(|error| Outcome::Unknown {
            why: format!("what Click did with the sale could not be written: {error}"),
        })
    }
}
