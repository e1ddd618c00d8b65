//! How often somebody may fail to sign in (shop.md 1.7, reliability.md 10).

#![cfg(test)]

use chrono::TimeDelta;
use savdo_domain::Refusal;
use savdo_domain::access::{Actor, Origin, Role};
use savdo_domain::account::AccountRefusal;
use savdo_persistence::on_both;
use savdo_services::accounts::{self, Door, Login, OwnPassword, SignedIn, StaffAccount};
use savdo_services::once::Unkeyed;
use savdo_services::stock::{self, GoodsLine, MoveMany};
use savdo_services::testing::{Goods, PASSWORD, World, at_once, origin, receipt};
use savdo_services::workers::{self, ChangeOwn, ChangePerson, ChangeWorker, HireWorker};
use savdo_services::{Error, Result};

fn login(world: &World, ip: &str, name: &str, password: &str, door: Door) -> Result<SignedIn> {
    let origin = Origin {
        ip: ip.to_owned(),
        ..origin()
    };
    let command = Login {
        name: name.to_owned(),
        password: password.to_owned(),
        door,
    };
    accounts::login(&world.context, &origin, command)
}

/// `wrong`, `throttled` or `in`.
fn outcome<T>(outcome: Result<T>) -> &'static str {
    match outcome {
        Ok(_) => "in",
        Err(Error::Refused(Refusal::Account(AccountRefusal::InvalidCredentials))) => "wrong",
        Err(Error::Throttled { .. }) => "throttled",
        Err(other) => panic!("{other}"),
    }
}

const HOME: &str = "10.0.0.1";

