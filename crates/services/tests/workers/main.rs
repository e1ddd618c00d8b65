//! Workers: who may do what to whom, what counts at once, and that there is always an owner.

#![cfg(test)]

mod lists;
mod passwords;

use std::collections::BTreeSet;

use savdo_domain::Refusal;
use savdo_domain::access::{
    AccessRefusal, Actor, Permission, Role, Section, StaffRefusal, WorkerStatus, parse_sections,
};
use savdo_domain::account::AccountRefusal;
use savdo_domain::ids::WorkerId;
use savdo_persistence::on_both;
use savdo_services::Result;
use savdo_services::accounts::{self, Door, Login, StaffAccount};
use savdo_services::once::Unkeyed;
use savdo_services::testing::{PASSWORD, Shop, World, at_once, money, origin, refusal};
use savdo_services::workers::{self, AssignSections, ChangeOwn, ChangePerson, ChangeWorker, HireWorker};

const NEW_PASSWORD: &str = "kech-kuzda-11";

fn sections(list: &str) -> BTreeSet<Section> {
    parse_sections(list).unwrap()
}

fn id_of(actor: &Actor) -> WorkerId {
    actor.worker.as_ref().unwrap().id
}

fn to_role(role: Role) -> ChangeWorker {
    ChangeWorker {
        role: Some(role),
        ..ChangeWorker::default()
    }
}

fn to_status(status: WorkerStatus) -> ChangeWorker {
    ChangeWorker {
        status: Some(status),
        ..ChangeWorker::default()
    }
}

fn with_password(password: &str) -> ChangeWorker {
    ChangeWorker {
        password: Some(password.to_owned()),
        ..ChangeWorker::default()
    }
}

fn named(first_name: &str) -> ChangePerson {
    ChangePerson {
        first_name: Some(first_name.to_owned()),
        ..ChangePerson::default()
    }
}

fn account(username: &str, phone: &str) -> StaffAccount {
    StaffAccount {
        username: username.to_owned(),
        password: PASSWORD.to_owned(),
        phone1: phone.to_owned(),
        first_name: "Aziza".to_owned(),
        last_name: "Karimova".to_owned(),
        ..StaffAccount::default()
    }
}

fn hiring(account: StaffAccount, role: Role) -> HireWorker {
    HireWorker {
        account,
        role,
        branch: None,
        salary: None,
        sections: None,
    }
}

/// What a live token of `actor` is worth now.
fn token_of(world: &World, access: &str) -> Option<AccountRefusal> {
    match accounts::authenticate(&world.context, access, origin()) {
        Ok(_) => None,
        refused => match refusal(refused) {
            Refusal::Account(refusal) => Some(refusal),
            other => panic!("{other:?}"),
        },
    }
}

fn audit(world: &World) -> Vec<String> {
    world.database.lines(
        "SELECT action || ' ' || subject_type || ' ' || description || ' ' || details AS line FROM audit_entries \
         WHERE subject_type = 'worker' ORDER BY id",
    )
}

fn owners(world: &World, shop: &Shop) -> Vec<String> {
    world.database.lines(&format!(
        "SELECT CAST(id AS TEXT) AS line FROM workers WHERE role = 'owner' AND status = 'active' AND store_id = {}",
        shop.store_id
    ))
}

