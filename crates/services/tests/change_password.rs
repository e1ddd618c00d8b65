//! Another password by whoever is signed in, and what its tokens are worth then (shop.md 3, reliability.md 9 and 14).

#![cfg(test)]

use std::sync::Mutex;
use std::sync::mpsc::channel;

use savdo_domain::access::Actor;
use savdo_domain::fields::WeakPassword;
use savdo_domain::{FieldErrors, FieldProblem, Refusal};
use savdo_persistence::testing::{Backend, TestDatabase};
use savdo_persistence::{on_both, users};
use savdo_services::accounts::{self, Door, Login, OwnPassword, TokenPair};
use savdo_services::testing::{PASSWORD, World, at_once, origin, refusal};
use savdo_services::{Error, Result};

const OTHER: &str = "kech-kirguncha-8";

fn change(world: &World, actor: &Actor, current: &str, new: &str) -> Result<Option<TokenPair>> {
    let typed = OwnPassword {
        current: current.to_owned(),
        new: new.to_owned(),
        again: new.to_owned(),
    };
    accounts::change_password(&world.context, actor, &typed)
}

fn lives(world: &World, tokens: &TokenPair) -> bool {
    accounts::authenticate(&world.context, &tokens.access, origin()).is_ok()
}

fn login(world: &World, name: &str, password: &str) -> bool {
    let command = Login {
        name: name.to_owned(),
        password: password.to_owned(),
        door: Door::Pharmacy,
    };
    accounts::login(&world.context, &origin(), command).is_ok()
}

fn problem(field: &'static str, problem: FieldProblem) -> Refusal {
    FieldErrors::one(field, problem).into()
}

