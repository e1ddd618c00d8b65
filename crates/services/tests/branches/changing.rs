//! What changes of a branch, what keeps it open, and what it leaves behind.

use savdo_domain::access::{Role, RowStatus};
use savdo_domain::catalog::CatalogRefusal;
use savdo_domain::ids::LocationId;
use savdo_domain::{FieldProblem, Refusal};
use savdo_persistence::on_both;
use savdo_services::branches::{self, ChangeBranch};
use savdo_services::once::Unkeyed;
use savdo_services::sales::{self, CancelSale};
use savdo_services::testing::{Goods, World, receipt, refusal, sale};
use savdo_services::{settings, stock};

use super::{another, buyer, cancel, change, check, close, now, open, order, renamed, serve_from, status, told};

on_both! {
    fn a_change_keeps_what_was_not_sent_and_is_told_with_old_and_new(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let before = branches::detail(&world.context, &shop.owner, shop.branch_id).unwrap();
        let command = ChangeBranch { address: Some("Chilonzor 5".to_owned()), ..renamed("Yangi yo'l") };

        let after = change(&world, &shop, shop.branch_id, command.clone()).unwrap();
        let again = change(&world, &shop, shop.branch_id, command).unwrap();

        let mut expected = before;
        expected.branch.name = "Yangi yo'l".to_owned();
        expected.branch.name_key = "yangi yo'l".to_owned();
        expected.branch.address = "Chilonzor 5".to_owned();
        assert_eq!((&after, &again), (&expected, &expected));
        let details = r#"{"changes":{"address":{"new":"Chilonzor 5","old":""},"name":{"new":"Yangi yo'l","old":"Markaz"}}}"#;
        assert_eq!(told(&world, shop.branch_id), [format!("update Filial o'zgartirildi: Yangi yo'l {details}")]);
    }

    fn the_name_of_a_closed_branch_is_free_and_coming_back_needs_another(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let taken = Refusal::field("name", FieldProblem::Taken);
        let second = open(&world, &shop, "Chorsu").unwrap().branch.id;
        assert_eq!(refusal(change(&world, &shop, second, renamed("MARKAZ"))), taken);

        assert_eq!(close(&world, &shop).unwrap().branch.status, RowStatus::Inactive);
        change(&world, &shop, second, renamed("Markaz")).unwrap();
        let reopening = |command| change(&world, &shop, shop.branch_id, command);

        assert_eq!(refusal(reopening(now(RowStatus::Active))), taken);
        assert_eq!(status(&world, &shop), RowStatus::Inactive);
        let renamed = ChangeBranch { name: Some("Eski".to_owned()), ..now(RowStatus::Active) };
        assert_eq!(reopening(renamed).unwrap().branch.status, RowStatus::Active);
    }

    fn a_closed_branch_stays_closed_and_takes_nothing(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let seller = world.hire(&shop, Role::Seller);
        let product = world.product(&shop, Goods::named("Non"));

        close(&world, &shop).unwrap();
        close(&world, &shop).unwrap();

        let unknown = Refusal::field("branch", FieldProblem::UnknownObject);
        let taken_in = stock::move_goods(&world.context, &seller, receipt(&shop, product, "1", "10"), &Unkeyed);
        assert_eq!(refusal(taken_in), unknown);
        let sold = sales::sell(&world.context, &seller, sale(&shop, &[(product, "1")]), &Unkeyed);
        assert_eq!(refusal(sold), unknown);
        assert_eq!(refusal(serve_from(&world, &shop)), Refusal::field("online_location", FieldProblem::UnknownObject));
        let details = r#"{"changes":{"status":{"new":"inactive","old":"active"}}}"#;
        assert_eq!(told(&world, shop.branch_id), [format!("delete Filial yopildi: Markaz {details}")]);
    }

    fn a_branch_with_stock_or_an_open_order_does_not_close(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = world.online_product(&shop, Goods::named("Aspirin"));
        world.receive(&shop, receipt(&shop, product, "1", "100"));
        let close_either_way = || {
            let outcomes = [close(&world, &shop), change(&world, &shop, shop.branch_id, now(RowStatus::Inactive))];
            let [one, other] = outcomes.map(refusal);
            assert_eq!(one, other);
            one
        };

        assert_eq!(close_either_way(), CatalogRefusal::HasStock.into());
        let placed = order(&world, &buyer(&world, product)).unwrap();
        assert_eq!(close_either_way(), CatalogRefusal::HasOpenDocuments.into());
        cancel(&world, &shop, placed.order.id).unwrap();
        assert_eq!(close_either_way(), CatalogRefusal::HasStock.into());

        assert_eq!((status(&world, &shop), told(&world, shop.branch_id)), (RowStatus::Active, vec![]));
        world.sell(&shop.owner, sale(&shop, &[(product, "1")]));
        assert!(close(&world, &shop).is_ok());
        check(&world);
    }

    fn a_branch_that_closes_serves_no_more_online_orders_and_the_oldest_other_one_does(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let second = another(&world, &shop, "Chorsu");
        let product = world.online_product(&shop, Goods::named("Aspirin"));
        world.receive(&second, receipt(&second, product, "1", "100"));
        serve_from(&world, &shop).unwrap();

        close(&world, &shop).unwrap();

        let settings = settings::view(&world.context, &shop.owner, shop.store_id).unwrap().settings;
        assert_eq!((settings.online_location, settings.online_enabled), (None, true));
        let details = r#"{"changes":{"online_location":{"new":null,"old":1},"status":{"new":"inactive","old":"active"}}}"#;
        assert_eq!(told(&world, shop.branch_id), [format!("delete Filial yopildi: Markaz {details}")]);
        assert_eq!(order(&world, &buyer(&world, product)).unwrap().order.location_id, second.branch_id);
        check(&world);
    }

    fn goods_of_an_old_sale_come_back_to_a_closed_branch(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = world.product(&shop, Goods::named("Non"));
        world.receive(&shop, receipt(&shop, product, "1", "10"));
        let sold = world.sell(&shop.owner, sale(&shop, &[(product, "1")]));
        close(&world, &shop).unwrap();

        let command = CancelSale { id: sold.sale.id, reason: "xato".to_owned() };
        let cancelled = sales::cancel(&world.context, &shop.owner, command, &Unkeyed).unwrap();

        assert_eq!(cancelled.sale.branch_name, "Markaz");
        assert_eq!(status(&world, &shop), RowStatus::Inactive);
        assert_eq!(world.levels(), [format!("{product}: 1000 1000 -")]);
        check(&world);
        change(&world, &shop, shop.branch_id, now(RowStatus::Active)).unwrap();
        assert_eq!(refusal(close(&world, &shop)), CatalogRefusal::HasStock.into());
    }

    fn only_branches_of_ones_own_store_are_changed(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = (world.shop(), world.shop());
        let manager = world.hire(&shop, Role::Manager);
        world.database.execute(
            "INSERT INTO locations (id, store_id, kind, name, name_key, address, phone, status, created_at, updated_at, search) \
             VALUES (90, 1, 'warehouse', 'Ombor', 'ombor', '', '', 'active', '2026-03-12 05:00:00', '2026-03-12 05:00:00', '')",
        );
        let before = world.database.dump();

        for id in [other.branch_id, LocationId::new(90), LocationId::new(999)] {
            assert_eq!(refusal(change(&world, &shop, id, renamed("Bozor"))), Refusal::NotFound);
            assert_eq!(refusal(branches::close(&world.context, &shop.owner, id)), Refusal::NotFound);
        }
        assert_eq!(refusal(change(&world, &shop, shop.branch_id, ChangeBranch::default())), Refusal::EmptyPatch);
        let closed_by_manager = branches::close(&world.context, &manager, shop.branch_id);
        assert_eq!(refusal(closed_by_manager).code(), Some("role_required"));
        let changed_by_manager = branches::change(&world.context, &manager, shop.branch_id, renamed("Bozor"));
        assert_eq!(refusal(changed_by_manager).code(), Some("role_required"));

        assert_eq!(world.database.dump(), before);
    }

    fn whichever_statement_fails_a_branch_that_closes_stays_open(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        serve_from(&world, &shop).unwrap();
        let before = world.database.dump();

        for nth in 1.. {
            world.database.probe().fail_at(nth);
            let outcome = close(&world, &shop);
            if world.database.probe().disarm() {
                assert!(nth > 8, "only {nth} statements");
                assert!(outcome.is_ok(), "{outcome:?}");
                break;
            }
            assert!(outcome.is_err(), "statement {nth} failed unseen");
            assert_eq!(world.database.dump(), before, "statement {nth}");
        }
    }
}
