//! Lists: whoever follows the links meets every row once, in every order, whatever is added meanwhile.

#![cfg(test)]

mod messages;
mod papers;
mod places;
mod returns;
mod searching;
mod shelf;
mod shifts;
mod spending;
mod walking;
mod words;

use std::cell::RefCell;

use savdo_domain::access::{Actor, Role, RowStatus, WorkerStatus};
use savdo_domain::account::Language;
use savdo_domain::cart::CartPart;
use savdo_domain::coded::Coded;
use savdo_domain::ids::WorkerId;
use savdo_domain::order::PaymentMethod;
use savdo_persistence::on_both;
use savdo_services::branches::{self, CreateBranch, ListBranches, LocationColumn};
use savdo_services::carts::{self, AddToCart};
use savdo_services::catalogue::{self, BrowseProducts, ShelfColumn};
use savdo_services::categories::{self, CategoryColumn, ListCategories};
use savdo_services::once::Unkeyed;
use savdo_services::orders::{self, OrderFilter, OrderOrdering, PlaceOrder};
use savdo_services::payments::{self, ListPayments};
use savdo_services::products::{self, ListProducts, ProductColumn};
use savdo_services::sales::{self, ListSales, SaleColumn};
use savdo_services::stock::{self, ListMovements, ListStock, MovementColumn, StockColumn};
use savdo_services::testing::{Goods, Shop, World, money, receipt, sale};
use savdo_services::workers::{self, ChangePerson, ChangeWorker, ListWorkers, WorkerColumn};
use savdo_services::{Listed, Page, Period, SortBy};
use walking::{check, ids, sorts, told, walk};

/// Eight products of three prices, two of one name's spelling, one put aside.
fn products_of(world: &World, shop: &Shop) {
    for number in 0..8 {
        let goods = Goods::named(&format!("Un {}", number % 5 + number * 10)).at(money(["5", "7", "9"][number % 3]));
        let id = world.online_product(shop, goods);
        world.receive(shop, receipt(shop, id, ["1", "2", "2"][number % 3], "1"));
    }
}

/// A dozen workers: three first names, two last names, three salaries or none.
fn staffed(world: &World) -> Shop {
    let shop = world.shop();
    for number in 0..12 {
        if number % 4 == 0 {
            world.clock.advance(chrono::TimeDelta::minutes(2));
        }
        let worker = world.hire(&shop, [Role::Seller, Role::Courier][number % 2]);
        let command = ChangeWorker {
            person: ChangePerson {
                first_name: Some(["Ali", "ali", "Vali"][number % 3].to_owned()),
                last_name: Some(["Karimov", "Olimov"][number % 2].to_owned()),
                ..ChangePerson::default()
            },
            salary: Some([Some(money("5")), None, Some(money("7"))][number % 3]),
            status: Some([WorkerStatus::OnLeave, WorkerStatus::Active][usize::from(number % 5 > 0)]),
            ..ChangeWorker::default()
        };
        workers::change(&world.context, &shop.owner, worker.worker.unwrap().id, command).unwrap();
    }
    shop
}

fn workers(world: &World, owner: &Actor, sort: &[SortBy<WorkerColumn>], page: &Page) -> Listed<i64> {
    let query = ListWorkers {
        statuses: vec![WorkerStatus::Active, WorkerStatus::OnLeave],
        roles: Vec::new(),
        branch: None,
        search: String::new(),
        sort: sort.to_vec(),
        page: page.clone(),
    };
    ids(workers::list(&world.context, owner, &query).unwrap(), |row| {
        row.post.worker_id.get()
    })
}

fn products(world: &World, owner: &Actor, sort: &[SortBy<ProductColumn>], page: &Page) -> Listed<i64> {
    let query = ListProducts {
        category: None,
        subcategory: None,
        statuses: RowStatus::ALL.to_vec(),
        unit: None,
        barcode: None,
        search: String::new(),
        sort: sort.to_vec(),
        page: page.clone(),
    };
    ids(products::list(&world.context, owner, query).unwrap(), |row| {
        row.id.get()
    })
}

