//! A new password by e-mail: for whoever has the mailbox, and nobody learns whose there is.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::sync::Mutex;
use std::sync::mpsc::channel;

use chrono::TimeDelta;
use savdo_domain::Refusal;
use savdo_domain::access::{Actor, Role};
use savdo_domain::account::{AccountRefusal, Language};
use savdo_persistence::testing::{Backend, TestDatabase};
use savdo_persistence::{on_both, users};
use savdo_services::accounts::{self, ChangeProfile, Door, Login, OwnPassword, ResetPassword};
use savdo_services::testing::{Mailbox, PASSWORD, Shop, World, at_once, origin, refusal};
use savdo_services::workers::{self, ChangeOwn, ChangePerson, ChangeWorker};

const NEW: &str = "yangi-parol-1975";

fn reachable(world: &World, email: &str) -> Shop {
    let shop = world.shop();
    let command = ChangeProfile {
        email: Some(email.to_owned()),
        ..ChangeProfile::default()
    };
    accounts::change_profile(&world.context, &shop.owner, command).unwrap();
    shop
}

/// The link that somebody who asked finds in his mailbox.
fn link(world: &World, email: &str) -> (String, String) {
    let mailbox = Mailbox::default();
    accounts::request_reset(&world.context, &origin(), Language::Uzbek, email).unwrap();
    world.runner(&mailbox).send_due(|| false).unwrap();
    mailbox.last_link()
}

fn wish((uid, token): &(String, String), password: &str) -> ResetPassword {
    ResetPassword {
        uid: uid.clone(),
        token: token.clone(),
        password: password.to_owned(),
        password2: password.to_owned(),
    }
}

fn reset(world: &World, link: &(String, String), password: &str) -> savdo_services::Result<()> {
    accounts::reset_password(&world.context, &origin(), &wish(link, password))
}

fn signs_in(world: &World, password: &str) -> bool {
    let command = Login {
        name: "owner1".to_owned(),
        password: password.to_owned(),
        door: Door::Shop,
    };
    accounts::login(&world.context, &origin(), command).is_ok()
}

fn own_password() -> OwnPassword {
    OwnPassword {
        current: PASSWORD.to_owned(),
        new: "kech-kirguncha-8".to_owned(),
        again: "kech-kirguncha-8".to_owned(),
    }
}

fn with_email(email: &str) -> ChangePerson {
    ChangePerson {
        email: Some(email.to_owned()),
        ..ChangePerson::default()
    }
}

const INVALID: Refusal = Refusal::Account(AccountRefusal::ResetLinkInvalid);

