//! `savdo verify` on prescriptions: green, and red at every row that is broken by hand.

use savdo_domain::order::PaymentMethod;
use savdo_persistence::on_both;
use savdo_services::verify::verify;

use crate::support::Pharmacy;

/// What a hand at the database does, how it is undone, and of what is told then.
const BREAKS: &[(&str, &str, &str)] = &[
    (
        "UPDATE prescriptions SET order_id = 2 WHERE id = 1",
        "UPDATE prescriptions SET order_id = 1 WHERE id = 1",
        "its order waits for it while it is pending",
    ),
    (
        "UPDATE prescriptions SET user_id = 1 WHERE id = 1",
        "UPDATE prescriptions SET user_id = (SELECT buyer_id FROM orders WHERE id = 1) WHERE id = 1",
        "it is of whoever placed its order",
    ),
    (
        "UPDATE prescription_images SET prescription_id = 3 WHERE id = 1",
        "UPDATE prescription_images SET prescription_id = 1 WHERE id = 1",
        "it has one to five pictures",
    ),
    (
        "UPDATE prescription_images SET prescription_id = 3 WHERE id = 1",
        "UPDATE prescription_images SET prescription_id = 1 WHERE id = 1",
        "its key opens under a key of the installation",
    ),
    (
        "UPDATE prescriptions SET order_id = 1, status = 'pending', reviewed_by = NULL, reviewed_at = NULL, rejection_reason = '' WHERE id = 3",
        "UPDATE prescriptions SET order_id = 3, status = 'rejected', reviewed_by = 2, reviewed_at = created_at, rejection_reason = 'x' WHERE id = 3",
        "one prescription of it is pending at most",
    ),
    (
        "UPDATE orders SET expires_at = created_at WHERE id = 1",
        "UPDATE orders SET expires_at = NULL WHERE id = 1",
        "it waits for a prescription without an end while one is pending",
    ),
    (
        "UPDATE orders SET expires_at = NULL WHERE id = 3",
        "UPDATE orders SET expires_at = created_at WHERE id = 3",
        "it waits for a prescription without an end while one is pending",
    ),
    (
        "UPDATE prescriptions SET status = 'rejected', rejection_reason = 'x' WHERE id = 2",
        "UPDATE prescriptions SET status = 'approved', rejection_reason = '' WHERE id = 2",
        "it went on from waiting by an approved prescription, and by no other way",
    ),
    (
        "UPDATE prescriptions SET reviewed_by = NULL WHERE id = 3",
        "UPDATE prescriptions SET reviewed_by = 2 WHERE id = 3",
        "one event tells that somebody rejected it, none without that",
    ),
    (
        "UPDATE prescription_images SET key_id = 'ff' WHERE id = 2",
        "UPDATE prescription_images SET key_id = (SELECT key_id FROM prescription_images WHERE id = 1) WHERE id = 2",
        "its key opens under a key of the installation",
    ),
    (
        "UPDATE prescription_images SET file = '00000000000000000000000000000000.sealed' WHERE id = 2",
        "UPDATE prescription_images SET file = (SELECT kept FROM kept_names) WHERE id = 2",
        "the file that it names is stored",
    ),
];

/// Order 1 has a pending prescription, order 2 an approved one, order 3 a rejected one; each of one picture.
fn small_pharmacy(database: savdo_persistence::testing::TestDatabase) -> Pharmacy {
    let pharmacy = Pharmacy::on(database);
    let orders = [
        pharmacy.waiting(),
        pharmacy.order(PaymentMethod::Cash, true),
        pharmacy.waiting(),
    ];
    let ids = orders.map(|order| pharmacy.submitted(order).prescription.id);
    pharmacy.approve(&pharmacy.operator, ids[1]).unwrap();
    pharmacy.reject(&pharmacy.operator, ids[2]).unwrap();
    pharmacy
}

fn told(pharmacy: &Pharmacy) -> Vec<String> {
    let report = verify(pharmacy.context()).unwrap();
    report.differences.iter().map(ToString::to_string).collect()
}

on_both! {
    fn every_row_that_a_hand_breaks_is_told(database: TestDatabase) {
        let pharmacy = small_pharmacy(database);
        let execute = |sql: &str| pharmacy.world.database.execute(sql);
        execute("DROP INDEX prescriptions_pending_unique");
        execute("CREATE TABLE kept_names AS SELECT file AS kept FROM prescription_images WHERE id = 2");
        assert_eq!(told(&pharmacy), [""; 0]);

        for (hand, repair, rule) in BREAKS {
            execute(hand);
            let broken = told(&pharmacy);
            assert!(broken.iter().any(|line| line.contains(rule)), "{hand}: {broken:?}");
            execute(repair);
            assert_eq!(told(&pharmacy), [""; 0], "{repair}");
        }
    }

    fn a_sixth_prescription_and_a_file_without_a_row_are_told(database: TestDatabase) {
        let pharmacy = small_pharmacy(database);
        for _ in 0..5 {
            pharmacy.world.database.execute(
                "INSERT INTO prescriptions (store_id, order_id, user_id, status, rejection_reason, reviewed_at, day, created_at) \
                 SELECT store_id, order_id, user_id, 'rejected', 'x', created_at, day, created_at FROM prescriptions WHERE id = 3",
            );
        }
        let name = "00000000000000000000000000000000.sealed";
        let path = pharmacy.world.files().join("prescriptions").join(name);
        std::fs::write(&path, b"left behind").unwrap();
        let hour_ago = pharmacy.context().now() - chrono::TimeDelta::hours(4);
        std::fs::File::open(&path).unwrap().set_modified(hour_ago.into()).unwrap();

        let told = told(&pharmacy);

        assert!(told.iter().any(|line| line.contains("five prescriptions at most")), "{told:?}");
        assert!(told.iter().any(|line| line.contains("each stored file belongs") && line.contains(name)), "{told:?}");
    }
}
