//! Many at once, at two servers.

use chrono::TimeDelta;
use savdo_domain::access::Role;
use savdo_services::orders;
use savdo_services::testing::at_once;
use savdo_tests::Fleet;
use serde_json::json;

use crate::words::{
    ORDERS, SALES, buyers, count, counts, insisting, medicine, ordered, pharmacy, put, sale_of_one, statuses, to_pay,
};

#[test]
fn the_last_piece_goes_to_one_of_fifty_buyers() {
    let fleet = Fleet::new();
    let shop = pharmacy(&fleet);
    let product = medicine(&fleet, &shop, "Aspirin", "1");
    let buyers = buyers(&fleet, product, 50);

    let answers = at_once(50, |buyer| buyers[buyer].post(ORDERS, &to_pay("cash")));

    assert_eq!(statuses(&answers), counts((201, 1), (409, 49)));
    let refused = answers.iter().filter(|answer| answer.status == 409);
    assert!(
        refused
            .into_iter()
            .all(|answer| answer.text("/code") == "insufficient_stock")
    );
    assert_eq!(count(&fleet, "orders"), 1);
    fleet.verify();
}

#[test]
fn one_cart_sent_eight_times_under_one_key_is_one_order() {
    let fleet = Fleet::new();
    let shop = pharmacy(&fleet);
    let product = medicine(&fleet, &shop, "Aspirin", "100");
    let client = fleet.client_of(&fleet.world.customer());

    for round in 1..=5 {
        put(&client, product);
        let key = format!("savat-{round}");
        let answers = at_once(8, |_| insisting(&client, &key, ORDERS, &to_pay("cash")));

        assert_eq!(statuses(&answers), [201; 8]);
        assert!(answers.iter().all(|answer| answer.text == answers[0].text));
        let replayed = answers
            .iter()
            .filter(|answer| answer.header("idempotent-replayed") == "true");
        assert_eq!((replayed.count(), count(&fleet, "orders")), (7, round));
    }
    fleet.verify();
}

#[test]
fn the_counter_and_the_online_shop_sell_what_there_is_and_no_more() {
    let fleet = Fleet::new();
    let shop = pharmacy(&fleet);
    let product = medicine(&fleet, &shop, "Aspirin", "8");
    let online = buyers(&fleet, product, 8);
    let counter = fleet.client_of(&shop.owner);
    let sale = sale_of_one(&shop, product);

    let answers = at_once(16, |buyer| match online.get(buyer) {
        Some(client) => client.post(ORDERS, &to_pay("cash")),
        None => counter.post(SALES, &sale),
    });

    let sold = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(
        (sold, count(&fleet, "orders") + count(&fleet, "sales")),
        (8, 8),
        "{:?}",
        statuses(&answers)
    );
    assert!(
        fleet
            .world
            .levels()
            .iter()
            .all(|level| level.starts_with(&format!("{product}: 0 0 ")))
    );
    fleet.verify();
}

#[test]
fn the_last_piece_goes_over_the_counter_or_online() {
    let fleet = Fleet::new();
    let shop = pharmacy(&fleet);
    let counter = fleet.client_of(&shop.owner);

    for round in 1..=6 {
        let product = medicine(&fleet, &shop, &format!("Aspirin {round}"), "1");
        let online = buyers(&fleet, product, 1);
        let sale = sale_of_one(&shop, product);

        let answers = at_once(2, |channel| match online.get(channel) {
            Some(client) => client.post(ORDERS, &to_pay("cash")),
            None => counter.post(SALES, &sale),
        });

        let sold = answers.iter().filter(|answer| answer.status == 201).count();
        assert_eq!((sold, count(&fleet, "orders") + count(&fleet, "sales")), (1, round));
    }
    fleet.verify();
}

#[test]
fn one_sale_sent_eight_times_under_one_key_is_one_sale() {
    let fleet = Fleet::new();
    let shop = pharmacy(&fleet);
    let product = medicine(&fleet, &shop, "Aspirin", "100");
    let seller = fleet.client_of(&fleet.world.hire(&shop, Role::Seller));
    let sale = sale_of_one(&shop, product);

    for round in 1..=5 {
        let key = format!("chek-{round}");
        let answers = at_once(8, |_| insisting(&seller, &key, SALES, &sale));

        assert_eq!(statuses(&answers), [201; 8]);
        assert!(answers.iter().all(|answer| answer.text == answers[0].text));
        assert_eq!(count(&fleet, "sales"), round);
    }
    assert_eq!(count(&fleet, "stock_movements WHERE quantity < 0"), 5);
    fleet.verify();
}

#[test]
fn an_order_is_packed_or_cancelled_and_never_both() {
    let fleet = Fleet::new();
    let shop = pharmacy(&fleet);
    let product = medicine(&fleet, &shop, "Aspirin", "10");
    let client = fleet.client_of(&fleet.world.customer());
    let operator = fleet.client_of(&fleet.world.hire(&shop, Role::Operator));

    for _ in 0..8 {
        let order = ordered(&client, product, "cash");
        let answers = at_once(4, |thread| match thread % 2 {
            0 => client.post(&format!("{order}cancel/"), &json!({ "reason": "Kerak emas" })),
            _ => operator.post(&format!("{order}status/"), &json!({ "status": "ready_for_delivery" })),
        });

        assert_eq!(statuses(&answers), counts((200, 1), (409, 3)));
        let is_cancelled = answers.iter().step_by(2).any(|answer| answer.status == 200);
        let expected = if is_cancelled {
            "cancelled"
        } else {
            "ready_for_delivery"
        };
        assert_eq!(client.get(&order).text("/status"), expected);
    }
    fleet.verify();
}

#[test]
fn an_order_expires_or_its_cash_is_taken() {
    let fleet = Fleet::new();
    let shop = pharmacy(&fleet);
    let product = medicine(&fleet, &shop, "Aspirin", "100");
    let client = fleet.client_of(&fleet.world.customer());
    let operator = fleet.client_of(&fleet.world.hire(&shop, Role::Operator));
    let context = &fleet.world.context;

    for _ in 0..8 {
        let order = ordered(&client, product, "online");
        // The clock of the job alone, which is one worker more, goes ahead of the servers'.
        fleet.world.clock.advance(TimeDelta::hours(2));
        let outcomes = at_once(2, |thread| match thread {
            0 => {
                operator
                    .post(&format!("{order}cash-received/"), &json!({ "amount": "12000.00" }))
                    .status
                    == 200
            }
            _ => orders::expire_due(context).is_ok_and(|count| count > 0),
        });
        fleet.world.clock.advance(TimeDelta::hours(-2));

        assert_eq!(outcomes.iter().filter(|has_won| **has_won).count(), 1, "{outcomes:?}");
        let seen = client.get(&order);
        let expected = if outcomes[0] {
            ("paid", "paid")
        } else {
            ("cancelled", "unpaid")
        };
        assert_eq!((seen.text("/status"), seen.text("/payment_status")), expected);
    }
    fleet.verify();
}