on_both! {
    fn whoever_has_the_mailbox_sets_a_new_password_once(database: TestDatabase) {
        let world = World::on(database);
        let shop = reachable(&world, "Ali@savdo.uz");
        let tokens = world.tokens_of(&shop.owner);
        let others = link(&world, "ALI@savdo.uz");
        let link = link(&world, "ali@savdo.uz");

        reset(&world, &link, NEW).unwrap();

        assert_eq!([signs_in(&world, PASSWORD), signs_in(&world, NEW)], [false, true]);
        assert_eq!(refusal(accounts::authenticate(&world.context, &tokens.access, origin())).code(), Some("token_not_valid"));
        assert_eq!(refusal(accounts::refresh(&world.context, &tokens.refresh)).code(), Some("token_not_valid"));
        assert_eq!(refusal(reset(&world, &link, "boshqa-parol-1975")), INVALID);
        assert_eq!(refusal(reset(&world, &others, "boshqa-parol-1975")), INVALID, "all other links are over too");
        let told = world.database.lines(
            "SELECT actor_name || ' ' || action || ' ' || description || ' ' || details || ' ' || ip || ' ' || request_id AS line \
             FROM audit_entries WHERE description LIKE 'Parol%' AND store_id IS NOT NULL",
        );
        assert_eq!(told, [
            "owner1 (Ega) update Parol e-pochta orqali tiklandi: owner1 \
             {\"changes\":{\"password\":{\"new\":\"***\",\"old\":\"***\"}}} 127.0.0.1 test-request",
        ]);
    }

    fn a_link_works_for_a_day(database: TestDatabase) {
        let world = World::on(database);
        reachable(&world, "ali@savdo.uz");
        let [early, late] = [link(&world, "ali@savdo.uz"), link(&world, "ali@savdo.uz")];

        world.clock.advance(TimeDelta::hours(24) - TimeDelta::seconds(1));
        let shortly_before = refusal(reset(&world, &early, "short"));
        world.clock.advance(TimeDelta::seconds(1));
        let then = refusal(reset(&world, &late, NEW));

        assert!(matches!(shortly_before, Refusal::Fields(_)));
        assert_eq!(then, INVALID);
        assert!(signs_in(&world, PASSWORD));
    }

    fn a_link_that_is_none_is_refused_before_the_password_is_looked_at(database: TestDatabase) {
        let world = World::on(database);
        let shop = reachable(&world, "ali@savdo.uz");
        let other = world.shop();
        let (uid, token) = link(&world, "ali@savdo.uz");
        let of = |uid: &str, token: &str| refusal(reset(&world, &(uid.to_owned(), token.to_owned()), "x"));

        assert_eq!(of("", ""), INVALID);
        assert_eq!(of("abc", &token), INVALID);
        assert_eq!(of("99999999999999999999", &token), INVALID);
        assert_eq!(of(&other.owner.user_id.to_string(), &token), INVALID);
        assert_eq!(of(&uid, &token.to_lowercase()), INVALID);
        assert_eq!(of(&uid, &"x".repeat(10_000)), INVALID);
        world.database.execute(&format!("UPDATE users SET is_active = FALSE WHERE id = {}", shop.owner.user_id));
        assert_eq!(of(&uid, &token), INVALID);
    }

    fn a_password_that_may_not_be_leaves_the_link_as_it_was(database: TestDatabase) {
        let world = World::on(database);
        reachable(&world, "ali@savdo.uz");
        let link = link(&world, "ali@savdo.uz");
        let mut differing = wish(&link, NEW);
        differing.password2.push('x');
        let before = world.database.dump();

        for password in ["short", "owner1", "password", "12345678901"] {
            assert!(matches!(refusal(reset(&world, &link, password)), Refusal::Fields(_)), "{password}");
        }
        let mismatch = refusal(accounts::reset_password(&world.context, &origin(), &differing));

        assert!(matches!(mismatch, Refusal::Fields(_)));
        assert_eq!(world.database.dump(), before);
        reset(&world, &link, NEW).unwrap();
    }

    fn of_two_who_use_a_link_at_once_one_counts(database: TestDatabase) {
        let world = World::on(database);
        reachable(&world, "ali@savdo.uz");
        let link = link(&world, "ali@savdo.uz");

        let outcomes = at_once(4, |number| reset(&world, &link, &format!("{NEW}-{number}")).is_ok());

        assert_eq!(outcomes.iter().filter(|set| **set).count(), 1);
        let winner = outcomes.iter().position(|set| *set).unwrap();
        assert!(signs_in(&world, &format!("{NEW}-{winner}")));
    }

    fn asking_costs_the_same_whoever_is_known(database: TestDatabase) {
        let world = World::on(database);
        reachable(&world, "ali@savdo.uz");
        let statements = |email: &str| {
            let before = world.database.probe().statements();
            accounts::request_reset(&world.context, &origin(), Language::Uzbek, email).unwrap();
            world.database.probe().statements() - before
        };

        assert_eq!(statements("ali@savdo.uz"), statements("nobody@savdo.uz"));
    }

    fn nobody_gets_a_letter_who_has_no_living_staff_account(database: TestDatabase) {
        let world = World::on(database);
        let shop = reachable(&world, "ali@savdo.uz");
        let customer = world.customer();
        world.database.execute(&format!("UPDATE users SET is_active = FALSE WHERE id = {}", shop.owner.user_id));
        world.database.execute(&format!(
            "UPDATE users SET email = 'c@savdo.uz', email_key = 'c@savdo.uz' WHERE id = {}",
            customer.user_id
        ));
        let mailbox = Mailbox::default();
        for email in ["ali@savdo.uz", "nobody@savdo.uz", "c@savdo.uz"] {
            accounts::request_reset(&world.context, &origin(), Language::Uzbek, email).unwrap();
        }

        world.runner(&mailbox).send_due(|| false).unwrap();

        assert_eq!(mailbox.tried().len(), 0);
        let statuses = world.database.lines("SELECT DISTINCT status AS line FROM outbox_dispatches");
        assert_eq!(statuses, ["dismissed"]);
        assert_eq!(world.database.lines("SELECT sealed AS line FROM outbox_secrets"), [""; 0]);
    }

    fn neither_address_nor_token_lies_readable_in_the_database(database: TestDatabase) {
        let world = World::on(database);
        reachable(&world, "ali@savdo.uz");
        let mailbox = Mailbox::default();
        mailbox.will_answer([savdo_domain::dispatch::Outcome::Retry { why: String::new(), after: None }]);
        accounts::request_reset(&world.context, &origin(), Language::Uzbek, "ali@savdo.uz").unwrap();
        let asked = world.database.dump_of(&["outbox", "outbox_secrets", "outbox_dispatches"]);
        world.runner(&mailbox).send_due(|| false).unwrap();

        let (_, token) = mailbox.last_link();
        assert!(!asked.contains("ali@savdo.uz"));
        assert!(!world.database.dump().contains(&token));
        assert_eq!(world.database.lines("SELECT sealed AS line FROM outbox_secrets").len(), 1);
    }

    fn another_password_or_another_address_ends_every_link(database: TestDatabase) {
        let world = World::on(database);
        let boss = reachable(&world, "boss@savdo.uz");
        let bystander = link(&world, "boss@savdo.uz");
        type Change = fn(&World, &Shop, &Actor);
        let changes: [(&str, Change); 6] = [
            ("his own password", |world, _, seller| {
                accounts::change_password(&world.context, seller, &own_password()).unwrap();
            }),
            ("his own password, as a worker", |world, _, seller| {
                let own = ChangeOwn { person: ChangePerson::default(), password: Some(own_password()) };
                workers::change_own(&world.context, seller, own).unwrap();
            }),
            ("his own address", |world, _, seller| {
                let command = ChangeProfile { email: Some("new1@savdo.uz".to_owned()), ..ChangeProfile::default() };
                accounts::change_profile(&world.context, seller, command).unwrap();
            }),
            ("his own address, as a worker", |world, _, seller| {
                let own = ChangeOwn { person: with_email("new2@savdo.uz"), password: None };
                workers::change_own(&world.context, seller, own).unwrap();
            }),
            ("a password from the owner", |world, boss, seller| {
                let command = ChangeWorker { password: Some(own_password().new), ..ChangeWorker::default() };
                workers::change(&world.context, &boss.owner, seller.worker.as_ref().unwrap().id, command).unwrap();
            }),
            ("no address any more, from the owner", |world, boss, seller| {
                let command = ChangeWorker { person: with_email(""), ..ChangeWorker::default() };
                workers::change(&world.context, &boss.owner, seller.worker.as_ref().unwrap().id, command).unwrap();
            }),
        ];

        for (number, (what, change)) in changes.into_iter().enumerate() {
            let seller = world.hire(&boss, Role::Seller);
            let email = format!("seller{number}@savdo.uz");
            let own = ChangeOwn { person: with_email(&email), password: None };
            workers::change_own(&world.context, &seller, own).unwrap();
            let link = link(&world, &email);

            change(&world, &boss, &seller);

            assert_eq!(refusal(reset(&world, &link, NEW)), INVALID, "{what}");
        }
        reset(&world, &bystander, NEW).unwrap();
    }

    fn a_link_outlives_changes_that_leave_password_and_address_as_they_are(database: TestDatabase) {
        let world = World::on(database);
        let shop = reachable(&world, "ali@savdo.uz");
        let link = link(&world, "ali@savdo.uz");
        let profile = ChangeProfile {
            first_name: Some("Ali".to_owned()),
            email: Some("ali@savdo.uz".to_owned()),
            ..ChangeProfile::default()
        };
        let same = OwnPassword { new: PASSWORD.to_owned(), again: PASSWORD.to_owned(), ..own_password() };

        accounts::change_profile(&world.context, &shop.owner, profile).unwrap();
        let person = ChangePerson { last_name: Some("Valiyev".to_owned()), ..with_email("ali@savdo.uz") };
        workers::change_own(&world.context, &shop.owner, ChangeOwn { person, password: None }).unwrap();
        accounts::change_password(&world.context, &shop.owner, &same).unwrap();

        reset(&world, &link, NEW).unwrap();
    }
}

