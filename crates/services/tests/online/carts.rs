//! Carts.

use savdo_domain::cart::CartRefusal;
use savdo_domain::ids::ProductId;
use savdo_domain::{FieldErrors, FieldProblem, Refusal};
use savdo_persistence::on_both;
use savdo_services::carts::{self, CartContents, ChangeCartLine};
use savdo_services::testing::{World, at_once, money, refusal};

use crate::support::{Offer, PLAIN, RX, code, offer, online_shop, put, reprice, show};

fn pieces(cart: &CartContents) -> Vec<i64> {
    cart.lines.iter().map(|offered| offered.line.pieces).collect()
}

fn out_of_range() -> FieldErrors {
    let (min, max) = ("1".to_owned(), "100".to_owned());
    FieldErrors::one("quantity", FieldProblem::OutOfRange { min, max })
}

on_both! {
    fn a_cart_is_made_on_first_use(database: TestDatabase) {
        let world = World::on(database);
        let customer = world.customer();

        let first = carts::view(&world.context, &customer).unwrap();
        let second = carts::view(&world.context, &customer).unwrap();

        assert_eq!(first, second);
        assert!(first.summary.is_empty && first.store.is_none() && first.lines.is_empty());
    }

    fn a_product_added_twice_is_one_line(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        let product = offer(&world, &shop, PLAIN);

        put(&world, &customer, product, 1).unwrap();
        let cart = put(&world, &customer, product, 2).unwrap();

        assert_eq!(pieces(&cart), [3]);
        assert_eq!(cart.store.as_ref().map(|store| store.id), Some(shop.store_id));
        assert_eq!((cart.summary.pieces, cart.summary.total_price), (3, money("36000.00")));
        assert_eq!(cart, carts::view(&world.context, &customer).unwrap());
    }

    fn what_a_cart_cannot_hold_is_refused_and_changes_nothing(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other_shop) = (online_shop(&world), online_shop(&world));
        let customer = world.customer();
        let plenty = offer(&world, &shop, Offer { pieces: "200", ..PLAIN });
        let few = offer(&world, &shop, Offer { pieces: "2", ..PLAIN });
        let foreign = offer(&world, &other_shop, PLAIN);
        let hidden = offer(&world, &shop, PLAIN);
        show(&world, &shop, hidden, false);
        put(&world, &customer, plenty, 60).unwrap();
        let before = world.database.dump();

        let refused = |product, pieces| refusal(put(&world, &customer, product, pieces));

        let unknown = FieldErrors::one("product_id", FieldProblem::UnknownObject);
        assert_eq!(refused(ProductId::new(999_999), 1), unknown.clone().into());
        assert_eq!(refused(hidden, 1), unknown.clone().into());
        for too_many in [(plenty, 0), (plenty, -1), (plenty, 101), (plenty, 41), (few, 101)] {
            assert_eq!(refused(too_many.0, too_many.1), out_of_range().into());
        }
        let mut both = unknown;
        both.merge(out_of_range());
        assert_eq!(refused(hidden, 0), both.into());
        assert_eq!(refused(few, 3), CartRefusal::InsufficientStock { available: 2, requested: 3 }.into());
        assert_eq!(refused(foreign, 1), CartRefusal::StoreMismatch { store_id: shop.store_id }.into());
        assert_eq!(world.database.dump(), before);
    }

    fn a_full_cart_takes_no_other_product(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        let products: Vec<_> = (0..101).map(|_| offer(&world, &shop, PLAIN)).collect();
        for product in &products[..100] {
            put(&world, &customer, *product, 1).unwrap();
        }

        let full = FieldErrors::across(FieldProblem::TooManyLines { max: 100 });
        assert_eq!(refusal(put(&world, &customer, products[100], 1)), full.into());
        assert!(put(&world, &customer, products[0], 1).is_ok());
    }

    fn the_pieces_of_a_line_are_set(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let (customer, other) = (world.customer(), world.customer());
        let product = offer(&world, &shop, PLAIN);
        let line_id = put(&world, &customer, product, 1).unwrap().lines[0].line.id;
        let set = |actor, pieces| carts::change(&world.context, actor, ChangeCartLine { line_id, pieces });

        assert_eq!(pieces(&set(&customer, 7).unwrap()), [7]);
        assert_eq!(refusal(set(&other, 7)), Refusal::NotFound);
        assert_eq!(refusal(set(&customer, 0)), out_of_range().into());
        assert_eq!(refusal(set(&customer, 11)), CartRefusal::InsufficientStock { available: 10, requested: 11 }.into());
        show(&world, &shop, product, false);
        let hidden = FieldErrors::one("product_id", FieldProblem::UnknownObject);
        assert_eq!(refusal(set(&customer, 2)), hidden.into());
        assert_eq!(pieces(&carts::view(&world.context, &customer).unwrap()), [7]);
    }

    fn a_cart_without_lines_is_of_no_store(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other_shop) = (online_shop(&world), online_shop(&world));
        let (customer, other) = (world.customer(), world.customer());
        let (here, there) = (offer(&world, &shop, PLAIN), offer(&world, &other_shop, PLAIN));
        let line_id = put(&world, &customer, here, 1).unwrap().lines[0].line.id;

        assert_eq!(refusal(carts::remove(&world.context, &other, line_id)), Refusal::NotFound);
        let emptied = carts::remove(&world.context, &customer, line_id).unwrap();
        assert!(emptied.summary.is_empty && emptied.store.is_none());
        assert_eq!(refusal(carts::remove(&world.context, &customer, line_id)), Refusal::NotFound);
        assert_eq!(pieces(&put(&world, &customer, there, 2).unwrap()), [2]);
        let cleared = carts::clear(&world.context, &customer).unwrap();
        assert!(cleared.summary.is_empty && cleared.store.is_none());
        assert!(put(&world, &customer, here, 1).is_ok());
    }

    fn prescription_lines_are_parked_and_come_back(database: TestDatabase) {
        use savdo_domain::cart::CartPart::{All, WithoutPrescription};
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        let (plain, rx) = (offer(&world, &shop, PLAIN), offer(&world, &shop, RX));
        put(&world, &customer, plain, 1).unwrap();
        let split = |part| carts::split(&world.context, &customer, part);
        let products = |lines: &[carts::OfferedLine]| -> Vec<_> {
            lines.iter().map(|offered| offered.product.product_id).collect()
        };

        assert_eq!([code(split(WithoutPrescription)), code(split(All))], ["nothing_to_split"; 2]);
        assert!(put(&world, &customer, rx, 2).unwrap().summary.is_mixed);
        let parked = split(WithoutPrescription).unwrap();
        assert_eq!((products(&parked.lines), products(&parked.saved)), (vec![plain], vec![rx]));
        assert_eq!((parked.summary.pieces, parked.summary.needs_prescription), (1, false));
        let back = split(All).unwrap();
        assert_eq!((products(&back.lines), products(&back.saved)), (vec![plain, rx], vec![]));
        split(WithoutPrescription).unwrap();
        let added = put(&world, &customer, rx, 1).unwrap();
        assert_eq!((pieces(&added), added.saved), (vec![1, 3], vec![]));
        split(WithoutPrescription).unwrap();
        assert!(carts::clear(&world.context, &customer).unwrap().saved.is_empty());
    }

    fn a_cart_follows_the_catalogue(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        let product = offer(&world, &shop, PLAIN);
        put(&world, &customer, product, 2).unwrap();

        reprice(&world, &shop, product, "13000.00");
        show(&world, &shop, product, false);

        let cart = carts::view(&world.context, &customer).unwrap();
        let line = &cart.lines[0];
        assert_eq!((line.line.price, line.line.price_at_add), (money("13000.00"), money("12000.00")));
        assert!(cart.summary.is_price_changed && !line.product.is_available());
        assert_eq!(cart.summary.total_price, money("26000.00"));
    }

    fn products_added_at_once_all_count(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        let product = offer(&world, &shop, Offer { pieces: "100", ..PLAIN });

        at_once(8, |_| put(&world, &customer, product, 2).unwrap());

        assert_eq!(pieces(&carts::view(&world.context, &customer).unwrap()), [16]);
    }
}
