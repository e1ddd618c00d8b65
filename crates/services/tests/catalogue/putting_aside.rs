//! A product is put aside while others sell, order and bring it back.

use savdo_domain::access::RowStatus;
use savdo_domain::catalog::CatalogRefusal;
use savdo_domain::stock::StockRefusal;
use savdo_domain::{FieldProblem, Refusal};
use savdo_persistence::on_both;
use savdo_services::Result;
use savdo_services::products::{self, ProductView};
use savdo_services::testing::{Goods, World, at_once, quantity, receipt, refusal};

use super::aside::{buyer, cancel_order, cancel_sale, check, create, now, order, put_aside, sell_one, status};

on_both! {
    fn a_product_is_never_put_aside_with_goods_that_are_sold_or_come_back_at_once(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();

        for round in 0..10 {
            let id = world.product(&shop, Goods::named(&format!("Un {round}")));
            world.receive(&shop, receipt(&shop, id, "2", "10"));
            let first = sell_one(&world, &shop, id).unwrap();
            let outcomes = at_once(3, |who| match who {
                0 => put_aside(&world, &shop, id).map(|_| ()),
                1 => sell_one(&world, &shop, id).map(|_| ()),
                _ => cancel_sale(&world, &shop, &first),
            });

            let [aside, sold, undone] = <[_; 3]>::try_from(outcomes).unwrap();
            let view = products::detail(&world.context, &shop.owner, id).unwrap();
            sold.unwrap();
            match (aside, undone) {
                // All was sold, and the product gone, before the other sale was undone.
                (Ok(()), undone) => {
                    assert_eq!(refusal(undone), StockRefusal::ProductInactive.into(), "round {round}");
                    assert_eq!((view.stored.product.status, view.stock_total), (RowStatus::Inactive, quantity("0")));
                }
                (aside, Ok(())) => {
                    assert_eq!(refusal(aside), CatalogRefusal::HasStock.into(), "round {round}");
                    assert_eq!((view.stored.product.status, view.stock_total), (RowStatus::Active, quantity("1")));
                }
                neither => panic!("neither won: {neither:?}"),
            }
        }
        check(&world);
    }

    fn the_last_piece_is_sold_or_its_product_put_aside_but_never_both_ways_at_once(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();

        for round in 0..10 {
            let id = world.product(&shop, Goods::named(&format!("Un {round}")));
            world.receive(&shop, receipt(&shop, id, "1", "10"));
            let outcomes = at_once(2, |who| match who {
                0 => put_aside(&world, &shop, id).map(|_| ()),
                _ => sell_one(&world, &shop, id).map(|_| ()),
            });

            let [aside, sold] = <[_; 2]>::try_from(outcomes).unwrap();
            sold.unwrap();
            match aside {
                Ok(()) => assert_eq!(status(&world, &shop, id), RowStatus::Inactive),
                refused => {
                    assert_eq!(refusal(refused), CatalogRefusal::HasStock.into(), "round {round}");
                    assert_eq!(status(&world, &shop, id), RowStatus::Active);
                }
            }
        }
        check(&world);
    }

    fn a_product_is_never_put_aside_with_an_order_that_is_placed_or_cancelled_at_once(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();

        for round in 0..8 {
            let id = world.online_product(&shop, Goods::named(&format!("Aspirin {round}")));
            world.receive(&shop, receipt(&shop, id, "1", "10"));
            let buyer = buyer(&world, id);
            let placing = at_once(2, |who| match who {
                0 => put_aside(&world, &shop, id).map(|_| None),
                _ => order(&world, &buyer).map(Some),
            });

            let [aside, placed] = <[_; 2]>::try_from(placing).unwrap();
            let placed = placed.unwrap().unwrap();
            let expected = [CatalogRefusal::HasStock, CatalogRefusal::HasOpenDocuments].map(Refusal::from);
            assert!(expected.contains(&refusal(aside)), "round {round}");

            let cancelling = at_once(2, |who| match who {
                0 => put_aside(&world, &shop, id).map(|_| ()),
                _ => cancel_order(&world, &shop, &placed).map(|_| ()),
            });
            let [aside, cancelled] = <[_; 2]>::try_from(cancelling).unwrap();
            cancelled.unwrap();
            assert!(expected.contains(&refusal(aside)), "round {round}");
            assert_eq!(status(&world, &shop, id), RowStatus::Active);
        }
        check(&world);
    }

    fn of_a_name_or_barcode_that_is_given_anew_and_brought_back_at_once_one_product_has_it(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();

        for round in 0..8 {
            let (name, barcode) = (format!("Non {round}"), format!("478{round}"));
            let old = create(&world, &shop, &name, &barcode).unwrap().stored.id;
            put_aside(&world, &shop, old).unwrap();
            let (new_name, new_barcode, field) = match round % 2 {
                0 => (name.clone(), String::new(), "name"),
                _ => (format!("Boshqa {round}"), barcode.clone(), "barcode"),
            };
            let entries = world.database.lines("SELECT id || '' AS line FROM audit_entries").len();

            let outcomes: Vec<Result<ProductView>> = at_once(2, |who| match who {
                0 => create(&world, &shop, &new_name, &new_barcode),
                _ => now(&world, &shop, old, RowStatus::Active),
            });

            let (won, lost): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
            assert_eq!(won.len(), 1, "round {round}");
            let lost: Vec<_> = lost.into_iter().map(refusal).collect();
            assert_eq!(lost, [Refusal::field(field, FieldProblem::Taken)], "round {round}");
            let told = world.database.lines("SELECT id || '' AS line FROM audit_entries").len();
            assert_eq!(told, entries + 1, "whoever lost left nothing");
        }
        check(&world);
    }
}
