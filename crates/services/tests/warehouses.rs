//! Warehouses: made, changed, closed on nothing but empty shelves, opened again; what is kept there.

#![cfg(test)]

use savdo_domain::access::{Role, RowStatus};
use savdo_domain::catalog::CatalogRefusal;
use savdo_domain::ids::LocationId;
use savdo_domain::{FieldProblem, Refusal};
use savdo_persistence::on_both;
use savdo_services::once::Unkeyed;
use savdo_services::stock::{self, MoveGoods, OpenStock};
use savdo_services::testing::{Goods, Shop, World, at_once, issue, money, quantity, receipt, refusal};
use savdo_services::verify::verify;
use savdo_services::warehouses::{self, ChangeWarehouse, CreateWarehouse, ListWarehouses, WarehouseDetailView};
use savdo_services::{Page, Result};

fn create(world: &World, shop: &Shop, name: &str) -> Result<WarehouseDetailView> {
    let command = CreateWarehouse {
        name: name.to_owned(),
        address: "Sergeli 4".to_owned(),
    };
    warehouses::create(&world.context, &shop.owner, command, &Unkeyed)
}

fn change(world: &World, shop: &Shop, id: LocationId, command: ChangeWarehouse) -> Result<WarehouseDetailView> {
    warehouses::change(&world.context, &shop.owner, id, command)
}

fn now(status: RowStatus) -> ChangeWarehouse {
    ChangeWarehouse {
        status: Some(status),
        ..ChangeWarehouse::default()
    }
}

fn renamed(name: &str) -> ChangeWarehouse {
    ChangeWarehouse {
        name: Some(name.to_owned()),
        ..ChangeWarehouse::default()
    }
}

fn close(world: &World, shop: &Shop, id: LocationId) -> Result<WarehouseDetailView> {
    warehouses::close(&world.context, &shop.owner, id)
}

/// The same goods, but for the warehouse.
fn stored(warehouse: LocationId, command: MoveGoods) -> MoveGoods {
    MoveGoods {
        branch: None,
        warehouse: Some(warehouse),
        ..command
    }
}

fn told(world: &World) -> Vec<String> {
    world.database.lines(
        "SELECT action || ' ' || description || ' ' || details AS line FROM audit_entries \
         WHERE subject_type = 'warehouse' ORDER BY id",
    )
}

#[track_caller]
fn check(world: &World) {
    world.check_ledger();
    assert_eq!(verify(&world.context).unwrap().differences, []);
}

