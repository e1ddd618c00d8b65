//! Products and categories as the shop keeps them.

use savdo_domain::access::{AccessRefusal, Role, RowStatus};
use savdo_domain::{FieldErrors, FieldProblem, Quantity, Refusal};
use savdo_persistence::on_both;
use savdo_services::categories::{self, CreateCategory, ListCategories};
use savdo_services::once::Unkeyed;
use savdo_services::products::{self, ChangeProduct, CreateProduct, ListProducts, PriceCurrency, ProductColumn};
use savdo_services::testing::{Goods, Shop, World, money, refusal};
use savdo_services::{Clock, Page, SortBy};

fn named(name: &str) -> CreateProduct {
    CreateProduct {
        name: name.to_owned(),
        sale_price: money("5000"),
        ..CreateProduct::default()
    }
}

pub(crate) fn listed() -> ListProducts {
    ListProducts {
        category: None,
        subcategory: None,
        statuses: vec![RowStatus::Active],
        unit: None,
        barcode: None,
        search: String::new(),
        sort: Vec::new(),
        page: Page::new(1, 100),
    }
}

fn found(world: &World, shop: &Shop, search: &str) -> Vec<String> {
    let query = ListProducts {
        search: search.to_owned(),
        ..listed()
    };
    let list = products::list(&world.context, &shop.owner, query).unwrap();
    assert_eq!(list.total, i64::try_from(list.rows.len()).unwrap());
    list.rows.into_iter().map(|row| row.name).collect()
}

fn one(field: &str, problem: FieldProblem) -> Refusal {
    FieldErrors::one(field, problem).into()
}

