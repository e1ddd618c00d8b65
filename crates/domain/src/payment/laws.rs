//! The laws of an order's money, whatever providers, people and clocks do in whatever order.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};

use crate::Money;
use crate::ids::OrderId;
use crate::order::{OrderStatus, PaymentStatus};
use crate::payment::bill::{Bill, Payment};
use crate::payment::book::{Book, NOW, TOTAL, awaiting};
use crate::payment::click::{Complete, Prepare};
use crate::payment::payme::{Cancel, Check, Create, Perform};
use crate::payment::transaction::{ExternalId, Millis};
use crate::payment::{PaymentState, Provider};

/// A call of a provider about the n-th transaction or attempt that it knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Call {
    Create(usize),
    Perform(usize),
    Cancel(usize),
    Check(usize),
    Prepare(usize),
    Complete(usize),
    Fail(usize),
}

/// Something that happens to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Call(Call),
    Start(Provider),
    GiveUp,
    Expire,
    Cash,
    RefundByHand,
    Reversed,
    Advance,
    Wait(i64),
}

const PAYME_IDS: [&str; 2] = ["aaaaaaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbbbbbb"];
const CLICK_IDS: [i64; 2] = [3_000_000_001, 3_000_000_002];

fn call() -> impl Strategy<Value = Call> {
    let which = || 0..2_usize;
    prop_oneof![
        which().prop_map(Call::Create),
        which().prop_map(Call::Perform),
        which().prop_map(Call::Cancel),
        which().prop_map(Call::Check),
        which().prop_map(Call::Prepare),
        which().prop_map(Call::Complete),
        which().prop_map(Call::Fail),
    ]
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        12 => call().prop_map(Act::Call),
        1 => prop_oneof![Just(Provider::Payme), Just(Provider::Click)].prop_map(Act::Start),
        1 => Just(Act::GiveUp),
        1 => Just(Act::Expire),
        1 => Just(Act::Cash),
        1 => Just(Act::RefundByHand),
        1 => Just(Act::Reversed),
        1 => Just(Act::Advance),
        3 => prop_oneof![1..40_i64, 700..800_i64].prop_map(Act::Wait),
    ]
}

/// An order with the moment it is at.
struct World {
    book: Book,
    now: DateTime<Utc>,
}

impl World {
    fn of(bill: Bill) -> Self {
        let book = Book::of(bill);
        Self { book, now: NOW }
    }

    /// Carries the call out, and says what was answered.
    fn call(&mut self, call: Call) -> String {
        let (book, now) = (&mut self.book, self.now);
        let total = Some(book.bill.order.total_price);
        let order_id = OrderId::new(1001);
        match call {
            Call::Create(which) => {
                let create = Create {
                    id: ExternalId::new(PAYME_IDS[which]).unwrap(),
                    time: Millis::of(now),
                    amount: total,
                    order: Ok(order_id),
                };
                format!("{:?}", book.payme(&create, now))
            }
            Call::Perform(which) => {
                let id = ExternalId::new(PAYME_IDS[which]);
                format!("{:?}", book.payme(&Perform { id }, now))
            }
            Call::Cancel(which) => {
                let id = ExternalId::new(PAYME_IDS[which]);
                format!("{:?}", book.payme(&Cancel { id, reason: 5 }, now))
            }
            Call::Check(which) => {
                let id = ExternalId::new(PAYME_IDS[which]);
                format!("{:?}", book.payme(&Check { id }, now))
            }
            Call::Prepare(which) => {
                let prepare = Prepare {
                    click_trans_id: CLICK_IDS[which],
                    paydoc_id: None,
                    order: Some(order_id),
                    amount: total,
                    error: 0,
                };
                format!("{:?}", book.prepare(&prepare, now))
            }
            Call::Complete(which) => format!("{:?}", book.complete(&completing(&book.bill, which, 0), now)),
            Call::Fail(which) => format!("{:?}", book.complete(&completing(&book.bill, which, -5017), now)),
        }
    }

