//! A Click of a test: it knows payments, gives each back once, and behaves as badly as it is told.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, NaiveDate, Utc};
use savdo_domain::Money;
use savdo_domain::access::Scope;
use savdo_domain::ids::{OrderId, TransactionId};
use savdo_domain::order::HistorySource;
use savdo_domain::payment::click::{Call as ClickCall, ClickDesk, ClickStatus, FiscalSale, PrepareFacts};
use savdo_persistence::payments::store_of_unscoped;

use super::World;
use super::people::done;
use crate::Error;
use crate::audit::Author;
use crate::gateways::{AskedPayment, ClickGateway, Clicked, Reversal, Submission};
use crate::orders::step::Cause;
use crate::payments::bill;
use crate::payments::carry_out::{Call, carry_out};

/// What it knows, heard and will say. Clones share all of it.
#[derive(Clone, Default)]
pub struct ClickDouble(Arc<Mutex<Kept>>);

/// How the next call ends, whatever it asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClickFails {
    /// It does what is asked, and the answer is lost.
    AnswerLost,
    /// It does nothing, and nobody knows.
    RequestLost,
    /// It surely does nothing.
    NotNow,
    /// It takes the desk for somebody else.
    NoEntry,
    /// It refuses.
    Refuses,
    /// It refuses, since the money went back meanwhile.
    BackAlready,
}

#[derive(Default)]
struct Kept {
    payments: BTreeMap<i64, i64>,
    amounts: BTreeMap<i64, Money>,
    of_orders: BTreeMap<OrderId, (i64, Option<NaiveDate>)>,
    asked: Vec<String>,
    failures: VecDeque<Option<ClickFails>>,
    failing: BTreeMap<String, ClickFails>,
    reversals: usize,
    sales: BTreeMap<i64, FiscalSale>,
    receipts: BTreeMap<i64, String>,
    is_slow: bool,
}

impl ClickDouble {
    /// It has a payment that stands so, by Click's number of a state.
    pub fn has(&self, payment_id: i64, status: i64) {
        self.kept().payments.insert(payment_id, status);
    }

    /// It says how much a payment is.
    pub fn tells_amount(&self, payment_id: i64, amount: Money) {
        self.kept().amounts.insert(payment_id, amount);
    }

    /// It knows the payment for an order.
    pub fn has_of_order(&self, order_id: OrderId, payment_id: i64, status: i64) {
        self.has(payment_id, status);
        self.kept().of_orders.insert(order_id, (payment_id, None));
    }

    /// It knows the payment for an order on this day alone.
    pub fn has_of_order_on(&self, (order_id, day): (OrderId, NaiveDate), payment_id: i64, status: i64) {
        self.has(payment_id, status);
        self.kept().of_orders.insert(order_id, (payment_id, Some(day)));
    }

    /// The next calls end so, one by one; none is a call that goes well, as all further do.
    pub fn will_fail(&self, failures: impl IntoIterator<Item = Option<ClickFails>>) {
        self.kept().failures.extend(failures);
    }

    /// Whatever goes on about this, such as `7 status` for what is asked by the service 7, ends so from here on.
    pub fn will_always_fail(&self, about: &str, failure: ClickFails) {
        self.kept().failing.insert(about.to_owned(), failure);
    }

    /// All calls so far.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        self.kept().asked.clone()
    }

    /// How often money went back.
    #[must_use]
    pub fn reversals(&self) -> usize {
        self.kept().reversals
    }

    /// Receipts are there some time after their items, by [`ClickDouble::prints`].
    pub fn is_slow_to_print(&self) {
        self.kept().is_slow = true;
    }

    /// The receipt of a payment is there.
    pub fn prints(&self, payment_id: i64) {
        let link = format!("https://ofd.soliq.uz/epi?t={payment_id}");
        self.kept().receipts.insert(payment_id, link);
    }

    /// The sale that it was told of with a payment.
    #[must_use]
    pub fn sale(&self, payment_id: i64) -> Option<FiscalSale> {
        self.kept().sales.get(&payment_id).cloned()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hear(&self, what: String) -> Option<ClickFails> {
        let mut kept = self.kept();
        let always = kept.failing.iter().find(|(about, _)| what.starts_with(*about));
        let always = always.map(|(_, failure)| *failure);
        kept.asked.push(what);
        always.or_else(|| kept.failures.pop_front().flatten())
    }

    fn find(&self, payment_id: Option<i64>) -> AskedPayment {
        let kept = self.kept();
        let found = payment_id.and_then(|id| kept.payments.get(&id).map(|status| (id, *status)));
        found.map_or_else(
            || AskedPayment::NotFound { why: "404".to_owned() },
            |(payment_id, status)| AskedPayment::Found {
                payment_id,
                status: ClickStatus::of(status),
                amount: kept.amounts.get(&payment_id).copied(),
            },
        )
    }
}

