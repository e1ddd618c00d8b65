//! The public catalogue: who sees what, and how much of it is in stock.

use chrono::TimeDelta;
use savdo_domain::access::{AccessRefusal, Actor, Role, RowStatus};
use savdo_domain::catalog::Unit;
use savdo_domain::ids::{CategoryId, ProductId, SubstanceId};
use savdo_domain::settings::SettingsPatch;
use savdo_domain::{FieldErrors, FieldProblem, Money, Refusal};
use savdo_persistence::on_both;
use savdo_services::branches::{self, CreateBranch};
use savdo_services::catalogue::{self, BrowseProducts, ShelfOrdering};
use savdo_services::once::Unkeyed;
use savdo_services::products::{self, ChangeProduct, OfferProduct};
use savdo_services::stock::MoveGoods;
use savdo_services::testing::{Goods, Shop, World, money, receipt, refusal};
use savdo_services::{Error, Page, settings};

pub(super) fn everything() -> BrowseProducts {
    BrowseProducts {
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
        sort: ShelfOrdering::Name.sort(),
        include_hidden: false,
        page: Page::new(1, 20),
    }
}

fn names(world: &World, actor: Option<&Actor>, query: BrowseProducts) -> Vec<String> {
    let listed = catalogue::browse(&world.context, actor, query).unwrap();
    assert_eq!(listed.total, i64::try_from(listed.rows.len()).unwrap());
    listed.rows.into_iter().map(|view| view.offered.name).collect()
}

fn is_seen(world: &World, id: ProductId) -> bool {
    let listed = catalogue::browse(&world.context, None, everything()).unwrap();
    let found = catalogue::product(&world.context, None, id);
    let is_listed = listed.rows.iter().any(|view| view.offered.product_id == id);
    assert_eq!(is_listed, found.is_ok(), "list and detail agree");
    is_listed
}

fn offer(world: &World, shop: &Shop, id: ProductId, command: OfferProduct) -> Result<(), Refusal> {
    match products::offer(&world.context, &shop.owner, id, command, &Unkeyed) {
        Ok(_) => Ok(()),
        Err(Error::Refused(refusal)) => Err(refusal),
        Err(other) => panic!("{other}"),
    }
}

fn take_in(world: &World, shop: &Shop, id: ProductId, pieces: &str, expires_on: Option<&str>) {
    let command = MoveGoods {
        expires_on: expires_on.map(|day| day.parse().unwrap()),
        ..receipt(shop, id, pieces, "100")
    };
    world.receive(shop, command);
}