on_both! {
    fn a_warehouse_is_made_changed_closed_and_opened_again(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();

        let made = create(&world, &shop, "Katta ombor").unwrap();
        let id = made.warehouse.id;
        let changed = ChangeWarehouse { address: Some("Yunusobod 1".to_owned()), ..renamed("Ombor") };
        change(&world, &shop, id, changed).unwrap();
        close(&world, &shop, id).unwrap();
        close(&world, &shop, id).unwrap();
        let opened = change(&world, &shop, id, now(RowStatus::Active)).unwrap();

        assert_eq!((made.products_count, made.products), (0, vec![]));
        assert_eq!((opened.warehouse.name.as_str(), opened.warehouse.address.as_str()), ("Ombor", "Yunusobod 1"));
        assert_eq!(opened, warehouses::detail(&world.context, &shop.owner, id).unwrap());
        let status = |old: &str, new: &str| format!(r#"{{"changes":{{"status":{{"new":"{new}","old":"{old}"}}}}}}"#);
        assert_eq!(told(&world), [
            "create Ombor yaratildi: Katta ombor ".to_owned(),
            "update Ombor o'zgartirildi: Ombor {\"changes\":{\"address\":{\"new\":\"Yunusobod 1\",\"old\":\"Sergeli 4\"},\
             \"name\":{\"new\":\"Ombor\",\"old\":\"Katta ombor\"}}}".to_owned(),
            format!("delete Ombor yopildi: Ombor {}", status("active", "inactive")),
            format!("update Ombor qayta ochildi: Ombor {}", status("inactive", "active")),
        ]);
        check(&world);
    }

    fn names_are_unique_among_the_active_warehouses_and_a_branch_may_share_one(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let taken = Refusal::field("name", FieldProblem::Taken);

        let first = create(&world, &shop, "Markaz").unwrap().warehouse.id;
        let second = create(&world, &shop, "Chorsu").unwrap().warehouse.id;

        assert_eq!(refusal(create(&world, &shop, "MARKAZ")), taken);
        assert_eq!(refusal(change(&world, &shop, second, renamed("markaz"))), taken);
        close(&world, &shop, first).unwrap();
        change(&world, &shop, second, renamed("Markaz")).unwrap();
        assert_eq!(refusal(change(&world, &shop, first, now(RowStatus::Active))), taken);
    }

    fn a_warehouse_with_goods_does_not_close(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = world.product(&shop, Goods::named("Non"));
        let id = world.warehouse(&shop, "Ombor");
        world.receive(&shop, stored(id, receipt(&shop, product, "1", "10")));

        assert_eq!(refusal(close(&world, &shop, id)), CatalogRefusal::HasStock.into());
        assert_eq!(refusal(change(&world, &shop, id, now(RowStatus::Inactive))), CatalogRefusal::HasStock.into());
        let out = stored(id, issue(&shop, product, "1"));
        stock::move_goods(&world.context, &shop.owner, out, &Unkeyed).unwrap();
        close(&world, &shop, id).unwrap();

        let unknown = Refusal::field("warehouse", FieldProblem::UnknownObject);
        let received = stored(id, receipt(&shop, product, "1", "10"));
        assert_eq!(refusal(stock::move_goods(&world.context, &shop.owner, received, &Unkeyed)), unknown);
        check(&world);
    }

    fn the_page_of_a_warehouse_shows_what_is_kept_there_by_name(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let (id, other) = (world.warehouse(&shop, "Ombor"), world.warehouse(&shop, "Boshqa"));
        let [oil, rice, elsewhere] = ["Yog'", "Guruch", "Tuz"].map(|name| world.product(&shop, Goods::named(name).at(money("9"))));
        world.receive(&shop, stored(id, receipt(&shop, oil, "10", "100.55")));
        world.receive(&shop, receipt(&shop, oil, "5", "200.00"));
        world.receive(&shop, stored(other, receipt(&shop, elsewhere, "1", "1")));
        world.clock.advance(chrono::TimeDelta::hours(1));
        let empty = OpenStock {
            product_id: rice,
            branch: None,
            warehouse: Some(id),
            quantity: quantity("0"),
            unit_cost: None,
            series: String::new(),
            expires_on: None,
        };
        stock::open(&world.context, &shop.owner, empty, &Unkeyed).unwrap();

        let view = warehouses::detail(&world.context, &shop.owner, id).unwrap();

        let told: Vec<_> = view.products.iter().map(|placed| {
            (placed.product_name.as_str(), placed.quantity, placed.purchase_price, placed.added_at.to_rfc3339())
        }).collect();
        assert_eq!(view.products_count, 2);
        // (10 x 100.55 + 5 x 200.00) / 15, over the whole store.
        assert_eq!(told, [
            ("Guruch", quantity("0"), view.products[0].purchase_price, "2026-03-12T06:00:00+00:00".to_owned()),
            ("Yog'", quantity("10"), money("133.70"), "2026-03-12T05:00:00+00:00".to_owned()),
        ]);
        let first = world.database.handle().read("first", move |reader| {
            Ok::<_, savdo_services::Error>(savdo_persistence::stock::at_place(reader, shop.store_id, id, 1)?)
        });
        assert_eq!(first.unwrap(), view.products[..1], "no more than are asked for");
        let query = ListWarehouses {
            statuses: vec![RowStatus::Active],
            search: "sergeli".to_owned(),
            sort: Vec::new(),
            page: Page::new(1, 100),
        };
        let list = |search: &str| {
            let query = ListWarehouses { search: search.to_owned(), ..query.clone() };
            let listed = warehouses::list(&world.context, &shop.owner, query).unwrap();
            listed.rows.into_iter().map(|row| (row.warehouse.name, row.stock_count)).collect::<Vec<_>>()
        };
        assert_eq!(list(""), [("Boshqa".to_owned(), 1), ("Ombor".to_owned(), 2)]);
        assert_eq!(list("омб"), [("Ombor".to_owned(), 2)]);
        create(&world, &shop, "Uzoq").unwrap();
        assert_eq!(list("sergeli"), [], "an address is not searched");
    }

    fn only_warehouses_of_ones_own_store_are_changed_and_by_managers_alone(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = (world.shop(), world.shop());
        let (manager, seller) = (world.hire(&shop, Role::Manager), world.hire(&shop, Role::Seller));
        let (own, foreign) = (world.warehouse(&shop, "Ombor"), world.warehouse(&other, "Ombor"));
        let before = world.database.dump();

        for id in [foreign, shop.branch_id, LocationId::new(999)] {
            assert_eq!(refusal(warehouses::detail(&world.context, &shop.owner, id)), Refusal::NotFound);
            assert_eq!(refusal(change(&world, &shop, id, renamed("Bozor"))), Refusal::NotFound);
            assert_eq!(refusal(close(&world, &shop, id)), Refusal::NotFound);
        }
        assert_eq!(refusal(change(&world, &shop, own, ChangeWarehouse::default())), Refusal::EmptyPatch);
        let by_seller = warehouses::close(&world.context, &seller, own);
        assert_eq!(refusal(by_seller).code(), Some("role_required"));
        assert!(warehouses::detail(&world.context, &seller, own).is_ok());
        assert_eq!(world.database.dump(), before);
        warehouses::change(&world.context, &manager, own, renamed("Bozor")).unwrap();
    }

    fn whichever_statement_fails_a_warehouse_stays_as_it_was(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();

        let (made, _) = world.fails_at_every_statement(|| create(&world, &shop, "Ombor"));
        let (_, closing) = world.fails_at_every_statement(|| close(&world, &shop, made.warehouse.id));

        assert!(closing > 6, "only {closing} statements");
    }

    fn a_warehouse_never_closes_on_goods_that_come_in_at_once(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = world.product(&shop, Goods::named("Non"));

        for round in 0..8 {
            let id = world.warehouse(&shop, &format!("Ombor {round}"));
            let outcomes = at_once(2, |who| match who {
                0 => close(&world, &shop, id).map(|_| ()),
                _ => {
                    let received = stored(id, receipt(&shop, product, "1", "10"));
                    stock::move_goods(&world.context, &shop.owner, received, &Unkeyed).map(|_| ())
                }
            });
            assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "round {round}");
            for (who, outcome) in outcomes.into_iter().enumerate().filter(|(_, outcome)| outcome.is_err()) {
                let expected = [CatalogRefusal::HasStock.into(), Refusal::field("warehouse", FieldProblem::UnknownObject)];
                assert_eq!(refusal(outcome), expected[who], "round {round}");
            }
        }
        assert_eq!(world.database.probe().retries(), 0, "a dead-lock was run again");
        check(&world);
    }
}
