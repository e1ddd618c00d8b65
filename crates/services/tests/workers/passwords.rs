//! Passwords of workers: hashed late, changed by who knows them, and only once at a time.

use savdo_domain::access::{AccessRefusal, Role};
use savdo_domain::account::AccountRefusal;
use savdo_domain::{FieldErrors, FieldProblem, Refusal};
use savdo_persistence::on_both;
use savdo_services::Result;
use savdo_services::accounts::{self, OwnPassword};
use savdo_services::once::Unkeyed;
use savdo_services::testing::{PASSWORD, World, at_once, refusal};
use savdo_services::workers::{self, ChangeOwn, ChangePerson, HireWorker};

use crate::{NEW_PASSWORD, account, hiring, id_of, token_of, with_password};

on_both! {
    fn a_password_is_hashed_only_once_nothing_else_is_left_to_refuse(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let seller = world.hire(&shop, Role::Seller);
        let taken = hiring(account("worker2", "901112233"), Role::Seller);
        let foreign = HireWorker { branch: Some(world.shop().branch_id), ..hiring(account("yangi", "901112233"), Role::Seller) };
        let before = world.context.hashings();

        let problems = FieldErrors::one("username", FieldProblem::Taken);
        assert_eq!(refusal(workers::hire(&world.context, &shop.owner, taken, &Unkeyed)), problems.into());
        let problems = FieldErrors::one("branch", FieldProblem::UnknownObject);
        assert_eq!(refusal(workers::hire(&world.context, &shop.owner, foreign, &Unkeyed)), problems.into());
        let weak = workers::change(&world.context, &shop.owner, id_of(&seller), with_password("12345678"));
        assert!(matches!(refusal(weak), Refusal::Fields(_)));
        let own = workers::change(&world.context, &shop.owner, id_of(&shop.owner), with_password(NEW_PASSWORD));
        assert_eq!(refusal(own), AccessRefusal::CannotChangeSelf.into());
        assert_eq!(world.context.hashings(), before);
    }

    fn ones_own_password_is_changed_by_who_knows_it(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let seller = world.hire(&shop, Role::Seller);
        let own = |current: &str, new: &str, again: &str| ChangeOwn {
            person: ChangePerson::default(),
            password: Some(OwnPassword { current: current.to_owned(), new: new.to_owned(), again: again.to_owned() }),
        };
        let elsewhere = world.tokens_of(&seller).access;
        let change = |command| workers::change_own(&world.context, &seller, command);

        let wrong = refusal(change(own("notogri-parol-1", NEW_PASSWORD, NEW_PASSWORD)));
        assert_eq!(wrong, Refusal::field("current_password", FieldProblem::WrongPassword));
        let differing = refusal(change(own(PASSWORD, NEW_PASSWORD, PASSWORD)));
        assert_eq!(differing, Refusal::field("new_password2", FieldProblem::PasswordMismatch));
        assert!(matches!(refusal(change(own(PASSWORD, "12345678", "12345678"))), Refusal::Fields(_)));
        assert_eq!(change(own(PASSWORD, PASSWORD, PASSWORD)).unwrap().tokens, None);
        assert_eq!(token_of(&world, &elsewhere), None);

        let tokens = change(own(PASSWORD, NEW_PASSWORD, NEW_PASSWORD)).unwrap().tokens.unwrap();

        assert_eq!(token_of(&world, &elsewhere), Some(AccountRefusal::TokenNotValid));
        assert_eq!(token_of(&world, &tokens.access), None);
        assert!(accounts::refresh(&world.context, &tokens.refresh).is_ok());
    }

    fn of_two_parallel_changes_of_ones_own_password_one_is_made(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let seller = world.hire(&shop, Role::Seller);

        let outcomes = at_once(2, |number| {
            let new = format!("{NEW_PASSWORD}-{number}");
            let password = OwnPassword { current: PASSWORD.to_owned(), new: new.clone(), again: new };
            let own = ChangeOwn { person: ChangePerson::default(), password: Some(password) };
            workers::change_own(&world.context, &seller, own)
        });

        let (done, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
        let refused: Vec<_> = refused.into_iter().map(refusal).collect();
        let expected = Refusal::field("current_password", FieldProblem::WrongPassword);
        assert_eq!((done.len(), refused), (1, vec![expected]));
    }
}
