//! Who waits for whom on PostgreSQL, where others go on meanwhile.

use std::sync::Mutex;
use std::sync::mpsc::channel;

use savdo_domain::access::RowStatus;
use savdo_domain::{FieldProblem, Refusal};
use savdo_persistence::testing::{Backend, TestDatabase};
use savdo_persistence::{Tx, locations, sales, settings};
use savdo_services::once::Unkeyed;
use savdo_services::testing::{Goods, Shop, World, receipt, refusal};
use savdo_services::{StorageError, stock};

use super::{another, buyer, close, order};

/// Begins `work` while a transaction that did `hold` stays open: it waits for its end, then ends as it should.
fn waits_for(
    world: &World,
    hold: impl Fn(&mut Tx<'_>) -> Result<(), StorageError> + Send + 'static,
    work: impl FnOnce() -> bool + Send,
) {
    let database = world.database.handle();
    let (held, is_held) = channel();
    let (release, is_released) = channel::<()>();
    let is_released = Mutex::new(is_released);
    let waiting = "SELECT pid::text AS line FROM pg_stat_activity \
                   WHERE datname = current_database() AND wait_event_type = 'Lock'";
    std::thread::scope(|scope| {
        scope.spawn(move || {
            database.write("test_hold", move |tx| {
                hold(tx)?;
                held.send(()).unwrap();
                let _ = is_released.lock().unwrap().recv();
                Ok::<_, StorageError>(())
            })
        });
        is_held.recv().unwrap();
        let working = scope.spawn(work);
        while !working.is_finished() && world.database.lines(waiting).is_empty() {
            std::thread::yield_now();
        }
        assert!(!working.is_finished(), "it did not wait");

        release.send(()).unwrap();
        assert!(working.join().unwrap(), "it did not end as expected");
    });
}

#[test]
fn a_branch_that_closes_waits_for_who_sells_or_takes_goods_in_there() {
    let world = World::on(TestDatabase::new(Backend::Postgres));
    let shop = world.shop();
    let (store_id, branch_id) = (shop.store_id, shop.branch_id);

    waits_for(
        &world,
        move |tx| sales::hold_counter(tx, store_id, branch_id).map(|_| ()),
        || close(&world, &shop).is_ok(),
    );
}

#[test]
fn a_branch_that_closes_waits_for_a_checkout_of_the_store() {
    let world = World::on(TestDatabase::new(Backend::Postgres));
    let shop = world.shop();
    let store_id = shop.store_id;

    waits_for(
        &world,
        move |tx| settings::hold(tx, store_id).map(|_| ()),
        || close(&world, &shop).is_ok(),
    );
}

#[test]
fn who_waited_for_a_branch_that_closed_finds_it_closed() {
    let world = World::on(TestDatabase::new(Backend::Postgres));
    let shop = world.shop();
    let product = world.product(&shop, Goods::named("Non"));
    let receive = || {
        stock::move_goods(
            &world.context,
            &shop.owner,
            receipt(&shop, product, "1", "10"),
            &Unkeyed,
        )
    };

    waits_for(&world, closing(&world, &shop), || {
        refusal(receive()) == Refusal::field("branch", FieldProblem::UnknownObject)
    });

    assert_eq!(world.levels(), [""; 0]);
}

#[test]
fn an_order_that_waited_for_the_branch_that_serves_to_close_is_served_from_another() {
    let world = World::on(TestDatabase::new(Backend::Postgres));
    let shop = world.shop();
    let second = another(&world, &shop, "Chorsu");
    let product = world.online_product(&shop, Goods::named("Aspirin"));
    for branch in [&shop, &second] {
        world.receive(branch, receipt(branch, product, "1", "10"));
    }
    let buyer = buyer(&world, product);

    waits_for(&world, closing(&world, &shop), || {
        order(&world, &buyer).unwrap().order.location_id == second.branch_id
    });
}

/// What the use-case does to a branch, whatever lies there.
fn closing(world: &World, shop: &Shop) -> impl Fn(&mut Tx<'_>) -> Result<(), StorageError> + Send + 'static {
    let (store_id, branch_id, at) = (shop.store_id, shop.branch_id, world.context.now());
    move |tx| {
        settings::lock(tx, store_id)?;
        let mut branch = locations::lock(tx, store_id, branch_id)?.unwrap();
        branch.status = RowStatus::Inactive;
        locations::update(tx, store_id, &branch, at)
    }
}
