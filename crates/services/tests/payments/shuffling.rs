//! Random days at the till: calls of both providers, buyers, staff and time in any order, each perhaps more than once.

use std::cell::Cell;
use std::collections::BTreeMap;

use chrono::TimeDelta;
use proptest::prelude::{Strategy, prop};
use proptest::prop_assert_eq;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use savdo_domain::ids::TransactionId;
use savdo_persistence::on_both;
use savdo_persistence::testing::{Backend, TestDatabase};
use savdo_services::testing::Mailbox;

use crate::support::Town;

/// What may happen to an order that awaits its payment; attempts and transactions go by a small number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Event {
    Prepare(i64),
    Complete(i64),
    Fail(i64),
    Create(i64),
    Perform(i64),
    Cancel(i64),
    GiveUp { by_owner: bool },
    Pass { minutes: i64 },
    Work,
}

fn event() -> impl Strategy<Value = Event> {
    (0..40, 1i64..4, prop::bool::ANY).prop_map(|(what, which, by_owner)| match what {
        0..10 => Event::Prepare(which),
        10..20 => Event::Complete(which),
        20..24 => Event::Fail(which),
        24..28 => Event::Create(which),
        28..31 => Event::Perform(which),
        31..33 => Event::Cancel(which),
        33 => Event::GiveUp { by_owner },
        34..38 => Event::Pass { minutes: which * 11 },
        _ => Event::Work,
    })
}

/// What was seen of the attempts.
#[derive(Debug, Default)]
struct Seen {
    numbers: BTreeMap<i64, TransactionId>,
    confirmed: Vec<i64>,
}

impl Seen {
    fn number(&self, which: i64) -> TransactionId {
        self.numbers.get(&which).copied().unwrap_or(TransactionId::new(999_999))
    }

    fn see(&mut self, town: &Town, event: Event) {
        match event {
            Event::Prepare(which) => {
                if let (0, Some(number)) = town.prepare(which) {
                    let known = *self.numbers.entry(which).or_insert(number);
                    assert_eq!(known, number, "the same attempt has the same number");
                }
            }
            Event::Complete(which) => self.complete(town, which),
            Event::Fail(which) => {
                let answer = told_twice(|| town.complete(which, self.number(which), -5017));
                assert!([-6, -9].contains(&answer.0), "{answer:?}");
            }
            Event::Create(which) => drop(town.create(&format!("p{which}"))),
            Event::Perform(which) => drop(told_twice(|| town.perform(&format!("p{which}")))),
            Event::Cancel(which) => drop(told_twice(|| town.cancel(&format!("p{which}"), 3))),
            Event::GiveUp { by_owner } => {
                let by = if by_owner { &town.shop.owner } else { &town.customer };
                drop(town.give_up(by));
            }
            Event::Pass { minutes } => town.world.clock.advance(TimeDelta::minutes(minutes)),
            Event::Work => town.world.runner(&Mailbox::default()).run_due_jobs().unwrap(),
        }
    }

    /// Money that was taken is answered 0 once, -4 from then on, or -9 and then never otherwise.
    fn complete(&mut self, town: &Town, which: i64) {
        let number = self.number(which);
        let answer = town.complete(which, number, 0);
        match answer {
            (0, Some(confirm)) => {
                assert_eq!(confirm, number);
                assert!(!self.confirmed.contains(&which), "confirmed twice");
                self.confirmed.push(which);
            }
            (-4 | -6 | -9, _) => {}
            other => panic!("{other:?}"),
        }
        let repeated = town.complete(which, number, 0);
        let expected = if answer.0 == 0 { (-4, Some(number)) } else { answer };
        assert_eq!(repeated, expected, "attempt {which}");
    }
}

/// What a call is answered, which is the same when it comes again.
fn told_twice<Answer: PartialEq + std::fmt::Debug>(call: impl Fn() -> Answer) -> Answer {
    let answer = call();
    assert_eq!(call(), answer);
    answer
}

/// What a provider calls in the course of a payment. Two attempts of Click's may stand beside each other; of Payme's transactions one.
const COURSES: [&[Event]; 7] = [
    &[Event::Prepare(1), Event::Complete(1)],
    &[Event::Prepare(1), Event::Fail(1)],
    &[Event::Create(1), Event::Perform(1)],
    &[Event::Create(1), Event::Cancel(1)],
    &[Event::Prepare(1), Event::Complete(1), Event::Fail(1)],
    &[Event::Create(1), Event::Perform(1), Event::Cancel(1)],
    &[
        Event::Prepare(1),
        Event::Prepare(2),
        Event::Complete(2),
        Event::Complete(1),
    ],
];
/// How many of them end alike in whatever order their calls come. In the others two calls settle the payment, and the contract lets the first
/// one win (payments.md 2.6, 3.4): a Perform after a Cancel is refused, a Complete after a failure too, and of two attempts the first to be
/// confirmed pays while the other's money goes back.
const WITH_ONE_END: usize = 4;