on_both! {
    fn a_new_product_gets_a_barcode_of_the_store_and_is_not_online(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let category = world.category(&shop, "Non mahsulotlari");

        let made = products::create(&world.context, &shop.owner, CreateProduct {
            category: Some(category),
            purchase_price: money("4000"),
            mxik_code: Some("12345678901234567".to_owned()),
            ..named("Non")
        }, &Unkeyed).unwrap();

        assert_eq!(made, products::detail(&world.context, &shop.owner, made.stored.id).unwrap());
        assert_eq!(made.stored.product.barcode, "2000001000014");
        assert_eq!(made.stored.product.slug, "non");
        assert_eq!(made.category_name.as_deref(), Some("Non mahsulotlari"));
        assert_eq!((made.purchase_price, made.stock_total), (money("4000"), Quantity::ZERO));
        assert!(!made.stored.product.is_online);
        assert_eq!(made.stored.created_at, world.clock.now());
    }

    fn a_made_barcode_that_somebody_typed_before_is_skipped(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let typed = CreateProduct { barcode: "2000001000014".to_owned(), ..named("Non") };
        let typed = products::create(&world.context, &shop.owner, typed, &Unkeyed).unwrap();
        let aside = ChangeProduct { status: Some(RowStatus::Inactive), ..ChangeProduct::default() };
        products::change(&world.context, &shop.owner, typed.stored.id, aside).unwrap();

        let made = products::create(&world.context, &shop.owner, named("Suv"), &Unkeyed).unwrap();
        let next = products::create(&world.context, &shop.owner, named("Tuz"), &Unkeyed).unwrap();

        assert_eq!(made.stored.product.barcode, "2000001000021");
        assert_eq!(next.stored.product.barcode, "2000001000038");
    }

    fn names_are_unique_whatever_their_case_and_apostrophes(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let other = world.shop();
        let first = products::create(&world.context, &shop.owner, named("O'g'it"), &Unkeyed).unwrap();
        let barcode = first.stored.product.barcode.clone();

        let same = CreateProduct { barcode: barcode.clone(), ..named("OʻGʻIT") };
        let mut both = FieldErrors::one("name", FieldProblem::Taken);
        both.add("barcode", FieldProblem::Taken);
        assert_eq!(refusal(products::create(&world.context, &shop.owner, same.clone(), &Unkeyed)), both.into());
        assert_eq!(found(&world, &shop, ""), ["O'g'it"]);

        products::create(&world.context, &other.owner, same.clone(), &Unkeyed).unwrap();
        let aside = ChangeProduct { status: Some(RowStatus::Inactive), ..ChangeProduct::default() };
        products::change(&world.context, &shop.owner, first.stored.id, aside).unwrap();
        products::create(&world.context, &shop.owner, same, &Unkeyed).unwrap();
        let back = ChangeProduct { status: Some(RowStatus::Active), ..ChangeProduct::default() };
        let refused = refusal(products::change(&world.context, &shop.owner, first.stored.id, back));
        let mut both = FieldErrors::one("name", FieldProblem::Taken);
        both.add("barcode", FieldProblem::Taken);
        assert_eq!(refused, both.into());
    }

    fn two_products_of_one_spelling_have_slugs_of_their_own(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();

        let slugs = ["Non", "Non!", "Non?", "Non-2"].map(|name| {
            products::create(&world.context, &shop.owner, named(name), &Unkeyed).unwrap().stored.product.slug
        });

        assert_eq!(slugs, ["non", "non-2", "non-3", "non-2-2"]);
    }

    fn everything_unknown_is_named_at_once(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let foreign = world.category(&world.shop(), "Boshqa");

        let refused = refusal(products::create(&world.context, &shop.owner, CreateProduct {
            category: Some(foreign),
            subcategory: Some(1),
            currency: PriceCurrency { id: Some(2), code: Some("UZS".to_owned()) },
            mxik_code: Some("123".to_owned()),
            ..named("Non")
        }, &Unkeyed));

        let mut expected = FieldErrors::new();
        expected.add("category", FieldProblem::UnknownObject);
        expected.add("subcategory", FieldProblem::UnknownObject);
        expected.add("price_currency", FieldProblem::UnknownObject);
        expected.add("mxik_code", FieldProblem::InvalidFormat);
        assert_eq!(refused, expected.into());
        assert_eq!(found(&world, &shop, ""), [""; 0]);
    }

    fn a_search_takes_percent_and_underscore_as_they_are(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let bottles = ["Sharbat 100%", "Sharbat 1000", "Sut_yog'", "Sutxyog'"];
        for name in bottles.into_iter().chain(["Парацетамол", "Paratsetamol bolalar\\uchun"]) {
            products::create(&world.context, &shop.owner, named(name), &Unkeyed).unwrap();
        }

        assert_eq!(found(&world, &shop, "100%"), ["Sharbat 100%"]);
        assert_eq!(found(&world, &shop, "sut_"), ["Sut_yog'"]);
        assert_eq!(found(&world, &shop, "r\\u"), ["Paratsetamol bolalar\\uchun"]);
        assert_eq!(found(&world, &shop, "ПАРАЦЕТ"), ["Paratsetamol bolalar\\uchun", "Парацетамол"]);
        assert_eq!(found(&world, &shop, "araz"), [""; 0]);
        assert_eq!(found(&world, &shop, "bo"), ["Paratsetamol bolalar\\uchun"]);
        assert_eq!(found(&world, &shop, "ol"), [""; 0]);
        assert_eq!(found(&world, &shop, "200000100001").len(), 1);
    }

    fn a_list_is_filtered_sorted_and_cut_into_pages(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let category = world.category(&shop, "Ichimlik");
        let drinks = Some(category);
        for (name, price, category) in [("Choy", "3", drinks), ("Suv", "1", drinks), ("Non", "3", None)] {
            world.product(&shop, Goods { category, ..Goods::named(name).at(money(price)) });
        }
        let names = |query: ListProducts| {
            let list = products::list(&world.context, &shop.owner, query).unwrap();
            (list.total, list.rows.into_iter().map(|row| row.name).collect::<Vec<_>>())
        };

        let dearest = SortBy { column: ProductColumn::SalePrice, is_descending: true };
        let of_category = ListProducts { category: Some(category), ..listed() };
        let second = ListProducts { page: Page::new(2, 2), ..listed() };
        assert_eq!(names(of_category), (2, vec!["Choy".to_owned(), "Suv".to_owned()]));
        assert_eq!(names(ListProducts { sort: vec![dearest], ..listed() }).1, ["Non", "Choy", "Suv"]);
        assert_eq!(names(second), (3, vec!["Suv".to_owned()]));
        assert_eq!(names(ListProducts { subcategory: Some(1), ..listed() }), (0, Vec::new()));
        assert_eq!(names(ListProducts { statuses: vec![RowStatus::Inactive], ..listed() }), (0, Vec::new()));
    }

    fn another_store_sees_nothing_of_a_product(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let other = world.shop();
        let id = world.product(&shop, Goods::named("Non"));
        let change = ChangeProduct { name: Some("Suv".to_owned()), ..ChangeProduct::default() };

        assert_eq!(refusal(products::detail(&world.context, &other.owner, id)), Refusal::NotFound);
        assert_eq!(refusal(products::change(&world.context, &other.owner, id, change)), Refusal::NotFound);
        assert_eq!(found(&world, &other, ""), [""; 0]);
        assert_eq!(found(&world, &shop, ""), ["Non"]);
    }

    fn a_seller_sees_the_catalogue_and_changes_nothing(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let seller = world.hire(&shop, Role::Seller);
        let id = world.product(&shop, Goods::named("Non"));

        assert!(products::detail(&world.context, &seller, id).is_ok());
        let refused = refusal(products::create(&world.context, &seller, named("Suv"), &Unkeyed));
        assert_eq!(refused, AccessRefusal::RoleRequired { roles: Role::MANAGERS }.into());
        let refused = refusal(products::list(&world.context, &world.customer(), listed()));
        assert_eq!(refused, AccessRefusal::NotAWorker.into());
    }

    fn a_category_is_made_once_and_counts_its_active_products(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let id = world.category(&shop, "Dorilar");
        world.category(&shop, "Ichimliklar");
        world.product(&shop, Goods { category: Some(id), ..Goods::named("Parasetamol") });
        let list = |search: &str| {
            let query = ListCategories {
                statuses: vec![RowStatus::Active],
                search: search.to_owned(),
                sort: Vec::new(),
                page: Page::new(1, 100),
            };
            let listed = categories::list(&world.context, &shop.owner, query).unwrap();
            let row = |category: categories::CategoryView| (category.name, category.product_count);
            listed.rows.into_iter().map(row).collect::<Vec<_>>()
        };

        let again = CreateCategory { name: "DORILAR".to_owned(), description: String::new(), icon: String::new() };
        assert_eq!(refusal(categories::create(&world.context, &shop.owner, again, &Unkeyed)), one("name", FieldProblem::Taken));
        assert_eq!(list(""), [("Dorilar".to_owned(), 1), ("Ichimliklar".to_owned(), 0)]);
        assert_eq!(list("дори"), [("Dorilar".to_owned(), 1)]);
    }
}