impl ClickGateway for ClickDouble {
    fn status(&self, desk: &ClickDesk, payment_id: i64, _now: DateTime<Utc>) -> Clicked<AskedPayment> {
        let failure = self.hear(format!("{} status {payment_id}", desk.service_id));
        answered(failure, || self.find(Some(payment_id)))
    }

    fn status_by_order(
        &self,
        desk: &ClickDesk,
        (order_id, day): (OrderId, NaiveDate),
        _now: DateTime<Utc>,
    ) -> Clicked<AskedPayment> {
        let failure = self.hear(format!("{} of order {order_id} {day}", desk.service_id));
        let known = self.kept().of_orders.get(&order_id).copied();
        let on_the_day = known.filter(|(_, only)| only.is_none_or(|only| only == day));
        let payment_id = on_the_day.map(|(payment_id, _)| payment_id);
        answered(failure, || self.find(payment_id))
    }

    fn reverse(&self, desk: &ClickDesk, payment_id: i64, _now: DateTime<Utc>) -> Clicked<Reversal> {
        let failure = self.hear(format!("{} reverse {payment_id}", desk.service_id));
        if failure == Some(ClickFails::BackAlready) {
            self.has(payment_id, -1);
        }
        if matches!(failure, Some(ClickFails::Refuses | ClickFails::BackAlready)) {
            return Clicked::Told(Reversal::Refused {
                why: "200 error -500: UZCARD".to_owned(),
            });
        }
        answered(failure, || {
            let mut kept = self.kept();
            if kept.payments.get(&payment_id) != Some(&2) {
                let why = "404".to_owned();
                return Reversal::Refused { why };
            }
            kept.payments.insert(payment_id, -1);
            kept.reversals += 1;
            Reversal::Done
        })
    }

    fn submit_items(
        &self,
        desk: &ClickDesk,
        payment_id: i64,
        sale: &FiscalSale,
        _now: DateTime<Utc>,
    ) -> Clicked<Submission> {
        let failure = self.hear(format!("{} items {payment_id}", desk.service_id));
        if failure == Some(ClickFails::Refuses) {
            let why = "200 error -500: SPIC".to_owned();
            return Clicked::Told(Submission::Refused { code: -500, why });
        }
        answered(failure, || {
            self.kept().sales.insert(payment_id, sale.clone());
            if !self.kept().is_slow {
                self.prints(payment_id);
            }
            Submission::Taken
        })
    }

    fn receipt(&self, desk: &ClickDesk, payment_id: i64, _now: DateTime<Utc>) -> Clicked<Option<String>> {
        let failure = self.hear(format!("{} receipt {payment_id}", desk.service_id));
        answered(failure, || self.kept().receipts.get(&payment_id).cloned())
    }
}

fn answered<Told>(failure: Option<ClickFails>, done: impl FnOnce() -> Told) -> Clicked<Told> {
    let why = || "no answer in time".to_owned();
    match failure {
        None => Clicked::Told(done()),
        Some(ClickFails::AnswerLost) => {
            done();
            Clicked::Unknown { why: why() }
        }
        Some(ClickFails::RequestLost | ClickFails::Refuses | ClickFails::BackAlready) => {
            Clicked::Unknown { why: why() }
        }
        Some(ClickFails::NoEntry) => Clicked::LogInRefused {
            why: "401: the log-in is refused".to_owned(),
        },
        Some(ClickFails::NotNow) => Clicked::NotNow {
            why: "no connection".to_owned(),
            after: None,
        },
    }
}

impl World {
    /// What a call of Click's to the first desk leaves behind: `error` of its answer, and our number of the attempt.
    ///
    /// # Panics
    /// When there is no such order, or the call cannot be carried out.
    pub fn click(&self, order_id: OrderId, call: ClickCall) -> (i64, Option<TransactionId>) {
        let now = self.context.now();
        let desks = done(self.context.desks());
        let (desk, _) = desks.click_on().next().unwrap_or_else(|| panic!("no desk"));
        let facts = PrepareFacts {
            known_for: None,
            holds_for: desks.click_holds_for,
        };
        done(self.context.database().write("click_of_a_test", move |tx| {
            let store_id = store_of_unscoped(tx, order_id)?.unwrap_or_else(|| panic!("no order"));
            let billed = bill::locked(tx, &Scope::Store(store_id), order_id)?;
            let decided = match &call {
                ClickCall::Prepare(prepare) => prepare.decide(Some(&billed.bill), facts, now),
                ClickCall::Complete(complete) => complete.decide(Some(&billed.bill), now),
            };
            let cause = Cause {
                author: &Author::system(),
                source: HistorySource::Payment,
                comment: "",
                expires_at: None,
                at: now,
            };
            let call = Call {
                cause: &cause,
                desk: &desk,
                account: "",
            };
            let made = carry_out(tx, billed.judged(), &billed.bill, &decided.effects, &call)?;
            let number = decided
                .answer
                .number
                .and_then(|number| number.resolve(made.transaction));
            Ok::<_, Error>((decided.answer.code.number(), number))
        }))
    }
}
