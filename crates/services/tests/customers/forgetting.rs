//! What is kept of codes, and for how long.

use chrono::TimeDelta;
use savdo_domain::account::{AccountRefusal, CodePurpose};
use savdo_persistence::on_both;
use savdo_services::accounts::{self, Door};
use savdo_services::testing::{Mailbox, World, refusal};

use crate::support::{FIRST, OTHER_PHONE, PHONE, Phones};

fn rows(world: &World, table: &str) -> usize {
    world
        .database
        .lines(&format!("SELECT phone AS line FROM {table}"))
        .len()
}

on_both! {
    fn codes_and_phones_of_long_ago_are_forgotten_with_what_was_typed(database: TestDatabase) {
        let phones = Phones::of(World::on(database));
        phones.proven(PHONE);
        phones.register(OTHER_PHONE, FIRST).unwrap();
        phones.world.clock.advance(TimeDelta::days(30));
        assert_eq!(accounts::forget_codes(&phones.world.context).unwrap(), 0);
        assert_eq!(refusal(phones.login(OTHER_PHONE, FIRST, Door::Pharmacy)), AccountRefusal::NotVerified.into());
        phones.forgot(PHONE).unwrap();
        phones.world.clock.advance(TimeDelta::minutes(3));

        phones.world.runner(&Mailbox::default()).run_due_jobs().unwrap();

        assert_eq!((rows(&phones.world, "one_time_codes"), rows(&phones.world, "code_phones")), (1, 1), "the new ones stay");
        assert_eq!(refusal(phones.login(OTHER_PHONE, FIRST, Door::Pharmacy)), AccountRefusal::InvalidCredentials.into());
        phones.resend(OTHER_PHONE, CodePurpose::Register).unwrap();
        assert_eq!(rows(&phones.world, "one_time_codes"), 1, "nothing is left to be proven");
        phones.a_minute_later();
        phones.register(OTHER_PHONE, FIRST).unwrap();
        assert!(phones.verify(OTHER_PHONE, &phones.code()).is_ok());
        assert!(phones.login(PHONE, FIRST, Door::Pharmacy).is_ok());
    }

    fn however_many_codes_there_are_all_are_forgotten(database: TestDatabase) {
        let phones = Phones::of(World::on(database));
        let many = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 2100)";
        phones.world.database.execute(&format!(
            "INSERT INTO one_time_codes (phone, purpose, code_hash, first_name, last_name, password_hash, attempts, created_at, \
             expires_at, closed_at) {many} SELECT '+998' || n, 'register', '', '', '', '', 0, '2026-01-01 00:00:00', \
             '2026-01-01 00:02:00', NULL FROM n"
        ));
        phones.world.database.execute(&format!(
            "INSERT INTO code_phones (phone, asked, tried, reset_tried, told_at, updated_at) {many} SELECT '+998' || n, '', '', '', \
             NULL, '2026-01-01 00:00:00' FROM n"
        ));

        assert_eq!(accounts::forget_codes(&phones.world.context).unwrap(), 2100);

        assert_eq!((rows(&phones.world, "one_time_codes"), rows(&phones.world, "code_phones")), (0, 0));
    }
}