#[test]
fn no_link_goes_to_an_address_that_was_given_up_meanwhile() {
    let world = World::on(TestDatabase::new(Backend::Postgres));
    let shop = reachable(&world, "ali@savdo.uz");
    let mailbox = Mailbox::default();
    accounts::request_reset(&world.context, &origin(), Language::Uzbek, "ali@savdo.uz").unwrap();
    let runner = world.runner(&mailbox);
    let (database, user_id) = (world.database.handle(), shop.owner.user_id);
    let (changed, is_changed) = channel();
    let (release, is_released) = channel::<()>();
    let is_released = Mutex::new(is_released);
    let waiting = "SELECT pid::text AS line FROM pg_stat_activity \
                   WHERE datname = current_database() AND wait_event_type = 'Lock'";

    std::thread::scope(|scope| {
        scope.spawn(move || {
            database.write("test_change", move |tx| {
                users::lock(tx, user_id)?;
                let given_up = "UPDATE users SET email = '', email_key = ''";
                savdo_persistence::testing::run(tx, given_up)?;
                changed.send(()).unwrap();
                let _ = is_released.lock().unwrap().recv();
                Ok::<_, savdo_persistence::Error>(())
            })
        });
        is_changed.recv().unwrap();
        let sending = scope.spawn(|| runner.send_due(|| false));
        while !sending.is_finished() && world.database.lines(waiting).is_empty() {
            std::thread::yield_now();
        }
        release.send(()).unwrap();
        sending.join().unwrap().unwrap();
    });

    assert_eq!(mailbox.tried().len(), 0);
}
