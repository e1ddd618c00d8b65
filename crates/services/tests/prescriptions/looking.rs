//! Looking at prescriptions and their pictures, and who is told of it (abuse cases 22 to 24).

use chrono::TimeDelta;
use savdo_domain::Refusal;
use savdo_domain::access::{Actor, Role};
use savdo_domain::ids::PrescriptionImageId;
use savdo_domain::prescription::PrescriptionStatus;
use savdo_persistence::on_both;
use savdo_services::accounts;
use savdo_services::prescriptions::{self, PrescriptionFilter, PrescriptionSeen, Viewer};
use savdo_services::testing::{origin, refusal};
use savdo_services::{Page, Result};

use crate::support::{Pharmacy, code};

fn show(pharmacy: &Pharmacy, viewer: Viewer, seen: &PrescriptionSeen) -> Result<Vec<u8>> {
    let shown = prescriptions::image(pharmacy.context(), viewer, seen.prescription.id, seen.images[0].id);
    shown.map(|shown| shown.jpeg)
}

fn by(actor: &Actor) -> Viewer {
    Viewer::SignedIn(actor.clone())
}

fn holding(seen: &PrescriptionSeen) -> Viewer {
    Viewer::Holder(seen.images[0].ticket.clone(), origin())
}

on_both! {
    fn a_picture_is_shown_to_its_patient_and_to_staff_whose_looks_are_written_down(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        let seen = pharmacy.submitted(pharmacy.waiting());
        let (id, image) = (seen.prescription.id, seen.images[0].id);

        let own = show(&pharmacy, by(&pharmacy.customer), &seen).unwrap();
        show(&pharmacy, holding(&seen), &seen).unwrap();
        assert!(own.starts_with(b"\xff\xd8\xff"));
        assert_eq!(pharmacy.traces(), [format!("create prescription {id}")]);

        let seen_by_staff = prescriptions::view(pharmacy.context(), &pharmacy.operator, id).unwrap();
        assert_eq!(show(&pharmacy, holding(&seen_by_staff), &seen).unwrap(), own);
        assert_eq!(show(&pharmacy, by(&pharmacy.shop.owner), &seen).unwrap(), own);
        assert_eq!(show(&pharmacy, by(&pharmacy.world.admin()), &seen).unwrap(), own);
        assert_eq!(pharmacy.traces()[1..], [format!("view prescription_image {image}"), format!("view prescription_image {image}"), format!("view prescription_image {image}")]);
        let told = pharmacy.world.database.lines(
            "SELECT actor_id || ' ' || ip || ' ' || details AS line FROM audit_entries WHERE action = 'view' ORDER BY id",
        );
        let order = seen.prescription.order_id.unwrap();
        assert_eq!(told[0], format!("{} 127.0.0.1 {{\"order_id\":{order},\"prescription_id\":{id}}}", pharmacy.operator.user_id));
    }

    fn somebody_elses_prescription_is_not_there_and_the_try_is_written_down_in_its_store(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        let seen = pharmacy.submitted(pharmacy.waiting());
        let (id, image) = (seen.prescription.id, seen.images[0].id);
        let foreign = pharmacy.world.shop().owner;
        let courier = pharmacy.world.hire(&pharmacy.shop, Role::Courier);
        let seller = pharmacy.world.hire(&pharmacy.shop, Role::Seller);
        let strangers = [pharmacy.world.customer(), foreign, courier, seller];

        for stranger in &strangers {
            assert_eq!(refusal(prescriptions::view(pharmacy.context(), stranger, id)), Refusal::NotFound);
            assert_eq!(refusal(show(&pharmacy, by(stranger), &seen)), Refusal::NotFound);
        }

        let pair = [format!("view_denied prescription {id}"), format!("view_denied prescription_image {image}")];
        assert_eq!(pharmacy.traces()[1..], [pair.clone(), pair.clone(), pair.clone(), pair].concat());
        let stores = pharmacy.world.database.lines("SELECT DISTINCT store_id || '' AS line FROM audit_entries WHERE action = 'view_denied'");
        assert_eq!(stores, [pharmacy.shop.store_id.to_string()]);
        // What is not there at all leaves no trace.
        let before = pharmacy.traces();
        let nothing = prescriptions::view(pharmacy.context(), &strangers[0], savdo_domain::ids::PrescriptionId::new(999));
        assert_eq!(refusal(nothing), Refusal::NotFound);
        let other_image = prescriptions::image(pharmacy.context(), by(&pharmacy.customer), id, PrescriptionImageId::new(999));
        assert_eq!(refusal(other_image), Refusal::NotFound);
        assert_eq!(pharmacy.traces(), before);
        // A picture that is somebody else's is not had under a prescription of one's own.
        let own = Pharmacy { customer: pharmacy.world.customer(), ..pharmacy };
        let mine = own.submitted(own.waiting()).prescription.id;
        let under_mine = prescriptions::image(own.context(), by(&own.customer), mine, image);
        assert_eq!(refusal(under_mine), Refusal::NotFound);
        assert_eq!(own.traces().last(), Some(&format!("view_denied prescription_image {image}")));
    }

    fn a_ticket_dies_after_five_minutes_and_with_its_session(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        let order = pharmacy.waiting();
        let seen = pharmacy.submitted(order);
        assert!(show(&pharmacy, holding(&seen), &seen).is_ok());

        pharmacy.world.clock.advance(TimeDelta::minutes(5));
        assert_eq!(code(show(&pharmacy, holding(&seen), &seen)), "token_not_valid");

        let seen = prescriptions::view(pharmacy.context(), &pharmacy.customer, seen.prescription.id).unwrap();
        assert!(show(&pharmacy, holding(&seen), &seen).is_ok());
        pharmacy.world.database.execute(&format!("UPDATE users SET token_version = token_version + 1 WHERE id = {}", pharmacy.customer.user_id));
        assert_eq!(code(show(&pharmacy, holding(&seen), &seen)), "token_not_valid");

        let tokens = pharmacy.world.tokens_of(&pharmacy.customer);
        let again = accounts::authenticate(pharmacy.context(), &tokens.access, origin()).unwrap();
        let seen = prescriptions::view(pharmacy.context(), &again, seen.prescription.id).unwrap();
        assert!(show(&pharmacy, holding(&seen), &seen).is_ok());
        accounts::logout(pharmacy.context(), &again, &tokens.refresh).unwrap();
        assert_eq!(code(show(&pharmacy, holding(&seen), &seen)), "token_not_valid");
    }

    fn a_ticket_of_staff_who_left_shows_nothing(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        let seen = pharmacy.submitted(pharmacy.waiting());
        let staff = prescriptions::view(pharmacy.context(), &pharmacy.operator, seen.prescription.id).unwrap();
        let worker = pharmacy.operator.worker.as_ref().unwrap().id;

        pharmacy.world.database.execute(&format!("UPDATE workers SET status = 'ishdan_ketgan' WHERE id = {worker}"));

        assert_eq!(refusal(show(&pharmacy, holding(&staff), &seen)), Refusal::NotFound);
    }

    fn everybody_lists_what_he_sees_the_newest_first(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        let ids: Vec<_> = (0..3).map(|_| pharmacy.submitted(pharmacy.waiting()).prescription.id).collect();
        pharmacy.reject(&pharmacy.operator, ids[0]).unwrap();
        let listed = |actor: &Actor, filter: PrescriptionFilter| {
            let listed = prescriptions::list(pharmacy.context(), actor, filter, &Page::new(1, 20)).unwrap();
            assert_eq!(usize::try_from(listed.total), Ok(listed.rows.len()));
            listed.rows.iter().map(|seen| seen.prescription.id).collect::<Vec<_>>()
        };
        let all = || vec![ids[2], ids[1], ids[0]];
        let of_status = |status| PrescriptionFilter { status: Some(status), ..PrescriptionFilter::default() };
        let courier = pharmacy.world.hire(&pharmacy.shop, Role::Courier);

        assert_eq!(listed(&pharmacy.customer, PrescriptionFilter::default()), all());
        assert_eq!(listed(&pharmacy.operator, PrescriptionFilter::default()), all());
        assert_eq!(listed(&pharmacy.world.admin(), PrescriptionFilter::default()), all());
        assert_eq!(listed(&courier, PrescriptionFilter::default()), []);
        assert_eq!(listed(&pharmacy.world.customer(), PrescriptionFilter::default()), []);
        assert_eq!(listed(&pharmacy.operator, of_status(PrescriptionStatus::Rejected)), [ids[0]]);
        let of_order = |index: usize| {
            let seen = prescriptions::view(pharmacy.context(), &pharmacy.customer, ids[index]).unwrap();
            PrescriptionFilter { order_id: seen.prescription.order_id, ..PrescriptionFilter::default() }
        };
        assert_eq!(listed(&pharmacy.operator, of_order(1)), [ids[1]]);
        let today: chrono::NaiveDate = "2026-03-12".parse().unwrap();
        let days = |from, to| PrescriptionFilter { created_from: from, created_to: to, ..PrescriptionFilter::default() };
        assert_eq!(listed(&pharmacy.operator, days(Some(today), Some(today))), all());
        assert_eq!(listed(&pharmacy.operator, days(today.succ_opt(), None)), []);
        assert_eq!(listed(&pharmacy.operator, days(None, today.pred_opt())), []);
    }
}
