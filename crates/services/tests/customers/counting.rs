//! What is done for a phone tells nobody whether it has an account (case 13 of the abuse cases).

use savdo_domain::account::CodePurpose;
use savdo_persistence::on_both;
use savdo_services::testing::World;

use crate::support::{FIRST, OTHER_PHONE, PHONE, Phones, SECOND};

const UNKNOWN: &str = "+998907778899";

on_both! {
    fn registering_costs_the_same_statements_and_hashing_in_all_four_cases(database: TestDatabase) {
        let phones = Phones::of(World::on(database));
        phones.proven(PHONE);
        phones.register(OTHER_PHONE, FIRST).unwrap();
        phones.a_minute_later();
        let cost = |phone| phones.cost(|| phones.register(phone, SECOND).unwrap());

        let unknown = cost(UNKNOWN);
        let unproven = cost(OTHER_PHONE);
        let told = cost(PHONE);
        let too_soon = [cost(UNKNOWN), cost(OTHER_PHONE), cost(PHONE)];
        phones.a_minute_later();
        let told_before = cost(PHONE);
        phones.world.database.execute(&format!("UPDATE users SET is_active = FALSE WHERE phone = '{OTHER_PHONE}'"));
        let blocked = cost(OTHER_PHONE);

        assert_eq!(unknown.1, 1, "the password is hashed each time");
        assert_eq!([unproven, told, told_before, blocked], [unknown; 4]);
        assert_eq!(too_soon, [unknown; 3]);
    }

    fn asking_for_a_code_costs_the_same_whether_or_not_one_is_sent(database: TestDatabase) {
        let phones = Phones::of(World::on(database));
        phones.proven(PHONE);
        phones.register(OTHER_PHONE, FIRST).unwrap();

        for purpose in [CodePurpose::Register, CodePurpose::PasswordReset] {
            phones.a_minute_later();
            let cost = |phone| phones.cost(|| phones.resend(phone, purpose).unwrap());
            let sent = [PHONE, OTHER_PHONE, UNKNOWN].map(cost);
            assert_eq!(sent, [(sent[0].0, 0); 3], "{purpose}");
            let refused = |phone| phones.cost(|| phones.resend(phone, purpose).unwrap_err());
            let refused = [PHONE, OTHER_PHONE, UNKNOWN].map(refused);
            assert_eq!(refused, [(refused[0].0, 0); 3], "{purpose}");
        }
    }

    fn a_try_in_vain_costs_the_same_for_every_phone(database: TestDatabase) {
        let phones = Phones::of(World::on(database));
        phones.proven(PHONE);
        phones.register(OTHER_PHONE, FIRST).unwrap();
        let verify = |phone| phones.cost(|| phones.verify(phone, "x").unwrap_err());
        let reset = |phone| phones.cost(|| phones.reset(phone, "x", SECOND).unwrap_err());

        let tried = [PHONE, OTHER_PHONE, UNKNOWN].map(verify);
        let killed: Vec<_> = (0..5).map(|_| verify(OTHER_PHONE)).collect();
        let reset = [PHONE, OTHER_PHONE, UNKNOWN].map(reset);

        assert_eq!(tried, [(tried[0].0, 0); 3]);
        assert_eq!(killed, [tried[0]; 5]);
        assert_eq!(reset, [(tried[0].0, 1); 3]);
    }

    /// What was committed would answer later than what was rolled back: each of these writes the record of the phone.
    fn every_answer_is_preceded_by_a_commit(database: TestDatabase) {
        let phones = Phones::of(World::on(database));
        phones.proven(PHONE);
        let updated = |phone: &str| {
            phones.world.database.lines(&format!("SELECT CAST(updated_at AS TEXT) AS line FROM code_phones WHERE phone = '{phone}'"))
        };

        for phone in [PHONE, UNKNOWN] {
            phones.a_minute_later();
            phones.register(phone, FIRST).unwrap();
            let before = updated(phone);
            phones.world.clock.advance(chrono::TimeDelta::seconds(1));
            phones.register(phone, FIRST).unwrap();
            assert_ne!(updated(phone), before, "{phone} too soon");
            let before = updated(phone);
            phones.world.clock.advance(chrono::TimeDelta::seconds(1));
            phones.verify(phone, "x").unwrap_err();
            assert_ne!(updated(phone), before, "{phone} in vain");
        }
    }
}
