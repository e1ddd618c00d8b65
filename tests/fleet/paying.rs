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

    /// The same with a transaction of Payme's open.
    fn opened(&self) -> String {
        let order = self.order();
        assert_eq!(
            self.provider.create(&called(&order), &order).integer("/result/state"),
            1
        );
        order
    }

    fn stands(&self, order: &str) -> (String, String) {
        let seen = self.buyer.get(order).expect_status(200);
        (seen.text("/status").to_owned(), seen.text("/payment_status").to_owned())
    }

    /// Moves that race, each told whether it won.
    fn performs(&self, order: &str) -> bool {
        self.provider.perform(&called(order)).body.get("result").is_some()
    }

    fn pays(&self, order: &str) -> bool {
        let created = self.provider.create(&called(order), order);
        created.body.get("result").is_some() && self.performs(order)
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
    let (by_payme, by_click) = (street.opened(), street.order());
    let prepare_id = street.provider.prepare("3000000001", &by_click).unwrap();

    let performed = at_once(20, |_| street.provider.perform(&called(&by_payme)));
    let completed = at_once(20, |_| street.provider.complete(("3000000001", &by_click), prepare_id));

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
    let street = Street::new();

    for round in 0..6 {
        let order = street.order();
        let click = format!("300000000{round}");
        let paid = at_once(2, |provider| match provider {
            0 => street.pays(&order),
            _ => {
                let prepare_id = street.provider.prepare(&click, &order);
                prepare_id.is_some_and(|id| street.provider.complete((&click, &order), id).integer("/error") == 0)
            }
        });

        assert_eq!(paid.iter().filter(|paid| **paid).count(), 1, "{paid:?}");
        assert_eq!(street.holds(&order), ("paid".to_owned(), "paid".to_owned()));
    }
    street.agrees();
}

#[test]
fn an_order_is_paid_by_payme_or_cancelled_and_owed_its_money() {
    let street = Street::new();

    for _ in 0..6 {
        let order = street.opened();
        let won = at_once(2, |hand| {
            if hand == 0 {
                street.performs(&order)
            } else {
                street.gives_up(&order)
            }
        });

        let stands = street.holds(&order);
        assert!(won[1], "staff cancel a paid order too");
        let expected = if won[0] { "refund_pending" } else { "unpaid" };
        assert_eq!(
            (stands.0.as_str(), stands.1.as_str()),
            ("cancelled", expected),
            "{won:?}"
        );
        if won[0] {
            assert_eq!(street.provider.cancel(&called(&order)).integer("/result/state"), -2);
            assert_eq!(street.holds(&order).1, "refunded");
        }
    }
    street.agrees();
}

#[test]
fn an_order_is_paid_or_its_time_is_over() {
    let street = Street::new();

    for round in 0..8 {
        // With a transaction that is open it waits for that one's twelve hours.
        let is_open = round < 4;
        let order = if is_open { street.opened() } else { street.order() };
        let ahead = TimeDelta::hours(if is_open { 13 } else { 2 });
        street.fleet.world.clock.advance(ahead);
        let won = at_once(2, |hand| match (hand, is_open) {
            (0, true) => street.performs(&order),
            (0, false) => street.pays(&order),
            _ => {
                // The job is quicker than a call: it begins later every other time.
                if round % 2 == 1 {
                    street.stands(&order);
                }
                street.expires()
            }
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
fn an_order_is_paid_in_cash_or_by_payme_and_never_by_both() {
    let street = Street::new();

    for _ in 0..6 {
        let order = street.order();
        let won = at_once(2, |hand| {
            if hand == 0 {
                street.takes_cash(&order)
            } else {
                street.pays(&order)
            }
        });

        assert_eq!(won.iter().filter(|won| **won).count(), 1, "{won:?}");
        assert_eq!(street.holds(&order), ("paid".to_owned(), "paid".to_owned()));
    }
    street.agrees();
}

#[test]
fn an_order_in_cash_is_cancelled_and_owed_or_never_paid() {
    let street = Street::new();

    for _ in 0..6 {
        let order = street.order();
        let won = at_once(2, |hand| {
            if hand == 0 {
                street.takes_cash(&order)
            } else {
                street.gives_up(&order)
            }
        });

        let stands = street.holds(&order);
        assert!(won[1], "staff cancel a paid order too");
        let expected = if won[0] { "refund_pending" } else { "unpaid" };
        assert_eq!(
            (stands.0.as_str(), stands.1.as_str()),
            ("cancelled", expected),
            "{won:?}"
        );
    }
    street.agrees();
}

#[test]
fn an_order_is_given_back_once_when_it_is_cancelled_and_its_time_is_over() {
    let street = Street::new();

    for _ in 0..6 {
        let order = street.opened();
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
                            let id = format!("4{:0>9}", number(order));
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
