//! Registering, signing in, and one's own account.

#![cfg(test)]

use std::sync::Barrier;

use savdo_domain::access::{AccessRefusal, Actor, Permission, PharmacyRole, Role};
use savdo_domain::account::{AccountKind, AccountRefusal};
use savdo_domain::phone::Phone;
use savdo_domain::{FieldErrors, FieldProblem, Refusal};
use savdo_persistence::users::{self, NewUser};
use savdo_persistence::{Error as StorageError, on_both};
use savdo_services::Result;
use savdo_services::accounts::{self, AddCustomer, ChangeProfile, Door, Login, Register, SignedIn, StaffAccount};
use savdo_services::testing::{PASSWORD, World, at_once, origin, refusal, register};

const INVALID_CREDENTIALS: Refusal = Refusal::Account(AccountRefusal::InvalidCredentials);

fn login(world: &World, name: &str, password: &str, door: Door) -> Result<SignedIn> {
    let command = Login {
        name: name.to_owned(),
        password: password.to_owned(),
        door,
    };
    accounts::login(&world.context, &origin(), command)
}

fn registered(world: &World) -> SignedIn {
    accounts::register(&world.context, &origin(), register(1)).unwrap()
}

fn customer(phone: &str) -> AddCustomer {
    AddCustomer {
        phone: phone.to_owned(),
        password: PASSWORD.to_owned(),
        first_name: String::new(),
        last_name: String::new(),
    }
}

fn taken(fields: &[&str]) -> Refusal {
    let mut errors = FieldErrors::new();
    for field in fields {
        errors.add(*field, FieldProblem::Taken);
    }
    errors.into()
}

