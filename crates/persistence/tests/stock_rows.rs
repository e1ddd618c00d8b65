//! What the ledger reads, column by column.

#![cfg(test)]

use chrono::{DateTime, NaiveDate, Utc};
use savdo_domain::access::RowStatus;
use savdo_domain::catalog::Unit;
use savdo_domain::ids::{BatchId, LocationId, MovementPartId, ProductId, StoreId};
use savdo_domain::sale::AcceptedPayments;
use savdo_domain::stock::{Batch, DocumentType, IssuedPart, Level, LocationKind, LowStock, undo_all};
use savdo_domain::{Money, Percent, Quantity};
use savdo_persistence::sales::{self, CounterView, GoodsView};
use savdo_persistence::stock::{self, LockedLevel};
use savdo_persistence::testing::TestDatabase;
use savdo_persistence::{Error, Tx, on_both};

const STORE: StoreId = StoreId::new(1);
const PLACE: LocationId = LocationId::new(10);

const SEED: &str = "
INSERT INTO stores VALUES (1, 'Do''kon', '', '', '', 'active', 'Asia/Tashkent', '2026-03-12 05:00:00', '2026-03-12 05:00:00'),
    (2, 'Begona', '', '', '', 'active', 'Asia/Tashkent', '2026-03-12 05:00:00', '2026-03-12 05:00:00');
INSERT INTO locations VALUES
    (10, 1, 'branch', 'Markaz', 'markaz', '', '', 'active', '2026-03-12 05:00:00', '2026-03-12 05:00:00', ' markaz'),
    (20, 2, 'branch', 'Markaz', 'markaz', '', '', 'active', '2026-03-12 05:00:00', '2026-03-12 05:00:00', ' markaz');
INSERT INTO products (id, store_id, name, name_key, manufacturer, manufacturer_key, sku, sku_key, slug, barcode, unit,
    sale_price, first_cost, currency_id, description, usage, mxik_code, package_code, image, is_medicine,
    needs_prescription, is_online, order_count, shop_search, online_search, status, created_at, updated_at)
VALUES (5, 1, 'Aspirin', 'a', '', '', '', '', 'a', 'a', 'quti', 1500, 0, 1, '', '', '', '', '', TRUE, FALSE, FALSE, 0, '',
        '', 'active', '2026-03-12 05:00:00', '2026-03-12 05:00:00'),
    (6, 1, 'Bint', 'b', '', '', '', '', 'b', 'b', 'metr', 700, 0, 1, '', '', '', '', '', FALSE, FALSE, FALSE, 0, '',
        '', 'inactive', '2026-03-12 05:00:00', '2026-03-12 05:00:00'),
    (7, 2, 'Begona', 'c', '', '', '', '', 'c', 'c', 'kg', 1, 0, 1, '', '', '', '', '', FALSE, FALSE, FALSE, 0, '',
        '', 'active', '2026-03-12 05:00:00', '2026-03-12 05:00:00');
INSERT INTO stock_levels VALUES (1, 1, 10, 6, 900, 800, NULL, FALSE, '2026-03-12 05:00:00'),
    (2, 1, 10, 5, 7000, 3000, '2026-04-01', FALSE, '2026-03-12 05:00:00'),
    (3, 2, 20, 7, 1, 1, NULL, FALSE, '2026-03-12 05:00:00');
INSERT INTO stock_movements VALUES
    (1, 1, 10, 5, 9000, 90, 'receipt', 'manual', NULL, NULL, '', NULL, '2026-03-12', '2026-03-12 05:00:00'),
    (2, 1, 10, 5, -4000, -40, 'sale', 'sale', 3, NULL, '', NULL, '2026-03-12', '2026-03-12 05:00:00'),
    (3, 1, 10, 5, 1000, 11, 'return', 'sale_return', 8, NULL, '', NULL, '2026-03-12', '2026-03-12 05:00:00');
INSERT INTO stock_batches VALUES
    (1, 1, 10, 5, 1, 10, 5000, 3000, 33, FALSE, 'A', '2026-04-01', FALSE, '', NULL, '2026-03-12 05:00:01'),
    (2, 1, 10, 5, 1, 10, 4000, 4000, 44, FALSE, '', NULL, TRUE, 'x', NULL, '2026-03-12 05:00:02'),
    (3, 1, 10, 5, 1, 10, 4000, 0, 0, TRUE, '', NULL, FALSE, '', NULL, '2026-03-12 05:00:03');
INSERT INTO stock_movement_parts VALUES (1, 1, 1, 1, 0, 9000, 90, NULL), (2, 1, 2, 1, 4, -3000, -31, NULL),
    (3, 1, 2, 3, 5, -1000, -9, NULL), (4, 1, 3, 1, 1, 400, 5, 2), (5, 1, 3, 1, 1, 600, 6, 2);
INSERT INTO store_settings VALUES (1, FALSE, TRUE, TRUE, TRUE, FALSE, FALSE, 'UZS', FALSE, FALSE, FALSE, FALSE, TRUE, FALSE, TRUE,
    TRUE, 750, '', '', FALSE, TRUE, TRUE, 5, FALSE, 1, FALSE, FALSE, NULL, FALSE, 0, FALSE, NULL, '', FALSE, NULL, TRUE, 30, 24,
    FALSE, FALSE, FALSE, '2026-03-12 05:00:00');
";

