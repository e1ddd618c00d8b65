//! A year of sales and orders in bulk, on both databases: it agrees with itself, and the use-cases go on where it ended.

use savdo_domain::access::{Actor, Origin};
use savdo_domain::cart::CartPart;
use savdo_domain::ids::{OrderId, ProductId, SaleId, ShiftId};
use savdo_domain::order::{OrderStatus, PaymentMethod};
use savdo_domain::sale::{PaymentType, Tendered};
use savdo_domain::{Money, Quantity};
use savdo_persistence::on_both;
use savdo_persistence::testing::TestDatabase;
use savdo_server::demo::{self, Card, Size};
use savdo_services::Clock;
use savdo_services::accounts::{self, Door, Login};
use savdo_services::carts::{self, AddToCart};
use savdo_services::once::Unkeyed;
use savdo_services::orders::{self, CancelOrder, PlaceOrder};
use savdo_services::sales::{self, CancelSale, Sell, SellLine};
use savdo_services::shifts;
use savdo_services::testing::World;
use savdo_services::verify::verify;

use super::rows;

const SIZE: Size = Size {
    products: Some(250),
    other_products: Some(75),
    sales: 130,
    orders: 90,
    sellers: Some(3),
    customers: Some(7),
};

fn year(database: TestDatabase) -> World {
    let world = World::on(database);
    let now = world.clock.now();
    demo::fill_to(&world.context, &world.clock, now, &SIZE).unwrap();
    world.clock.set(now);
    world
}

fn sign_in(world: &World, name: &str, door: Door) -> Actor {
    let login = Login {
        name: name.to_owned(),
        password: demo::PASSWORD.to_owned(),
        door,
    };
    let signed_in = accounts::login(&world.context, &Origin::default(), login).unwrap();
    accounts::authenticate(&world.context, &signed_in.tokens.access, Origin::default()).unwrap()
}

/// The smallest id of those rows.
fn first(world: &World, of: &str) -> i64 {
    let line = world
        .database
        .lines(&format!("SELECT CAST(MIN(id) AS TEXT) AS line FROM {of}"));
    line[0].parse().unwrap()
}

