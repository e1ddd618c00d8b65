//! Lists: whoever follows the links meets every row once, in every order, whatever is added meanwhile.

#![cfg(test)]

use savdo_domain::access::{Actor, RowStatus};
use savdo_domain::coded::Coded;
use savdo_persistence::on_both;
use savdo_services::branches::{self, CreateBranch, ListBranches, LocationColumn};
use savdo_services::catalogue::{self, BrowseProducts, ShelfOrdering};
use savdo_services::categories::{self, CategoryColumn, ListCategories};
use savdo_services::once::Unkeyed;
use savdo_services::products::{self, ListProducts, ProductColumn};
use savdo_services::sales::{self, ListSales, SaleColumn};
use savdo_services::stock::{self, ListStock, StockColumn};
use savdo_services::testing::{Goods, Shop, World, money, receipt, sale};
use savdo_services::{Listed, Page, SortBy};

/// Walks a list from its first page to its last and back, and answers the ids of both ways.
///
/// Law: both ways meet every row that was there all the time exactly once, and in one order.
fn walk(list: impl Fn(&Page) -> Listed<i64>, mut between: impl FnMut()) -> (Vec<i64>, Vec<i64>) {
    let (mut forth, mut back) = (Vec::new(), Vec::new());
    let mut page = Page::new(1, 3);
    let mut last = Vec::new();
    loop {
        let listed = list(&page);
        assert!(listed.rows.len() <= 3);
        forth.extend(listed.rows.iter().copied());
        between();
        match listed.next {
            Some(position) => page.position = Some(position),
            None => {
                last.extend(listed.rows);
                let mut before = listed.previous;
                while let Some(position) = before {
                    page.position = Some(position);
                    let listed = list(&page);
                    back.splice(0..0, listed.rows.iter().copied());
                    between();
                    before = listed.previous;
                }
                break;
            }
        }
    }
    back.extend(last);
    (forth, back)
}

/// Checks the law of [`walk`] for one list whose rows at the beginning are read in one page.
fn check(what: &str, list: impl Fn(&Page) -> Listed<i64>, between: impl FnMut()) {
    let all = list(&Page::new(1, 100)).rows;
    assert!(all.len() > 6, "{what}: {all:?}");

    let (mut forth, mut back) = walk(list, between);

    forth.retain(|id| all.contains(id));
    back.retain(|id| all.contains(id));
    assert_eq!(forth, all, "{what}, onwards");
    assert_eq!(back, all, "{what}, back");
}

/// Every column both ways, and every pair of columns that run against each other.
fn sorts<C: Coded>() -> Vec<Vec<SortBy<C>>> {
    let mut sorts = vec![vec![]];
    for first in C::ALL {
        sorts.push(vec![SortBy::ascending(*first)]);
        sorts.push(vec![SortBy::descending(*first)]);
        for second in C::ALL {
            sorts.push(vec![SortBy::ascending(*first), SortBy::descending(*second)]);
            sorts.push(vec![SortBy::descending(*first), SortBy::ascending(*second)]);
        }
    }
    sorts
}

fn told<C: Coded>(list: &str, sort: &[SortBy<C>]) -> String {
    let columns = sort
        .iter()
        .map(|sort| format!("{}{}", if sort.is_descending { "-" } else { "" }, sort.column.code()));
    format!("{list} by {}", columns.collect::<Vec<_>>().join(","))
}

/// Eight products of three prices, two of one name's spelling, one put aside.
fn products_of(world: &World, shop: &Shop) {
    for number in 0..8 {
        let goods = Goods::named(&format!("Un {}", number % 5 + number * 10)).at(money(["5", "7", "9"][number % 3]));
        let id = world.online_product(shop, goods);
        world.receive(shop, receipt(shop, id, ["1", "2", "2"][number % 3], "1"));
    }
}

fn ids<T>(listed: Listed<T>, id: impl Fn(&T) -> i64) -> Listed<i64> {
    listed.map(|row| id(&row))
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
                    day: None,
                    from: None,
                    to: None,
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

        for ordering in ShelfOrdering::ALL {
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
                    ordering: *ordering,
                    include_hidden: false,
                    page: page.clone(),
                };
                ids(catalogue::browse(&world.context, None, query).unwrap(), |row| row.offered.product_id.get())
            };
            check(ordering.code(), list, || ());
        }
    }
}