fn within<T: Send + 'static>(
    database: &TestDatabase,
    work: impl Fn(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
) -> T {
    database.write("test", work).unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn quantity(thousandths: i64) -> Quantity {
    Quantity::from_thousandths(thousandths)
}

fn batch(id: i64, left: i64, value: i64) -> Batch {
    Batch {
        id: BatchId::new(id),
        product_id: ProductId::new(5),
        left: quantity(left),
        value: Money::from_tiyin(value),
        expires_on: None,
        is_blocked: false,
        received_at: at("2026-03-12T05:00:03Z"),
    }
}

fn unspent() -> [Batch; 2] {
    let dated = Batch {
        expires_on: NaiveDate::from_ymd_opt(2026, 4, 1),
        received_at: at("2026-03-12T05:00:01Z"),
        ..batch(1, 3000, 33)
    };
    let blocked = Batch {
        is_blocked: true,
        received_at: at("2026-03-12T05:00:02Z"),
        ..batch(2, 4000, 44)
    };
    [dated, blocked]
}

fn issued() -> [IssuedPart; 2] {
    let part = |id, batch, line, left, value| IssuedPart {
        id: MovementPartId::new(id),
        product_id: ProductId::new(5),
        batch_id: BatchId::new(batch),
        line,
        quantity: quantity(left),
        value: Money::from_tiyin(value),
        undone_quantity: quantity(0),
        undone_value: Money::ZERO,
    };
    let undone = IssuedPart {
        undone_quantity: quantity(1000),
        undone_value: Money::from_tiyin(11),
        ..part(2, 1, 4, -3000, -31)
    };
    [undone, part(3, 3, 5, -1000, -9)]
}

on_both! {
    fn levels_are_locked_in_the_order_of_products(database: TestDatabase) {
        database.execute(SEED);
        let asked = [6, 7, 5, 6, 99].map(ProductId::new);

        let locked = within(&database, move |tx| stock::lock_levels(tx, STORE, PLACE, &asked));

        let level = |product, on_hand, sellable, nearest_expiry| LockedLevel {
            product_id: ProductId::new(product),
            level: Level { on_hand: quantity(on_hand), sellable: quantity(sellable), nearest_expiry },
        };
        assert_eq!(locked, [level(5, 7000, 3000, NaiveDate::from_ymd_opt(2026, 4, 1)), level(6, 900, 800, None)]);
    }

    fn a_missing_level_is_made_once(database: TestDatabase) {
        database.execute(SEED);
        database.execute("DELETE FROM stock_levels; INSERT INTO stock_levels VALUES (7, 1, 10, 5, 0, 0, NULL, FALSE, '2026-03-12 05:00:00')");
        let now = at("2026-03-12T06:00:00Z");

        for product in [5, 6, 6] {
            within(&database, move |tx| stock::make_level(tx, STORE, PLACE, ProductId::new(product), now));
        }

        let made = database.lines(
            "SELECT store_id || ' ' || location_id || ' ' || product_id || ' ' || on_hand || ' ' || sellable || ' ' || \
             coalesce(CAST(nearest_expiry AS TEXT), '-') || ' ' || CAST(is_hidden AS INTEGER) || ' ' || updated_at AS line \
             FROM stock_levels ORDER BY product_id",
        );
        assert_eq!(made, ["1 10 5 0 0 - 0 2026-03-12 05:00:00", "1 10 6 0 0 - 0 2026-03-12 06:00:00"]);
    }

    fn unspent_batches_are_read_whole(database: TestDatabase) {
        database.execute(SEED);
        let asked = [5, 6, 5].map(ProductId::new);

        let mut batches = within(&database, move |tx| stock::unspent_batches(tx, STORE, PLACE, &asked));

        batches.sort_by_key(|batch| batch.id);
        assert_eq!(batches, unspent());
    }

    fn issued_parts_know_what_came_back(database: TestDatabase) {
        database.execute(SEED);

        let parts = within(&database, |tx| stock::issued_parts(tx, STORE, PLACE, DocumentType::Sale, 3));
        let others = within(&database, |tx| stock::issued_parts(tx, STORE, PLACE, DocumentType::Order, 3));
        let batches = within(&database, |tx| stock::put_back_batches(tx, STORE, PLACE, &undo_all(&issued()).unwrap()));

        assert_eq!(parts, issued());
        assert_eq!(others, []);
        let [dated, blocked] = unspent();
        assert_eq!(batches, [dated, blocked, batch(3, 0, 0)]);
    }

    fn goods_and_counter_are_read_whole(database: TestDatabase) {
        database.execute(SEED);
        let asked = [7, 6, 5].map(ProductId::new);

        let goods = within(&database, move |tx| sales::goods(tx, STORE, &asked));
        let counter = within(&database, |tx| sales::hold_counter(tx, STORE, PLACE));
        let foreign = within(&database, |tx| sales::hold_counter(tx, STORE, LocationId::new(20)));

        let aspirin = GoodsView {
            id: ProductId::new(5),
            name: "Aspirin".to_owned(),
            unit: Unit::Box,
            sale_price: Money::from_tiyin(1500),
            is_medicine: true,
            status: RowStatus::Active,
        };
        let bint = GoodsView {
            id: ProductId::new(6),
            name: "Bint".to_owned(),
            unit: Unit::Metre,
            sale_price: Money::from_tiyin(700),
            is_medicine: false,
            status: RowStatus::Inactive,
        };
        assert_eq!(goods, [aspirin, bint]);
        let expected = CounterView {
            location_id: PLACE,
            kind: LocationKind::Branch,
            name: "Markaz".to_owned(),
            status: RowStatus::Active,
            accepted: AcceptedPayments { cash: true, card: false, debt: true },
            allows_discount: true,
            discount_percent_max: Percent::from_hundredths(750),
            has_shifts: false,
            low_stock: LowStock::new(true, 5),
        };
        assert_eq!((counter, foreign), (Some(expected), None));
    }
}
