//! One phone that is staff and customer, in either order of registration and at both doors (design.md 5).

use savdo_domain::Refusal;
use savdo_domain::access::Role;
use savdo_domain::account::{AccountKind, AccountRefusal};
use savdo_persistence::on_both;
use savdo_services::accounts::{self, Door};
use savdo_services::testing::{PASSWORD, World, origin, refusal, register};
use savdo_services::workers::{self, ChangePerson, ChangeWorker};

use crate::support::{FIRST, Phones, SECOND};

/// The phone of `owner1`.
const PHONE: &str = "+998900000001";
const THIRD: &str = "oqshom-tushguncha-9";
const CREDENTIALS: Refusal = Refusal::Account(AccountRefusal::InvalidCredentials);

/// Who is met by name and password at a door.
fn met(phones: &Phones, name: &str, password: &str, door: Door) -> Option<AccountKind> {
    phones
        .login(name, password, door)
        .ok()
        .map(|signed_in| signed_in.user.kind)
}

/// Both accounts have the phone; the customer signs in with [`SECOND`], the owner with everybody's password.
fn check(phones: &Phones) {
    let staff = Some(AccountKind::Staff);
    assert_eq!(met(phones, PHONE, PASSWORD, Door::Shop), staff);
    assert_eq!(met(phones, "owner1", PASSWORD, Door::Pharmacy), staff);
    assert_eq!(met(phones, PHONE, SECOND, Door::Pharmacy), Some(AccountKind::Customer));
    assert_eq!(
        met(phones, PHONE, PASSWORD, Door::Pharmacy),
        None,
        "the customer's phone does not open with the staff's password"
    );
    assert_eq!(met(phones, PHONE, SECOND, Door::Shop), None);
}

on_both! {
    fn staff_become_customers_without_either_showing(database: TestDatabase) {
        let phones = Phones::of(World::on(database));
        let owner = accounts::register(&phones.world.context, &origin(), register(1)).unwrap();
        let before = phones.world.database.lines(&format!("SELECT first_name || password_hash AS line FROM users WHERE id = {}", owner.user.id));

        phones.register(PHONE, SECOND).unwrap();
        assert_eq!(met(&phones, PHONE, PASSWORD, Door::Pharmacy), Some(AccountKind::Staff), "the unproven gives way");
        assert_eq!(refusal(phones.login(PHONE, SECOND, Door::Pharmacy)), CREDENTIALS);
        let customer = phones.verify(PHONE, &phones.code()).unwrap();

        assert_ne!(customer.user.id, owner.user.id);
        check(&phones);
        let after = phones.world.database.lines(&format!("SELECT first_name || password_hash AS line FROM users WHERE id = {}", owner.user.id));
        assert_eq!(before, after);
        assert!(accounts::authenticate(&phones.world.context, &owner.tokens.access, origin()).is_ok());
    }

    fn customers_become_staff_without_either_showing(database: TestDatabase) {
        let phones = Phones::of(World::on(database));
        phones.register(PHONE, SECOND).unwrap();
        let customer = phones.verify(PHONE, &phones.code()).unwrap();

        accounts::register(&phones.world.context, &origin(), register(1)).unwrap();

        check(&phones);
        assert!(accounts::authenticate(&phones.world.context, &customer.tokens.access, origin()).is_ok());
    }

    fn a_code_for_another_password_changes_the_customer_alone(database: TestDatabase) {
        let phones = Phones::of(World::on(database));
        let owner = accounts::register(&phones.world.context, &origin(), register(1)).unwrap();
        phones.forgot(PHONE).unwrap();
        assert_eq!(phones.texts(), [""; 0], "staff are reset in the shop");
        phones.a_minute_later();
        phones.register(PHONE, FIRST).unwrap();
        phones.verify(PHONE, &phones.code()).unwrap();
        phones.a_minute_later();
        phones.forgot(PHONE).unwrap();

        phones.reset(PHONE, &phones.code(), SECOND).unwrap();

        check(&phones);
        assert!(accounts::authenticate(&phones.world.context, &owner.tokens.access, origin()).is_ok());
    }

    fn the_password_that_an_owner_gives_a_worker_opens_nothing_of_the_customer(database: TestDatabase) {
        let phones = Phones::of(World::on(database));
        let shop = phones.world.shop();
        let worker = phones.world.hire(&shop, Role::Seller);
        let phone = "+998900000002";
        phones.register(phone, SECOND).unwrap();
        let customer = phones.verify(phone, &phones.code()).unwrap();

        let command = ChangeWorker {
            person: ChangePerson::default(),
            password: Some(THIRD.to_owned()),
            ..ChangeWorker::default()
        };
        workers::change(&phones.world.context, &shop.owner, worker.worker.unwrap().id, command).unwrap();

        assert_eq!(met(&phones, "worker2", THIRD, Door::Pharmacy), Some(AccountKind::Staff));
        assert_eq!(met(&phones, phone, THIRD, Door::Pharmacy), None);
        assert_eq!(met(&phones, phone, SECOND, Door::Pharmacy), Some(AccountKind::Customer));
        assert!(accounts::authenticate(&phones.world.context, &customer.tokens.access, origin()).is_ok());
    }
}