impl Event {
    /// The call after which this one is known.
    const fn opening(self) -> Option<Self> {
        match self {
            Self::Complete(which) | Self::Fail(which) => Some(Self::Prepare(which)),
            Self::Perform(which) | Self::Cancel(which) => Some(Self::Create(which)),
            Self::Prepare(_) | Self::Create(_) | Self::GiveUp { .. } | Self::Pass { .. } | Self::Work => None,
        }
    }
}

/// The calls that have an effect: of those that came each once, and none before its opening.
fn effective(arrived: &[Event]) -> Vec<Event> {
    let mut calls = Vec::new();
    for call in arrived {
        let is_known = call.opening().is_none_or(|opening| calls.contains(&opening));
        if is_known && !calls.contains(call) {
            calls.push(*call);
        }
    }
    calls
}

/// Where everything stands, and what was told of it, when these calls have come.
fn end(backend: Backend, calls: &[Event]) -> (String, Vec<String>) {
    let town = Town::on(TestDatabase::new(backend));
    let mut seen = Seen::default();
    for call in calls {
        seen.see(&town, *call);
    }
    town.agrees();
    let told = town
        .world
        .database
        .lines("SELECT event AS line FROM outbox ORDER BY id");
    (town.story(), told)
}

fn times(town: &Town, sql: &str) -> usize {
    town.world.database.lines(sql).len()
}

/// A runner of a few cases, the same in each run.
fn runner(cases: u32) -> TestRunner {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 32,
        ..Config::default()
    };
    TestRunner::new_with_rng(config, rng)
}

fn backend(database: &TestDatabase) -> Backend {
    if database.is_postgres() {
        Backend::Postgres
    } else {
        Backend::Sqlite
    }
}

on_both! {
    // Law: calls that come too early, too late or again end as those that had an effect do in their course; and where one end is possible,
    // as the course does.
    fn shuffled_and_repeated_calls_end_as_in_order(database: TestDatabase) {
        let backend = backend(&database);
        for (place, course) in COURSES.into_iter().enumerate() {
            let in_order = end(backend, course);
            let shuffled = prop::collection::vec(prop::sample::select(course), 2..8);
            let outcome = runner(2).run(&shuffled, |mut arrived| {
                // What was not taken the provider sends again, in its order.
                arrived.extend(course);
                let calls = effective(&arrived);
                let expected = if place < WITH_ONE_END { in_order.clone() } else { end(backend, &calls) };
                prop_assert_eq!(calls.len(), course.len());
                prop_assert_eq!(end(backend, &arrived), expected, "{:?} as {:?}", arrived, calls);
                Ok(())
            });
            outcome.unwrap();
        }
    }

    // Law: whatever comes in whatever order, the books agree; an order is paid once and given up once, and whatever Click was told that
    // it took stands as money that is here, went back, or is asked back.
    fn calls_in_any_order_leave_books_that_agree(database: TestDatabase) {
        let backend = backend(&database);
        let (confirmed, came_late) = (Cell::new(0), Cell::new(0));
        let outcome = runner(12).run(&prop::collection::vec(event(), 6..24), |events| {
            let town = Town::on(TestDatabase::new(backend));
            let mut seen = Seen::default();
            for event in events {
                seen.see(&town, event);
            }

            town.agrees();
            assert!(town.told("order.paid") <= 1 && town.told("order.cancelled") <= 1, "{}", town.story());
            let due = times(&town, "SELECT 'x' AS line FROM payments WHERE status IN ('success', 'refunded') AND NOT is_late");
            assert!(due <= 1, "{}", town.story());
            let late = times(&town, "SELECT 'x' AS line FROM payments WHERE is_late");
            assert_eq!(late, town.told("payment.late_money"), "{}", town.story());
            let performed = "SELECT 'x' AS line FROM provider_transactions WHERE provider = 'click' AND state = 'performed'";
            let late_by_click = "SELECT 'x' AS line FROM payments WHERE is_late AND provider = 'click'";
            assert_eq!(seen.confirmed.len(), times(&town, performed) - times(&town, late_by_click), "{}", town.story());
            confirmed.set(confirmed.get() + seen.confirmed.len());
            came_late.set(came_late.get() + late);
            Ok(())
        });
        outcome.unwrap();
        assert!(confirmed.get() > 0 && came_late.get() > 0, "{confirmed:?} {came_late:?}");
    }
}