on_both! {
    fn a_shop_product_goes_online_once_it_has_everything(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let id = world.product(&shop, Goods { unit: Unit::Kilogram, ..Goods::named("Un").at(Money::ZERO) });
        let online = OfferProduct { is_active: Some(true), ..OfferProduct::default() };

        let mut lacking = FieldErrors::new();
        lacking.add("category", FieldProblem::Required);
        lacking.add("sku", FieldProblem::Required);
        lacking.add("manufacturer", FieldProblem::Required);
        lacking.add("price", FieldProblem::PriceMissing);
        lacking.add("unit", FieldProblem::UnitNotCountable);
        assert_eq!(offer(&world, &shop, id, online), Err(lacking.into()));
        assert!(!products::detail(&world.context, &shop.owner, id).unwrap().stored.product.is_online);

        let sold = world.online_product(&shop, Goods::named("Parasetamol"));
        let view = catalogue::product(&world.context, None, sold).unwrap();
        assert_eq!(view.slug, format!("parasetamol-sku-{sold}"));
        assert_eq!((view.offered.stock(), view.offered.is_available()), (0, false));
        assert_eq!(view.category.map(|category| category.name).as_deref(), Some("Toifa: Parasetamol"));
    }

    fn a_product_is_hidden_by_each_thing_it_lacks(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let id = world.online_product(&shop, Goods::named("Parasetamol"));
        assert!(is_seen(&world, id));
        let change = |command: ChangeProduct| {
            products::change(&world.context, &shop.owner, id, command).unwrap();
        };
        let set = |patch: SettingsPatch| {
            settings::change(&world.context, &shop.owner, shop.store_id, patch).unwrap();
        };

        offer(&world, &shop, id, OfferProduct { is_active: Some(false), ..OfferProduct::default() }).unwrap();
        assert!(!is_seen(&world, id), "not offered");
        offer(&world, &shop, id, OfferProduct { is_active: Some(true), ..OfferProduct::default() }).unwrap();

        change(ChangeProduct { sale_price: Some(Money::ZERO), ..ChangeProduct::default() });
        assert!(!is_seen(&world, id), "without a price");
        change(ChangeProduct { sale_price: Some(money("1")), ..ChangeProduct::default() });

        change(ChangeProduct { unit: Some(Unit::Litre), ..ChangeProduct::default() });
        assert!(!is_seen(&world, id), "not counted");
        change(ChangeProduct { unit: Some(Unit::Box), ..ChangeProduct::default() });

        change(ChangeProduct { status: Some(RowStatus::Inactive), ..ChangeProduct::default() });
        assert!(!is_seen(&world, id), "put aside");
        change(ChangeProduct { status: Some(RowStatus::Active), ..ChangeProduct::default() });

        let category = products::detail(&world.context, &shop.owner, id).unwrap().stored.product.category_id;
        change(ChangeProduct { category: Some(None), ..ChangeProduct::default() });
        assert!(!is_seen(&world, id), "without a category");
        change(ChangeProduct { category: Some(category), ..ChangeProduct::default() });

        set(SettingsPatch { online_enabled: Some(false), ..SettingsPatch::default() });
        assert!(!is_seen(&world, id), "store not online");
        assert_eq!(catalogue::stores(&world.context).unwrap(), []);
        set(SettingsPatch { online_enabled: Some(true), ..SettingsPatch::default() });
        assert!(is_seen(&world, id));
    }

    fn staff_see_what_is_hidden_and_others_do_not(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let other = world.shop();
        world.online_product(&shop, Goods::named("Ko'rinadi"));
        let hidden = world.product(&shop, Goods::named("Yashirin"));
        let operator = world.hire(&shop, Role::Operator);
        let seller = world.hire(&shop, Role::Seller);
        let with_hidden = || BrowseProducts { include_hidden: true, ..everything() };

        assert_eq!(names(&world, Some(&operator), with_hidden()), ["Ko'rinadi", "Yashirin"]);
        assert_eq!(names(&world, Some(&operator), everything()), ["Ko'rinadi"]);
        assert_eq!(names(&world, Some(&world.admin()), with_hidden()), ["Ko'rinadi", "Yashirin"]);
        for nobody in [Some(&other.owner), Some(&seller), None] {
            assert_eq!(names(&world, nobody, with_hidden()), ["Ko'rinadi"]);
            assert_eq!(refusal(catalogue::product(&world.context, nobody, hidden)), Refusal::NotFound);
        }
        assert!(catalogue::product(&world.context, Some(&operator), hidden).is_ok());

        let only = |is_online| BrowseProducts { is_online: Some(is_online), ..with_hidden() };
        assert_eq!(names(&world, Some(&operator), only(true)), ["Ko'rinadi"]);
        assert_eq!(names(&world, Some(&operator), only(false)), ["Yashirin"]);
        assert!(names(&world, None, only(false)).is_empty());

        let command = OfferProduct { price: Some(money("1")), ..OfferProduct::default() };
        let refused = refusal(products::offer(&world.context, &seller, hidden, command.clone(), &Unkeyed));
        assert_eq!(refused, AccessRefusal::Forbidden.into());
        let refused = refusal(products::offer(&world.context, &other.owner, hidden, command, &Unkeyed));
        assert_eq!(refused, Refusal::NotFound);
    }

    fn a_sku_is_unique_whatever_its_case(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let first = world.online_product(&shop, Goods::named("Birinchi"));
        let second = world.product(&shop, Goods::named("Ikkinchi"));
        let sku = |sku: &str| OfferProduct { sku: Some(sku.to_owned()), ..OfferProduct::default() };

        offer(&world, &shop, first, sku("Par-500")).unwrap();

        let taken = FieldErrors::one("sku", FieldProblem::Taken).into();
        assert_eq!(offer(&world, &shop, second, sku("PAR-500")), Err(taken));
        let same = OfferProduct {
            name: Some("BIRINCHI".to_owned()),
            manufacturer: Some("NIKA pharm".to_owned()),
            ..OfferProduct::default()
        };
        assert_eq!(offer(&world, &shop, second, same), Err(FieldErrors::across(FieldProblem::Taken).into()));
    }

    fn stock_is_what_can_be_sold_today_at_the_branch_that_serves(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let id = world.online_product(&shop, Goods::named("Parasetamol"));
        take_in(&world, &shop, id, "3", Some("2026-03-13"));
        take_in(&world, &shop, id, "4", Some("2026-12-31"));
        take_in(&world, &shop, id, "9", Some("2026-03-11"));
        let look = || {
            let view = catalogue::product(&world.context, None, id).unwrap().offered;
            (view.stock(), view.nearest_expiry.map(|day| day.to_string()), view.is_available())
        };
        let in_stock = |is_wanted| BrowseProducts { in_stock: Some(is_wanted), ..everything() };

        assert_eq!(look(), (7, Some("2026-03-13".to_owned()), true));
        assert_eq!(names(&world, None, in_stock(true)), ["Parasetamol"]);

        world.clock.advance(TimeDelta::days(1));
        assert_eq!(look().0, 7, "sold up to and including its day");
        world.clock.advance(TimeDelta::days(1));
        assert_eq!(look(), (4, Some("2026-12-31".to_owned()), true));
        assert_eq!(names(&world, None, in_stock(true)), ["Parasetamol"]);
        world.clock.advance(TimeDelta::days(365));
        assert_eq!(look(), (0, None, false));
        assert_eq!(names(&world, None, in_stock(true)), [""; 0]);
        assert_eq!(names(&world, None, in_stock(false)), ["Parasetamol"]);
    }

    fn another_branch_serves_once_it_is_chosen(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let id = world.online_product(&shop, Goods::named("Parasetamol"));
        take_in(&world, &shop, id, "3", None);
        let command = CreateBranch { name: "Ikkinchi".to_owned(), address: String::new(), phone: String::new() };
        let branch = branches::create(&world.context, &shop.owner, command, &Unkeyed).unwrap().branch.id;
        let stock = || catalogue::product(&world.context, None, id).unwrap().offered.stock();
        assert_eq!(stock(), 3);

        let patch = SettingsPatch { online_location: Some(Some(branch)), ..SettingsPatch::default() };
        settings::change(&world.context, &shop.owner, shop.store_id, patch).unwrap();

        assert_eq!(stock(), 0);
    }

    fn a_category_of_a_closed_store_is_unknown_to_customers(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let category = world.category(&shop, "Dorilar");
        let browse = |actor: Option<&Actor>| {
            let query = BrowseProducts { category: Some(category), ..everything() };
            catalogue::browse(&world.context, actor, query)
        };
        let unknown = Refusal::field("category", FieldProblem::UnknownObject);

        assert_eq!(refusal(browse(None)), unknown);
        assert_eq!(browse(Some(&shop.owner)).unwrap().total, 0);

        world.open_online(&shop);
        assert_eq!(browse(None).unwrap().total, 0);
    }

    fn the_public_list_is_filtered_searched_and_sorted(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let category = world.category(&shop, "Dorilar");
        let medicines = [("Аспирин 500", "3", false), ("Aspirin Kardio", "5", true), ("Analgin", "4", false)];
        for (name, price, needs_prescription) in medicines {
            let goods = Goods { category: Some(category), needs_prescription, ..Goods::named(name).at(money(price)) };
            world.online_product(&shop, goods);
        }
        let with = |change: fn(&mut BrowseProducts)| {
            let mut query = everything();
            change(&mut query);
            names(&world, None, query)
        };

        assert_eq!(with(|query| query.search = "500 aspirin".to_owned()), ["Аспирин 500"]);
        assert_eq!(with(|query| query.search = "nika".to_owned()).len(), 3);
        assert_eq!(with(|query| query.manufacturer = Some("nika PHARM".to_owned())).len(), 3);
        assert_eq!(with(|query| query.manufacturer = Some("nika".to_owned())), [""; 0]);
        assert_eq!(with(|query| query.requires_prescription = Some(true)), ["Aspirin Kardio"]);
        assert_eq!(with(|query| query.price_min = Some(Money::from_tiyin(400))), ["Analgin", "Aspirin Kardio"]);
        assert_eq!(with(|query| query.price_max = Some(Money::from_tiyin(300))), ["Аспирин 500"]);
        assert_eq!(
            with(|query| query.sort = ShelfOrdering::PriceDescending.sort()),
            ["Aspirin Kardio", "Analgin", "Аспирин 500"]
        );
        assert_eq!(with(|query| query.sort = ShelfOrdering::Newest.sort()), ["Analgin", "Aspirin Kardio", "Аспирин 500"]);

        let unknown = BrowseProducts { category: Some(CategoryId::new(999)), substance: Some(SubstanceId::new(1)), ..everything() };
        let mut expected = FieldErrors::one("category", FieldProblem::UnknownObject);
        expected.add("substance", FieldProblem::UnknownObject);
        assert_eq!(refusal(catalogue::browse(&world.context, None, unknown)), expected.into());

        let categories = catalogue::categories(&world.context, None).unwrap();
        assert_eq!(categories.iter().map(|row| (row.id, row.product_count)).collect::<Vec<_>>(), [(category, 3)]);
        assert_eq!(catalogue::category(&world.context, category).unwrap(), categories[0]);
        let stores = catalogue::stores(&world.context).unwrap();
        assert_eq!(stores.iter().map(|store| store.id).collect::<Vec<_>>(), [shop.store_id]);
    }
}