on_both! {
    fn another_password_ends_every_token_and_gives_new_ones(database: TestDatabase) {
        let world = World::on(database);
        let owner = world.shop().owner;
        let before = [world.tokens_of(&owner), world.tokens_of(&owner)];

        let after = change(&world, &owner, PASSWORD, OTHER).unwrap().unwrap();

        assert!(lives(&world, &after));
        for tokens in &before {
            assert!(!lives(&world, tokens));
            assert!(accounts::refresh(&world.context, &tokens.refresh).is_err());
        }
        assert!(accounts::refresh(&world.context, &after.refresh).is_ok());
        assert!(!login(&world, "owner1", PASSWORD) && login(&world, "owner1", OTHER));
        let audit = world.database.dump_of(&["audit_entries"]);
        assert_eq!(audit.matches("Parol o'zgartirildi").count(), 1);
        assert!(!audit.contains(OTHER) && !audit.contains("$2b$"), "{audit}");
    }

    fn the_same_password_changes_nothing_and_tokens_live_on(database: TestDatabase) {
        let world = World::on(database);
        let owner = world.shop().owner;
        let tokens = world.tokens_of(&owner);
        let before = world.database.dump();

        assert_eq!(change(&world, &owner, PASSWORD, PASSWORD).unwrap().map(|_| ()), None);

        assert_eq!(world.database.dump(), before);
        assert!(lives(&world, &tokens));
    }

    fn a_customer_changes_his_password_too(database: TestDatabase) {
        let world = World::on(database);
        let customer = world.customer();

        assert!(change(&world, &customer, PASSWORD, OTHER).unwrap().is_some());

        assert!(login(&world, "+998900000001", OTHER) && !login(&world, "+998900000001", PASSWORD));
    }

    fn a_password_that_may_not_be_is_refused_before_any_hashing(database: TestDatabase) {
        let world = World::on(database);
        let owner = world.shop().owner;
        let before = world.database.dump();

        for (new, expected) in [
            ("short", FieldProblem::TooShort { min: 8 }),
            ("12345678901", FieldProblem::WeakPassword(WeakPassword::AllDigits)),
            ("         ", FieldProblem::WeakPassword(WeakPassword::AllSpaces)),
            ("password123", FieldProblem::WeakPassword(WeakPassword::Common)),
            ("+998900000001", FieldProblem::WeakPassword(WeakPassword::Personal)),
        ] {
            assert_eq!(refusal(change(&world, &owner, PASSWORD, new)), problem("password", expected), "{new}");
        }
        let differing = OwnPassword { current: PASSWORD.to_owned(), new: OTHER.to_owned(), again: PASSWORD.to_owned() };
        let refused = refusal(accounts::change_password(&world.context, &owner, &differing));
        assert_eq!(refused, problem("password2", FieldProblem::PasswordMismatch));
        assert_eq!(world.database.dump(), before);
    }

    fn guessing_the_current_password_is_limited_as_signing_in_is(database: TestDatabase) {
        let world = World::on(database);
        let owner = world.shop().owner;

        for _ in 0..10 {
            let refused = refusal(change(&world, &owner, "wrong", OTHER));
            assert_eq!(refused, problem("current_password", FieldProblem::WrongPassword));
        }

        assert!(matches!(change(&world, &owner, PASSWORD, OTHER), Err(Error::Throttled { .. })));
        assert!(!login(&world, "owner1", PASSWORD), "both doors count together");
    }

    fn of_two_parallel_changes_one_counts(database: TestDatabase) {
        let world = World::on(database);
        let owner = world.shop().owner;

        let outcomes = at_once(2, |number| change(&world, &owner, PASSWORD, &format!("{OTHER}{number}")));

        let (done, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
        let refused: Vec<_> = refused.into_iter().map(refusal).collect();
        assert_eq!((done.len(), refused), (1, vec![problem("current_password", FieldProblem::WrongPassword)]));
    }

    fn a_hash_of_another_cost_is_renewed_at_the_next_log_in(database: TestDatabase) {
        let world = World::on(database);
        let tokens = world.tokens_of(&world.shop().owner);
        let hash = || world.database.lines("SELECT password_hash AS line FROM users").concat();
        let old = hash();
        let dearer = world.hashing_at(5);
        let login = || accounts::login(&dearer, &origin(), Login { name: "owner1".to_owned(), password: PASSWORD.to_owned(), door: Door::Shop });

        login().unwrap();

        assert!(old.starts_with("$2b$04$") && hash().starts_with("$2b$05$"), "{old} {}", hash());
        assert!(lives(&world, &tokens), "nobody is signed out by that");
        let renewed = hash();
        login().unwrap();
        assert_eq!(hash(), renewed);
    }

    fn a_renewal_that_finds_no_room_for_hashing_fails_no_log_in(database: TestDatabase) {
        let world = World::on(database);
        let _ = world.shop();
        let dearer = world.hashing_at(5);
        let before = world.database.dump_of(&["users"]);
        let command = Login { name: "owner1".to_owned(), password: PASSWORD.to_owned(), door: Door::Shop };

        dearer.hash_no_more_after(1);
        accounts::login(&dearer, &origin(), command.clone()).unwrap();

        assert_eq!(before.matches("$2b$04$").count(), 1);
        assert_eq!(world.database.dump_of(&["users"]).matches("$2b$04$").count(), 1);
        assert!(matches!(accounts::login(&dearer, &origin(), command), Err(Error::Overloaded)));
    }
}

/// A password about to be changed, while a log-in elsewhere has its hash renewed at another cost.
fn change_while_renewed(new: &str) -> (World, Result<Option<TokenPair>>) {
    let world = World::on(TestDatabase::new(Backend::Postgres));
    let owner = world.shop().owner;
    let _ = world.shop();
    let other = Login {
        name: "owner2".to_owned(),
        password: PASSWORD.to_owned(),
        door: Door::Shop,
    };
    accounts::login(&world.hashing_at(5), &origin(), other).unwrap();
    let (database, user_id) = (world.database.handle(), owner.user_id);
    let (locked, is_locked) = channel();
    let (release, is_released) = channel::<()>();
    let is_released = Mutex::new(is_released);
    let waiting = "SELECT pid::text AS line FROM pg_stat_activity \
                   WHERE datname = current_database() AND wait_event_type = 'Lock'";

    let outcome = std::thread::scope(|scope| {
        scope.spawn(move || {
            database.write("test_renew", move |tx| {
                users::lock(tx, user_id)?;
                locked.send(()).unwrap();
                let _ = is_released.lock().unwrap().recv();
                let renewed = "UPDATE users SET password_hash = (SELECT password_hash FROM users WHERE username = 'owner2') \
                               WHERE username = 'owner1'";
                savdo_persistence::testing::run(tx, renewed)
            })
        });
        is_locked.recv().unwrap();
        let changing = scope.spawn(|| change(&world, &owner, PASSWORD, new));
        while !changing.is_finished() && world.database.lines(waiting).is_empty() {
            std::thread::yield_now();
        }
        release.send(()).unwrap();
        changing.join().unwrap()
    });
    (world, outcome)
}

#[test]
fn a_renewed_hash_is_no_other_password() {
    let (world, changed) = change_while_renewed(OTHER);
    assert!(changed.unwrap().is_some());
    assert!(login(&world, "owner1", OTHER) && !login(&world, "owner1", PASSWORD));

    let (world, same) = change_while_renewed(PASSWORD);
    assert_eq!(same.unwrap().map(|_| ()), None);
    assert_eq!(world.database.dump_of(&["users"]).matches("$2b$05$").count(), 2);
}