    fn act(&mut self, act: Act) {
        let (book, now) = (&mut self.book, self.now);
        match act {
            Act::Call(call) => drop(self.call(call)),
            Act::Start(provider) => {
                if let Ok(started) = book.bill.start(provider, true, now) {
                    book.carry_out(&started.effects);
                }
            }
            Act::GiveUp => book.give_up(now),
            Act::Expire => book.expire(now),
            Act::Cash => {
                let _ = book.receive_cash(now);
            }
            Act::RefundByHand => {
                let _ = book.refund_by_hand(now);
            }
            Act::Reversed => book.reverse_all(now),
            Act::Advance => book.advance(),
            Act::Wait(minutes) => self.now += TimeDelta::minutes(minutes),
        }
    }
}

fn completing(bill: &Bill, which: usize, error: i64) -> Complete {
    let attempt = bill.called(Provider::Click, &ExternalId::of_number(CLICK_IDS[which]));
    Complete {
        click_trans_id: CLICK_IDS[which],
        paydoc_id: None,
        order: Some(bill.order_id),
        prepare_id: attempt.map(|attempt| attempt.id),
        amount: Some(bill.order.total_price),
        error,
    }
}

fn of(total: Money) -> Bill {
    let mut bill = awaiting();
    bill.order.total_price = total;
    bill
}

/// The calls, each up to three times, in any order.
fn shuffled(calls: &'static [Call]) -> impl Strategy<Value = Vec<Call>> {
    prop::collection::vec(0..calls.len(), 0..9)
        .prop_map(move |picks| picks.into_iter().map(|pick| calls[pick]).collect())
}

