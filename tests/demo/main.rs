//! The demo chain, on both databases: as complete as the issue promises, and without a contradiction.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "this is a test")]

mod year;

use savdo_domain::access::Origin;
use savdo_domain::ids::ProductId;
use savdo_persistence::on_both;
use savdo_server::demo::{self, Card, DemoError, Size};
use savdo_services::accounts::{self, Door, Login};
use savdo_services::prescriptions::{self, Viewer};
use savdo_services::testing::World;
use savdo_services::verify::verify;
use savdo_services::{Clock, Page, catalogue};

/// How many rows there are.
fn rows(world: &World, of: &str) -> i64 {
    let sql = format!("SELECT CAST(COUNT(*) AS TEXT) AS line FROM {of}");
    world.database.lines(&sql)[0].parse().unwrap()
}

on_both! {
    fn the_demo_fills_an_empty_database_once(database: TestDatabase) {
        let world = World::on(database);
        let now = world.clock.now();

        demo::fill(&world.context, &world.clock, now).unwrap();
        world.clock.set(now);

        assert_eq!(verify(&world.context).unwrap().differences, []);
        let statuses = world.database.lines("SELECT DISTINCT status AS line FROM orders ORDER BY status");
        let expected = [
            "awaiting_payment",
            "awaiting_prescription",
            "cancelled",
            "delivered",
            "on_the_way",
            "paid",
            "preparing",
            "ready_for_delivery",
        ];
        assert_eq!(statuses, expected);
        let latest = world.database.lines("SELECT CAST(MAX(created_at) <= '2026-03-12 05:00:00' AS TEXT) AS line FROM orders");
        assert!(["1", "true"].contains(&latest[0].as_str()), "{latest:?}");
        for (what, least, sql) in [
            ("medicines", 200, "SELECT 1 FROM products WHERE is_medicine AND is_online"),
            (
                "medicines that another stands in for",
                12,
                "SELECT DISTINCT own.product_id FROM product_substances AS own JOIN product_substances AS other \
                 ON other.substance_id = own.substance_id AND other.product_id <> own.product_id",
            ),
            ("goods", 60, "SELECT 1 FROM products WHERE NOT is_medicine"),
            ("expired batches", 20, "SELECT 1 FROM stock_batches WHERE expires_on < '2026-03-12' AND NOT is_spent"),
            ("low levels", 15, "SELECT 1 FROM stock_levels WHERE on_hand BETWEEN 1 AND 5000"),
            ("sales", 200, "SELECT 1 FROM sales WHERE status = 'completed'"),
            ("cancelled sales", 3, "SELECT 1 FROM sales WHERE status = 'cancelled'"),
            ("confirmed returns", 3, "SELECT 1 FROM sale_returns WHERE status = 'confirmed'"),
            ("pending returns", 1, "SELECT 1 FROM sale_returns WHERE status = 'pending'"),
            ("days of sales", 27, "SELECT DISTINCT day FROM sales"),
            ("orders", 40, "SELECT 1 FROM orders"),
            ("orders brought", 6, "SELECT 1 FROM orders WHERE status = 'delivered'"),
            ("orders given up by themselves", 2, "SELECT 1 FROM order_history WHERE source = 'job'"),
            ("branches", 2, "SELECT 1 FROM locations WHERE kind = 'branch'"),
            ("warehouses", 1, "SELECT 1 FROM locations WHERE kind = 'warehouse'"),
            ("goods that left by hand", 3, "SELECT 1 FROM stock_movements WHERE document_type = 'manual' AND quantity < 0"),
            ("blocked batches", 1, "SELECT 1 FROM stock_batches WHERE is_blocked"),
            ("closed shifts", 14, "SELECT 1 FROM shifts WHERE status = 'closed'"),
            ("sales in shifts", 30, "SELECT 1 FROM sales WHERE shift_id IS NOT NULL"),
            ("expenses", 16, "SELECT 1 FROM expenses"),
            ("accounts", 8, "SELECT 1 FROM users"),
        ] {
            let count = world.database.lines(&format!("SELECT CAST(COUNT(*) AS TEXT) AS line FROM ({sql}) AS found"));
            let count: i64 = count[0].parse().unwrap();
            assert!(count >= least, "{count} {what}");
        }

        let shown = catalogue::product(&world.context, None, ProductId::new(1)).unwrap();
        let others = catalogue::alternatives(&world.context, None, shown.offered.product_id).unwrap();
        assert!(!others.is_empty(), "nothing stands in for {}", shown.offered.name);

        let before = world.database.dump();
        let again = demo::fill(&world.context, &world.clock, now);
        assert!(matches!(again, Err(DemoError::NotEmpty)));
        assert_eq!(world.database.dump(), before);

        let card = Card::find(&world.context, "http://127.0.0.1:8000").unwrap().unwrap();
        insta::assert_snapshot!("card", card.to_string());
    }

    fn a_prescription_with_a_picture_waits_for_the_operator_of_the_demo(database: TestDatabase) {
        let world = World::on(database);
        let now = world.clock.now();

        demo::fill(&world.context, &world.clock, now).unwrap();
        world.clock.set(now);

        let login = Login {
            name: "operator".to_owned(),
            password: demo::PASSWORD.to_owned(),
            door: Door::Pharmacy,
        };
        let signed_in = accounts::login(&world.context, &Origin::default(), login).unwrap();
        let operator = accounts::authenticate(&world.context, &signed_in.tokens.access, Origin::default()).unwrap();
        let waiting = prescriptions::pending(&world.context, &operator, None, &Page::new(1, 20)).unwrap().rows;
        assert_eq!(waiting.len(), 1);
        let (prescription, images) = (&waiting[0].prescription, &waiting[0].images);
        let order = world.database.lines(&format!(
            "SELECT status || ' ' || COALESCE(CAST(expires_at AS TEXT), 'never') AS line FROM orders WHERE id = {}",
            prescription.order_id.unwrap(),
        ));
        assert_eq!(order, ["awaiting_prescription never"]);
        assert_eq!(images.len(), 1);
        let viewer = Viewer::SignedIn(operator);
        let shown = prescriptions::image(&world.context, viewer, prescription.id, images[0].id).unwrap();
        let sheet = image::load_from_memory_with_format(&shown.jpeg, image::ImageFormat::Jpeg).unwrap();
        assert_eq!((sheet.width(), sheet.height()), (420, 594));
        assert_eq!(verify(&world.context).unwrap().differences, []);
    }

    fn the_large_demo_has_as_many_products_more_and_no_contradiction(database: TestDatabase) {
        let world = World::on(database);
        let size = Size {
            products: Some(6_100),
            ..Size::default()
        };

        demo::fill_to(&world.context, &world.clock, world.clock.now(), &size).unwrap();

        let count = |of: &str| rows(&world, &format!("products WHERE {of}"));
        assert_eq!(verify(&world.context).unwrap().differences, []);
        assert_eq!(count("store_id = 1 AND barcode LIKE '478%'"), 6_100);
        assert_eq!(count("store_id > 1"), 3_050);
        assert!(count("store_id = 1 AND is_online") > 3_000);
        assert!(count("store_id = 1 AND name LIKE '%№%'") > 3_000);
        assert_eq!(rows(&world, "users WHERE phone LIKE '+9989080%'"), 100);
    }

    fn an_installation_without_the_demo_has_no_card(database: TestDatabase) {
        let world = World::on(database);
        let _shop = world.shop();

        assert_eq!(Card::find(&world.context, "http://127.0.0.1:8000").unwrap(), None);
    }
}