on_both! {
    fn products_are_walked_in_every_order_while_some_are_added(database: TestDatabase) {
        let world = World::on(database);

        for sort in sorts::<ProductColumn>().into_iter().filter(|sort| sort.len() == 1) {
            let shop = world.shop();
            products_of(&world, &shop);
            let mut added = 0;
            check(&told("products", &sort), |page| products(&world, &shop.owner, &sort, page), || {
                added += 1;
                let name = format!("Un {} qo'shimcha {added}", added * 37 % 90);
                world.product(&shop, Goods::named(&name).at(money(["4", "7", "9"][added % 3])));
            });
            assert!(added > 5);
        }
    }

    fn products_are_walked_in_mixed_orders(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        products_of(&world, &shop);
        world.database.execute("UPDATE products SET status = 'inactive' WHERE id IN (2, 5)");

        for sort in sorts::<ProductColumn>() {
            check(&told("products", &sort), |page| products(&world, &shop.owner, &sort, page), || ());
        }
    }

    fn stock_is_walked_in_every_order(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        products_of(&world, &shop);

        for sort in sorts::<StockColumn>() {
            let list = |page: &Page| {
                let query = ListStock {
                    branch: None,
                    warehouse: None,
                    product: None,
                    category: None,
                    search: String::new(),
                    is_nonzero: None,
                    sort: sort.clone(),
                    page: page.clone(),
                };
                ids(stock::list(&world.context, &shop.owner, query).unwrap(), |row| row.id.get())
            };
            check(&told("stock", &sort), list, || ());
        }
    }

    fn sales_are_walked_in_every_order(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = world.product(&shop, Goods::named("Un"));
        world.receive(&shop, receipt(&shop, product, "100", "1"));
        for number in 0..8 {
            if number % 3 == 0 {
                world.clock.advance(chrono::TimeDelta::milliseconds(1));
            }
            world.sell(&shop.owner, sale(&shop, &[(product, ["1", "2"][number % 2])]));
        }

        for sort in sorts::<SaleColumn>() {
            let list = |page: &Page| {
                let query = ListSales {
                    period: Period::default(),
                    branch: None,
                    worker: None,
                    customer: None,
                    shift: None,
                    payment_type: None,
                    statuses: Vec::new(),
                    search: String::new(),
                    sort: sort.clone(),
                    page: page.clone(),
                };
                ids(sales::list(&world.context, &shop.owner, query).unwrap(), |row| row.id.get())
            };
            check(&told("sales", &sort), list, || ());
        }
    }

    fn movements_are_walked_in_every_order(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = world.product(&shop, Goods::named("Un"));
        for number in 0..8 {
            if number % 3 == 0 {
                world.clock.advance(chrono::TimeDelta::milliseconds(1));
            }
            world.receive(&shop, receipt(&shop, product, "100", "1"));
        }

        for sort in sorts::<MovementColumn>() {
            let list = |page: &Page| {
                let query = ListMovements {
                    product: Some(product),
                    branch: None,
                    warehouse: None,
                    movement_type: None,
                    reason: None,
                    supplier: None,
                    worker: None,
                    period: Period::default(),
                    sort: sort.clone(),
                    page: page.clone(),
                };
                ids(stock::list_movements(&world.context, &shop.owner, query).unwrap(), |row| row.id.get())
            };
            check(&told("movements", &sort), list, || ());
        }
    }

    fn branches_and_categories_are_walked_in_every_order(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        for number in 0..7 {
            let name = format!("Joy {}", (number * 5) % 7);
            world.category(&shop, &name);
            let command = CreateBranch { name, address: String::new(), phone: String::new() };
            branches::create(&world.context, &shop.owner, command, &Unkeyed).unwrap();
        }

        for sort in sorts::<LocationColumn>() {
            let list = |page: &Page| {
                let query = ListBranches {
                    statuses: vec![RowStatus::Active],
                    search: String::new(),
                    sort: sort.clone(),
                    page: page.clone(),
                };
                ids(branches::list(&world.context, &shop.owner, query).unwrap(), |row| row.branch.id.get())
            };
            check(&told("branches", &sort), list, || ());
        }
        for sort in sorts::<CategoryColumn>() {
            let list = |page: &Page| {
                let query = ListCategories {
                    statuses: RowStatus::ALL.to_vec(),
                    search: String::new(),
                    sort: sort.clone(),
                    page: page.clone(),
                };
                ids(categories::list(&world.context, &shop.owner, query).unwrap(), |row| row.id.get())
            };
            check(&told("categories", &sort), list, || ());
        }
    }

    fn the_public_list_is_walked_in_every_order(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        products_of(&world, &shop);
        world.database.execute("UPDATE products SET order_count = id % 3");

        let sorts = ShelfColumn::ALL.iter().flat_map(|column| [SortBy::ascending(*column), SortBy::descending(*column)]);
        for sort in sorts {
            let list = |page: &Page| {
                let query = BrowseProducts {
                    store: None,
                    category: None,
                    substance: None,
                    manufacturer: None,
                    price_min: None,
                    price_max: None,
                    in_stock: None,
                    requires_prescription: None,
                    search: String::new(),
                    is_online: None,
                    sort,
                    include_hidden: false,
                    page: page.clone(),
                };
                ids(catalogue::browse(&world.context, None, query).unwrap(), |row| row.offered.product_id.get())
            };
            check(&format!("{sort:?}"), list, || ());
        }
    }

    fn orders_and_their_payments_are_walked_in_every_order_by_who_buys_sells_or_does_both(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = (world.shop(), world.shop());
        let offered = [&shop, &other].map(|shop| {
            world.open_online(shop);
            let id = world.online_product(shop, Goods::named("Un").at(money("5")));
            world.receive(shop, receipt(shop, id, "100", "1"));
            id
        });
        let customer = world.customer();
        let place = |buyer: &Actor, number: usize| {
            let product_id = offered[usize::from(buyer.user_id == shop.owner.user_id)];
            if number.is_multiple_of(3) {
                world.clock.advance(chrono::TimeDelta::milliseconds(1));
            }
            let pieces = [1, 2][number % 2];
            carts::add(&world.context, buyer, AddToCart { product_id, pieces }, &Unkeyed).unwrap();
            let order = PlaceOrder {
                delivery_address: "Toshkent, Navoiy 1".to_owned(),
                comment: String::new(),
                payment_method: PaymentMethod::Cash,
                expected_total: None,
                part: CartPart::All,
            };
            orders::place(&world.context, buyer, order, &Unkeyed).unwrap();
        };
        for number in 0..8 {
            place(&customer, number);
            // He sees what his shop sold beside what he bought elsewhere.
            place(&shop.owner, number);
        }

        for ordering in OrderOrdering::ALL {
            for (actor, count) in [(&customer, 8), (&shop.owner, 16), (&other.owner, 8)] {
                let list = |page: &Page| {
                    let filter = OrderFilter { ordering: *ordering, ..OrderFilter::default() };
                    ids(orders::list(&world.context, actor, filter, page).unwrap(), |seen| seen.order.id.get())
                };
                assert_eq!(list(&Page::new(1, 100)).rows.len(), count);
                check(&format!("orders by {}", ordering.code()), list, || ());
            }
        }
        for (actor, count) in [(&customer, 8), (&shop.owner, 16), (&other.owner, 8)] {
            let list = |page: &Page| {
                let listed = payments::list(&world.context, actor, ListPayments::default(), Language::Uzbek, page);
                ids(listed.unwrap(), |seen| seen.payment.id.get())
            };
            let all = list(&Page::new(1, 100)).rows;
            assert!(all.len() == count && all.is_sorted_by(|one, next| one > next), "{all:?}");
            check("payments", list, || ());
        }
    }

    fn workers_are_walked_in_every_order(database: TestDatabase) {
        let world = World::on(database);
        let shop = staffed(&world);

        for sort in sorts::<WorkerColumn>() {
            check(&told("workers", &sort), |page| workers(&world, &shop.owner, &sort, page), || ());
        }
    }

    fn who_leaves_or_comes_while_workers_are_walked_hides_and_repeats_nobody_else(database: TestDatabase) {
        let world = World::unlimited(database);

        for sort in sorts::<WorkerColumn>().into_iter().filter(|sort| sort.len() < 2) {
            let shop = staffed(&world);
            let all = workers(&world, &shop.owner, &sort, &Page::new(1, 100)).rows;
            let (shown, gone) = (RefCell::new(Vec::new()), RefCell::new(Vec::new()));
            let list = |page: &Page| {
                let listed = workers(&world, &shop.owner, &sort, page);
                shown.replace(listed.rows.clone());
                listed
            };

            // Those at both edges of each page leave, as long as there are enough, and somebody comes.
            let (mut forth, mut back) = walk(list, || {
                let shown = shown.borrow();
                let mut edges: Vec<i64> = shown.first().into_iter().chain(shown.last()).copied().collect();
                edges.retain(|id| gone.borrow().len() < 8 && Some(*id) != shop.owner.worker.as_ref().map(|own| own.id.get()));
                for id in edges {
                    workers::remove(&world.context, &shop.owner, WorkerId::new(id)).unwrap();
                    gone.borrow_mut().push(id);
                }
                let _ = world.hire(&shop, Role::Seller);
            });

            let gone = gone.into_inner();
            assert!(gone.len() > 4);
            let stayed: Vec<_> = all.into_iter().filter(|id| !gone.contains(id)).collect();
            forth.retain(|id| stayed.contains(id));
            back.retain(|id| stayed.contains(id));
            assert_eq!(forth, stayed, "{}, onwards", told("workers", &sort));
            assert_eq!(back, stayed, "{}, back", told("workers", &sort));
        }
    }
}
