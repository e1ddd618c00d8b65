//! Judging prescriptions, and what becomes of their orders.

use chrono::TimeDelta;
use savdo_domain::Refusal;
use savdo_domain::access::Role;
use savdo_domain::ids::PrescriptionId;
use savdo_domain::order::{HistorySource, OrderStatus, PaymentMethod};
use savdo_persistence::on_both;
use savdo_services::once::Unkeyed;
use savdo_services::orders::{AdvanceOrder, ReceiveCash};
use savdo_services::testing::{Mailbox, refusal};
use savdo_services::verify::verify;
use savdo_services::{Page, orders, prescriptions};

use crate::support::{Pharmacy, code};

on_both! {
    fn an_approved_prescription_lets_its_order_be_paid(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        let order = pharmacy.waiting();
        let id = pharmacy.submitted(order).prescription.id;

        let seen = pharmacy.approve(&pharmacy.operator, id).unwrap();

        assert_eq!(seen.prescription.reviewer.map(|reviewer| reviewer.id), Some(pharmacy.operator.user_id));
        assert!(seen.shows_patient);
        assert_eq!((pharmacy.standings(), pharmacy.orders()), (vec!["approved reviewed ".to_owned()], vec!["awaiting_payment unpaid".to_owned()]));
        let shown = pharmacy.seen(order);
        assert_eq!(shown.order.expires_at, Some(pharmacy.context().now() + TimeDelta::minutes(60)));
        assert!(shown.can_pay && shown.has_prescription);
        let last = orders::history(pharmacy.context(), &pharmacy.customer, order).unwrap().steps.pop().unwrap();
        assert_eq!((last.from, last.to, last.source), (OrderStatus::AwaitingPrescription, OrderStatus::AwaitingPayment, HistorySource::Prescription));
        let told = pharmacy.world.database.lines("SELECT event AS line FROM outbox WHERE event <> 'stock.changed' ORDER BY id");
        assert_eq!(told, ["order.created", "prescription.submitted", "order.status_changed", "prescription.approved"]);
        assert_eq!(verify(pharmacy.context()).unwrap().differences, []);
    }

    fn an_approved_prescription_of_a_cash_order_has_it_put_together(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        let order = pharmacy.order(PaymentMethod::Cash, true);
        let id = pharmacy.submitted(order).prescription.id;

        pharmacy.approve(&pharmacy.operator, id).unwrap();

        assert_eq!(pharmacy.orders(), ["preparing pending"]);
        assert_eq!(pharmacy.seen(order).order.expires_at, None);
        let expected = pharmacy.world.database.lines("SELECT provider || ' ' || status || ' ' || amount AS line FROM payments");
        assert_eq!(expected, ["cash pending 2400000"]);
    }

    fn a_rejected_prescription_starts_the_clock_anew(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        let order = pharmacy.waiting();
        let id = pharmacy.submitted(order).prescription.id;
        pharmacy.world.clock.advance(TimeDelta::days(10));

        pharmacy.reject(&pharmacy.operator, id).unwrap();

        assert_eq!(pharmacy.standings(), ["rejected reviewed Muhr ko'rinmaydi"]);
        let shown = pharmacy.seen(order);
        assert_eq!(shown.order.expires_at, Some(pharmacy.context().now() + TimeDelta::hours(72)));
        assert!(!shown.has_prescription);
        assert_eq!(pharmacy.orders(), ["awaiting_prescription unpaid"]);
        pharmacy.submitted(order);
        assert_eq!(pharmacy.seen(order).order.expires_at, None);
        assert_eq!(verify(pharmacy.context()).unwrap().differences, []);
    }

    /// Case 43 of the abuse cases.
    fn an_order_whose_prescription_was_rejected_cannot_be_paid(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        for method in [PaymentMethod::Online, PaymentMethod::Cash] {
            let order_id = pharmacy.order(method, true);
            let total = pharmacy.seen(order_id).order.total_price;
            let check = |stage: &str| {
                let before = pharmacy.world.everything();
                for actor in [&pharmacy.operator, &pharmacy.shop.owner] {
                    let received = ReceiveCash { order_id, amount: total };
                    assert_eq!(code(orders::receive_cash(pharmacy.context(), actor, received, &Unkeyed)), "illegal_transition", "{stage}");
                    for status in ["awaiting_payment", "paid", "preparing"] {
                        let (comment, cash_received) = ("Sabab".to_owned(), Some(total));
                        let advance = AdvanceOrder { order_id, status: status.to_owned(), comment, cash_received };
                        let refused = code(orders::advance(pharmacy.context(), actor, advance, &Unkeyed));
                        assert!(["forbidden", "illegal_transition", "transition_not_allowed"].contains(&refused), "{stage}: {refused}");
                    }
                }
                assert!(!pharmacy.seen(order_id).can_pay, "{stage}");
                assert!(pharmacy.world.everything() == before, "{stage}: something changed");
            };

            check("none");
            let id = pharmacy.submitted(order_id).prescription.id;
            check("pending");
            pharmacy.reject(&pharmacy.operator, id).unwrap();
            check("rejected");
        }
        assert_eq!(pharmacy.orders(), ["awaiting_prescription unpaid"; 2]);
    }

    fn a_rejected_prescription_without_another_gives_its_order_up(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        let order = pharmacy.waiting();
        let before = pharmacy.world.database.lines("SELECT on_hand || '' AS line FROM stock_levels");
        let id = pharmacy.submitted(order).prescription.id;
        pharmacy.reject(&pharmacy.operator, id).unwrap();

        pharmacy.world.clock.advance(TimeDelta::hours(72) + TimeDelta::seconds(1));

        assert_eq!(orders::expire_due(pharmacy.context()).unwrap(), 1);
        assert_eq!(pharmacy.orders(), ["cancelled unpaid"]);
        assert_eq!(before, ["8000"]);
        assert_eq!(pharmacy.world.database.lines("SELECT on_hand || '' AS line FROM stock_levels"), ["10000"]);
    }

    fn a_cancelled_order_closes_its_prescription_without_a_word(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        let order = pharmacy.waiting();
        let id = pharmacy.submitted(order).prescription.id;

        pharmacy.cancel(order).unwrap();

        assert_eq!(pharmacy.standings(), ["rejected - Buyurtma bekor qilindi"]);
        let told = pharmacy.world.database.lines("SELECT event AS line FROM outbox WHERE event <> 'stock.changed' ORDER BY id");
        assert_eq!(told, ["order.created", "prescription.submitted", "order.cancelled"]);
        assert_eq!(code(pharmacy.approve(&pharmacy.operator, id)), "not_pending");
        assert_eq!(code(pharmacy.reject(&pharmacy.operator, id)), "not_pending");
        assert_eq!(verify(pharmacy.context()).unwrap().differences, []);
    }

    fn only_staff_of_the_store_judge_and_never_their_own(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        let order = pharmacy.waiting();
        let id = pharmacy.submitted(order).prescription.id;
        let elsewhere = Pharmacy { shop: pharmacy.world.shop(), ..Pharmacy::of(savdo_services::testing::World::on(savdo_persistence::testing::TestDatabase::new(savdo_persistence::testing::Backend::Sqlite))) };
        let foreign = &elsewhere.shop.owner;
        let courier = pharmacy.world.hire(&pharmacy.shop, Role::Courier);
        let seller = pharmacy.world.hire(&pharmacy.shop, Role::Seller);
        let before = pharmacy.world.database.dump_of(&["prescriptions", "orders"]);

        for nobody in [&pharmacy.customer, &courier, &seller] {
            assert_eq!(code(pharmacy.approve(nobody, id)), "forbidden");
            assert_eq!(code(pharmacy.reject(nobody, id)), "forbidden");
        }
        assert_eq!(refusal(pharmacy.approve(foreign, id)), Refusal::NotFound);
        assert_eq!(refusal(pharmacy.reject(foreign, id)), Refusal::NotFound);
        assert_eq!(refusal(pharmacy.approve(&pharmacy.operator, PrescriptionId::new(999))), Refusal::NotFound);
        assert_eq!(pharmacy.world.database.dump_of(&["prescriptions", "orders"]), before);
        // Of the courier, the seller and the foreign owner, and not of whose it is: each tried twice.
        let denied = format!("view_denied prescription {id}");
        assert_eq!(pharmacy.traces()[1..], vec![denied; 6]);

        // The owner orders for himself.
        let own = Pharmacy { customer: pharmacy.shop.owner.clone(), ..pharmacy };
        let order = own.waiting();
        let id = own.submitted(order).prescription.id;
        assert_eq!(code(own.approve(&own.shop.owner, id)), "own_prescription");
        assert_eq!(code(own.reject(&own.shop.owner, id)), "own_prescription");
        assert!(own.approve(&own.world.admin(), id).is_ok());
    }

    fn nobody_judges_his_own_under_another_account_or_at_another_store(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        let neighbour = pharmacy.world.shop();
        let own = Pharmacy { customer: neighbour.owner.clone(), ..pharmacy };
        let id = own.submitted(own.waiting()).prescription.id;
        let traces = own.traces();

        assert_eq!(code(own.approve(&neighbour.owner, id)), "own_prescription");
        assert_eq!(own.traces(), traces, "nobody is a stranger to his own");

        let same = own.world.database.lines(&format!(
            "SELECT phone AS line FROM users WHERE id = {}", own.operator.user_id
        )).concat();
        own.world.database.execute(&format!("UPDATE users SET phone = '{same}', kind = 'customer', username = NULL, username_key = NULL WHERE id = {}", own.customer.user_id));
        assert_eq!(code(own.reject(&own.operator, id)), "own_prescription");
        assert!(own.approve(&own.shop.owner, id).is_ok());
    }

    fn a_verdict_that_fails_anywhere_leaves_nothing(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        let (first, second) = (pharmacy.order(PaymentMethod::Cash, true), pharmacy.waiting());
        let (first, second) = (pharmacy.submitted(first).prescription.id, pharmacy.submitted(second).prescription.id);

        let (_, approving) = pharmacy.world.fails_at_every_statement(|| pharmacy.approve(&pharmacy.operator, first));
        let (_, rejecting) = pharmacy.world.fails_at_every_statement(|| pharmacy.reject(&pharmacy.operator, second));

        assert!(approving > 12 && rejecting > 8, "{approving} and {rejecting}");
    }

    fn whoever_sent_a_prescription_is_told_what_became_of_it_and_why_in_the_list_alone(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        let order = pharmacy.waiting();
        let first = pharmacy.submitted(order).prescription.id;
        pharmacy.reject(&pharmacy.operator, first).unwrap();
        let second = pharmacy.submitted(order).prescription.id;
        pharmacy.approve(&pharmacy.operator, second).unwrap();

        let runner = pharmacy.world.runner(&Mailbox::default());
        runner.send_due(|| false).unwrap();

        let told = pharmacy.world.database.lines(&format!(
            "SELECT notice_type || ' ' || channel || ' ' || metadata AS line FROM notifications WHERE notice_type LIKE 'prescription%' AND user_id = {} ORDER BY id",
            pharmacy.customer.user_id
        ));
        let line = |notice: &str, channel: &str, id| format!("{notice} {channel} {{\"order_id\":{order},\"prescription_id\":{id}}}");
        assert_eq!(told, [
            line("prescription_rejected", "system", first),
            line("prescription_rejected", "sms", first),
            line("prescription_approved", "system", second),
            line("prescription_approved", "sms", second),
        ]);
        let why = pharmacy.world.database.lines("SELECT channel || '' AS line FROM notifications WHERE message LIKE '%Muhr%'");
        assert_eq!(why, ["system"]);
    }

    fn what_waits_is_told_to_staff_the_oldest_first(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        let ids: Vec<_> = (0..3).map(|_| pharmacy.submitted(pharmacy.waiting()).prescription.id).collect();
        pharmacy.approve(&pharmacy.operator, ids[1]).unwrap();
        let foreign = pharmacy.world.shop();
        let pending = |actor| prescriptions::pending(pharmacy.context(), actor, None, &Page::new(1, 20));

        let listed = pending(&pharmacy.operator).unwrap();

        let shown: Vec<_> = listed.rows.iter().map(|seen| seen.prescription.id).collect();
        assert_eq!((shown, listed.total), (vec![ids[0], ids[2]], 2));
        assert_eq!(pending(&foreign.owner).unwrap().total, 0);
        assert_eq!(code(pending(&pharmacy.customer)), "forbidden");
    }
}
