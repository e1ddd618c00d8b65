//! How long pictures are kept, and under which key.

use chrono::TimeDelta;
use savdo_domain::order::PaymentMethod;
use savdo_persistence::on_both;
use savdo_services::prescriptions::{self, Viewer};
use savdo_services::testing::{Mailbox, picture};
use savdo_services::verify::verify;

use crate::support::{Pharmacy, code};

on_both! {
    fn the_pictures_of_a_cancelled_order_are_erased_after_thirty_days(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        let (gone, kept) = (pharmacy.waiting(), pharmacy.waiting());
        let seen = pharmacy.submit(gone, vec![picture(1), picture(2)]).unwrap();
        pharmacy.submitted(kept);
        pharmacy.cancel(gone).unwrap();
        let runner = pharmacy.world.runner(&Mailbox::default());

        pharmacy.world.clock.advance(TimeDelta::days(30));
        runner.run_due_jobs().unwrap();
        assert_eq!(pharmacy.files(), 3);
        pharmacy.world.clock.advance(TimeDelta::days(1));
        runner.run_due_jobs().unwrap();

        assert_eq!(pharmacy.files(), 1);
        assert_eq!(pharmacy.standings(), ["rejected - Buyurtma bekor qilindi", "pending - "]);
        let keys = pharmacy.world.database.lines("SELECT CASE WHEN sealed_key IS NULL THEN 'erased' ELSE 'kept' END AS line FROM prescription_images ORDER BY id");
        assert_eq!(keys, ["erased", "erased", "kept"]);
        let again = pharmacy.world.again(&pharmacy.customer);
        assert!(prescriptions::view(pharmacy.context(), &again, seen.prescription.id).unwrap().images.is_empty());
        let shown = prescriptions::image(pharmacy.context(), Viewer::SignedIn(again), seen.prescription.id, seen.images[0].id);
        assert_eq!(code(shown), "image_erased");
        assert!(pharmacy.traces().contains(&format!("delete prescription {}", seen.prescription.id)));
        assert_eq!(verify(pharmacy.context()).unwrap().differences, []);
    }

    fn the_pictures_of_no_order_are_erased_after_thirty_days(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        pharmacy.submit_alone(vec![picture(1)]).unwrap();

        pharmacy.world.clock.advance(TimeDelta::days(30));
        assert_eq!(prescriptions::erase_outdated(pharmacy.context()).unwrap(), 0);
        pharmacy.world.clock.advance(TimeDelta::seconds(1));

        assert_eq!((prescriptions::erase_outdated(pharmacy.context()).unwrap(), pharmacy.files()), (1, 0));
    }

    fn the_pictures_of_a_delivered_order_are_erased_after_five_years(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        let order = pharmacy.order(PaymentMethod::Cash, true);
        pharmacy.submitted(order);
        let at = pharmacy.context().now().naive_utc();
        pharmacy.world.database.execute(&format!("UPDATE orders SET status = 'delivered', delivered_at = '{at}' WHERE id = {order}"));

        pharmacy.world.clock.advance(TimeDelta::days(1827));
        assert_eq!(prescriptions::erase_outdated(pharmacy.context()).unwrap(), 0);
        pharmacy.world.clock.advance(TimeDelta::seconds(1));

        assert_eq!(prescriptions::erase_outdated(pharmacy.context()).unwrap(), 1);
        assert_eq!((prescriptions::erase_outdated(pharmacy.context()).unwrap(), pharmacy.files()), (0, 0));
    }

    fn a_file_that_stayed_behind_its_key_is_swept(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        let order = pharmacy.waiting();
        pharmacy.submitted(order);
        pharmacy.cancel(order).unwrap();
        pharmacy.world.clock.advance(TimeDelta::days(31));

        pharmacy.context().file_faults().fail_at(1);
        assert_eq!(prescriptions::erase_outdated(pharmacy.context()).unwrap(), 1, "the others wait for no file");
        assert!(!pharmacy.context().file_faults().disarm());
        assert_eq!(pharmacy.files(), 1);
        pharmacy.world.runner(&Mailbox::default()).run_due_jobs().unwrap();

        assert_eq!(pharmacy.files(), 0);
    }

    fn an_erasure_that_fails_at_any_statement_leaves_the_pictures(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        let order = pharmacy.waiting();
        pharmacy.submitted(order);
        pharmacy.cancel(order).unwrap();
        pharmacy.world.clock.advance(TimeDelta::days(31));

        let mut nth = 0;
        loop {
            nth += 1;
            let before = pharmacy.world.everything();
            pharmacy.world.database.probe().fail_at(nth);
            let erased = prescriptions::erase_outdated(pharmacy.context());
            if pharmacy.world.database.probe().disarm() {
                break;
            }
            assert!(erased.is_err());
            // The last statement only asks whether there are more.
            if pharmacy.files() == 1 {
                assert!(pharmacy.world.everything() == before, "statement {nth}");
            }
        }
        assert!(nth > 3 && pharmacy.files() == 0);
    }

    fn a_key_that_does_not_open_keeps_no_other_from_being_sealed_anew(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        pharmacy.submit(pharmacy.waiting(), vec![picture(1), picture(2), picture(3)]).unwrap();
        pharmacy.world.database.execute("UPDATE prescription_images SET key_id = 'lost' WHERE id = 1");
        let later = pharmacy.world.with_file_keys('2', &['1']);

        assert!(prescriptions::rewrap_keys(&later).is_err(), "it is told");

        let keys = pharmacy.world.database.lines("SELECT DISTINCT key_id AS line FROM prescription_images WHERE id > 1");
        assert_eq!(keys.len(), 1);
        assert_eq!(verify(&later).unwrap().differences.len(), 1);
    }

    fn keys_are_sealed_anew_when_the_installations_key_changes(database: TestDatabase) {
        let pharmacy = Pharmacy::on(database);
        let seen = pharmacy.submit(pharmacy.waiting(), vec![picture(1), picture(2)]).unwrap();
        let show = |context| prescriptions::image(context, Viewer::SignedIn(pharmacy.customer.clone()), seen.prescription.id, seen.images[0].id);
        let before = show(pharmacy.context()).unwrap();
        let keys = || pharmacy.world.database.lines("SELECT key_id || ' ' || sealed_key AS line FROM prescription_images ORDER BY id");
        let sealed_before = keys();
        let (later, only_later) = (pharmacy.world.with_file_keys('2', &['1']), pharmacy.world.with_file_keys('2', &[]));

        assert_eq!(show(&later).unwrap(), before);
        assert!(show(&only_later).is_err() && prescriptions::rewrap_keys(&only_later).is_err());
        assert_eq!(prescriptions::rewrap_keys(&later).unwrap(), 2);
        assert_eq!(prescriptions::rewrap_keys(&later).unwrap(), 0);

        assert_eq!(show(&only_later).unwrap(), before);
        assert!(show(pharmacy.context()).is_err());
        assert!(keys().iter().zip(&sealed_before).all(|(now, before)| now.split(' ').next() != before.split(' ').next()));
        assert_eq!(verify(&only_later).unwrap().differences, []);
        assert_eq!(verify(pharmacy.context()).unwrap().differences.len(), 2);
    }
}