on_both! {
    fn an_owner_registers_with_his_store_and_may_work_at_once(database: TestDatabase) {
        let world = World::on(database);

        let signed_in = accounts::register(&world.context, &origin(), register(1)).unwrap();

        let owner = world.actor(&signed_in);
        let seat = owner.permit(Permission::ChangeSettings).unwrap();
        assert_eq!(owner.kind, AccountKind::Staff);
        assert_eq!(owner.display_name(), "owner1 (Ega)");
        assert_eq!(seat.store.name, "Do'kon 1");
        assert_eq!(signed_in.user.phone, "+998900000001");
        assert_eq!(signed_in.user.worker.unwrap().store, Some((seat.store_id(), "Do'kon 1".to_owned())));
    }

    fn an_owner_without_a_store_is_told_so(database: TestDatabase) {
        let world = World::on(database);
        let command = Register { store_name: None, ..register(1) };

        let signed_in = accounts::register(&world.context, &origin(), command).unwrap();

        let owner = world.actor(&signed_in);
        assert_eq!(owner.permit(Permission::ViewSettings), Err(AccessRefusal::NoStore));
    }

    fn every_problem_of_a_registration_is_named_at_once(database: TestDatabase) {
        let world = World::on(database);
        let command = Register {
            account: StaffAccount {
                username: "a b".to_owned(),
                password: "qisqa".to_owned(),
                phone1: "123".to_owned(),
                email: "ali".to_owned(),
                ..StaffAccount::default()
            },
            password2: "boshqa".to_owned(),
            store_name: None,
        };

        let refused = refusal(accounts::register(&world.context, &origin(), command));

        let mut expected = FieldErrors::new();
        expected.add("username", FieldProblem::InvalidFormat);
        expected.add("password", FieldProblem::TooShort { min: 8 });
        expected.add("password2", FieldProblem::PasswordMismatch);
        expected.add("phone1", FieldProblem::InvalidPhone);
        expected.add("email", FieldProblem::InvalidEmail);
        assert_eq!(refused, expected.into());
        assert!(!world.database.read("any", users::is_any_unscoped).unwrap());
    }

    fn what_another_staff_account_has_is_taken(database: TestDatabase) {
        let world = World::on(database);
        let mut first = register(1);
        first.account.email = "ali@savdo.uz".to_owned();
        accounts::register(&world.context, &origin(), first.clone()).unwrap();
        first.account.username = "OWNER1".to_owned();
        first.account.email = "Ali@Savdo.UZ".to_owned();

        let refused = refusal(accounts::register(&world.context, &origin(), first));

        assert_eq!(refused, taken(&["username", "phone1", "email"]));
    }

    fn a_user_name_that_reads_as_a_phone_is_ones_own(database: TestDatabase) {
        let world = World::on(database);
        let mut command = register(1);
        command.account.username = "901112233".to_owned();

        let refused = refusal(accounts::register(&world.context, &origin(), command));

        assert_eq!(refused, Refusal::field("username", FieldProblem::UsernameIsForeignPhone));
    }

    fn of_two_parallel_registrations_of_one_name_one_is_told_that_it_is_taken(database: TestDatabase) {
        let world = World::on(database);
        let start = Barrier::new(2);

        let outcomes: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..2)
                .map(|number: u32| {
                    let (world, start) = (&world, &start);
                    scope.spawn(move || {
                        let mut command = register(1);
                        command.account.phone1 = format!("90000000{number}");
                        start.wait();
                        accounts::register(&world.context, &origin(), command)
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });

        let (done, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
        let refused: Vec<_> = refused.into_iter().map(refusal).collect();
        assert_eq!((done.len(), refused), (1, vec![taken(&["username"])]));
    }

    fn parallel_makers_of_one_phone_get_one_account_of_each_kind(database: TestDatabase) {
        let world = World::on(database);

        let outcomes = at_once(6, |number| {
            let spelt = ["+998 90 123-45-67", "998901234567", "901234567"][number / 2];
            if number % 2 == 0 {
                let mut command = register(number.try_into().unwrap());
                command.account.phone1 = spelt.to_owned();
                accounts::register(&world.context, &origin(), command).map(|_| "staff")
            } else {
                accounts::add_customer(&world.context, customer(spelt)).map(|_| "customer")
            }
        });

        let (done, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
        let mut made: Vec<_> = done.into_iter().map(Result::unwrap).collect();
        made.sort_unstable();
        assert_eq!(made, ["customer", "staff"]);
        assert!(refused.into_iter().all(|outcome| matches!(refusal(outcome), Refusal::Fields(_))));
    }

    fn staff_sign_in_by_name_or_phone_however_typed(database: TestDatabase) {
        let world = World::on(database);
        registered(&world);

        for name in ["owner1", " Owner1 ", "+998 90 000-00-01", "900000001"] {
            let signed_in = login(&world, name, PASSWORD, Door::Shop).unwrap();
            assert_eq!(signed_in.user.username, "owner1", "{name}");
        }
        for (name, password) in [("owner1", "tong-otguncha-8"), ("owner2", PASSWORD), ("", PASSWORD)] {
            assert_eq!(refusal(login(&world, name, password, Door::Shop)), INVALID_CREDENTIALS, "{name}");
        }
    }

    fn one_phone_may_be_staff_and_customer_and_each_is_met_at_his_door(database: TestDatabase) {
        let world = World::on(database);
        registered(&world);
        let phone = "+998900000001";

        let buyer = accounts::add_customer(&world.context, customer(phone)).unwrap();

        let at_shop = login(&world, phone, PASSWORD, Door::Shop).unwrap().user;
        let at_pharmacy = login(&world, phone, PASSWORD, Door::Pharmacy).unwrap().user;
        let by_name = login(&world, "owner1", PASSWORD, Door::Pharmacy).unwrap().user;
        assert_eq!(at_shop.kind, AccountKind::Staff);
        assert_eq!(at_pharmacy.id, buyer);
        assert_eq!(by_name.id, at_shop.id);
        assert_eq!(refusal(accounts::add_customer(&world.context, customer(phone))), taken(&["phone_number"]));
    }

    fn a_customer_never_enters_the_shop(database: TestDatabase) {
        let world = World::on(database);
        accounts::add_customer(&world.context, customer("901112233")).unwrap();

        let at_shop = login(&world, "901112233", PASSWORD, Door::Shop);

        assert_eq!(refusal(at_shop), INVALID_CREDENTIALS);
    }

    fn an_unproven_phone_gives_way_to_staff_and_says_why_only_to_the_right_password(database: TestDatabase) {
        let world = World::on(database);
        registered(&world);
        unverified(&world, "901112233");
        unverified(&world, "900000001");

        let alone = |password| refusal(login(&world, "901112233", password, Door::Pharmacy));
        let beside_staff = login(&world, "900000001", PASSWORD, Door::Pharmacy).unwrap();

        assert_eq!(alone(PASSWORD), AccountRefusal::NotVerified.into());
        assert_eq!(alone("tong-otguncha-8"), INVALID_CREDENTIALS);
        assert_eq!(beside_staff.user.kind, AccountKind::Staff);
    }

    fn a_failed_login_costs_the_same_statements_and_hashing_for_known_and_unknown(database: TestDatabase) {
        let world = World::on(database);
        registered(&world);
        accounts::add_customer(&world.context, customer("901112233")).unwrap();
        let cost = |name, door| {
            // What was committed: a rollback would answer sooner.
            let kept = || world.database.dump_of(&["audit_entries"]).lines().count();
            let counted = || (world.database.probe().statements(), world.context.hashings());
            let (kept_before, before) = (kept(), counted());
            refusal(login(&world, name, "tong-otguncha-8", door));
            let after = counted();
            (after.0 - before.0, after.1 - before.1, kept() - kept_before)
        };

        let costs = [
            cost("owner1", Door::Shop),
            cost("nobody", Door::Shop),
            cost("901112233", Door::Shop),
            cost("901112233", Door::Pharmacy),
            cost("907654321", Door::Pharmacy),
        ];

        assert_eq!(costs, [(costs[0].0, 1, 1); 5]);
    }

    fn a_profile_changes_key_by_key(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let change = |command| accounts::change_profile(&world.context, &shop.owner, command);

        let named = change(ChangeProfile {
            first_name: Some("Aziza".to_owned()),
            phone2: Some("90 111 22 33".to_owned()),
            email: Some("Aziza@savdo.uz".to_owned()),
            ..ChangeProfile::default()
        })
        .unwrap();
        let emptied = change(ChangeProfile {
            phone2: Some(String::new()),
            email: Some(String::new()),
            ..ChangeProfile::default()
        })
        .unwrap();

        let seen = |user: &accounts::UserView| {
            [&user.first_name, &user.phone, &user.phone2, &user.email].map(String::clone)
        };
        assert_eq!(seen(&named), ["Aziza", "+998900000001", "+998901112233", "Aziza@savdo.uz"]);
        assert_eq!(seen(&emptied), ["Aziza", "+998900000001", "", ""]);
        assert_eq!(refusal(change(ChangeProfile::default())), Refusal::EmptyPatch);
    }

    fn parallel_changes_of_a_profile_each_tell_what_was_there_before(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let before = accounts::profile(&world.context, &shop.owner).unwrap().first_name;

        let outcomes = at_once(8, |number| {
            let command = ChangeProfile { first_name: Some(format!("Ism {number}")), ..ChangeProfile::default() };
            accounts::change_profile(&world.context, &shop.owner, command)
        });

        assert!(outcomes.iter().all(Result::is_ok));
        let told = world.database.lines(
            "SELECT details AS line FROM audit_entries WHERE action = 'update' AND subject_type = 'user' ORDER BY id",
        );
        let mut last = before;
        assert_eq!(told.len(), 8);
        for details in told {
            let details: serde_json::Value = serde_json::from_str(&details).unwrap();
            assert_eq!(details["changes"]["first_name"]["old"], last.as_str());
            last = details["changes"]["first_name"]["new"].as_str().unwrap().to_owned();
        }
        assert_eq!(accounts::profile(&world.context, &shop.owner).unwrap().first_name, last);
    }

    fn a_profile_takes_nothing_that_is_anothers(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let other = world.hire(&shop, Role::Seller);
        let change = |phone: &str| {
            let command = ChangeProfile { phone1: Some(phone.to_owned()), ..ChangeProfile::default() };
            accounts::change_profile(&world.context, &other, command)
        };

        assert_eq!(refusal(change("+998900000001")), taken(&["phone1"]));
        assert!(change("+998900000002").is_ok());
        assert!(change("+998901112233").is_ok());
    }

    fn a_customer_reads_his_account_in_the_shop_api_and_changes_nothing(database: TestDatabase) {
        let world = World::on(database);
        let buyer = world.customer();
        let command = ChangeProfile { first_name: Some("X".to_owned()), ..ChangeProfile::default() };

        let changed = accounts::change_profile(&world.context, &buyer, command);

        assert_eq!(refusal(changed), AccessRefusal::NotAWorker.into());
        assert_eq!(accounts::profile(&world.context, &buyer).unwrap().first_name, "Mijoz");
    }

    fn everybody_is_what_he_was_made(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let role = |actor: &Actor| (actor.pharmacy_role(), actor.worker.as_ref().map(|worker| worker.role()));

        assert_eq!(role(&world.admin()), (PharmacyRole::Admin, None));
        assert_eq!(role(&world.customer()), (PharmacyRole::Customer, None));
        assert_eq!(role(&shop.owner), (PharmacyRole::Admin, Some(Role::Owner)));
        assert_eq!(role(&world.hire(&shop, Role::Operator)), (PharmacyRole::Operator, Some(Role::Operator)));
        let seller = world.hire(&shop, Role::Seller);
        assert_eq!(seller.permit(Permission::Sell).unwrap().worker.branch, Some(shop.branch_id));
        assert_eq!(world.admin().permit(Permission::Sell), Err(AccessRefusal::NotAWorker));
    }
}

/// A customer whose phone was never proven, with everybody's password.
fn unverified(world: &World, phone: &str) {
    let staff = world
        .database
        .read("staff", |reader| users::credentials_unscoped(reader, "owner1", None))
        .unwrap();
    let customer = NewUser {
        kind: AccountKind::Customer,
        username: None,
        phone: Phone::parse(phone).unwrap(),
        phone2: None,
        email: None,
        first_name: String::new(),
        last_name: String::new(),
        password_hash: staff[0].password_hash.clone(),
        is_superuser: false,
        is_verified: false,
        created_at: world.context.now(),
    };
    world
        .database
        .write("unverified", move |tx| {
            users::insert(tx, &customer)?;
            Ok::<_, StorageError>(())
        })
        .unwrap();
}
