//! Providers, buyers, staff and time at one order, at two servers.

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::TimeDelta;
use savdo_domain::access::Role;
use savdo_services::orders;
use savdo_services::testing::at_once;
use savdo_tests::{Client, Fleet, eventually};
use serde_json::json;

use crate::providers::{Provider, number};
use crate::words::{count, medicine, ordered, pharmacy};

/// A transaction of Payme's of an order: 24 hexadecimal digits.
fn called(order: &str) -> String {
    format!("{:0>24}", number(order))
}

/// An attempt of Click's of an order: ten digits.
fn attempted(order: &str) -> String {
    format!("3{:0>9}", number(order))
}

/// By whom an order may be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Payer {
    Payme,
    Click,
    Cash,
}

/// An order that one of them may pay now.
struct Ready {
    order: String,
    payer: Payer,
    /// Our number of the attempt of Click's.
    prepare_id: i64,
}

/// A fleet with a pharmacy, its buyer and its operator.
struct Street {
    fleet: Fleet,
    product: savdo_domain::ids::ProductId,
    buyer: Client,
    operator: Client,
    provider: Provider,
}

impl Street {
    fn new() -> Self {
        let fleet = Fleet::new();
        let shop = pharmacy(&fleet);
        Self {
            product: medicine(&fleet, &shop, "Aspirin", "200"),
            buyer: fleet.client_of(&fleet.world.customer()),
            operator: fleet.client_of(&fleet.world.hire(&shop, Role::Operator)),
            provider: Provider::of(&fleet),
            fleet,
        }
    }

    fn order(&self) -> String {
        ordered(&self.buyer, self.product, "online")
    }

    /// The same with a transaction or an attempt open, where there is one.
    fn opened(&self, payer: Payer) -> Ready {
        let order = self.order();
        let opened = self.opens(&order, payer);
        opened.unwrap_or_else(|| panic!("{order} is not opened by {payer:?}"))
    }

    fn opens(&self, order: &str, payer: Payer) -> Option<Ready> {
        let prepare_id = match payer {
            Payer::Payme => {
                let created = self.provider.create(&called(order), order);
                created.body.get("result").map(|_| 0)
            }
            Payer::Click => self.provider.prepare(&attempted(order), order),
            Payer::Cash => Some(0),
        };
        prepare_id.map(|prepare_id| Ready {
            order: order.to_owned(),
            payer,
            prepare_id,
        })
    }

    fn stands(&self, order: &str) -> (String, String) {
        let seen = self.buyer.get(order).expect_status(200);
        (seen.text("/status").to_owned(), seen.text("/payment_status").to_owned())
    }

    /// Moves that race, each told whether it won.
    fn takes(&self, ready: &Ready) -> bool {
        match ready.payer {
            Payer::Payme => self.performs(&ready.order),
            Payer::Click => self.completes(ready),
            Payer::Cash => self.takes_cash(&ready.order),
        }
    }

    fn performs(&self, order: &str) -> bool {
        self.provider.perform(&called(order)).body.get("result").is_some()
    }

    fn completes(&self, Ready { order, prepare_id, .. }: &Ready) -> bool {
        let completed = self.provider.complete((&attempted(order), order), *prepare_id);
        let code = completed.integer("/error");
        assert!([0, -9].contains(&code), "{}", completed.text);
        code == 0
    }

    fn pays(&self, order: &str, payer: Payer) -> bool {
        self.opens(order, payer).is_some_and(|ready| self.takes(&ready))
    }

    fn takes_cash(&self, order: &str) -> bool {
        let cash = json!({ "amount": "12000.00" });
        self.operator.post(&format!("{order}cash-received/"), &cash).status == 200
    }

    fn gives_up(&self, order: &str) -> bool {
        let why = json!({ "reason": "Kerak emas" });
        self.operator.post(&format!("{order}cancel/"), &why).status == 200
    }

    /// The clock of the job alone, which is one worker more, goes ahead of the servers'.
    fn expires(&self) -> bool {
        orders::expire_due(&self.fleet.world.context).is_ok_and(|count| count > 0)
    }

    /// Never paid and cancelled without money that is to go back, and one capture at the most.
    fn holds(&self, order: &str) -> (String, String) {
        let stands = self.stands(order);
        let captured = count(
            &self.fleet,
            &format!("payments WHERE order_id = {} AND status = 'success'", number(order)),
        );
        let expected = match (stands.0.as_str(), stands.1.as_str()) {
            ("paid", "paid") | ("cancelled", "refund_pending") => Some(1),
            ("cancelled", "unpaid" | "refunded") | ("awaiting_payment", "unpaid" | "pending") => Some(0),
            _ => None,
        };
        assert_eq!(Some(captured), expected, "{order}: {stands:?}");
        stands
    }

