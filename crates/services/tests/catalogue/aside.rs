//! Products put aside and brought back: what holds them, what refuses them, and who comes first.

use savdo_domain::access::{AccessRefusal, Actor, Role, RowStatus};
use savdo_domain::cart::CartPart;
use savdo_domain::catalog::CatalogRefusal;
use savdo_domain::ids::ProductId;
use savdo_domain::order::{OrderRefusal, PaymentMethod};
use savdo_domain::stock::StockRefusal;
use savdo_domain::{FieldErrors, FieldProblem, Refusal};
use savdo_persistence::on_both;
use savdo_services::carts::{self, AddToCart};
use savdo_services::once::Unkeyed;
use savdo_services::orders::{self, CancelOrder, OrderSeen, PlaceOrder};
use savdo_services::products::{self, ChangeProduct, CreateProduct, ProductView};
use savdo_services::sale_returns;
use savdo_services::sales::{self, CancelSale, Sold};
use savdo_services::stock::{self, GoodsLine, MoveGoods, MoveMany, OpenStock};
use savdo_services::testing::{Goods, Shop, World, back, issue, money, quantity, receipt, refusal, sale};
use savdo_services::verify::verify;
use savdo_services::{Error, Result};

pub(super) fn put_aside(world: &World, shop: &Shop, id: ProductId) -> Result<ProductView> {
    products::put_aside(&world.context, &shop.owner, id)
}

pub(super) fn now(world: &World, shop: &Shop, id: ProductId, status: RowStatus) -> Result<ProductView> {
    let command = ChangeProduct {
        status: Some(status),
        ..ChangeProduct::default()
    };
    products::change(&world.context, &shop.owner, id, command)
}

pub(super) fn create(world: &World, shop: &Shop, name: &str, barcode: &str) -> Result<ProductView> {
    let command = CreateProduct {
        name: name.to_owned(),
        barcode: barcode.to_owned(),
        ..CreateProduct::default()
    };
    products::create(&world.context, &shop.owner, command, &Unkeyed)
}

pub(super) fn status(world: &World, shop: &Shop, id: ProductId) -> RowStatus {
    let view = products::detail(&world.context, &shop.owner, id).unwrap();
    view.stored.product.status
}

/// A customer with a piece of the product in his cart.
pub(super) fn buyer(world: &World, product_id: ProductId) -> Actor {
    let buyer = world.customer();
    carts::add(&world.context, &buyer, AddToCart { product_id, pieces: 1 }, &Unkeyed).unwrap();
    buyer
}

pub(super) fn order(world: &World, buyer: &Actor) -> Result<OrderSeen> {
    let command = PlaceOrder {
        delivery_address: "Toshkent, Navoiy 1".to_owned(),
        comment: String::new(),
        payment_method: PaymentMethod::Cash,
        expected_total: None,
        part: CartPart::All,
    };
    orders::place(&world.context, buyer, command, &Unkeyed)
}

pub(super) fn cancel_order(world: &World, shop: &Shop, order: &OrderSeen) -> Result<OrderSeen> {
    let command = CancelOrder {
        order_id: order.order.id,
        reason: "kerak emas".to_owned(),
    };
    orders::cancel(&world.context, &shop.owner, command, &Unkeyed)
}

pub(super) fn cancel_sale(world: &World, shop: &Shop, sold: &Sold) -> Result<()> {
    let command = CancelSale {
        id: sold.sale.sale.id,
        reason: "xato".to_owned(),
    };
    sales::cancel(&world.context, &shop.owner, command, &Unkeyed).map(|_| ())
}

pub(super) fn sell_one(world: &World, shop: &Shop, product: ProductId) -> Result<Sold> {
    sales::sell(&world.context, &shop.owner, sale(shop, &[(product, "1")]), &Unkeyed)
}

#[track_caller]
pub(super) fn check(world: &World) {
    world.check_ledger();
    assert_eq!(verify(&world.context).unwrap().differences, []);
    assert_eq!(world.database.probe().retries(), 0, "a dead-lock was run again");
}

