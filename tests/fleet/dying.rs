//! A server that dies under load, and two workers that deliver what it left.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use savdo_domain::access::Role;
use savdo_tests::{Fleet, FleetPlan, eventually};

use crate::words::{ITEMS, ORDERS, SALES, count, insisting, medicine, one, pharmacy, sale_of_one, to_pay};

const BUYERS: usize = 6;
const SELLERS: usize = 2;
const ROUNDS: usize = 12;

#[test]
fn a_server_dies_under_load_and_no_order_is_lost_or_placed_twice() {
    let plan = FleetPlan::default();
    let mut fleet = Fleet::with(&plan, |_| vec![("SAVDO_SMS__GATEWAY", "log".to_owned())]);
    let shop = pharmacy(&fleet);
    let switched_on =
        "UPDATE notification_templates SET is_active = TRUE WHERE notice_type = 'order_created' AND channel = 'sms'";
    fleet.world.database.execute(switched_on);
    let product = medicine(&fleet, &shop, "Aspirin", "1000");
    let buyers: Vec<_> = (0..BUYERS).map(|_| fleet.client_of(&fleet.world.customer())).collect();
    let sellers: Vec<_> = (0..SELLERS)
        .map(|_| fleet.client_of(&fleet.world.hire(&shop, Role::Seller)))
        .collect();
    let sale = sale_of_one(&shop, product);
    let done = AtomicUsize::new(0);

    let answered: Vec<(&str, i64)> = std::thread::scope(|scope| {
        let (done, sale) = (&done, &sale);
        let buying = buyers.iter().enumerate().map(|(number, client)| {
            scope.spawn(move || {
                let buy = |round| {
                    let key = format!("{number}-{round}");
                    let put = insisting(client, &format!("savat-{key}"), ITEMS, &one(product));
                    assert_eq!(put.status, 201, "{}", put.text);
                    let order = insisting(client, &format!("buyurtma-{key}"), ORDERS, &to_pay("cash"));
                    done.fetch_add(1, Ordering::SeqCst);
                    ("order", order.expect_status(201).integer("/id"))
                };
                (0..ROUNDS).map(buy).collect::<Vec<_>>()
            })
        });
        let selling = sellers.iter().enumerate().map(|(number, client)| {
            scope.spawn(move || {
                let sell = |round| {
                    let sold = insisting(client, &format!("chek-{number}-{round}"), SALES, sale);
                    done.fetch_add(1, Ordering::SeqCst);
                    ("sale", sold.expect_status(201).integer("/data/id"))
                };
                (0..ROUNDS).map(sell).collect::<Vec<_>>()
            })
        });
        let threads: Vec<_> = buying.chain(selling).collect();
        eventually("the load is on", || {
            done.load(Ordering::SeqCst) >= (BUYERS + SELLERS) * ROUNDS / 4
        });
        fleet.kill_server(0);
        let before = done.load(Ordering::SeqCst);
        let answered = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
        assert!(before < (BUYERS + SELLERS) * ROUNDS, "it died when all was over");
        answered
    });

    let distinct: BTreeSet<_> = answered.iter().collect();
    assert_eq!(
        distinct.len(),
        (BUYERS + SELLERS) * ROUNDS,
        "none is answered twice with the same"
    );
    assert_eq!(
        (count(&fleet, "orders"), count(&fleet, "sales")),
        (BUYERS * ROUNDS, SELLERS * ROUNDS)
    );
    // Each event is told once, by whichever worker was first.
    eventually("all is delivered", || {
        count(&fleet, "outbox_dispatches WHERE status IN ('waiting', 'leased')") == 0
    });
    assert_eq!(
        count(&fleet, "outbox_dispatches WHERE status NOT IN ('sent', 'dismissed')"),
        0
    );
    let sent = count(&fleet, "outbox_dispatches WHERE sink = 'sms' AND status = 'sent'");
    assert_eq!(sent, BUYERS * ROUNDS);
    eventually("all is in the log", || {
        fleet.lines_of_workers("A short message to").len() >= sent
    });
    assert_eq!(fleet.lines_of_workers("A short message to").len(), sent);
    let told = "notifications WHERE notice_type = 'order_created' AND channel = 'sms'";
    assert_eq!(count(&fleet, told), BUYERS * ROUNDS);
    fleet.verify();
}
