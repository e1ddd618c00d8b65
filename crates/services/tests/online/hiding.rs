//! Whatever hides a product hides it everywhere at once, and nothing remains hidden once that is undone.

use savdo_domain::access::{Actor, RowStatus};
use savdo_domain::catalog::Unit;
use savdo_domain::ids::ProductId;
use savdo_domain::settings::SettingsPatch;
use savdo_domain::{Money, Refusal};
use savdo_persistence::on_both;
use savdo_services::catalogue::{self, BrowseProducts, ShelfOrdering};
use savdo_services::categories::{self, ChangeCategory};
use savdo_services::once::Unkeyed;
use savdo_services::products::{self, ChangeProduct};
use savdo_services::stores::{self, ChangeStore};
use savdo_services::testing::{Shop, World, money, refusal};
use savdo_services::{Page, carts, orders};

use crate::support::{PLAIN, cash, code, offer, online_shop, put, set, show};

/// A product that lies in a customer's cart.
struct Scene {
    world: World,
    shop: Shop,
    customer: Actor,
    product: ProductId,
}

impl Scene {
    fn on(world: World) -> Self {
        let shop = online_shop(&world);
        let customer = world.customer();
        let product = offer(&world, &shop, PLAIN);
        put(&world, &customer, product, 1).unwrap();
        Self {
            world,
            shop,
            customer,
            product,
        }
    }

    /// How many are listed, without a text and by the product's own name.
    fn listed(&self) -> [i64; 2] {
        let stored = products::detail(&self.world.context, &self.shop.owner, self.product)
            .unwrap()
            .stored;
        [String::new(), stored.product.name].map(|search| self.found(search))
    }

    fn found(&self, search: String) -> i64 {
        let query = BrowseProducts {
            store: None,
            category: None,
            substance: None,
            manufacturer: None,
            price_min: None,
            price_max: None,
            in_stock: None,
            requires_prescription: None,
            search,
            is_online: None,
            sort: ShelfOrdering::Newest.sort(),
            include_hidden: false,
            page: Page::new(1, 20),
        };
        catalogue::browse(&self.world.context, None, query).unwrap().total
    }

    fn is_available_in_cart(&self) -> bool {
        let cart = carts::view(&self.world.context, &self.customer).unwrap();
        cart.lines[0].product.is_available()
    }

    /// List, detail, cart and checkout agree that it is not there, as long as `hide` holds and no longer.
    #[track_caller]
    fn hides(&self, why: &str, checkout: &str, hide: impl FnOnce(), undo: impl FnOnce()) {
        let Self {
            world,
            customer,
            product,
            ..
        } = self;
        let detail = || catalogue::product(&world.context, None, *product);

        hide();
        assert_eq!(self.listed(), [0, 0], "{why}");
        assert_eq!(refusal(detail()), Refusal::NotFound, "{why}");
        assert!(!self.is_available_in_cart(), "{why}");
        let before = world.database.dump();
        assert_eq!(
            code(orders::place(&world.context, customer, cash(), &Unkeyed)),
            checkout,
            "{why}"
        );
        assert_eq!(
            world.database.dump(),
            before,
            "{why}: nothing of the refused order remains"
        );

        undo();
        assert!(
            self.listed() == [1, 1] && detail().is_ok() && self.is_available_in_cart(),
            "{why}, undone"
        );
    }

    fn change(&self, command: ChangeProduct) {
        products::change(&self.world.context, &self.shop.owner, self.product, command).unwrap();
    }

    fn price(&self, price: Money) {
        self.change(ChangeProduct {
            sale_price: Some(price),
            ..ChangeProduct::default()
        });
    }

    fn unit(&self, unit: Unit) {
        self.change(ChangeProduct {
            unit: Some(unit),
            ..ChangeProduct::default()
        });
    }