on_both! {
    fn a_change_of_what_somebody_is_ends_his_tokens_and_any_other_does_not(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let seller = world.hire(&shop, Role::Seller);
        let id = id_of(&seller);
        let change = |command: ChangeWorker| workers::change(&world.context, &shop.owner, id, command).map(drop);
        let assign = AssignSections { add: Some(sections("xarajatlar")), remove: None };

        let tried: Vec<(&str, Result<()>, bool)> = Vec::from([
            ("role", to_role(Role::Operator), true),
            ("the same role", to_role(Role::Operator), false),
            ("status", to_status(WorkerStatus::OnLeave), true),
            ("back", to_status(WorkerStatus::Active), true),
            ("sections", ChangeWorker { sections: Some(sections("sotuv")), ..ChangeWorker::default() }, true),
            ("password", with_password(NEW_PASSWORD), true),
            ("the same password", with_password(NEW_PASSWORD), false),
            ("the first password", with_password(PASSWORD), true),
            ("name", ChangeWorker { person: named("Aziza"), ..ChangeWorker::default() }, false),
            ("salary", ChangeWorker { salary: Some(Some(money("3000000"))), ..ChangeWorker::default() }, false),
            ("branch", ChangeWorker { branch: Some(None), ..ChangeWorker::default() }, false),
        ])
        .into_iter()
        .map(|(name, command, ends)| {
            let password = if name == "the same password" || name == "the first password" { NEW_PASSWORD } else { PASSWORD };
            let login = Login { name: "worker2".to_owned(), password: password.to_owned(), door: Door::Shop };
            let access = accounts::login(&world.context, &origin(), login).unwrap().tokens.access;
            let outcome = change(command);
            let is_dead = token_of(&world, &access) == Some(AccountRefusal::TokenNotValid);
            assert_eq!(is_dead, ends, "{name}");
            (name, outcome, ends)
        })
        .collect();

        for (name, outcome, _) in tried {
            assert!(outcome.is_ok(), "{name}");
        }
        let access = world.tokens_of(&seller).access;
        workers::assign(&world.context, &shop.owner, id, assign).unwrap();
        assert_eq!(token_of(&world, &access), Some(AccountRefusal::TokenNotValid));
    }

    fn who_is_on_leave_signs_in_sees_himself_and_does_nothing_else(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let seller = world.hire(&shop, Role::Seller);
        for status in [WorkerStatus::OnLeave, WorkerStatus::Left] {
            workers::change(&world.context, &shop.owner, id_of(&seller), to_status(status)).unwrap();

            let away = world.again(&seller);

            assert_eq!(workers::view_own(&world.context, &away).unwrap().post.status, status);
            assert_eq!(away.permit(Permission::Sell).err(), Some(AccessRefusal::WorkerInactive));
            let own = ChangeOwn { person: named("Ali"), password: None };
            assert_eq!(refusal(workers::change_own(&world.context, &away, own)), AccessRefusal::WorkerInactive.into());
        }
    }

    fn of_two_owners_who_remove_each_other_one_stays(database: TestDatabase) {
        let world = World::on(database);
        for round in 0..6 {
            let shop = world.shop();
            let second = world.hire(&shop, Role::Owner);
            let pairs = [(&shop.owner, &second), (&second, &shop.owner)];

            let outcomes = at_once(2, |number| {
                let (actor, target) = pairs[number];
                let id = id_of(target);
                match round % 3 {
                    0 => workers::remove(&world.context, actor, id),
                    1 => workers::deactivate(&world.context, actor, id).map(drop),
                    _ => workers::change(&world.context, actor, id, to_role(Role::Manager)).map(drop),
                }
            });

            let (done, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
            let refused: Vec<_> = refused.into_iter().map(refusal).collect();
            assert_eq!((done.len(), refused), (1, vec![StaffRefusal::LastOwner.into()]));
            assert_eq!(owners(&world, &shop).len(), 1);
        }
    }

    fn a_manager_reaches_those_below_him_and_gives_what_he_has(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let (manager, other) = (world.hire(&shop, Role::Manager), world.hire(&shop, Role::Manager));
        let seller = world.hire(&shop, Role::Seller);
        let change = |target: &Actor, command| workers::change(&world.context, &manager, id_of(target), command);
        let before = world.database.dump();

        for target in [&shop.owner, &other] {
            let id = id_of(target);
            for outcome in [
                change(target, ChangeWorker { person: named("Ali"), ..ChangeWorker::default() }).map(drop),
                change(target, with_password(NEW_PASSWORD)).map(drop),
                workers::remove(&world.context, &manager, id),
                workers::activate(&world.context, &manager, id).map(drop),
                workers::assign(&world.context, &manager, id, AssignSections { add: Some(sections("sotuv")), remove: None })
                    .map(drop),
            ] {
                assert_eq!(refusal(outcome), AccessRefusal::TargetNotAllowed.into());
            }
        }
        assert_eq!(refusal(change(&seller, to_role(Role::Manager))), AccessRefusal::TargetNotAllowed.into());
        let hired = workers::hire(&world.context, &manager, hiring(account("yangi", "901112233"), Role::Owner), &Unkeyed);
        assert_eq!(refusal(hired), AccessRefusal::TargetNotAllowed.into());
        let settings = AssignSections { add: Some(sections("sozlamalar")), remove: None };
        let given = workers::assign(&world.context, &manager, id_of(&seller), settings);
        assert_eq!(refusal(given), AccessRefusal::SectionRequired { section: Section::Settings }.into());
        assert!(world.database.dump() == before, "a refusal left something");

        assert!(change(&seller, to_role(Role::Courier)).is_ok());
        let hired = workers::hire(&world.context, &manager, hiring(account("yangi", "901112233"), Role::Seller), &Unkeyed);
        assert!(hired.is_ok());
    }

    fn nobody_changes_what_he_is_himself(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let _second = world.hire(&shop, Role::Owner);
        for actor in [&shop.owner, &world.hire(&shop, Role::Manager)] {
            let id = id_of(actor);
            let refused = [
                workers::change(&world.context, actor, id, to_role(Role::Seller)).map(drop),
                workers::change(&world.context, actor, id, to_status(WorkerStatus::Active)).map(drop),
                workers::change(&world.context, actor, id, with_password(NEW_PASSWORD)).map(drop),
                workers::change(
                    &world.context,
                    actor,
                    id,
                    ChangeWorker { salary: Some(Some(money("9000000"))), ..ChangeWorker::default() },
                )
                .map(drop),
                workers::assign(&world.context, actor, id, AssignSections { add: None, remove: Some(sections("sotuv")) })
                    .map(drop),
                workers::remove(&world.context, actor, id),
                workers::deactivate(&world.context, actor, id).map(drop),
            ];

            for outcome in refused {
                assert_eq!(refusal(outcome), AccessRefusal::CannotChangeSelf.into());
            }
            let named = ChangeWorker { person: named("Aziza"), ..ChangeWorker::default() };
            assert_eq!(workers::change(&world.context, actor, id, named).unwrap().first_name, "Aziza");
        }
    }

    fn every_change_of_a_worker_is_told_with_old_and_new_and_no_password(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let hired = HireWorker {
            salary: Some(money("3000000")),
            sections: Some(sections("sotuv,xarajatlar")),
            ..hiring(account("aziza", "901112233"), Role::Seller)
        };
        let id = workers::hire(&world.context, &shop.owner, hired, &Unkeyed).unwrap().post.worker_id;
        let change = ChangeWorker {
            role: Some(Role::Manager),
            password: Some(NEW_PASSWORD.to_owned()),
            person: named("Zuhra"),
            ..ChangeWorker::default()
        };
        workers::change(&world.context, &shop.owner, id, change).unwrap();
        let assign = AssignSections { add: Some(sections("ombor")), remove: Some(sections("xodimlar")) };
        workers::assign(&world.context, &shop.owner, id, assign.clone()).unwrap();
        workers::assign(&world.context, &shop.owner, id, assign).unwrap();
        workers::remove(&world.context, &shop.owner, id).unwrap();
        workers::remove(&world.context, &shop.owner, id).unwrap();
        workers::activate(&world.context, &shop.owner, id).unwrap();

        let told = audit(&world);
        insta::assert_snapshot!("what_the_audit_log_is_told_of_a_worker", told.join("\n"));
    }
}