on_both! {
    fn a_year_in_bulk_is_as_large_as_asked_for_and_agrees_with_itself(database: TestDatabase) {
        let world = year(database);

        assert_eq!(verify(&world.context).unwrap().differences, []);
        assert!(Card::find(&world.context, "http://127.0.0.1:8000").unwrap().is_some());
        let crowd = "Many more, with the same password\n  sellers   sotuvchi1 to sotuvchi3\n  couriers  kuryer1\n  \
            customers +998908000001 to +998908000007";
        assert_eq!(SIZE.crowd().unwrap(), crowd);
        let large = "(SELECT id FROM locations WHERE name = 'Sergeli savdo markazi')";
        let sales = format!("sales WHERE branch_id = {large}");
        let theirs = "(SELECT id FROM users WHERE phone LIKE '+9989080%')";
        let orders = format!("orders WHERE buyer_id IN {theirs}");
        for (what, count, of) in [
            ("products", 250, "products WHERE store_id = 1 AND barcode LIKE '478%'".to_owned()),
            ("products of others", 75, "products WHERE store_id > 1".to_owned()),
            ("sellers", 3, format!("workers WHERE branch_id = {large} AND role = 'seller'")),
            ("customers", 7, "users WHERE phone LIKE '+9989080%'".to_owned()),
            ("sales", 130, sales.clone()),
            ("sales outside of shifts", 0, format!("{sales} AND shift_id IS NULL")),
            ("days of sales", 13, format!("(SELECT DISTINCT day FROM {sales}) AS days")),
            ("shifts", 13, format!("shifts WHERE branch_id = {large} AND status = 'closed'")),
            ("orders", 90, orders.clone()),
            ("days of orders", 9, format!("(SELECT DISTINCT day FROM {orders}) AS days")),
            ("levels of the counter", 250, format!("stock_levels WHERE location_id = {large} AND sellable > 1000000")),
            ("messages of theirs to be sent", 0, format!(
                "outbox_dispatches AS one JOIN outbox AS event ON event.id = one.outbox_id \
                 WHERE event.subject_type = 'order' AND one.status <> 'sent' AND event.subject_id IN (SELECT id FROM {orders})"
            )),
            ("entries that are not sealed", 0, "audit_entries WHERE id > (SELECT MAX(last_id) FROM audit_seals)".to_owned()),
        ] {
            assert_eq!(rows(&world, &of), count, "{what}");
        }
        for (what, of) in [
            ("sales undone", format!("{sales} AND status = 'cancelled'")),
            ("orders brought", format!("{orders} AND status = 'delivered'")),
            ("orders given up", format!("{orders} AND status = 'cancelled'")),
            ("orders to be packed", format!("{orders} AND status = 'preparing'")),
            ("products that were ordered", "products WHERE order_count > 0 AND barcode LIKE '478%'".to_owned()),
        ] {
            assert!(rows(&world, &of) > 0, "no {what}");
        }
    }

    fn the_use_cases_go_on_where_the_year_ended(database: TestDatabase) {
        let world = year(database);
        let context = &world.context;
        let (seller, buyer) = (sign_in(&world, "sotuvchi1", Door::Shop), sign_in(&world, "+998908000001", Door::Pharmacy));
        let (manager, operator) = (sign_in(&world, "mudir", Door::Shop), sign_in(&world, "operator", Door::Pharmacy));
        let product = first(&world, "products WHERE barcode LIKE '478%' AND is_online AND NOT needs_prescription");
        let product = ProductId::new(product);
        let large = "(SELECT id FROM locations WHERE name = 'Sergeli savdo markazi')";
        let sold = first(&world, &format!("sales WHERE status = 'completed' AND branch_id = {large}"));
        let waiting = first(
            &world,
            "orders WHERE status = 'preparing' AND buyer_id IN (SELECT id FROM users WHERE phone LIKE '+9989080%')",
        );
        let last: i64 = world.database.lines("SELECT CAST(MAX(number) AS TEXT) AS line FROM sales")[0].parse().unwrap();

        let sale = Sell {
            branch: None,
            payment_type: PaymentType::Cash,
            items: vec![SellLine {
                product_id: product,
                quantity: Quantity::ONE,
                unit_price: None,
                original_price: None,
                discount_percent: None,
            }],
            discount: Money::ZERO,
            tendered: Tendered::default(),
            customer: None,
            description: String::new(),
            client_id: None,
            sold_at: None,
        };
        let made = sales::sell(context, &seller, sale, &Unkeyed).unwrap();
        let line = AddToCart {
            product_id: product,
            pieces: 2,
        };
        carts::add(context, &buyer, line, &Unkeyed).unwrap();
        let wish = PlaceOrder {
            delivery_address: "Toshkent, Navoiy ko'chasi 1".to_owned(),
            comment: String::new(),
            payment_method: PaymentMethod::Cash,
            expected_total: None,
            part: CartPart::All,
        };
        let placed = orders::place(context, &buyer, wish, &Unkeyed).unwrap();
        let undone = CancelSale {
            id: SaleId::new(sold),
            reason: "Xato".to_owned(),
        };
        sales::cancel(context, &manager, undone, &Unkeyed).unwrap();
        let given_up = CancelOrder {
            order_id: OrderId::new(waiting),
            reason: "Mijoz so'rovi bilan".to_owned(),
        };
        let given_up = orders::cancel(context, &operator, given_up, &Unkeyed).unwrap();

        assert_eq!(made.sale.sale.number, last + 1);
        assert_eq!(placed.order.status, OrderStatus::Preparing);
        assert_eq!(given_up.order.status, OrderStatus::Cancelled);
        let shift = first(&world, &format!("shifts WHERE branch_id = {large}"));
        let report = shifts::detail(context, &manager, ShiftId::new(shift)).unwrap();
        assert!(report.shift.z_report.is_some());
        assert_eq!(verify(context).unwrap().differences, []);
    }
}
