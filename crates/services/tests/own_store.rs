//! A store is made by its owner, changed, switched off and on.

#![cfg(test)]

use savdo_domain::Refusal;
use savdo_domain::access::{AccessRefusal, Actor, Role, RowStatus, StoreStatus};
use savdo_domain::catalog::CatalogRefusal;
use savdo_domain::ids::StoreId;
use savdo_domain::zone::Zone;
use savdo_persistence::on_both;
use savdo_persistence::testing::{Backend, TestDatabase};
use savdo_services::accounts::{self, Register};
use savdo_services::branches::{self, CreateBranch};
use savdo_services::once::Unkeyed;
use savdo_services::stores::{self, ChangeStore, CreateStore, StoreDetailView};
use savdo_services::testing::{Goods, Shop, World, at_once, origin, quantity, receipt, refusal, register, sale};
use savdo_services::{Result, settings, stock};

fn owner(world: &World) -> Actor {
    let command = Register {
        store_name: None,
        ..register(1)
    };
    world.actor(&accounts::register(&world.context, &origin(), command).unwrap())
}

fn make(world: &World, owner: &Actor, name: &str) -> Result<StoreDetailView> {
    let command = CreateStore {
        name: name.to_owned(),
        address: String::new(),
        phone: String::new(),
    };
    stores::create(&world.context, owner, command, &Unkeyed)
}

fn now(status: RowStatus) -> ChangeStore {
    ChangeStore {
        status: Some(status),
        ..ChangeStore::default()
    }
}

fn change(world: &World, shop: &Shop, command: ChangeStore) -> Result<StoreDetailView> {
    stores::change(&world.context, &shop.owner, shop.store_id, command)
}

/// All that a store begins with.
const BEGINNING: &[&str] = &["stores", "store_settings", "store_counters", "workers"];

/// What the audit log says of the store.
fn told(world: &World) -> Vec<String> {
    world.database.lines(
        "SELECT action || ' ' || description || ' ' || details AS line FROM audit_entries \
         WHERE subject_type = 'store' AND store_id = subject_id ORDER BY id",
    )
}