    fn category(&self, status: RowStatus) {
        let Self {
            world, shop, product, ..
        } = self;
        let stored = products::detail(&world.context, &shop.owner, *product).unwrap().stored;
        let command = ChangeCategory {
            status: Some(status),
            ..ChangeCategory::default()
        };
        categories::change(
            &world.context,
            &shop.owner,
            stored.product.category_id.unwrap(),
            command,
        )
        .unwrap();
    }
}

const UNAVAILABLE: &str = "product_unavailable";
const CLOSED: &str = "store_closed";

on_both! {
    fn a_product_that_is_not_offered_is_nowhere(database: TestDatabase) {
        let scene = Scene::on(World::on(database));
        let offer = |is_active| show(&scene.world, &scene.shop, scene.product, is_active);
        scene.hides("not offered", UNAVAILABLE, || offer(false), || offer(true));
    }

    fn a_product_without_a_price_is_nowhere(database: TestDatabase) {
        let scene = Scene::on(World::on(database));
        scene.hides("price 0", UNAVAILABLE, || scene.price(Money::ZERO), || scene.price(money("1")));
    }

    fn a_product_that_is_not_counted_is_nowhere(database: TestDatabase) {
        let scene = Scene::on(World::on(database));
        scene.hides("by weight", UNAVAILABLE, || scene.unit(Unit::Kilogram), || scene.unit(Unit::Box));
    }

    fn a_product_of_a_category_that_is_put_aside_is_nowhere(database: TestDatabase) {
        let scene = Scene::on(World::on(database));
        let status = |status| scene.category(status);
        scene.hides("category put aside", UNAVAILABLE, || status(RowStatus::Inactive), || status(RowStatus::Active));
    }

    fn a_product_that_is_moved_to_a_category_put_aside_is_nowhere(database: TestDatabase) {
        let scene = Scene::on(World::on(database));
        let Scene { world, shop, product, .. } = &scene;
        let stored = products::detail(&world.context, &shop.owner, *product).unwrap().stored;
        let (own, other) = (stored.product.category_id, world.category(shop, "Eskilar"));
        let to = |category| scene.change(ChangeProduct { category: Some(category), ..ChangeProduct::default() });
        let hide = || {
            to(Some(other));
            categories::put_aside(&world.context, &shop.owner, other).unwrap();
        };
        scene.hides("moved to a category put aside", UNAVAILABLE, hide, || to(own));
    }

    fn a_product_of_a_store_that_is_closed_online_is_nowhere(database: TestDatabase) {
        let scene = Scene::on(World::on(database));
        let open = |is_open| {
            let patch = SettingsPatch { online_enabled: Some(is_open), ..SettingsPatch::default() };
            set(&scene.world, &scene.shop, patch);
        };
        scene.hides("closed online", CLOSED, || open(false), || open(true));
    }

    fn a_product_of_a_store_that_is_switched_off_is_nowhere(database: TestDatabase) {
        let scene = Scene::on(World::on(database));
        let status = |status| {
            let command = ChangeStore { status: Some(status), ..ChangeStore::default() };
            stores::change(&scene.world.context, &scene.shop.owner, scene.shop.store_id, command).unwrap();
        };
        scene.hides("switched off", CLOSED, || status(RowStatus::Inactive), || status(RowStatus::Active));
    }

    fn a_product_of_a_store_without_a_branch_is_nowhere(database: TestDatabase) {
        let scene = Scene::on(World::on(database));
        let status = |status| {
            let sql = format!("UPDATE locations SET status = '{status}' WHERE id = {}", scene.shop.branch_id);
            scene.world.database.execute(&sql);
        };
        scene.hides("no branch", CLOSED, || status("inactive"), || status("active"));
    }

    fn a_product_that_is_put_aside_in_the_shop_is_nowhere(database: TestDatabase) {
        let scene = Scene::on(World::on(database));
        let status = |status| {
            let sql = format!("UPDATE products SET status = '{status}' WHERE id = {}", scene.product);
            scene.world.database.execute(&sql);
        };
        scene.hides("put aside", UNAVAILABLE, || status("inactive"), || status("active"));
    }
}
