//! Showing the pharmacy a prescription.

use chrono::TimeDelta;
use savdo_domain::order::PaymentMethod;
use savdo_domain::{FieldProblem, Refusal};
use savdo_persistence::on_both;
use savdo_services::files::Upload;
use savdo_services::once::{Answer, Key, Rendered};
use savdo_services::prescriptions::{self, SubmitPrescription};
use savdo_services::testing::{Mailbox, picture, refusal};
use savdo_services::verify::verify;
use savdo_services::{Error, orders};

use crate::support::{Pharmacy, code};

on_both! {
    fn a_prescription_stops_the_clock_of_its_order(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        let order = pharmacy.waiting();
        assert!(pharmacy.seen(order).order.expires_at.is_some() && !pharmacy.seen(order).has_prescription);

        let seen = pharmacy.submit(order, vec![picture(1), picture(2)]).unwrap();

        assert_eq!((seen.images.len(), seen.lines.len(), seen.shows_patient), (2, 1, false));
        assert_eq!((seen.lines[0].pieces, seen.prescription.order_id), (2, Some(order)));
        assert_eq!(pharmacy.standings(), ["pending - "]);
        let shown = pharmacy.seen(order);
        assert_eq!((shown.order.expires_at, shown.has_prescription), (None, true));
        pharmacy.world.clock.advance(TimeDelta::days(30));
        assert_eq!(orders::expire_due(pharmacy.context()).unwrap(), 0);
        assert_eq!(pharmacy.traces(), [format!("create prescription {}", seen.prescription.id)]);
        let told = pharmacy.world.database.lines("SELECT payload AS line FROM outbox WHERE event = 'prescription.submitted'");
        let ids = format!("\"order_id\":{order},\"prescription_id\":{},\"store_id\":{}", seen.prescription.id, pharmacy.shop.store_id);
        assert_eq!(told, [format!("{{{ids}}}")]);
        assert_eq!(verify(pharmacy.context()).unwrap().differences, []);
    }

    fn no_byte_of_a_picture_lies_open_in_the_folder(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        let order = pharmacy.waiting();

        pharmacy.submit(order, vec![picture(1), picture(2), picture(3)]).unwrap();

        let folder = pharmacy.world.files().join("prescriptions");
        let mut files = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            for open in [b"\xff\xd8\xff".as_slice(), b"JFIF", b"\x89PNG"] {
                assert!(!bytes.windows(open.len()).any(|window| window == open));
            }
            files += 1;
        }
        assert_eq!(files, 3);
        let keys = pharmacy.world.database.lines("SELECT sealed_key AS line FROM prescription_images ORDER BY id");
        assert_eq!(keys.iter().collect::<std::collections::BTreeSet<_>>().len(), 3);
    }

    fn a_prescription_that_cannot_be_taken_leaves_nothing(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        let (order, plain) = (pharmacy.waiting(), pharmacy.order(PaymentMethod::Online, false));
        let stranger = pharmacy.world.customer();
        let before = pharmacy.world.everything();
        let one = || vec![picture(1)];
        let wrong = |problem| Refusal::field("images", problem);
        let file = |bytes: &[u8]| vec![picture(1), Upload(bytes.to_vec())];

        assert_eq!(code(pharmacy.submit(plain, one())), "order_not_awaiting_prescription");
        for other in [&stranger, &pharmacy.operator, &pharmacy.shop.owner, &pharmacy.world.admin()] {
            assert_eq!(refusal(pharmacy.submit_by(other, order, one())), Refusal::NotFound);
        }
        assert_eq!(refusal(pharmacy.submit(order, Vec::new())), wrong(FieldProblem::Required));
        let six = (0..6).map(picture).collect();
        assert_eq!(refusal(pharmacy.submit(order, six)), wrong(FieldProblem::TooManyFiles { max: 5 }));
        let none = FieldProblem::WrongFile { allowed: "JPEG, PNG" };
        for bytes in [b"GIF89a".as_slice(), b"%PDF-1.7\n", b"<html>", b"MZ\x90", b"RIFF\x04\x00\x00\x00WEBPVP8 "] {
            assert_eq!(refusal(pharmacy.submit(order, file(bytes))), wrong(none.clone()));
        }
        assert_eq!(refusal(pharmacy.submit(order, file(b""))), wrong(FieldProblem::FileEmpty));
        let truncated = b"\xff\xd8\xff\xe0 nothing more";
        assert_eq!(refusal(pharmacy.submit(order, file(truncated))), wrong(FieldProblem::FileBroken));

        // An admin is made between.
        assert_eq!(pharmacy.world.everything().1, before.1);
        assert_eq!(pharmacy.standings(), [""; 0]);
        assert!(pharmacy.seen(order).order.expires_at.is_some());
    }

    fn an_order_has_one_pending_prescription_and_five_in_all(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        let order = pharmacy.waiting();

        for _ in 0..5 {
            let seen = pharmacy.submitted(order);
            assert_eq!(code(pharmacy.submit(order, vec![picture(2)])), "prescription_pending");
            pharmacy.reject(&pharmacy.operator, seen.prescription.id).unwrap();
        }

        assert_eq!(code(pharmacy.submit(order, vec![picture(2)])), "too_many_prescriptions");
        assert_eq!(pharmacy.files(), 5);
    }

    fn twenty_prescriptions_a_day_are_taken_of_one_customer(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        let orders: Vec<_> = (0..5).map(|_| pharmacy.waiting()).collect();

        for order in orders.iter().take(4) {
            for _ in 0..5 {
                let id = pharmacy.submitted(*order).prescription.id;
                pharmacy.reject(&pharmacy.operator, id).unwrap();
                // What is refused is none of them.
                let other = pharmacy.world.customer();
                assert_eq!(refusal(pharmacy.submit_by(&other, *order, vec![picture(1)])), Refusal::NotFound);
            }
        }

        let more = pharmacy.submit(orders[4], vec![picture(1)]);
        assert!(matches!(more, Err(Error::Throttled { retry_after_seconds }) if retry_after_seconds > 3_600));
        assert_eq!(pharmacy.files(), 20);
        pharmacy.world.clock.advance(TimeDelta::hours(25));
        pharmacy.submit(orders[4], vec![picture(1)]).unwrap();
    }

    fn no_picture_is_made_anew_for_who_has_no_order_that_takes_it(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        let (order, plain) = (pharmacy.waiting(), pharmacy.order(PaymentMethod::Online, false));
        // Good to look at, and found broken by who would make it anew.
        let broken = || vec![Upload(b"\xff\xd8\xff\xe0 nothing more".to_vec())];
        let stranger = pharmacy.world.customer();

        for _ in 0..30 {
            assert_eq!(refusal(pharmacy.submit_by(&stranger, order, broken())), Refusal::NotFound);
            assert_eq!(code(pharmacy.submit(plain, broken())), "order_not_awaiting_prescription");
        }

        for _ in 0..20 {
            assert_eq!(refusal(pharmacy.submit(order, broken())), Refusal::field("images", FieldProblem::FileBroken));
        }
        assert!(matches!(pharmacy.submit(order, broken()), Err(Error::Throttled { .. })), "the work was done");
    }

    fn a_prescription_that_fails_anywhere_leaves_neither_row_nor_file(database: TestDatabase) {
        // With the limit of a day: what fails by our fault is none of them.
        let pharmacy = Pharmacy::on(database);
        let (order, other) = (pharmacy.waiting(), pharmacy.waiting());

        let (_, statements) = pharmacy.world.fails_at_every_statement(|| pharmacy.submit(order, vec![picture(1), picture(2)]));
        let (_, steps) = pharmacy.world.fails_at_every_file_step(|| pharmacy.submit(other, vec![picture(1), picture(2)]));

        assert!(statements > 12 && steps > 12, "{statements} statements, {steps} steps");
        assert_eq!(pharmacy.files(), 4);
    }

    fn a_prescription_for_no_order_is_for_the_only_store_that_is_open(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        let order = pharmacy.waiting();

        let seen = pharmacy.submit_alone(vec![picture(1)]).unwrap();

        let shown = &seen.prescription;
        assert_eq!((shown.store_id, shown.order_id, seen.lines.len()), (pharmacy.shop.store_id, None, 0));
        assert!(pharmacy.seen(order).order.expires_at.is_some() && !pharmacy.seen(order).has_prescription);
        let approved = pharmacy.approve(&pharmacy.operator, shown.id).unwrap();
        assert_eq!(code(pharmacy.reject(&pharmacy.operator, shown.id)), "not_pending");
        assert_eq!((approved.shows_patient, pharmacy.standings()), (true, vec!["approved reviewed ".to_owned()]));
        assert_eq!(pharmacy.orders(), ["awaiting_prescription unpaid"]);
        // The numbers of prescriptions and orders meet: whoever placed the order is told nothing of it.
        pharmacy.world.runner(&Mailbox::default()).send_due(|| false).unwrap();
        let told = "SELECT notice_type AS line FROM notifications WHERE notice_type LIKE 'prescription%'";
        assert_eq!(pharmacy.world.database.lines(told), [""; 0]);
        assert_eq!(verify(pharmacy.context()).unwrap().differences, []);
    }

    fn a_prescription_for_no_order_needs_one_open_store(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        let other = pharmacy.world.shop();
        pharmacy.world.open_online(&other);
        let needed = Refusal::field("order_id", FieldProblem::Required);

        assert_eq!(refusal(pharmacy.submit_alone(vec![picture(1)])), needed);
        for store in [other.store_id, pharmacy.shop.store_id] {
            let closed = format!("UPDATE store_settings SET online_enabled = FALSE WHERE store_id = {store}");
            pharmacy.world.database.execute(&closed);
            let submitted = pharmacy.submit_alone(vec![picture(1)]);
            assert_eq!(submitted.is_ok(), store == other.store_id, "{store}");
        }

        assert_eq!((pharmacy.standings().len(), pharmacy.files()), (1, 1));
    }

    fn a_prescription_sent_again_under_its_key_is_there_once(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        let order_id = pharmacy.waiting();
        let send = || {
            let key = Key::new(pharmacy.context(), "k-1", "POST /prescriptions/".to_owned(), b"form").unwrap();
            let once = Rendered::new(Some(key), |seen: prescriptions::PrescriptionSeen| Answer {
                status: 201,
                headers: Vec::new(),
                body: seen.prescription.id.to_string().into_bytes(),
                is_replayed: false,
            });
            let command = SubmitPrescription { order_id: Some(order_id), images: vec![picture(1)] };
            prescriptions::submit(pharmacy.context(), &pharmacy.customer, command, &once).unwrap()
        };

        let first = send();
        let broken = vec![Upload(b"\xff\xd8\xff\xe0 nothing more".to_vec())];
        let mut rest = 0;
        while !matches!(pharmacy.submit_alone(broken.clone()), Err(Error::Throttled { .. })) {
            rest += 1;
        }
        assert_eq!(rest, 19);
        let second = send();

        assert_eq!(first.body, second.body);
        assert!(!first.is_replayed && second.is_replayed);
        assert_eq!((pharmacy.standings().len(), pharmacy.files()), (1, 1));
    }
}