/// Shuffled and repeated calls, then the provider's own repeats in order: where the order stands.
fn ending(mixed: &[Call], in_order: &[Call]) -> String {
    let mut world = World::of(awaiting());
    for call in mixed.iter().chain(in_order) {
        world.call(*call);
        world.now += TimeDelta::seconds(1);
    }
    world.book.story()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    // Law: whatever happens, money is here once, one transaction is open, and the order's money agrees with its rows (the book asserts these
    // after every effect); no order is paid and cancelled unless its money is to go back or is; goods go back once.
    #[test]
    fn money_is_here_once_and_agrees_whatever_happens(
        tiyin in prop_oneof![Just(1), Just(Money::MAX_TOTAL.tiyin()), 1..=Money::MAX_TOTAL.tiyin()],
        acts in prop::collection::vec(act(), 1..40),
    ) {
        let mut world = World::of(of(Money::from_tiyin(tiyin)));

        for act in acts {
            world.act(act);

            let (book, order) = (&world.book, world.book.bill.order);
            prop_assert!(book.bill.is_consistent(), "{}", book.story());
            let is_cancelled = order.status == OrderStatus::Cancelled;
            prop_assert_eq!(book.times_cancelled, usize::from(is_cancelled));
            if is_cancelled && book.bill.paid_by().is_some() {
                prop_assert_eq!(order.payment_status, PaymentStatus::RefundPending);
            }
        }
    }

    // Law: what was taken for an order that is cancelled finds its way back, to the last payment; what Click has, without anybody's hand.
    #[test]
    fn all_money_of_a_cancelled_order_goes_back(acts in prop::collection::vec(act(), 1..30)) {
        let mut world = World::of(awaiting());
        for act in acts {
            world.act(act);
        }
        world.act(Act::GiveUp);
        if world.book.bill.order.status != OrderStatus::Cancelled { return Ok(()) }

        let is_here = |state| state == PaymentState::Success;
        world.act(Act::Reversed);
        let at_click = |payment: &Payment| payment.provider == Provider::Click && is_here(payment.state);
        prop_assert!(!world.book.bill.payments.iter().any(at_click), "{}", world.book.story());
        while world.book.refund_by_hand(world.now).is_ok() {}

        prop_assert!(!world.book.bill.payments.iter().any(|payment| is_here(payment.state)), "{}", world.book.story());
        prop_assert!(world.book.bill.order.payment_status != PaymentStatus::RefundPending, "{}", world.book.story());
    }

    // Law: a call that comes again gets the same answer and changes nothing; only Click hears of a payment it has made that it is made.
    #[test]
    fn a_repeated_call_gets_the_same_answer_and_changes_nothing(
        acts in prop::collection::vec(act(), 0..25),
        call in call(),
    ) {
        let mut world = World::of(awaiting());
        for act in acts {
            world.act(act);
        }

        let first = world.call(call);
        let after = (world.book.bill.clone(), world.book.log(), world.book.reversals.len(), world.book.alerts.len());
        let again = world.call(call);

        let expected = match call {
            Call::Complete(_) => first.replace("(0, ", "(-4, "),
            _ => first,
        };
        prop_assert_eq!(again, expected);
        let book = &world.book;
        prop_assert_eq!((book.bill.clone(), book.log(), book.reversals.len(), book.alerts.len()), after);
    }

    // Law: calls of one transaction, repeated and in any order, end as in order once the provider has said all of it.
    #[test]
    fn shuffled_and_repeated_calls_end_as_in_order(
        paying in shuffled(&[Call::Create(0), Call::Check(0), Call::Perform(0)]),
        cancelling in shuffled(&[Call::Create(0), Call::Check(0), Call::Cancel(0)]),
        clicking in shuffled(&[Call::Prepare(0), Call::Complete(0)]),
        failing in shuffled(&[Call::Prepare(0), Call::Fail(0)]),
    ) {
        let paid = ending(&paying, &[Call::Create(0), Call::Perform(0)]);
        let cancelled = ending(&cancelling, &[Call::Create(0), Call::Cancel(0)]);
        let clicked = ending(&clicking, &[Call::Prepare(0), Call::Complete(0)]);
        let failed = ending(&failing, &[Call::Prepare(0), Call::Fail(0)]);

        prop_assert_eq!(paid, "paid paid; payme success; payme performed");
        prop_assert_eq!(cancelled, "unpaid awaiting_payment; payme cancelled; payme cancelled 5");
        prop_assert_eq!(clicked, "paid paid; click success; click performed");
        prop_assert_eq!(failed, "unpaid awaiting_payment; click failed; click cancelled -5017");
    }

    // Law: of Perform and Cancel in any order, the money is kept by nobody once both were said.
    #[test]
    fn perform_against_cancel_keeps_no_money(
        mixed in shuffled(&[Call::Create(0), Call::Perform(0), Call::Cancel(0)]),
        performs_first in any::<bool>(),
    ) {
        let last = if performs_first {
            [Call::Create(0), Call::Perform(0), Call::Cancel(0)]
        } else {
            [Call::Create(0), Call::Cancel(0), Call::Perform(0)]
        };

        let story = ending(&mixed, &last);

        let ends = [
            "unpaid awaiting_payment; payme cancelled; payme cancelled 5",
            "refunded cancelled; payme refunded; payme reversed 5",
        ];
        prop_assert!(ends.contains(&story.as_str()), "{}", story);
    }

    // Law: of two payers at two providers at once, one pays at most, and nothing is taken that the order does not cost.
    #[test]
    fn two_providers_at_once_take_the_money_once(
        calls in prop::collection::vec(
            prop_oneof![
                Just(Call::Create(0)), Just(Call::Perform(0)), Just(Call::Prepare(0)), Just(Call::Complete(0)),
                Just(Call::Prepare(1)), Just(Call::Complete(1)),
            ],
            1..16,
        ),
    ) {
        let mut world = World::of(awaiting());
        for call in calls {
            world.call(call);
        }
        world.act(Act::Reversed);

        let kept = world.book.bill.payments.iter().filter(|payment| payment.state == PaymentState::Success);
        let kept = Money::checked_sum(kept.map(|payment| payment.amount));
        prop_assert!(kept == Some(Money::ZERO) || kept == Some(TOTAL), "{}", world.book.story());
    }
}
