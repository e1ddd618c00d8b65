//! What is low, and what lies where.

use savdo_domain::ids::LocationId;
use savdo_domain::settings::SettingsPatch;
use savdo_persistence::on_both;
use savdo_services::stock::{self, ListByProduct, OpenStock, StockView};
use savdo_services::testing::{World, quantity};
use savdo_services::{Page, settings};

use super::{open, opening, product};

on_both! {
    fn what_is_low_is_what_lies_there_up_to_the_threshold(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = (world.shop(), world.shop());
        let products = ["0", "0.001", "3", "5", "5.001", "1"];
        for (id, pieces) in (1..).zip(products) {
            let product = product(&world, &shop, id, "500.00");
            open(&world, &shop, opening(&shop, product, pieces)).unwrap();
        }
        let foreign = product(&world, &other, 7, "1.00");
        open(&world, &other, opening(&other, foreign, "1")).unwrap();
        world.database.execute("UPDATE products SET status = 'inactive' WHERE id = 6");
        let low = |branch, warehouse| {
            let view = stock::list_low(&world.context, &shop.owner, branch, warehouse).unwrap();
            let of = |level: &StockView| (level.product_id.get(), level.quantity.to_string());
            (view.threshold, view.levels.iter().map(of).collect::<Vec<_>>())
        };

        let expected = [(2, "0.001"), (3, "3.000"), (4, "5.000")].map(|(id, pieces)| (id, pieces.to_owned()));
        assert_eq!(low(None, None), (5, expected.to_vec()));
        assert_eq!(low(Some(shop.branch_id), None).1.len(), 3);
        assert_eq!(low(Some(other.branch_id), None).1, []);
        assert_eq!(low(None, Some(shop.branch_id)).1, [], "a branch is no warehouse");
        let patch = SettingsPatch { low_stock_threshold: Some(0), ..SettingsPatch::default() };
        settings::change(&world.context, &shop.owner, shop.store_id, patch).unwrap();
        assert_eq!(low(None, None).1, []);
        let patch = SettingsPatch {
            low_stock_threshold: Some(1_000_000),
            low_stock_enabled: Some(false),
            ..SettingsPatch::default()
        };
        settings::change(&world.context, &shop.owner, shop.store_id, patch).unwrap();
        assert_eq!(low(None, None).1, []);
    }

    fn the_stock_of_a_product_is_the_sum_of_its_places(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = (world.shop(), world.shop());
        world.database.execute(
            "INSERT INTO locations (id, store_id, kind, name, name_key, address, phone, status, created_at, updated_at, search) \
             VALUES (90, 1, 'warehouse', 'Asosiy', 'asosiy', '', '', 'active', '2026-03-12 05:00:00', '2026-03-12 05:00:00', '')",
        );
        let [both, hidden, _nowhere] = [1, 2, 3].map(|id| product(&world, &shop, id, "500.00"));
        let foreign = product(&world, &other, 4, "500.00");
        open(&world, &shop, opening(&shop, both, "2.5")).unwrap();
        let stored = OpenStock { branch: None, warehouse: Some(LocationId::new(90)), ..opening(&shop, both, "4") };
        open(&world, &shop, stored).unwrap();
        let aside = open(&world, &shop, opening(&shop, hidden, "0")).unwrap().id;
        stock::hide(&world.context, &shop.owner, aside).unwrap();
        open(&world, &other, opening(&other, foreign, "9")).unwrap();
        let list = |product, search: &str| {
            let query = ListByProduct { product, search: search.to_owned(), page: Page::new(1, 100) };
            stock::list_by_product(&world.context, &shop.owner, query).unwrap()
        };

        let listed = list(None, "");
        let told: Vec<_> = listed.rows[0].places.iter().map(|place| (place.location_name.as_str(), place.quantity)).collect();
        assert_eq!((listed.total, listed.rows[0].total), (1, quantity("6.5")));
        assert_eq!(told, [("Asosiy", quantity("4")), ("Markaz", quantity("2.5"))]);
        assert_eq!(list(Some(both), "mahs").rows, listed.rows);
        assert_eq!((list(Some(foreign), "").total, list(None, "yo'q").total), (0, 0));
    }
}
