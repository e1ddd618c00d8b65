//! Messages to Click: money that is to go back, and questions where a payment stands; sales to register are a room of their own.
//!
//! What may have been done is never done again before Click was asked. A fault of ours after Click did it leaves a doubt, and no message that
//! looks untried.

use chrono::TimeDelta;
use savdo_domain::coded::Coded;
use savdo_domain::dispatch::Outcome;
use savdo_domain::payment::click::{ClickDesk, NextTry, ReversalAnswer};
use savdo_persistence::dispatches::LeasedView;

use super::Runner;
use super::sending::fault;
use crate::Result;
use crate::desks::Desks;
use crate::events::Event;
use crate::gateways::{AskedPayment, ClickGateway as _, Clicked, Reversal};
use crate::metrics::ReversalOutcome;
use crate::payments::merchant::{self, Due, Place, Said, ToReverse};

/// Where Click says that money stands which it was asked to give back.
enum Stands {
    /// What follows.
    Next(NextTry),
    /// It does not say.
    Silent { why: String, after: Option<TimeDelta> },
}

impl Runner {
    /// Asks Click what a message wants; none when somebody else has the message.
    ///
    /// # Errors
    /// The database is away, and Click was asked for nothing.
    pub(super) fn ask_click(&self, message: &LeasedView) -> Result<Option<Outcome>> {
        let place = Place::of(message);
        match (Event::from_code(&message.event), place) {
            (Some(Event::ReversalRequested), Some(place)) => self.reverse(message, place),
            (Some(Event::FiscalDue), Some(place)) => self.register(message, place),
            (Some(Event::StatusQuestioned), Some(place)) => self.question(place).or_else(fault).map(Some),
            _ => Ok(Some(Outcome::Pointless {
                why: "nothing is asked of Click by this event".to_owned(),
            })),
        }
    }

    fn reverse(&self, message: &LeasedView, place: Place) -> Result<Option<Outcome>> {
        let desks = match self.context.desks() {
            Ok(desks) => desks,
            Err(error) => return fault(error).map(Some),
        };
        let due = match merchant::begin(&self.context, place, (message.id, &self.name)) {
            Ok(Due::Now(due)) => due,
            Ok(Due::Lost) => return Ok(None),
            Ok(Due::Done) => return Ok(Some(Outcome::Sent)),
            Ok(Due::NotOwed(tried)) => {
                let tried = tried.filter(|_| message.is_doubtful);
                return Ok(Some(self.left_alone(
                    &desks,
                    place,
                    tried.as_deref(),
                    pointless("the money is not owed any more"),
                )));
            }
            Ok(Due::TooLate(tried)) => {
                let tried = Some(&*tried).filter(|_| message.is_doubtful);
                let too_late = permanent("Click gives back payments of this month alone");
                return Ok(Some(self.left_alone(&desks, place, tried, too_late)));
            }
            Err(error) => return fault(error).map(Some),
        };
        let ended = match desks.click_named(&due.desk) {
            Some(desk) => self.reverse_at(desk, place, &due, message.is_doubtful),
            None => retried(merchant::no_desk::<Reversal>()),
        };
        Ok(Some(ended))
    }

    /// What becomes of money that is not to be asked for again. Where it was `tried` and nobody knows the end of that, Click says it first:
    /// whoever gives the money back by hand now might give it a second time.
    fn left_alone(&self, desks: &Desks, place: Place, tried: Option<&ToReverse>, otherwise: Outcome) -> Outcome {
        let Some(tried) = tried else { return otherwise };
        let Some(desk) = desks.click_named(&tried.desk) else {
            return retried(merchant::no_desk::<AskedPayment>());
        };
        match self.payment_id(desk, place, tried, true) {
            Ok(payment_id) => self.end_of_doubt(desk, place, payment_id).unwrap_or(otherwise),
            Err(outcome) => outcome,
        }
    }

    /// How an earlier try ended whose answer was not heard; `None` where Click says that it has the money still.
    fn end_of_doubt(&self, desk: &ClickDesk, place: Place, payment_id: i64) -> Option<Outcome> {
        match self.stands(desk, payment_id) {
            Stands::Next(NextTry::Reverse) => None,
            Stands::Next(NextTry::Settle) => Some(self.settle_reversal(place, &Said::is_back())),
            Stands::Next(NextTry::Ask | NextTry::ByHand) => {
                Some(retry("Click does not say yet whether the money went back", None))
            }
            Stands::Silent { why, after } => Some(retry(why, after)),
        }
    }

