//! Trying codes: when they open something, and how often one may try.

use chrono::TimeDelta;
use savdo_domain::account::{AccountRefusal, CodePurpose};
use savdo_domain::fields::WeakPassword;
use savdo_domain::{FieldProblem, Refusal};
use savdo_persistence::on_both;
use savdo_services::accounts::{self, Door, ResetByCode};
use savdo_services::testing::{World, origin, refusal};
use savdo_services::{Error, Result};

use crate::support::{FIRST, OTHER_PHONE, PHONE, Phones, SECOND, other_than};

const INVALID: Refusal = Refusal::Account(AccountRefusal::CodeInvalid);
const RESET_INVALID: Refusal = Refusal::Account(AccountRefusal::ResetCodeInvalid);

fn is_throttled<T>(outcome: &Result<T>) -> bool {
    matches!(outcome, Err(Error::Throttled { .. }))
}

/// A proven customer with a code for another password.
fn forgetful(phones: &Phones) -> String {
    phones.proven(PHONE);
    phones.a_minute_later();
    phones.forgot(PHONE).unwrap();
    phones.code()
}

on_both! {
    /// Case 11 of the abuse cases: five tries.
    fn the_fifth_wrong_try_kills_a_code(database: TestDatabase) {
        let phones = Phones::of(World::on(database));
        phones.register(PHONE, FIRST).unwrap();
        phones.register(OTHER_PHONE, FIRST).unwrap();
        let code = phones.code();

        for _ in 0..4 {
            assert_eq!(refusal(phones.verify(OTHER_PHONE, &other_than(&code))), INVALID);
        }
        assert!(phones.verify(OTHER_PHONE, &code).is_ok(), "four are not five");

        phones.a_minute_later();
        phones.resend(PHONE, CodePurpose::Register).unwrap();
        let code = phones.code();
        for _ in 0..5 {
            assert_eq!(refusal(phones.verify(PHONE, &other_than(&code))), INVALID);
        }
        assert_eq!(refusal(phones.verify(PHONE, &code)), INVALID, "it is dead");
        phones.a_minute_later();
        phones.resend(PHONE, CodePurpose::Register).unwrap();
        assert!(phones.verify(PHONE, &phones.code()).is_ok(), "the next one lives");
    }

    /// Case 11 of the abuse cases: five tries at another password.
    fn the_fifth_wrong_try_kills_a_code_for_another_password(database: TestDatabase) {
        let phones = Phones::of(World::on(database));
        let code = forgetful(&phones);

        for _ in 0..5 {
            assert_eq!(refusal(phones.reset(PHONE, &other_than(&code), SECOND)), RESET_INVALID);
        }

        assert_eq!(refusal(phones.reset(PHONE, &code, SECOND)), RESET_INVALID, "it is dead");
        phones.a_minute_later();
        phones.forgot(PHONE).unwrap();
        assert!(phones.reset(PHONE, &phones.code(), SECOND).is_ok(), "the next one lives");
    }

    /// Case 11 of the abuse cases: a code of one phone for another, and used again.
    fn a_code_opens_its_own_phone_and_purpose_once(database: TestDatabase) {
        let phones = Phones::of(World::on(database));
        phones.register(PHONE, FIRST).unwrap();
        let code = phones.code();
        phones.register(OTHER_PHONE, FIRST).unwrap();
        let other_code = phones.code();

        if code != other_code {
            assert_eq!(refusal(phones.verify(OTHER_PHONE, &code)), INVALID);
        }
        assert_eq!(refusal(phones.reset(PHONE, &code, SECOND)), RESET_INVALID);
        assert_eq!(refusal(phones.verify("+998907778899", &code)), INVALID);
        assert!(phones.verify("(90) 111 22 33", &code).is_ok());
        assert_eq!(refusal(phones.verify(PHONE, &code)), INVALID);
        phones.a_minute_later();
        phones.forgot(PHONE).unwrap();
        assert_eq!(refusal(phones.verify(PHONE, &phones.code())), INVALID, "it is for another password");
        assert_eq!(phones.reset(PHONE, &phones.code(), SECOND).unwrap(), ());
    }

    fn a_code_lives_two_minutes(database: TestDatabase) {
        let phones = Phones::of(World::on(database));
        phones.register(PHONE, FIRST).unwrap();
        phones.register(OTHER_PHONE, FIRST).unwrap();
        let texts = phones.texts();
        let codes: Vec<_> = texts.iter().filter_map(|text| text.split(" kodingiz ").nth(1)?.split('.').next()).collect();

        phones.world.clock.advance(TimeDelta::seconds(119));
        assert!(phones.verify(PHONE, codes[0]).is_ok());
        phones.world.clock.advance(TimeDelta::seconds(1));
        assert_eq!(refusal(phones.verify(OTHER_PHONE, codes[1])), INVALID);
        phones.world.clock.advance(-TimeDelta::hours(2));
        assert_eq!(refusal(phones.verify(OTHER_PHONE, codes[1])), INVALID, "a clock that was set back revives none");
    }

    fn a_phone_that_tries_too_often_waits_whether_or_not_anybody_has_it(database: TestDatabase) {
        let phones = Phones::of(World::on(database));
        phones.register(PHONE, FIRST).unwrap();
        let code = phones.code();

        for (number, phone) in [PHONE, OTHER_PHONE].into_iter().enumerate() {
            let elsewhere = Phones::elsewhere(number);
            let verify = || accounts::verify_phone(&phones.world.context, &elsewhere, phone, &other_than(&code));
            for _ in 0..20 {
                assert_eq!(refusal(verify()), INVALID, "{phone}");
            }
            assert!(is_throttled(&verify()), "{phone}");
        }
        assert!(is_throttled(&phones.reset(PHONE, &code, SECOND)), "over all codes");
        phones.world.clock.advance(TimeDelta::hours(1));
        assert_eq!(refusal(phones.verify(PHONE, &code)), INVALID);
    }

    fn an_address_that_tries_many_phones_waits(database: TestDatabase) {
        let phones = Phones::of(World::on(database));

        for number in 0..60 {
            assert_eq!(refusal(phones.verify(&format!("+9989011100{number:02}"), "1234")), INVALID);
        }
        assert!(is_throttled(&phones.verify("+998901110099", "1234")));
        assert!(is_throttled(&phones.reset("+998901110099", "1234", SECOND)));
        let elsewhere = Phones::elsewhere(1);
        assert!(!is_throttled(&accounts::verify_phone(&phones.world.context, &elsewhere, "+998901110099", "1234")));
    }

    fn an_address_that_asks_for_many_codes_waits(database: TestDatabase) {
        let phones = Phones::of(World::on(database));

        for number in 0..20 {
            phones.forgot(&format!("+9989011100{number:02}")).unwrap();
        }
        assert!(is_throttled(&phones.forgot("+998901110099")));
        assert!(is_throttled(&phones.register("+998901110099", FIRST)));
    }

    fn another_password_ends_every_session_and_uses_the_code_up(database: TestDatabase) {
        let phones = Phones::of(World::on(database));
        let tokens = phones.proven(PHONE).tokens;
        phones.a_minute_later();
        phones.forgot(PHONE).unwrap();
        let code = phones.code();

        phones.reset(PHONE, &code, SECOND).unwrap();

        assert!(accounts::authenticate(&phones.world.context, &tokens.access, origin()).is_err());
        assert!(accounts::refresh(&phones.world.context, &tokens.refresh).is_err());
        assert_eq!(refusal(phones.reset(PHONE, &code, FIRST)), RESET_INVALID);
        assert!(phones.login(PHONE, FIRST, Door::Pharmacy).is_err());
        assert!(phones.login(PHONE, SECOND, Door::Pharmacy).is_ok());
        assert!(phones.world.database.dump_of(&["audit_entries"]).contains("Parol kod orqali tiklandi: Aziza Karimova"));
        let texts = phones.texts();
        assert_eq!(texts[1], format!("{PHONE}: Savdo: parolni tiklash kodi {code}. Uni hech kimga aytmang."));
    }

    fn a_password_that_is_refused_uses_up_no_code_and_counts_no_try_at_it(database: TestDatabase) {
        let phones = Phones::of(World::on(database));
        let code = forgetful(&phones);
        let weak = |problem| Refusal::field("new_password", problem);

        for _ in 0..5 {
            let personal = FieldProblem::WeakPassword(WeakPassword::Personal);
            assert_eq!(refusal(phones.reset(PHONE, &code, "qisqa")), weak(FieldProblem::TooShort { min: 8 }));
            assert_eq!(refusal(phones.reset(PHONE, &code, "Aziza Karimova")), weak(personal));
        }
        assert_eq!(refusal(phones.reset(PHONE, &other_than(&code), "Aziza Karimova")), RESET_INVALID, "names show to nobody else");
        assert_eq!(phones.reset(PHONE, &code, SECOND).unwrap(), ());
    }

    fn tries_at_another_password_are_counted_by_the_day(database: TestDatabase) {
        let phones = Phones::of(World::on(database));
        forgetful(&phones);
        let try_at = |phone: &str| {
            let command = ResetByCode { phone: phone.to_owned(), code: "x".to_owned(), new_password: SECOND.to_owned() };
            accounts::reset_by_code(&phones.world.context, &Phones::elsewhere(phone.len()), &command)
        };

        for phone in [PHONE, OTHER_PHONE] {
            for _ in 0..10 {
                assert_eq!(refusal(try_at(phone)), RESET_INVALID);
            }
            phones.world.clock.advance(TimeDelta::hours(2));
            assert!(is_throttled(&try_at(phone)));
        }
        phones.world.clock.advance(TimeDelta::hours(24));
        assert_eq!(refusal(try_at(PHONE)), RESET_INVALID);
    }

    fn a_customer_who_was_blocked_since_gets_no_other_password(database: TestDatabase) {
        let phones = Phones::of(World::on(database));
        let code = forgetful(&phones);
        phones.world.database.execute("UPDATE users SET is_active = FALSE");

        assert_eq!(refusal(phones.reset(PHONE, &code, SECOND)), RESET_INVALID);
    }
}