on_both! {
    fn a_store_made_later_begins_as_one_made_at_registration(database: TestDatabase) {
        let at_once = World::on(TestDatabase::new(if database.is_postgres() { Backend::Postgres } else { Backend::Sqlite }));
        accounts::register(&at_once.context, &origin(), register(1)).unwrap();
        let later = World::on(database);
        let owner = owner(&later);

        let made = make(&later, &owner, "Do'kon 1").unwrap();

        assert_eq!(later.database.dump_of(BEGINNING), at_once.database.dump_of(BEGINNING));
        assert_eq!(told(&later), ["create Do'kon ochildi: Do'kon 1 "]);
        let owner = later.again(&owner);
        assert_eq!(stores::detail(&later.context, &owner, made.store.id).unwrap(), made);
        assert_eq!((made.branches.len(), made.workers.len()), (0, 1));
    }

    fn the_store_that_was_made_sells_from_number_one(database: TestDatabase) {
        let world = World::on(database);
        let owner = owner(&world);
        let store_id = make(&world, &owner, "Do'kon 1").unwrap().store.id;
        let owner = world.again(&owner);
        let branch = CreateBranch { name: "Markaz".to_owned(), address: String::new(), phone: String::new() };
        let branch_id = branches::create(&world.context, &owner, branch, &Unkeyed).unwrap().branch.id;
        let shop = Shop { store_id, branch_id, owner };
        let product = world.product(&shop, Goods::named("Non"));
        world.receive(&shop, receipt(&shop, product, "1", "10"));

        let sold = world.sell(&shop.owner, sale(&shop, &[(product, "1")]));

        assert_eq!(sold.sale.number, 1);
        let listed = stores::list(&world.context, &shop.owner).unwrap().unwrap();
        assert_eq!((listed.store.id, listed.branch_count), (store_id, 1));
    }

    fn of_many_stores_that_one_owner_makes_at_once_one_is_made(database: TestDatabase) {
        let world = World::on(database);
        let owner = owner(&world);

        let outcomes = at_once(8, |number| make(&world, &owner, &format!("Do'kon {number}")));

        let (made, lost): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
        let lost: Vec<_> = lost.into_iter().map(refusal).collect();
        assert_eq!((made.len(), lost), (1, vec![CatalogRefusal::StoreExists.into(); 7]));
        let rows = |table: &str| world.database.lines(&format!("SELECT 'one' AS line FROM {table}")).len();
        assert_eq!((rows("stores"), rows("store_settings"), told(&world).len()), (1, 1, 1));
        if world.database.is_postgres() {
            let numbers = world.database.lines("SELECT sequencename::text AS line FROM pg_sequences WHERE sequencename LIKE 'sale_number%'");
            assert_eq!(numbers.len(), 1);
        }
    }

    fn who_has_a_store_or_is_no_owner_makes_none(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let manager = world.hire(&shop, Role::Manager);
        let before = world.database.dump_of(BEGINNING);

        assert_eq!(refusal(make(&world, &shop.owner, "Ikkinchi")), CatalogRefusal::StoreExists.into());
        assert_eq!(refusal(make(&world, &manager, "Ikkinchi")).code(), Some("role_required"));
        assert_eq!(refusal(make(&world, &world.customer(), "Ikkinchi")), AccessRefusal::NotAWorker.into());

        assert_eq!(world.database.dump_of(BEGINNING), before);
    }

    fn whichever_statement_fails_no_part_of_a_store_remains(database: TestDatabase) {
        let world = World::on(database);
        let owner = owner(&world);
        let before = world.database.dump();

        for nth in 1.. {
            world.database.probe().fail_at(nth);
            let outcome = make(&world, &owner, "Do'kon 1");
            if world.database.probe().disarm() {
                assert!(nth > 7, "only {nth} statements");
                assert!(outcome.is_ok(), "{outcome:?}");
                break;
            }
            assert!(outcome.is_err(), "statement {nth} failed unseen");
            assert_eq!(world.database.dump(), before, "statement {nth}");
        }
    }

    fn a_change_keeps_what_was_not_sent_and_is_told_with_old_and_new(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let before = stores::detail(&world.context, &shop.owner, shop.store_id).unwrap();
        let command = ChangeStore {
            name: Some("Savdo Dorixona".to_owned()),
            zone: Some(Zone::parse("Europe/Berlin").unwrap()),
            ..ChangeStore::default()
        };

        let after = change(&world, &shop, command.clone()).unwrap();
        let again = change(&world, &shop, command).unwrap();

        let mut expected = before;
        expected.store.name = "Savdo Dorixona".to_owned();
        expected.settings.store_name = "Savdo Dorixona".to_owned();
        expected.store.zone = Zone::parse("Europe/Berlin").unwrap();
        assert_eq!((&after, &again), (&expected, &expected));
        let details = concat!(
            r#"{"changes":{"name":{"new":"Savdo Dorixona","old":"Do'kon 1"},"#,
            r#""timezone":{"new":"Europe/Berlin","old":"Asia/Tashkent"}}}"#,
        );
        assert_eq!(told(&world), [format!("update Do'kon o'zgartirildi: Savdo Dorixona {details}")]);
        let seat = world.again(&shop.owner).worker.unwrap().store.unwrap();
        assert_eq!((seat.name.as_str(), seat.zone.name()), ("Savdo Dorixona", "Europe/Berlin"));
    }

    fn a_store_that_is_switched_off_is_only_read_until_its_owner_switches_it_on(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let seller = world.hire(&shop, Role::Seller);
        let product = world.product(&shop, Goods::named("Non"));

        stores::close(&world.context, &shop.owner, shop.store_id).unwrap();
        let off = Shop { owner: world.again(&shop.owner), ..shop.clone() };
        let closed = AccessRefusal::StoreInactive;

        assert_eq!(refusal(make(&world, &off.owner, "Ikkinchi")), closed.into());
        for actor in [&off.owner, &world.again(&seller)] {
            let taken_in = stock::move_goods(&world.context, actor, receipt(&off, product, "1", "10"), &Unkeyed);
            assert_eq!(refusal(taken_in), closed.into());
            assert!(branches::detail(&world.context, actor, off.branch_id).is_ok());
        }
        assert_eq!(refusal(branches::close(&world.context, &off.owner, off.branch_id)), closed.into());
        assert_eq!(settings::view(&world.context, &off.owner, off.store_id).unwrap().store_name, "Do'kon 1");
        let again = stores::close(&world.context, &off.owner, off.store_id).unwrap();
        assert_eq!(again.store.status, StoreStatus::Inactive);
        let renamed = ChangeStore { name: Some("Yopiq".to_owned()), ..ChangeStore::default() };
        assert_eq!(change(&world, &off, renamed).unwrap().store.status, StoreStatus::Inactive);
        assert_eq!(change(&world, &off, now(RowStatus::Active)).unwrap().store.status, StoreStatus::Active);
        let on = Shop { owner: world.again(&off.owner), ..off };
        assert_eq!(world.receive(&on, receipt(&on, product, "1", "10")).quantity, quantity("1"));
        let details = |new: &str, old: &str| format!(r#"{{"changes":{{"status":{{"new":"{new}","old":"{old}"}}}}}}"#);
        let told = told(&world);
        assert_eq!(told.len(), 3, "{told:?}");
        assert_eq!(told[0], format!("delete Do'kon yopildi: Do'kon 1 {}", details("inactive", "active")));
        assert_eq!(told[2], format!("update Do'kon qayta ochildi: Yopiq {}", details("active", "inactive")));
    }

    fn no_owner_lifts_the_block_of_the_admin_even_one_who_came_in_before_it(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        world.database.execute("UPDATE stores SET status = 'blocked'");
        let came_later = Shop { owner: world.again(&shop.owner), ..shop.clone() };
        let before = world.database.dump_of(&["stores", "store_settings"]);
        assert!(before.contains("|blocked|"), "{before}");

        for owner in [&shop, &came_later] {
            for command in [now(RowStatus::Active), now(RowStatus::Inactive), ChangeStore { name: Some("X".to_owned()), ..ChangeStore::default() }] {
                assert_eq!(refusal(change(&world, owner, command)), AccessRefusal::StoreBlocked.into());
            }
            let closed = stores::close(&world.context, &owner.owner, owner.store_id);
            assert_eq!(refusal(closed), AccessRefusal::StoreBlocked.into());
        }

        assert_eq!(world.database.dump_of(&["stores", "store_settings"]), before);
    }

    fn another_store_is_unknown(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = (world.shop(), world.shop());
        let manager = world.hire(&shop, Role::Manager);
        let before = world.database.dump();

        for store_id in [other.store_id, StoreId::new(999)] {
            let theirs = Shop { store_id, ..shop.clone() };
            assert_eq!(refusal(stores::detail(&world.context, &shop.owner, store_id)), Refusal::NotFound);
            assert_eq!(refusal(change(&world, &theirs, now(RowStatus::Inactive))), Refusal::NotFound);
            assert_eq!(refusal(stores::close(&world.context, &shop.owner, store_id)), Refusal::NotFound);
        }
        assert_eq!(refusal(change(&world, &shop, ChangeStore::default())), Refusal::EmptyPatch);
        let by_manager = Shop { owner: manager, ..shop.clone() };
        assert_eq!(refusal(change(&world, &by_manager, now(RowStatus::Inactive))).code(), Some("role_required"));

        assert_eq!(world.database.dump(), before);
    }
}
