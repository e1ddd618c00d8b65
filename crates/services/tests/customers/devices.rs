//! Devices that can be told of news.

use savdo_domain::Refusal;
use savdo_domain::account::Platform;
use savdo_persistence::on_both;
use savdo_services::devices::{self, RegisterDevice};
use savdo_services::once::Unkeyed;
use savdo_services::testing::{World, at_once, refusal};

fn phone() -> RegisterDevice {
    RegisterDevice {
        token: "fcm-token".to_owned(),
        platform: Platform::Android,
    }
}

on_both! {
    fn a_device_goes_over_to_who_signs_in_at_it(database: TestDatabase) {
        let world = World::on(database);
        let [first, second] = [world.customer(), world.customer()];
        let register = |actor| devices::register(&world.context, actor, phone(), &Unkeyed);

        let (id, _) = world.fails_at_every_statement(|| register(&first));
        assert_eq!(register(&second).unwrap(), id);

        assert_eq!(refusal(devices::remove(&world.context, &first, id)), Refusal::NotFound);
        let (removed, _) = world.fails_at_every_statement(|| devices::remove(&world.context, &second, id));
        assert_eq!(removed, ());
        assert_ne!(register(&first).unwrap(), id, "a number that was given is not given again");
    }

    fn many_who_sign_in_at_one_device_at_once_leave_it_with_one(database: TestDatabase) {
        let world = World::on(database);
        let actors: Vec<_> = (0..4).map(|_| world.customer()).collect();

        let ids = at_once(8, |number| {
            devices::register(&world.context, &actors[number % 4], phone(), &Unkeyed).unwrap()
        });

        assert!(ids.iter().all(|id| *id == ids[0]));
        assert_eq!(world.database.dump_of(&["devices"]).lines().filter(|line| line.contains("fcm-token")).count(), 1);
        assert_eq!(world.database.probe().retries(), 0);
    }
}