    /// From here on the outcome of a call counts more than any fault of ours.
    fn reverse_at(&self, desk: &ClickDesk, place: Place, due: &ToReverse, is_doubtful: bool) -> Outcome {
        let payment_id = match self.payment_id(desk, place, due, is_doubtful) {
            Ok(payment_id) => payment_id,
            Err(outcome) => return outcome,
        };
        let end_of_doubt = || {
            is_doubtful
                .then(|| self.end_of_doubt(desk, place, payment_id))
                .flatten()
        };
        if let Some(ended) = end_of_doubt() {
            return ended;
        }
        let answer = self.click().reverse(desk, payment_id, self.context.now());
        let (outcome, why) = match &answer {
            Clicked::Told(Reversal::Done) => (ReversalOutcome::Done, ""),
            Clicked::Told(Reversal::Refused { why }) => (ReversalOutcome::Refused, why.as_str()),
            Clicked::NotNow { why, .. } | Clicked::LogInRefused { why } => (ReversalOutcome::NotNow, why.as_str()),
            Clicked::Unknown { why } => (ReversalOutcome::Unknown, why.as_str()),
        };
        let said = Said::of_reversal(outcome, why);
        self.context.counters().reversed(outcome);
        let answered = match outcome {
            ReversalOutcome::Done => ReversalAnswer::Done,
            ReversalOutcome::Refused => ReversalAnswer::Refused,
            ReversalOutcome::Unknown => ReversalAnswer::Unknown,
            ReversalOutcome::NotNow => {
                self.keep(place, due, &said);
                return retried(answer);
            }
        };
        match answered.next() {
            NextTry::Settle => self.settle_reversal(place, &said),
            NextTry::ByHand => {
                self.keep(place, due, &said);
                // The refusal may be of what an earlier try of ours did.
                end_of_doubt().unwrap_or_else(|| permanent(said.to_string()))
            }
            NextTry::Ask | NextTry::Reverse => {
                self.keep(place, due, &said);
                Outcome::Unknown { why: said.to_string() }
            }
        }
    }

    /// Click's number of the payment, asked for by the order where we were never told it.
    pub(super) fn payment_id(
        &self,
        desk: &ClickDesk,
        place: Place,
        due: &ToReverse,
        is_doubtful: bool,
    ) -> std::result::Result<i64, Outcome> {
        if let Some(paydoc_id) = due.transaction.paydoc_id {
            return Ok(paydoc_id);
        }
        let order = (place.order_id, &due.transaction);
        match merchant::ask(&self.context, &self.click(), desk, order) {
            Clicked::Told(AskedPayment::Found { payment_id, .. }) if !due.others.contains(&payment_id) => {
                Ok(payment_id)
            }
            Clicked::Told(_) if is_doubtful => Err(retry("Click does not tell which payment it is", None)),
            Clicked::Told(_) => Err(permanent("Click does not tell which payment it is")),
            silent => Err(retried(silent)),
        }
    }

    fn stands(&self, desk: &ClickDesk, payment_id: i64) -> Stands {
        match self.click().status(desk, payment_id, self.context.now()) {
            Clicked::Told(AskedPayment::Found { status, .. }) => Stands::Next(status.next_try()),
            Clicked::Told(AskedPayment::NotFound { why })
            | Clicked::LogInRefused { why }
            | Clicked::Unknown { why } => Stands::Silent { why, after: None },
            Clicked::NotNow { why, after } => Stands::Silent { why, after },
        }
    }

    fn settle_reversal(&self, place: Place, said: &Said) -> Outcome {
        match merchant::settle(&self.context, place, said) {
            Ok(true) => Outcome::Sent,
            Ok(false) => {
                let id = place.transaction_id;
                tracing::error!(transaction.id = %id, "Click gave back what nobody was owed any more by transaction {id}");
                Outcome::Sent
            }
            // The money is back, and nobody wrote that down: Click is asked before anything else.
            Err(error) => Outcome::Unknown {
                why: format!("the money is back, which could not be written: {error}"),
            },
        }
    }

    /// A log that could not be written changes nothing of what Click did.
    fn keep(&self, place: Place, due: &ToReverse, said: &Said) {
        if let Err(error) = merchant::keep_answer(&self.context, place, &due.transaction, said) {
            let id = place.transaction_id;
            tracing::warn!(transaction.id = %id, %error, "What Click said of transaction {id} is not in its log: {error}");
        }
    }

    fn question(&self, place: Place) -> Result<Outcome> {
        let Some((transaction, desk)) = merchant::questioned(&self.context, place)? else {
            return Ok(pointless("there is no such attempt"));
        };
        let desks = self.context.desks()?;
        let Some(desk) = desks.click_named(&desk) else {
            return Ok(retried(merchant::no_desk::<AskedPayment>()));
        };
        let order = (place.order_id, &transaction);
        match merchant::ask(&self.context, &self.click(), desk, order) {
            Clicked::Told(told) => {
                merchant::note(&self.context, place, told, None)?;
                Ok(Outcome::Sent)
            }
            silent => Ok(retried(silent)),
        }
    }
}

/// Click was asked and did not say: it is asked again.
pub(super) fn retried<Told>(silent: Clicked<Told>) -> Outcome {
    match silent {
        Clicked::NotNow { why, after } => retry(why, after),
        Clicked::LogInRefused { why } | Clicked::Unknown { why } => retry(why, None),
        Clicked::Told(_) => retry("an answer that is none", None),
    }
}

pub(super) fn retry(why: impl Into<String>, after: Option<TimeDelta>) -> Outcome {
    let why = why.into();
    Outcome::Retry { why, after }
}

pub(super) fn permanent(why: impl Into<String>) -> Outcome {
    Outcome::Permanent { why: why.into() }
}

pub(super) fn pointless(why: &str) -> Outcome {
    Outcome::Pointless { why: why.to_owned() }
}
