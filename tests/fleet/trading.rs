//! Staff and customers at one thing, at two servers: of what can happen once, one does it.

use savdo_domain::access::Role;
use savdo_services::testing::{Goods, at_once, money, picture, receipt};
use savdo_tests::{Answer, Fleet, Form};
use serde_json::json;

use crate::words::{ORDERS, SALES, count, medicine, ordered, pharmacy, put, sale_of_one, to_pay};

const SHIFTS: &str = "/api/v1/shifts/";
const RETURNS: &str = "/api/v1/sale-returns/";
const PRESCRIPTIONS: &str = "/api/v1/pharmacy/prescriptions/";
/// So often something is raced for.
const ROUNDS: usize = 5;
const AT_ONCE: usize = 8;

/// The answer of the one who came through; the others were told why not.
fn winner(answers: &[Answer]) -> &Answer {
    let told: Vec<_> = answers.iter().map(|answer| (answer.status, &answer.text)).collect();
    assert!(answers.iter().all(|answer| answer.status < 500), "{told:?}");
    let won: Vec<_> = answers.iter().filter(|answer| answer.status < 300).collect();
    match won.as_slice() {
        [one] => one,
        _ => panic!("{} came through: {told:?}", won.len()),
    }
}

#[test]
fn of_many_who_open_a_shift_one_does_and_of_many_who_close_it_one() {
    let fleet = Fleet::new();
    let shop = fleet.world.shop();
    fleet.world.use_shifts(&shop);
    let owner = fleet.client_of(&shop.owner);
    let body = json!({ "branch": shop.branch_id, "cash_start": "100000.00" });

    for round in 1..=ROUNDS {
        let opened = at_once(AT_ONCE, |_| owner.post(SHIFTS, &body));
        let shift = format!("{SHIFTS}{}/close/", winner(&opened).integer("/data/id"));
        let closed = at_once(AT_ONCE, |_| owner.patch(&shift, &json!({ "cash_end": "100000.00" })));

        winner(&closed);
        assert_eq!(count(&fleet, "shifts WHERE status = 'closed'"), round);
    }
    fleet.verify();
}

#[test]
fn the_last_piece_is_brought_back_once_and_its_return_confirmed_once() {
    let fleet = Fleet::new();
    let shop = fleet.world.shop();
    let product = fleet
        .world
        .product(&shop, Goods::named("Choynak").at(money("12000.00")));
    fleet.world.receive(&shop, receipt(&shop, product, "10", "500.00"));
    let owner = fleet.client_of(&shop.owner);

    for round in 1..=ROUNDS {
        let sold = owner.post(SALES, &sale_of_one(&shop, product)).expect_status(201);
        let back = json!({ "sale": sold.integer("/data/id"), "items": [{ "product": product, "quantity": 1 }] });
        let brought = at_once(AT_ONCE, |_| owner.post(RETURNS, &back));
        let confirm = format!("{RETURNS}{}/confirm/", winner(&brought).integer("/data/id"));
        let confirmed = at_once(AT_ONCE, |_| owner.act(&confirm));

        winner(&confirmed);
        assert_eq!(
            count(&fleet, "stock_movements WHERE document_type = 'sale_return'"),
            round
        );
    }
    fleet.verify();
}

#[test]
fn a_prescription_is_approved_or_rejected() {
    let fleet = Fleet::new();
    let shop = pharmacy(&fleet);
    let tramadol = Goods {
        needs_prescription: true,
        ..Goods::named("Tramadol").at(money("12000.00"))
    };
    let product = fleet.world.online_product(&shop, tramadol);
    fleet.world.receive(&shop, receipt(&shop, product, "10", "500.00"));
    let buyer = fleet.client_of(&fleet.world.customer());
    let operator = fleet.client_of(&fleet.world.hire(&shop, Role::Operator));

    for _ in 0..ROUNDS {
        put(&buyer, product);
        let order = buyer.post(ORDERS, &to_pay("online")).expect_status(201).integer("/id");
        let form = Form::of("order_id", &order.to_string()).file("images", "retsept.png", &picture(1).0);
        let shown = buyer.send_form("POST", PRESCRIPTIONS, &form).expect_status(201);
        let shown = format!("{PRESCRIPTIONS}{}/", shown.integer("/id"));
        let judged = at_once(AT_ONCE, |who| match who % 2 {
            0 => operator.act(&format!("{shown}approve/")),
            _ => operator.post(&format!("{shown}reject/"), &json!({ "reason": "Muhr yo'q" })),
        });

        let verdict = winner(&judged).text("/status").to_owned();
        let stands = buyer.get(&format!("{ORDERS}{order}/")).expect_status(200);
        let expected = match verdict.as_str() {
            "approved" => "awaiting_payment",
            _ => "awaiting_prescription",
        };
        assert_eq!(stands.text("/status"), expected, "{verdict}");
    }
    fleet.verify();
}

#[test]
fn an_order_given_to_two_couriers_at_once_is_with_one() {
    let fleet = Fleet::new();
    let shop = pharmacy(&fleet);
    let product = medicine(&fleet, &shop, "Aspirin", "20");
    let buyer = fleet.client_of(&fleet.world.customer());
    let operator = fleet.client_of(&fleet.world.hire(&shop, Role::Operator));
    let couriers = [(); 2].map(|()| fleet.world.hire(&shop, Role::Courier).user_id);

    for round in 1..=ROUNDS {
        let order = ordered(&buyer, product, "cash");
        let packed = json!({ "status": "ready_for_delivery" });
        let _ = operator.post(&format!("{order}status/"), &packed).expect_status(200);
        let given = at_once(AT_ONCE, |who| {
            let courier = couriers[who % couriers.len()];
            operator.post(&format!("{order}assign-courier/"), &json!({ "courier_id": courier }))
        });

        // Each takes it over from the one before him.
        assert!(given.iter().all(|answer| answer.status < 300), "{}", given[0].text);
        assert_eq!(count(&fleet, "deliveries WHERE status = 'ready'"), round);
    }
    fleet.verify();
}

#[test]
fn of_many_who_register_with_one_phone_all_hear_the_same_and_one_account_is_made() {
    let fleet = Fleet::new();
    let client = fleet.client();
    let before = count(&fleet, "users");

    for round in 1..=ROUNDS {
        let body = json!({
            "phone_number": format!("90777889{round}"), "password": "yangi-parol-1975", "first_name": "Aziza", "last_name": "Karimova",
        });
        let registered = at_once(AT_ONCE, |_| client.post("/api/v1/pharmacy/auth/register/", &body));

        assert!(
            registered
                .iter()
                .all(|answer| answer.status == registered[0].status && answer.status < 300)
        );
        assert_eq!(count(&fleet, "users"), before + round);
    }
    fleet.verify();
}