    /// The books agree, and what is not sold lies on the shelf: one piece is away for each order that is not cancelled.
    fn agrees(&self) {
        let sold = count(&self.fleet, "orders WHERE status <> 'cancelled'");
        let lying = format!("{}000", 200_usize.saturating_sub(sold));
        let levels = self.fleet.world.levels();
        assert!(
            levels
                .iter()
                .any(|level| level.starts_with(&format!("{}: {lying} {lying} ", self.product))),
            "{lying}: {levels:?}"
        );
        self.fleet.verify();
    }
}

#[test]
fn twenty_performs_are_one_capture_and_twenty_completes_too() {
    let street = Street::new();
    let (by_payme, by_click) = (street.opened(Payer::Payme).order, street.opened(Payer::Click));
    let Ready {
        order: by_click,
        prepare_id,
        ..
    } = by_click;
    let id = attempted(&by_click);

    let performed = at_once(20, |_| street.provider.perform(&called(&by_payme)));
    let completed = at_once(20, |_| street.provider.complete((&id, &by_click), prepare_id));

    assert!(
        performed.iter().all(|answer| answer.text == performed[0].text),
        "{}",
        performed[0].text
    );
    assert_eq!(performed[0].integer("/result/state"), 2);
    let codes = completed.iter().map(|answer| answer.integer("/error"));
    let mut codes: Vec<_> = codes.collect();
    codes.sort_unstable();
    assert_eq!(codes, [vec![-4; 19], vec![0]].concat());
    for order in [&by_payme, &by_click] {
        assert_eq!(street.holds(order), ("paid".to_owned(), "paid".to_owned()));
    }
    assert_eq!(count(&street.fleet, "outbox WHERE event = 'order.paid'"), 2);
    assert_eq!(count(&street.fleet, "outbox WHERE event = 'payment.succeeded'"), 2);
    eventually("the buyer is told of both", || {
        count(&street.fleet, "outbox_dispatches WHERE status IN ('waiting', 'leased')") == 0
    });
    let told = "notifications WHERE notice_type = 'order_paid' AND channel = 'system' AND user_id IN (SELECT buyer_id FROM orders)";
    assert_eq!(count(&street.fleet, told), 2);
    street.agrees();
}

#[test]
fn of_payme_and_click_at_once_one_is_paid() {
    one_of_two_pays(Payer::Payme, Payer::Click);
}

#[test]
fn an_order_is_paid_in_cash_or_by_payme_and_never_by_both() {
    one_of_two_pays(Payer::Cash, Payer::Payme);
}

#[test]
fn an_order_is_paid_in_cash_or_by_click_and_never_by_both() {
    one_of_two_pays(Payer::Cash, Payer::Click);
}

fn one_of_two_pays(one: Payer, other: Payer) {
    let street = Street::new();

    for _ in 0..6 {
        let order = street.order();
        let paid = at_once(2, |hand| street.pays(&order, if hand == 0 { one } else { other }));

        assert_eq!(paid.iter().filter(|paid| **paid).count(), 1, "{paid:?}");
        assert_eq!(street.holds(&order), ("paid".to_owned(), "paid".to_owned()));
    }
    street.agrees();
}

#[test]
fn an_order_is_paid_by_payme_or_cancelled_and_owed_its_money() {
    is_cancelled_and_owed_what_was_taken(Payer::Payme);
}

#[test]
fn an_order_is_paid_by_click_or_cancelled_and_owed_its_money() {
    is_cancelled_and_owed_what_was_taken(Payer::Click);
}

#[test]
fn an_order_in_cash_is_cancelled_and_owed_or_never_paid() {
    is_cancelled_and_owed_what_was_taken(Payer::Cash);
}

fn is_cancelled_and_owed_what_was_taken(payer: Payer) {
    let street = Street::new();

    for _ in 0..6 {
        let ready = street.opened(payer);
        let order = &ready.order;
        let won = at_once(2, |hand| {
            if hand == 0 {
                street.takes(&ready)
            } else {
                street.gives_up(order)
            }
        });

        let stands = street.holds(order);
        assert!(won[1], "staff cancel a paid order too");
        let expected = if won[0] { "refund_pending" } else { "unpaid" };
        assert_eq!(stands, ("cancelled".to_owned(), expected.to_owned()), "{won:?}");
        match payer {
            Payer::Payme if won[0] => {
                assert_eq!(street.provider.cancel(&called(order)).integer("/result/state"), -2);
                assert_eq!(street.holds(order).1, "refunded");
            }
            Payer::Click => {
                let of = format!(
                    "payment_id IN (SELECT id FROM payments WHERE order_id = {})",
                    number(order)
                );
                let asked_back = count(
                    &street.fleet,
                    &format!("payment_logs WHERE event = 'refund_requested' AND {of}"),
                );
                assert_eq!(asked_back, usize::from(won[0]), "Click is asked to give it back");
            }
            Payer::Payme | Payer::Cash => {}
        }
    }
    street.agrees();
}

