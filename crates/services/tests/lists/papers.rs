//! Prescriptions.

use savdo_domain::access::Actor;
use savdo_domain::prescription::PrescriptionStatus;
use savdo_persistence::on_both;
use savdo_services::Page;
use savdo_services::prescriptions::{self, PrescriptionFilter};
use savdo_services::testing::World;

use super::{check, ids};

on_both! {
    fn prescriptions_are_walked_by_whoever_sees_them_while_some_come(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = (world.shop(), world.shop());
        let customer = world.customer();
        let show = |patient: &Actor, number: usize| {
            let store = [&shop, &other][number % 2].store_id;
            let (status, reason) = [("pending", ""), ("rejected", "Muhr yo'q")][number / 2 % 2];
            let reviewed = if status == "pending" { "NULL" } else { "'2026-03-12 05:00:00'" };
            world.database.execute(&format!(
                "INSERT INTO prescriptions (store_id, user_id, status, rejection_reason, reviewed_at, day, created_at) \
                 VALUES ({store}, {}, '{status}', '{}', {reviewed}, '2026-03-12', '2026-03-12 05:00:00')",
                patient.user_id, reason.replace('\'', "''"),
            ));
        };
        for number in 0..16 {
            show(&customer, number);
            show(&shop.owner, number);
        }

        for (actor, count) in [(&customer, 16), (&shop.owner, 24), (&other.owner, 16)] {
            for status in [None, Some(PrescriptionStatus::Pending)] {
                let list = |page: &Page| {
                    let filter = PrescriptionFilter { status, ..PrescriptionFilter::default() };
                    ids(prescriptions::list(&world.context, actor, filter, page).unwrap(), |seen| seen.prescription.id.get())
                };
                let all = list(&Page::new(1, 100)).rows;
                assert!(all.is_sorted_by(|one, next| one > next), "{all:?}");
                assert_eq!(all.len(), if status.is_none() { count } else { count / 2 });
                check("prescriptions", list, || ());
            }
        }
        for owner in [&shop.owner, &other.owner] {
            let list = |page: &Page| ids(prescriptions::pending(&world.context, owner, None, page).unwrap(), |seen| seen.prescription.id.get());
            assert!(list(&Page::new(1, 100)).rows.is_sorted());
            let mut added = 0;
            check("pending prescriptions", list, || {
                added += 1;
                show(&customer, added % 2);
            });
        }
    }
}