/// Both taken, by what stands in the way of a product that comes back.
pub(super) fn both_taken() -> Refusal {
    let mut both = FieldErrors::one("name", FieldProblem::Taken);
    both.add("barcode", FieldProblem::Taken);
    both.into()
}

on_both! {
    fn a_product_is_put_aside_once_and_brought_back_with_both_values_told(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let id = world.product(&shop, Goods::named("Non"));

        let aside = put_aside(&world, &shop, id).unwrap();
        let before = world.database.dump();
        assert_eq!(put_aside(&world, &shop, id).unwrap(), aside);
        assert_eq!(world.database.dump(), before, "once more changes nothing");
        now(&world, &shop, id, RowStatus::Active).unwrap();

        assert_eq!(aside.stored.product.status, RowStatus::Inactive);
        let told = world.database.lines(
            "SELECT action || ' ' || description || ' ' || details AS line FROM audit_entries \
             WHERE subject_type = 'product' AND action <> 'create' ORDER BY id",
        );
        let status = |old: &str, new: &str| format!(r#"{{"changes":{{"status":{{"new":"{new}","old":"{old}"}}}}}}"#);
        assert_eq!(told, [
            format!("delete Mahsulot o'zgartirildi: Non {}", status("active", "inactive")),
            format!("update Mahsulot o'zgartirildi: Non {}", status("inactive", "active")),
        ]);
        check(&world);
    }

    fn name_and_barcode_are_free_once_their_product_is_put_aside_and_it_comes_back_when_they_are_free_again(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let old = create(&world, &shop, "Non", "4780001").unwrap().stored.id;
        put_aside(&world, &shop, old).unwrap();
        let named = create(&world, &shop, "NON", "4780002").unwrap().stored.id;
        let coded = create(&world, &shop, "Suv", "4780001").unwrap().stored.id;
        let before = world.database.dump();
        let bring_back = || now(&world, &shop, old, RowStatus::Active);

        assert_eq!(refusal(bring_back()), both_taken());
        put_aside(&world, &shop, coded).unwrap();
        assert_eq!(refusal(bring_back()), Refusal::field("name", FieldProblem::Taken));
        now(&world, &shop, coded, RowStatus::Active).unwrap();
        put_aside(&world, &shop, named).unwrap();
        assert_eq!(refusal(bring_back()), Refusal::field("barcode", FieldProblem::Taken));
        put_aside(&world, &shop, coded).unwrap();
        assert_eq!(bring_back().unwrap().stored.product.status, RowStatus::Active);

        assert_ne!(world.database.dump(), before);
        check(&world);
    }

    fn a_product_of_which_anything_lies_anywhere_is_not_put_aside(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let id = world.product(&shop, Goods::named("Un"));
        let warehouse = Some(world.warehouse(&shop, "Ombor"));
        let stored = |command: MoveGoods| MoveGoods { branch: None, warehouse, ..command };
        world.receive(&shop, stored(receipt(&shop, id, "0.001", "10")));
        let before = world.database.dump();

        assert_eq!(refusal(put_aside(&world, &shop, id)), CatalogRefusal::HasStock.into());
        assert_eq!(refusal(now(&world, &shop, id, RowStatus::Inactive)), CatalogRefusal::HasStock.into());
        assert_eq!(world.database.dump(), before);
        stock::move_goods(&world.context, &shop.owner, stored(issue(&shop, id, "0.001")), &Unkeyed).unwrap();
        put_aside(&world, &shop, id).unwrap();
        check(&world);
    }

    fn a_product_in_an_unfinished_order_is_put_aside_once_the_order_is_over_and_its_goods_are_gone(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let id = world.online_product(&shop, Goods::named("Aspirin"));
        world.receive(&shop, receipt(&shop, id, "1", "100"));
        let placed = order(&world, &buyer(&world, id)).unwrap();

        assert_eq!(refusal(put_aside(&world, &shop, id)), CatalogRefusal::HasOpenDocuments.into());
        cancel_order(&world, &shop, &placed).unwrap();
        assert_eq!(refusal(put_aside(&world, &shop, id)), CatalogRefusal::HasStock.into());
        sell_one(&world, &shop, id).unwrap();
        put_aside(&world, &shop, id).unwrap();
        check(&world);
    }

    fn no_new_document_takes_a_product_that_is_put_aside(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let id = world.online_product(&shop, Goods::named("Aspirin"));
        let other = world.online_product(&shop, Goods::named("Analgin"));
        world.receive(&shop, receipt(&shop, other, "5", "100"));
        world.receive(&shop, receipt(&shop, id, "1", "100"));
        let early = buyer(&world, id);
        sell_one(&world, &shop, id).unwrap();
        put_aside(&world, &shop, id).unwrap();
        let documents = || world.database.dump_of(&["sales", "orders", "stock_movements"]);
        let before = documents();
        let of_line = |field: &str, place: usize| {
            let mut elements = vec![FieldErrors::new(), FieldErrors::new()];
            elements[place] = FieldErrors::one(field, FieldProblem::UnknownObject);
            let mut errors = FieldErrors::new();
            errors.add_elements("items", elements);
            Refusal::from(errors)
        };
        let unknown = |field: &str| Refusal::field(field, FieldProblem::UnknownObject);

        let sold = sales::sell(&world.context, &shop.owner, sale(&shop, &[(other, "1"), (id, "1")]), &Unkeyed);
        assert_eq!(refusal(sold), of_line("product", 1));
        for moved in [receipt(&shop, id, "1", "10"), issue(&shop, id, "1")] {
            assert_eq!(refusal(stock::move_goods(&world.context, &shop.owner, moved, &Unkeyed)), unknown("product"));
        }
        let line = |product_id| GoodsLine {
            product_id,
            quantity: quantity("1"),
            unit_cost: Some(money("1")),
            supplier: None,
            series: String::new(),
            expires_on: None,
            batch: None,
        };
        let many = MoveMany {
            movement_type: savdo_domain::stock::MovementType::In,
            branch: Some(shop.branch_id),
            warehouse: None,
            description: String::new(),
            items: vec![line(other), line(id)],
        };
        assert_eq!(refusal(stock::move_many(&world.context, &shop.owner, many, &Unkeyed)), of_line("product", 1));
        let opened = OpenStock {
            product_id: id,
            branch: None,
            warehouse: Some(world.warehouse(&shop, "Ombor")),
            quantity: quantity("1"),
            unit_cost: None,
            series: String::new(),
            expires_on: None,
        };
        let with_warehouse = world.database.dump();
        assert_eq!(refusal(stock::open(&world.context, &shop.owner, opened, &Unkeyed)), unknown("product"));
        assert_eq!(world.database.dump(), with_warehouse);
        let added = carts::add(&world.context, &world.customer(), AddToCart { product_id: id, pieces: 1 }, &Unkeyed);
        assert_eq!(refusal(added), unknown("product_id"));
        let placed = refusal(order(&world, &early));
        assert!(matches!(placed, Refusal::Order(OrderRefusal::ProductUnavailable(_))), "{placed:?}");
        assert_eq!(documents(), before);
        check(&world);
    }

    fn goods_of_an_old_sale_come_back_only_to_a_product_that_is_in_use(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let id = world.product(&shop, Goods::named("Non"));
        world.receive(&shop, receipt(&shop, id, "3", "10"));
        let undone = sell_one(&world, &shop, id).unwrap();
        let kept = world.sell(&shop.owner, sale(&shop, &[(id, "2")]));
        let returned = world.bring_back(&shop.owner, back(kept.sale.id, &[(id, "1")])).sale_return.id;
        let confirm = || sale_returns::confirm(&world.context, &shop.owner, returned, &Unkeyed).map(|_| ());
        put_aside(&world, &shop, id).unwrap();
        let before = world.database.dump();

        assert_eq!(refusal(cancel_sale(&world, &shop, &undone)), StockRefusal::ProductInactive.into());
        assert_eq!(refusal(confirm()), StockRefusal::ProductInactive.into());
        assert_eq!(world.database.dump(), before);
        now(&world, &shop, id, RowStatus::Active).unwrap();
        cancel_sale(&world, &shop, &undone).unwrap();
        confirm().unwrap();
        assert_eq!(refusal(put_aside(&world, &shop, id)), CatalogRefusal::HasStock.into());
        check(&world);
    }

    fn only_products_of_ones_own_store_are_put_aside_and_by_managers_alone(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = (world.shop(), world.shop());
        let own = world.product(&shop, Goods::named("Non"));
        let foreign = world.product(&other, Goods::named("Non"));
        let (manager, seller) = (world.hire(&shop, Role::Manager), world.hire(&shop, Role::Seller));

        for id in [foreign, ProductId::new(999)] {
            assert_eq!(refusal(put_aside(&world, &shop, id)), Refusal::NotFound);
        }
        let refused = refusal(products::put_aside(&world.context, &seller, own));
        assert_eq!(refused, AccessRefusal::RoleRequired { roles: Role::MANAGERS }.into());
        assert_eq!((status(&world, &shop, own), status(&world, &other, foreign)), (RowStatus::Active, RowStatus::Active));
        products::put_aside(&world.context, &manager, own).unwrap();
    }

    fn whichever_statement_fails_a_product_stays_as_it_was(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let category = world.category(&shop, "Non");

        let (made, making) = world.fails_at_every_statement(|| {
            let command = CreateProduct { name: "Non".to_owned(), category: Some(category), ..CreateProduct::default() };
            products::create(&world.context, &shop.owner, command, &Unkeyed)
        });
        let id = made.stored.id;
        let (_, changing) = world.fails_at_every_statement(|| {
            let command = ChangeProduct {
                name: Some("Oq non".to_owned()),
                sale_price: Some(money("5000")),
                category: Some(None),
                ..ChangeProduct::default()
            };
            products::change(&world.context, &shop.owner, id, command)
        });
        let (_, leaving) = world.fails_at_every_statement(|| put_aside(&world, &shop, id));
        let (_, coming) = world.fails_at_every_statement(|| now(&world, &shop, id, RowStatus::Active));

        assert!(making > 6 && changing > 6 && leaving > 6 && coming > 4, "{making} {changing} {leaving} {coming}");
        check(&world);
    }

    fn a_scanner_finds_active_products_by_barcode_and_all_by_their_own_code(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = (world.shop(), world.shop());
        let first = create(&world, &shop, "Non", "4780001").unwrap().stored.id;
        let foreign = create(&world, &other, "Non", "4780009").unwrap().stored.id;
        let named_like = create(&world, &shop, "Suv", &format!("P{first}")).unwrap().stored.id;
        let seller = world.hire(&shop, Role::Seller);
        let scan = |code: &str| -> Result<ProductId> {
            products::scan(&world.context, &seller, code.to_owned()).map(|view| view.stored.id)
        };
        let missing = |code: &str| assert_eq!(refusal(scan(code)), Refusal::NotFound, "{code}");

        assert_eq!(scan("4780001").unwrap(), first);
        assert_eq!(scan(&format!("P{first}")).unwrap(), named_like, "a barcode comes first");
        assert_eq!(scan(&format!("P{named_like}")).unwrap(), named_like);
        for code in ["4780009", &format!("P{foreign}"), "P999", "p1", "478", "47800010", "Non", "%", "P9223372036854775808"] {
            missing(code);
        }
        put_aside(&world, &shop, first).unwrap();
        put_aside(&world, &shop, named_like).unwrap();
        missing("4780001");
        assert_eq!(scan(&format!("P{first}")).unwrap(), first, "in whatever state");
        let again = create(&world, &shop, "Yangi non", "4780001").unwrap().stored.id;
        assert_eq!(scan("4780001").unwrap(), again);

        assert_eq!(refusal(scan("")), Refusal::field("code", FieldProblem::Required));
        assert_eq!(refusal(scan(&"ʻ".repeat(101))), Refusal::field("code", FieldProblem::TooLong { max: 100 }));
        missing(&"ʻ".repeat(100));
        let courier = world.hire(&shop, Role::Courier);
        let refused: std::result::Result<_, Error> = products::scan(&world.context, &courier, "4780001".to_owned());
        assert_eq!(refusal(refused).code(), Some("section_required"));
    }
}