#[test]
fn an_order_is_paid_by_payme_or_its_time_is_over() {
    // A transaction that is open keeps it for twelve hours.
    is_paid_or_over(Payer::Payme, TimeDelta::hours(13));
}

#[test]
fn an_order_is_paid_by_click_or_its_time_is_over() {
    // An attempt that is open keeps it for half an hour, which ends before its own time does.
    is_paid_or_over(Payer::Click, TimeDelta::hours(2));
}

fn is_paid_or_over(payer: Payer, when_opened: TimeDelta) {
    let street = Street::new();

    for round in 0..8 {
        let order = street.order();
        let opened = if round < 4 { street.opens(&order, payer) } else { None };
        let ahead = opened.as_ref().map_or(TimeDelta::hours(2), |_| when_opened);
        street.fleet.world.clock.advance(ahead);
        let won = at_once(2, |hand| {
            if hand == 0 {
                return opened
                    .as_ref()
                    .map_or_else(|| street.pays(&order, payer), |ready| street.takes(ready));
            }
            // The job is quicker than a call: it begins later every other time.
            if round % 2 == 1 {
                street.stands(&order);
            }
            street.expires()
        });
        street.fleet.world.clock.advance(-ahead);

        let stands = street.holds(&order);
        let expected = if won[0] {
            ("paid", "paid")
        } else {
            ("cancelled", "unpaid")
        };
        assert_eq!((stands.0.as_str(), stands.1.as_str()), expected, "{won:?}");
    }
    street.agrees();
}

#[test]
fn an_order_is_given_back_once_when_it_is_cancelled_and_its_time_is_over() {
    let street = Street::new();

    for _ in 0..6 {
        let order = street.opened(Payer::Payme).order;
        street.fleet.world.clock.advance(TimeDelta::hours(13));
        let won = at_once(2, |hand| {
            if hand == 0 {
                street.gives_up(&order)
            } else {
                street.expires()
            }
        });
        street.fleet.world.clock.advance(-TimeDelta::hours(13));

        assert!(won.iter().any(|won| *won), "{won:?}");
        assert_eq!(street.holds(&order), ("cancelled".to_owned(), "unpaid".to_owned()));
    }
    street.agrees();
}

#[test]
fn a_server_dies_amid_calls_and_their_repeats_get_the_right_answers() {
    const ORDERS: usize = 24;
    let mut street = Street::new();
    let orders: Vec<_> = (0..ORDERS).map(|_| street.order()).collect();
    let done = AtomicUsize::new(0);
    let provider = Provider::of(&street.fleet);

    std::thread::scope(|scope| {
        let (done, provider) = (&done, &provider);
        let calling: Vec<_> = orders
            .chunks(ORDERS / 4)
            .map(|orders| {
                scope.spawn(move || {
                    for (place, order) in orders.iter().enumerate() {
                        if place % 2 == 0 {
                            assert_eq!(provider.create(&called(order), order).integer("/result/state"), 1);
                            done.fetch_add(1, Ordering::SeqCst);
                            assert_eq!(provider.perform(&called(order)).integer("/result/state"), 2);
                        } else {
                            let id = attempted(order);
                            let prepare_id = provider.prepare(&id, order).unwrap();
                            done.fetch_add(1, Ordering::SeqCst);
                            let completed = provider.complete((&id, order), prepare_id).integer("/error");
                            // Its answer may have been lost with the server: then this was the repeat.
                            assert!([0, -4].contains(&completed), "{completed}");
                        }
                        done.fetch_add(1, Ordering::SeqCst);
                    }
                })
            })
            .collect();
        eventually("the calls are under way", || done.load(Ordering::SeqCst) >= ORDERS / 2);
        street.fleet.kill_server(0);
        assert!(done.load(Ordering::SeqCst) < 2 * ORDERS, "it died when all was over");
        for thread in calling {
            thread.join().unwrap();
        }
    });

    for order in &orders {
        assert_eq!(street.holds(order), ("paid".to_owned(), "paid".to_owned()));
    }
    assert_eq!(count(&street.fleet, "outbox WHERE event = 'order.paid'"), ORDERS);
    assert_eq!(count(&street.fleet, "payments WHERE status = 'success'"), ORDERS);
    street.agrees();
}
