//! Many at once: of two that cannot both be, one is.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use savdo_persistence::on_both;
use savdo_services::once::{Answer, Key, Rendered};
use savdo_services::prescriptions::{self, PrescriptionSeen, SubmitPrescription};
use savdo_services::testing::{at_once, picture};
use savdo_services::verify::verify;
use savdo_services::{Error, orders};

use crate::support::{Pharmacy, code};

/// How often each race is run.
const ROUNDS: usize = 6;

fn settled(pharmacy: &Pharmacy) {
    assert_eq!(
        pharmacy.world.database.probe().retries(),
        0,
        "a dead-lock was run again"
    );
    assert_eq!(verify(pharmacy.context()).unwrap().differences, []);
    pharmacy.world.check_ledger();
}

on_both! {
    fn a_prescription_is_approved_or_rejected(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);

        for round in 0..ROUNDS {
            let id = pharmacy.submitted(pharmacy.waiting()).prescription.id;
            let outcomes = at_once(2, |thread| match thread {
                0 => pharmacy.approve(&pharmacy.operator, id).map(|_| "approved reviewed "),
                _ => pharmacy.reject(&pharmacy.shop.owner, id).map(|_| "rejected reviewed Muhr ko'rinmaydi"),
            });

            let (won, lost): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
            assert_eq!((won.len(), lost.len()), (1, 1));
            let stands = won.into_iter().next().unwrap().unwrap();
            assert_eq!(code(lost.into_iter().next().unwrap()), "not_pending");
            assert_eq!(pharmacy.standings()[round], stands);
            let order = if stands.starts_with("approved") { "awaiting_payment unpaid" } else { "awaiting_prescription unpaid" };
            assert_eq!(pharmacy.orders()[round], order);
        }

        settled(&pharmacy);
    }

    fn a_prescription_is_approved_once_by_many(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        let id = pharmacy.submitted(pharmacy.waiting()).prescription.id;

        let outcomes = at_once(6, |_| pharmacy.approve(&pharmacy.operator, id));

        let codes: Vec<_> = outcomes.into_iter().filter(Result::is_err).map(code).collect();
        assert_eq!(codes, ["not_pending"; 5]);
        settled(&pharmacy);
    }

    fn an_order_is_cancelled_before_or_after_its_prescription_is_judged(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);

        for round in 0..ROUNDS {
            let order = pharmacy.waiting();
            let id = pharmacy.submitted(order).prescription.id;
            let mut outcomes = at_once(2, |thread| match thread {
                0 => pharmacy.approve(&pharmacy.operator, id).map(|_| ()),
                _ => pharmacy.cancel(order).map(|_| ()),
            });

            let (cancelled, approved) = (outcomes.pop().unwrap(), outcomes.pop().unwrap());
            match (approved, cancelled) {
                // The order went on and was cancelled from there.
                (Ok(()), Ok(())) => assert_eq!((pharmacy.standings()[round].as_str(), pharmacy.orders()[round].as_str()), ("approved reviewed ", "cancelled unpaid")),
                (Ok(()), Err(error)) => {
                    assert_eq!(code::<()>(Err(error)), "illegal_transition");
                    assert_eq!((pharmacy.standings()[round].as_str(), pharmacy.orders()[round].as_str()), ("approved reviewed ", "awaiting_payment unpaid"));
                }
                (Err(error), Ok(())) => {
                    assert_eq!(code::<()>(Err(error)), "not_pending");
                    assert_eq!((pharmacy.standings()[round].as_str(), pharmacy.orders()[round].as_str()), ("rejected - Buyurtma bekor qilindi", "cancelled unpaid"));
                }
                (approved, cancelled) => panic!("{approved:?} and {cancelled:?}"),
            }
        }

        settled(&pharmacy);
    }

    fn a_prescription_comes_before_its_order_is_cancelled_or_not_at_all(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        let mut taken = 0;

        for _ in 0..ROUNDS {
            let order = pharmacy.waiting();
            let mut outcomes = at_once(2, |thread| match thread {
                0 => pharmacy.submit(order, vec![picture(1)]).map(|_| ()),
                _ => pharmacy.cancel(order).map(|_| ()),
            });

            outcomes.pop().unwrap().unwrap();
            match outcomes.pop().unwrap() {
                Ok(()) => taken += 1,
                refused => assert_eq!(code(refused), "order_not_awaiting_prescription"),
            }
        }

        assert_eq!(pharmacy.standings(), vec!["rejected - Buyurtma bekor qilindi"; taken]);
        assert_eq!((pharmacy.orders(), pharmacy.files()), (vec!["cancelled unpaid".to_owned(); ROUNDS], taken));
        settled(&pharmacy);
    }

    fn one_key_sent_at_once_by_many_is_answered_alike_or_told_to_wait(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);

        for _ in 0..ROUNDS {
            let order_id = pharmacy.waiting();
            let outcomes = at_once(4, |_| {
                let key = Key::new(pharmacy.context(), &format!("k-{order_id}"), "POST /prescriptions/".to_owned(), b"form").unwrap();
                let once = Rendered::new(Some(key), |seen: PrescriptionSeen| Answer {
                    status: 201,
                    headers: Vec::new(),
                    body: seen.prescription.id.to_string().into_bytes(),
                    is_replayed: false,
                });
                let command = SubmitPrescription { order_id: Some(order_id), images: vec![picture(1)] };
                prescriptions::submit(pharmacy.context(), &pharmacy.customer, command, &once)
            });

            let (answered, told): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
            let bodies: BTreeSet<_> = answered.into_iter().map(|answer| answer.unwrap().body).collect();
            assert_eq!(bodies.len(), 1);
            assert!(told.iter().all(|told| matches!(told, Err(Error::KeyInFlight))), "{told:?}");
        }

        assert_eq!(pharmacy.standings(), ["pending - "; ROUNDS]);
        settled(&pharmacy);
    }

    fn of_six_prescriptions_at_once_one_is_taken(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        let order = pharmacy.waiting();

        // No more than may wait for the one who makes pictures anew.
        let outcomes = at_once(6, |_| pharmacy.submit(order, vec![picture(1)]));

        let refused: Vec<_> = outcomes.into_iter().filter(Result::is_err).collect();
        assert_eq!(refused.len(), 5);
        for refused in refused {
            assert!(
                matches!(refused, Err(Error::Overloaded)) || code(refused) == "prescription_pending"
            );
        }
        assert_eq!((pharmacy.standings(), pharmacy.files()), (vec!["pending - ".to_owned()], 1));
        settled(&pharmacy);
    }

    fn a_prescription_comes_in_time_or_its_order_is_given_up(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        let (mut taken, mut given_up) = (0, 0);

        for _ in 0..ROUNDS {
            let order = pharmacy.waiting();
            pharmacy.world.clock.advance(TimeDelta::hours(72) + TimeDelta::seconds(1));
            let outcomes = at_once(2, |thread| match thread {
                0 => pharmacy.submit(order, vec![picture(1)]).map(|_| 1),
                _ => orders::expire_due(pharmacy.context()),
            });

            let [submitted, expired] = outcomes.try_into().unwrap();
            match (submitted, expired.unwrap()) {
                (Ok(_), 0) => taken += 1,
                (refused, 1) => {
                    assert_eq!(code(refused), "order_not_awaiting_prescription");
                    given_up += 1;
                }
                (submitted, expired) => panic!("{submitted:?} and {expired}"),
            }
        }

        assert_eq!((taken + given_up, pharmacy.files()), (ROUNDS, taken));
        assert_eq!(pharmacy.standings(), vec!["pending - "; taken]);
        settled(&pharmacy);
    }
}
