//! Registering, in each of its four cases, and the code once more.

use chrono::TimeDelta;
use savdo_domain::account::{AccountRefusal, CodePurpose};
use savdo_domain::{FieldErrors, FieldProblem, Refusal};
use savdo_persistence::on_both;
use savdo_services::Error;
use savdo_services::accounts::{self, Door};
use savdo_services::testing::{World, refusal};

use crate::support::{FIRST, OTHER_PHONE, PHONE, Phones, SECOND};

const INVALID: Refusal = Refusal::Account(AccountRefusal::CodeInvalid);
const NOT_VERIFIED: Refusal = Refusal::Account(AccountRefusal::NotVerified);
const CREDENTIALS: Refusal = Refusal::Account(AccountRefusal::InvalidCredentials);

fn block(world: &World, phone: &str) {
    world
        .database
        .execute(&format!("UPDATE users SET is_active = FALSE WHERE phone = '{phone}'"));
}

fn too_soon(outcome: savdo_services::Result<()>) -> u64 {
    match outcome {
        Err(Error::CodeTooSoon { retry_after_seconds }) => retry_after_seconds,
        other => panic!("it was not too soon: {other:?}"),
    }
}

on_both! {
    fn an_unknown_phone_gets_a_code_and_an_account_that_opens_with_it(database: TestDatabase) {
        let phones = Phones::of(World::on(database));

        phones.register("90 111-22-33", FIRST).unwrap();
        let code = phones.code();

        assert_eq!(phones.texts(), [format!("{PHONE}: Savdo: kodingiz {code}. Uni hech kimga aytmang.")]);
        assert_eq!(refusal(phones.login(PHONE, FIRST, Door::Pharmacy)), NOT_VERIFIED);
        assert_eq!(refusal(phones.login(PHONE, SECOND, Door::Pharmacy)), CREDENTIALS);
        let signed_in = phones.verify(PHONE, &code).unwrap();
        assert_eq!((signed_in.user.full_name().as_str(), signed_in.user.is_verified), ("Aziza Karimova", true));
        assert!(phones.login(PHONE, FIRST, Door::Pharmacy).is_ok());
        assert_eq!(refusal(phones.verify(PHONE, &code)), INVALID, "a code is used once");
        let audit = phones.world.database.dump_of(&["audit_entries"]);
        assert!(audit.contains("Ro'yxatdan o'tdi: Aziza Karimova"));
    }

    fn no_secret_of_a_registration_is_kept_readable(database: TestDatabase) {
        let phones = Phones::of(World::on(database));

        phones.register(PHONE, FIRST).unwrap();
        let dump = phones.world.database.dump_of(&["outbox", "outbox_secrets", "one_time_codes", "users", "audit_entries"]);
        let code = phones.code();
        let after = phones.world.database.dump_of(&["outbox_secrets"]);

        assert!(!dump.contains(&format!("|{code}|")) && !dump.contains(&format!(" {code}.")) && !dump.contains(FIRST));
        let kept = phones.world.database.lines("SELECT '' || outbox_id AS line FROM outbox_secrets");
        assert_eq!(kept, [""; 0], "the text is deleted once it went out: {after}");
    }

    fn registering_again_is_asking_again_with_other_names_and_password(database: TestDatabase) {
        let phones = Phones::of(World::on(database));
        phones.register_as(PHONE, FIRST, "Begona").unwrap();
        let old = phones.code();

        phones.a_minute_later();
        phones.register_as(PHONE, SECOND, "Aziza").unwrap();
        let new = phones.code();

        if old != new {
            assert_eq!(refusal(phones.verify(PHONE, &old)), INVALID, "a newer code kills older ones");
        }
        assert_eq!(refusal(phones.login(PHONE, FIRST, Door::Pharmacy)), CREDENTIALS);
        assert_eq!(refusal(phones.login(PHONE, SECOND, Door::Pharmacy)), NOT_VERIFIED);
        let signed_in = phones.verify(PHONE, &new).unwrap();
        assert_eq!(signed_in.user.full_name(), "Aziza Karimova");
        assert_eq!(refusal(phones.login(PHONE, FIRST, Door::Pharmacy)), CREDENTIALS);
        assert!(phones.login(PHONE, SECOND, Door::Pharmacy).is_ok());
    }

    fn a_proven_phone_is_told_so_once_a_day_and_nothing_of_it_changes(database: TestDatabase) {
        let phones = Phones::of(World::on(database));
        let tokens = phones.proven(PHONE).tokens;
        let users = phones.world.database.dump_of(&["users", "one_time_codes"]);

        for _ in 0..3 {
            phones.a_minute_later();
            phones.register(PHONE, SECOND).unwrap();
        }
        let told = |texts: Vec<String>| texts.iter().filter(|text| text.contains("akkaunt bor")).count();

        assert_eq!(told(phones.texts()), 1);
        assert_eq!(phones.texts().len(), 2, "no other code");
        assert_eq!(phones.world.database.dump_of(&["users", "one_time_codes"]), users);
        assert!(accounts::authenticate(&phones.world.context, &tokens.access, savdo_services::testing::origin()).is_ok());
        phones.world.clock.advance(TimeDelta::days(1));
        phones.register(PHONE, SECOND).unwrap();
        assert_eq!(told(phones.texts()), 2);
    }

    fn a_blocked_customer_gets_no_code_of_either_kind(database: TestDatabase) {
        let phones = Phones::of(World::on(database));
        phones.proven(PHONE);
        phones.register(OTHER_PHONE, FIRST).unwrap();
        let open = phones.code();
        block(&phones.world, PHONE);
        block(&phones.world, OTHER_PHONE);

        assert_eq!(refusal(phones.verify(OTHER_PHONE, &open)), INVALID, "blocked since");
        phones.a_minute_later();
        phones.register(PHONE, SECOND).unwrap();
        phones.register(OTHER_PHONE, SECOND).unwrap();
        phones.a_minute_later();
        phones.forgot(PHONE).unwrap();
        phones.resend(OTHER_PHONE, CodePurpose::Register).unwrap();

        let texts = phones.texts();
        assert_eq!(texts.len(), 4, "{texts:?}");
        assert!(texts[2..].iter().all(|text| text.contains("akkaunt bor")));
        assert_eq!(refusal(phones.login(PHONE, FIRST, Door::Pharmacy)), CREDENTIALS);
    }

    fn within_a_minute_nothing_is_sent_and_the_earlier_code_stays_good(database: TestDatabase) {
        let phones = Phones::of(World::on(database));
        phones.register_as(PHONE, FIRST, "Aziza").unwrap();
        let code = phones.code();

        phones.world.clock.advance(TimeDelta::seconds(59));
        phones.register_as(PHONE, SECOND, "Begona").unwrap();

        assert_eq!(phones.texts().len(), 1);
        assert_eq!(phones.verify(PHONE, &code).unwrap().user.full_name(), "Aziza Karimova");
        assert!(phones.login(PHONE, FIRST, Door::Pharmacy).is_ok());
    }

    fn over_its_hourly_limit_a_phone_gets_the_same_answer_and_no_code(database: TestDatabase) {
        let phones = Phones::of(World::on(database));

        for _ in 0..7 {
            phones.register(PHONE, FIRST).unwrap();
            phones.texts();
            phones.a_minute_later();
        }

        assert_eq!(phones.texts().len(), 5);
        assert_eq!(too_soon(phones.resend(PHONE, CodePurpose::Register)), 3600 - 7 * 60);
        assert_eq!(too_soon(phones.forgot(PHONE)), 3600 - 7 * 60, "all purposes count together");
        phones.world.clock.advance(TimeDelta::seconds(3600 - 7 * 60));
        phones.resend(PHONE, CodePurpose::Register).unwrap();
        assert_eq!(phones.texts().len(), 6);
    }

    fn a_code_once_more_brings_what_was_typed_last(database: TestDatabase) {
        let phones = Phones::of(World::on(database));
        phones.register(PHONE, FIRST).unwrap();
        let first = phones.code();
        phones.world.clock.advance(TimeDelta::minutes(10));
        assert_eq!(refusal(phones.verify(PHONE, &first)), INVALID, "too old");
        assert_eq!(refusal(phones.login(PHONE, FIRST, Door::Pharmacy)), NOT_VERIFIED, "expired or not");

        phones.resend(PHONE, CodePurpose::Register).unwrap();

        assert_eq!(phones.verify(PHONE, &phones.code()).unwrap().user.full_name(), "Aziza Karimova");
        assert!(phones.login(PHONE, FIRST, Door::Pharmacy).is_ok());
    }

    fn whoever_waits_for_no_code_gets_none_and_is_not_told(database: TestDatabase) {
        let phones = Phones::of(World::on(database));
        phones.proven(PHONE);
        phones.register(OTHER_PHONE, FIRST).unwrap();
        let before = phones.texts().len();
        phones.a_minute_later();

        phones.resend(PHONE, CodePurpose::Register).unwrap();
        phones.forgot(OTHER_PHONE).unwrap();
        phones.forgot("+998907778899").unwrap();

        assert_eq!(phones.texts().len(), before);
        for phone in [PHONE, OTHER_PHONE, "+998907778899"] {
            assert_eq!(too_soon(phones.forgot(phone)), 60, "{phone}");
            assert_eq!(too_soon(phones.resend(phone, CodePurpose::Register)), 60, "{phone}");
        }
        assert!(!phones.world.database.dump_of(&["users"]).contains("+998907778899"));
    }

    fn a_message_whose_code_is_worth_nothing_any_more_is_not_sent(database: TestDatabase) {
        let phones = Phones::of(World::on(database));
        phones.register(PHONE, FIRST).unwrap();
        phones.register(OTHER_PHONE, FIRST).unwrap();
        phones.world.clock.advance(TimeDelta::seconds(60));
        phones.resend(PHONE, CodePurpose::Register).unwrap();
        phones.world.clock.advance(TimeDelta::seconds(60));

        let texts = phones.texts();

        assert_eq!(texts.len(), 1, "one was replaced, one is too old: {texts:?}");
        // The one that is sent is a message of its own, beside that which made it.
        let kept = "SELECT status || ' ' || CAST(count(*) AS TEXT) AS line FROM outbox_dispatches GROUP BY status ORDER BY status";
        assert_eq!(phones.world.database.lines(kept), ["dismissed 2", "sent 2"]);
        let secrets = phones.world.database.lines("SELECT '' || outbox_id AS line FROM outbox_secrets");
        assert_eq!(secrets, [""; 0]);
    }

    fn what_is_wrong_with_a_registration_is_told_before_anything_is_hashed(database: TestDatabase) {
        let phones = Phones::of(World::on(database));
        let (empty, mut expected) = (phones.world.database.dump(), FieldErrors::new());
        expected.add("phone_number", FieldProblem::InvalidPhone);
        expected.add("password", FieldProblem::TooShort { min: 8 });

        let cost = phones.cost(|| assert_eq!(refusal(phones.register("٩٠١١١٢٢٣٣", "qisqa")), expected.into()));

        assert_eq!(cost, (0, 0));
        assert_eq!(phones.world.database.dump(), empty);
    }

    fn a_registration_is_whole_or_not_at_all(database: TestDatabase) {
        let phones = Phones::of(World::unlimited(database));

        phones.world.fails_at_every_statement(|| phones.register(PHONE, FIRST));
        phones.world.fails_at_every_statement(|| phones.resend(PHONE, CodePurpose::Register));
        let code = phones.code();
        phones.world.fails_at_every_statement(|| phones.verify(PHONE, &code));
        phones.world.fails_at_every_statement(|| phones.register(PHONE, FIRST));
        phones.world.fails_at_every_statement(|| phones.forgot(PHONE));
        let code = phones.code();
        let (done, _) = phones.world.fails_at_every_statement(|| phones.reset(PHONE, &code, SECOND));

        assert_eq!(done, ());
        assert!(phones.login(PHONE, SECOND, Door::Pharmacy).is_ok());
    }
}
