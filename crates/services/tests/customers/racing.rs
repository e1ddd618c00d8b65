//! Many at once with one phone.

use savdo_persistence::on_both;
use savdo_services::Error;
use savdo_services::accounts::{self, ResetByCode};
use savdo_services::testing::{World, at_once};

use crate::support::{FIRST, PHONE, Phones, SECOND, other_than};

fn count(world: &World, what: &str) -> String {
    world
        .database
        .lines(&format!("SELECT CAST(count(*) AS TEXT) AS line FROM {what}"))
        .concat()
}

on_both! {
    /// Case 97 of the abuse cases, as the contract has it: both get the same answer.
    fn parallel_registrations_of_one_phone_make_one_account_and_send_one_code(database: TestDatabase) {
        let phones = Phones::of(World::on(database));

        let outcomes = at_once(8, |number| phones.register_as(PHONE, FIRST, &format!("Aziza {number}")));

        assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
        assert_eq!(count(&phones.world, "users"), "1");
        assert_eq!(count(&phones.world, "one_time_codes WHERE closed_at IS NULL"), "1");
        assert_eq!(phones.texts().len(), 1);
        assert!(phones.verify(PHONE, &phones.code()).is_ok());
        assert_eq!(phones.world.database.probe().retries(), 0, "a dead-lock was run again");
    }

    fn of_parallel_proofs_with_one_code_one_counts(database: TestDatabase) {
        let phones = Phones::of(World::on(database));
        phones.register(PHONE, FIRST).unwrap();
        let code = phones.code();

        let outcomes = at_once(8, |_| phones.verify(PHONE, &code).is_ok());

        assert_eq!(outcomes.iter().filter(|is_ok| **is_ok).count(), 1);
        assert_eq!(count(&phones.world, "sessions"), "1");
        assert_eq!(phones.world.database.probe().retries(), 0);
    }

    fn parallel_guesses_are_not_more_than_guesses_in_turn(database: TestDatabase) {
        let phones = Phones::of(World::on(database));
        phones.register(PHONE, FIRST).unwrap();
        let code = phones.code();
        let wrong = other_than(&code);

        let outcomes = at_once(16, |_| phones.verify(PHONE, &wrong).is_ok());

        assert!(outcomes.iter().all(|is_ok| !is_ok));
        let tried = phones.world.database.lines("SELECT CAST(attempts AS TEXT) AS line FROM one_time_codes").concat();
        assert_eq!((tried.as_str(), count(&phones.world, "one_time_codes WHERE closed_at IS NULL").as_str()), ("5", "0"));
        assert!(phones.verify(PHONE, &code).is_err());
    }

    fn registering_proving_asking_and_resetting_at_once_dead_lock_with_nothing(database: TestDatabase) {
        let phones = Phones::of(World::unlimited(database));
        phones.proven(PHONE);
        phones.forgot(PHONE).unwrap();
        let code = phones.code();

        let outcomes = at_once(12, |number| match number % 4 {
            0 => phones.register(PHONE, SECOND).map(|()| 0),
            1 => phones.forgot(PHONE).map(|()| 0),
            2 => {
                let command = ResetByCode { phone: PHONE.to_owned(), code: code.clone(), new_password: SECOND.to_owned() };
                accounts::reset_by_code(&phones.world.context, &Phones::elsewhere(number), &command).map(|()| 1)
            }
            _ => phones.verify(PHONE, &code).map(|_| 0),
        });

        let set: i32 = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok()).sum();
        assert!(set <= 1);
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Ok(_) | Err(Error::Refused(_)))), "{outcomes:?}");
        assert_eq!(phones.world.database.probe().retries(), 0);
    }
}