on_both! {
    fn after_ten_failures_the_right_password_waits_too_and_nobody_else(database: TestDatabase) {
        let world = World::on(database);
        let _ = world.shop();
        let _ = world.shop();
        for number in 0..10 {
            // One account, whatever it is called and wherever.
            let (name, door) = if number % 2 == 0 { ("owner1", Door::Shop) } else { ("+998900000001", Door::Pharmacy) };
            assert_eq!(outcome(login(&world, HOME, name, "wrong", door)), "wrong");
        }
        let statements = world.database.probe().statements();

        for door in [Door::Shop, Door::Pharmacy] {
            assert_eq!(outcome(login(&world, HOME, "owner1", PASSWORD, door)), "throttled");
        }

        // Looked up, and neither hashed nor noted.
        assert_eq!(world.database.probe().statements() - statements, 2);
        assert_eq!(outcome(login(&world, HOME, "owner2", PASSWORD, Door::Shop)), "in");
        assert_eq!(outcome(login(&world, "10.0.0.2", "owner1", PASSWORD, Door::Shop)), "in");
        world.clock.advance(TimeDelta::seconds(61));
        assert_eq!(outcome(login(&world, HOME, "owner1", PASSWORD, Door::Shop)), "in");
    }

    fn an_unknown_phone_waits_however_it_is_written(database: TestDatabase) {
        let world = World::on(database);
        for _ in 0..10 {
            assert_eq!(outcome(login(&world, HOME, "901234567", "wrong", Door::Shop)), "wrong");
        }

        let spelt_otherwise = login(&world, HOME, "+998 90 123-45-67", "wrong", Door::Shop);

        assert_eq!(outcome(spelt_otherwise), "throttled");
    }

    fn whoever_guesses_at_his_own_password_waits_too(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let guess = |number: usize| {
            let password = OwnPassword {
                current: format!("wrong-{number}"),
                new: "tong-otguncha-8".to_owned(),
                again: "tong-otguncha-8".to_owned(),
            };
            if number.is_multiple_of(2) {
                let own = ChangeOwn { person: ChangePerson::default(), password: Some(password) };
                workers::change_own(&world.context, &shop.owner, own).map(drop)
            } else {
                accounts::change_password(&world.context, &shop.owner, &password).map(drop)
            }
        };
        for number in 0..10 {
            assert!(matches!(guess(number), Err(Error::Refused(_))));
        }

        assert!(matches!(guess(10), Err(Error::Throttled { .. })));
        assert!(matches!(guess(11), Err(Error::Throttled { .. })));
    }

    fn an_unknown_name_waits_like_a_known_one(database: TestDatabase) {
        let world = World::on(database);
        let _ = world.shop();

        let tried = |name: &str| (0..11).map(|_| outcome(login(&world, HOME, name, "wrong", Door::Shop))).collect::<Vec<_>>();

        let expected = [["wrong"; 10].as_slice(), &["throttled"]].concat();
        assert_eq!(tried("owner1"), expected);
        assert_eq!(tried("nobody"), expected);
    }

    fn an_address_that_tries_many_names_waits(database: TestDatabase) {
        let world = World::on(database);
        let _ = world.shop();
        for number in 0..60 {
            assert_eq!(outcome(login(&world, HOME, &format!("nobody{number}"), "wrong", Door::Shop)), "wrong");
        }

        assert_eq!(outcome(login(&world, HOME, "owner1", PASSWORD, Door::Shop)), "throttled");

        let Err(Error::Throttled { retry_after_seconds }) = login(&world, HOME, "owner1", PASSWORD, Door::Shop) else { panic!() };
        world.clock.advance(TimeDelta::seconds(retry_after_seconds.try_into().unwrap()));
        assert_eq!(outcome(login(&world, HOME, "owner1", PASSWORD, Door::Shop)), "in");
    }

    fn many_attempts_at_once_are_not_more_than_in_turn(database: TestDatabase) {
        let world = World::on(database);
        let _ = world.shop();

        let outcomes = at_once(30, |_| login(&world, HOME, "owner1", "wrong", Door::Shop));

        let passed = outcomes.into_iter().filter(|outcome| !matches!(outcome, Err(Error::Throttled { .. })));
        assert!(passed.count() <= 10);
    }

    fn signing_in_rightly_is_not_limited(database: TestDatabase) {
        let world = World::on(database);
        let _ = world.shop();

        for _ in 0..70 {
            assert_eq!(outcome(login(&world, HOME, "owner1", PASSWORD, Door::Shop)), "in");
        }
    }

    fn a_database_that_is_busy_makes_no_attempt_a_failure(database: TestDatabase) {
        let world = World::on(database);
        let _ = world.shop();
        let probe = world.database.probe();

        for name in ["owner1", "nobody"] {
            for nth in 1.. {
                let mut is_over = false;
                for _ in 0..11 {
                    probe.be_busy_at(nth);
                    let outcome = login(&world, HOME, name, "wrong", Door::Shop);
                    is_over = probe.disarm();
                    if is_over {
                        break;
                    }
                    assert!(matches!(outcome, Err(Error::Storage(_))), "statement {nth}");
                }
                if is_over {
                    assert!(nth > 2, "only {nth} statements");
                    break;
                }
            }
        }

        let tried = |name: &str| (0..10).map(|_| outcome(login(&world, HOME, name, "wrong", Door::Shop))).collect::<Vec<_>>();
        // One of each went through and was wrong.
        let expected = [["wrong"; 9].as_slice(), &["throttled"]].concat();
        assert_eq!(tried("owner1"), expected);
        assert_eq!(tried("nobody"), expected);
    }

    fn whoever_moves_many_goods_at_once_does_so_twenty_times_a_minute(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = world.product(&shop, Goods::named("Choy"));
        let goods = |by: &Actor| {
            let receipt = receipt(&shop, product, "1", "10");
            let line = GoodsLine {
                product_id: product,
                quantity: receipt.quantity,
                unit_cost: receipt.unit_cost,
                supplier: None,
                series: String::new(),
                expires_on: None,
                batch: None,
            };
            let command = MoveMany {
                movement_type: receipt.movement_type,
                branch: receipt.branch,
                warehouse: None,
                description: String::new(),
                items: vec![line],
            };
            outcome(stock::move_many(&world.context, by, command, &Unkeyed))
        };

        let moved: Vec<_> = (0..21).map(|_| goods(&shop.owner)).collect();

        assert_eq!(moved, [["in"; 20].as_slice(), &["throttled"]].concat());
        assert_eq!(goods(&world.hire(&shop, Role::Manager)), "in");
        world.clock.advance(TimeDelta::seconds(61));
        assert_eq!(goods(&shop.owner), "in");
    }

    fn whoever_is_signed_in_has_so_many_passwords_hashed_and_no_more(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let seller = world.hire(&shop, Role::Seller).worker.unwrap().id;
        let other = world.shop();
        let with_password = |number: u32| ChangeWorker {
            password: Some(format!("tong-otguncha-{number}")),
            ..ChangeWorker::default()
        };
        let own = || OwnPassword {
            current: PASSWORD.to_owned(),
            new: "kech-kirguncha-8".to_owned(),
            again: "kech-kirguncha-8".to_owned(),
        };
        let hiring = || HireWorker {
            account: StaffAccount {
                username: "yangi".to_owned(),
                password: PASSWORD.to_owned(),
                phone1: "+998901112233".to_owned(),
                ..StaffAccount::default()
            },
            role: Role::Seller,
            branch: None,
            salary: None,
            sections: None,
        };
        // Whom he hired in the beginning counts as well.
        for number in 1..20 {
            workers::change(&world.context, &shop.owner, seller, with_password(number)).unwrap();
        }
        let (hashings, before) = (world.context.hashings(), world.database.dump());

        let changes: [Result<()>; 4] = [
            workers::change(&world.context, &shop.owner, seller, with_password(20)).map(drop),
            workers::change_own(&world.context, &shop.owner, ChangeOwn { person: ChangePerson::default(), password: Some(own()) })
                .map(drop),
            accounts::change_password(&world.context, &shop.owner, &own()).map(drop),
            workers::hire(&world.context, &shop.owner, hiring(), &Unkeyed).map(drop),
        ];

        for outcome in changes {
            assert!(matches!(outcome, Err(Error::Throttled { .. })), "{outcome:?}");
        }
        assert_eq!(world.context.hashings(), hashings);
        assert!(world.database.dump() == before, "a refusal left something");
        assert!(accounts::change_password(&world.context, &other.owner, &own()).is_ok());
        world.clock.advance(TimeDelta::seconds(61));
        workers::hire(&world.context, &shop.owner, hiring(), &Unkeyed).unwrap();
    }
}
