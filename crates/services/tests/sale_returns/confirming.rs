//! Confirming a return: goods, money, amounts, traces, and the sale afterwards.

use savdo_domain::Refusal;
use savdo_domain::sale::{PaymentType, SaleRefusal};
use savdo_domain::sale_return::{Refund, RefundMethod, SaleReturnRefusal, SaleReturnStatus};
use savdo_domain::stock::StockRefusal;
use savdo_persistence::on_both;
use savdo_services::branches;
use savdo_services::sale_returns::CreateSaleReturn;
use savdo_services::sales::{self, Sell};
use savdo_services::stock::MoveGoods;
use savdo_services::testing::{Goods, World, back, money, quantity, receipt, refusal, sale};

use super::{another_branch, by_card, cancel_sale, check, confirm, create, drop_it, exceeded, shop_with, sold};

fn refund(cash: &str, card: &str) -> Refund {
    Refund {
        cash: money(cash),
        card: money(card),
        debt: money("0"),
    }
}

on_both! {
    fn goods_go_back_into_the_batches_they_came_from_last_taken_first(database: TestDatabase) {
        let world = World::on(database);
        let (shop, product) = shop_with(&world, "100.00");
        // 4 of the first batch at 50.00, 2 of the second at 70.00.
        let sale = sold(&world, &shop, product, "6");
        assert_eq!(world.batches(), ["1: 0 0", "2: 98000 686000"]);

        let first = world.bring_back(&shop.owner, back(sale.sale.id, &[(product, "3")])).sale_return.id;
        let first = world.confirm_return(&shop.owner, first);
        let after_first = world.batches();
        let rest = world.bring_back(&shop.owner, back(sale.sale.id, &[(product, "3")])).sale_return.id;
        let rest = world.confirm_return(&shop.owner, rest);

        assert_eq!(after_first, ["1: 1000 5000", "2: 100000 700000"]);
        assert_eq!(world.batches(), ["1: 4000 20000", "2: 100000 700000"]);
        assert_eq!(world.levels(), ["1: 104000 104000 -"]);
        let costs = [&first, &rest].map(|view| view.lines[0].cost);
        assert_eq!(costs, [money("190.00"), money("150.00")]);
        assert_eq!(first.sale_return.refund, refund("300.00", "0"));
        let view = sales::view(&world.context, &shop.owner, sale.sale.id).unwrap();
        assert_eq!((view.sale.returned_amount, view.lines[0].returned_quantity), (money("600.00"), quantity("6")));
        let movements = world.database.lines(
            "SELECT reason || ' ' || document_type || ' ' || document_id || ' ' || quantity || ' ' || value AS line \
             FROM stock_movements WHERE reason = 'return' ORDER BY id",
        );
        assert_eq!(movements, ["return sale_return 1 3000 19000", "return sale_return 2 3000 15000"]);
        check(&world);
    }

    fn amounts_follow_the_order_of_confirming_and_sum_to_the_line(database: TestDatabase) {
        let world = World::on(database);
        let (shop, product) = shop_with(&world, "100.00");
        let dear = world.product(&shop, Goods::named("Qand").at(money("999.99")));
        world.receive(&shop, receipt(&shop, dear, "1", "1.00"));
        let command = Sell { discount: money("100.00"), ..sale(&shop, &[(dear, "1"), (product, "3")]) };
        let sale = world.sell(&shop.owner, command).sale.id;

        let written = [(); 3].map(|()| world.bring_back(&shop.owner, back(sale, &[(product, "1")])).sale_return);
        let shown = written.clone().map(|view| view.total_amount.to_string());
        // Confirmed the other way round: each is worth what its place in that order is worth.
        let fixed = [2, 0].map(|index: usize| {
            world.confirm_return(&shop.owner, written[index].id).sale_return.total_amount.to_string()
        });
        drop_it(&world, &shop.owner, written[1].id).unwrap();
        let last = world.bring_back(&shop.owner, back(sale, &[(product, "1")])).sale_return;
        let last = world.confirm_return(&shop.owner, last.id).sale_return;

        assert_eq!(shown, ["92.31", "92.30", "92.31"]);
        assert_eq!((fixed, last.total_amount.to_string().as_str()), (["92.31", "92.30"].map(str::to_owned), "92.31"));
        let view = sales::view(&world.context, &shop.owner, sale).unwrap();
        assert_eq!((view.sale.returned_amount, view.lines[1].total_price), (money("276.92"), money("276.92")));
        let details = "SELECT details AS line FROM audit_entries WHERE subject_type = 'sale_return' \
             AND action = 'confirm' ORDER BY id";
        let of_first = world.database.lines(details).swap_remove(1);
        let item = format!(
            "{{\"product\":{product},\"quantity\":\"1.000\",\"sale_item\":{},\"total_price\":\"92.30\"}}",
            view.lines[1].id,
        );
        assert_eq!(of_first, format!(
            "{{\"changes\":{{\"refund_cash\":{{\"new\":\"92.30\",\"old\":\"0.00\"}},\"status\":{{\"new\":\"confirmed\",\
             \"old\":\"pending\"}},\"total_amount\":{{\"new\":\"92.30\",\"old\":\"92.31\"}}}},\"items\":[{item}]}}",
        ));
        check(&world);
    }

    fn money_goes_back_as_it_came_or_as_it_is_told(database: TestDatabase) {
        let world = World::on(database);
        let (shop, product) = shop_with(&world, "100.00");
        let refunded = |command: Sell, refund_method| {
            let sale = world.sell(&shop.owner, command).sale.id;
            let command = CreateSaleReturn { refund_method, ..back(sale, &[(product, "1")]) };
            let id = world.bring_back(&shop.owner, command).sale_return.id;
            world.confirm_return(&shop.owner, id).sale_return.refund
        };
        let one = || sale(&shop, &[(product, "1")]);

        let refunds = [
            refunded(one(), None),
            refunded(by_card(one()), None),
            refunded(one(), Some(RefundMethod::Card)),
            refunded(by_card(one()), Some(RefundMethod::Cash)),
        ];

        let (cash, card) = (refund("100.00", "0"), refund("0", "100.00"));
        assert_eq!(refunds, [cash, card, card, cash]);
        check(&world);
    }

    fn of_a_mixed_sale_cash_goes_back_first(database: TestDatabase) {
        let world = World::on(database);
        let (shop, product) = shop_with(&world, "100.00");
        let sale = sold(&world, &shop, product, "3").sale.id;
        let mixed = format!("UPDATE sales SET payment_type = '{}', cash_amount = 15000, card_amount = 15000", PaymentType::Mixed);
        world.database.execute(&mixed);

        let refunds = [(); 3].map(|()| {
            let id = world.bring_back(&shop.owner, back(sale, &[(product, "1")])).sale_return.id;
            world.confirm_return(&shop.owner, id).sale_return.refund
        });

        assert_eq!(refunds, [refund("100.00", "0"), refund("50.00", "50.00"), refund("0", "100.00")]);
        check(&world);
    }

    fn a_return_is_confirmed_once_and_leaves_one_event(database: TestDatabase) {
        let world = World::on(database);
        let (shop, product) = shop_with(&world, "100.00");
        let sale = sold(&world, &shop, product, "2").sale.id;
        let id = world.bring_back(&shop.owner, back(sale, &[(product, "2")])).sale_return.id;
        world.clock.advance(chrono::TimeDelta::hours(1));

        let confirmed = world.confirm_return(&shop.owner, id).sale_return;
        let before = world.database.dump();
        let again = [confirm(&world, &shop.owner, id), drop_it(&world, &shop.owner, id)];
        let undo = cancel_sale(&world, &shop.owner, sale);

        for outcome in again {
            assert_eq!(refusal(outcome), SaleReturnRefusal::NotPending.into());
        }
        assert_eq!(refusal(undo), SaleRefusal::HasReturns.into());
        assert!(world.database.dump() == before, "something is left of a refusal");
        assert_eq!(confirmed.status, SaleReturnStatus::Confirmed);
        assert_eq!(confirmed.confirmed_at, Some("2026-03-12T06:00:00Z".parse().unwrap()));
        let events = world.database.lines(
            "SELECT event || ' ' || subject_id || ' ' || payload AS line FROM outbox WHERE subject_type = 'sale_return'",
        );
        assert_eq!(events, [format!(
            "sale.returned {id} {{\"branch_id\":{},\"sale_id\":{sale},\"sale_return_id\":{id},\"store_id\":{},\
             \"total\":\"200.00\"}}",
            shop.branch_id, shop.store_id,
        )]);
        check(&world);
    }

    fn a_sale_with_a_pending_return_is_not_cancelled_until_that_is_dropped(database: TestDatabase) {
        let world = World::on(database);
        let (shop, product) = shop_with(&world, "100.00");
        let sale = sold(&world, &shop, product, "2").sale.id;
        let id = world.bring_back(&shop.owner, back(sale, &[(product, "1")])).sale_return.id;

        let undo = cancel_sale(&world, &shop.owner, sale);
        drop_it(&world, &shop.owner, id).unwrap();
        cancel_sale(&world, &shop.owner, sale).unwrap();

        assert_eq!(refusal(undo), SaleRefusal::HasReturns.into());
        assert_eq!(world.batches(), ["1: 4000 20000", "2: 100000 700000"]);
        let again = create(&world, &shop.owner, back(sale, &[(product, "1")]));
        assert_eq!(refusal(again), SaleRefusal::AlreadyCancelled.into());
        check(&world);
    }

    fn what_changed_since_it_was_written_is_judged_again(database: TestDatabase) {
        let world = World::on(database);
        let (shop, product) = shop_with(&world, "100.00");
        let branch = another_branch(&world, &shop);
        let sale = sold(&world, &shop, product, "2").sale.id;
        let other = sold(&world, &shop, product, "2").sale.id;
        let there = CreateSaleReturn { branch: Some(branch), ..back(other, &[(product, "1")]) };
        let there = world.bring_back(&shop.owner, there).sale_return.id;
        let id = world.bring_back(&shop.owner, back(sale, &[(product, "2")])).sale_return.id;
        branches::close(&world.context, &shop.owner, branch).unwrap();
        // No use-case can do this: it stands for whatever ever could.
        world.database.execute(&format!("UPDATE sale_lines SET returned_quantity = 1000 WHERE sale_id = {sale}"));
        let before = world.database.dump();

        let closed = confirm(&world, &shop.owner, there);
        let exceeding = confirm(&world, &shop.owner, id);

        assert_eq!(refusal(closed), StockRefusal::LocationInactive.into());
        let refused = SaleReturnRefusal::ExceedsSold(vec![exceeded(product, "2", "1", "2")]);
        assert_eq!(refusal(exceeding), Refusal::from(refused));
        assert!(world.database.dump() == before, "something is left of a refusal");
    }

    fn expired_goods_come_back_and_are_not_sold_again(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = world.product(&shop, Goods::named("Sut").at(money("100.00")));
        let expires_on = chrono::NaiveDate::from_ymd_opt(2026, 3, 12);
        world.receive(&shop, MoveGoods { expires_on, ..receipt(&shop, product, "5", "50.00") });
        let sale = sold(&world, &shop, product, "2").sale.id;
        let id = world.bring_back(&shop.owner, back(sale, &[(product, "1")])).sale_return.id;
        world.clock.advance(chrono::TimeDelta::days(2));

        world.confirm_return(&shop.owner, id);

        assert_eq!(world.levels(), ["1: 4000 0 -"]);
        assert_eq!(world.batches(), ["1: 4000 20000"]);
        check(&world);
    }

    fn a_return_of_many_lines_costs_as_many_statements_as_one_of_few(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let products: Vec<_> = (1..=20).map(|number| {
            let product = world.product(&shop, Goods::named(&format!("Mahsulot {number}")).at(money("10")));
            world.receive(&shop, receipt(&shop, product, "5", "5.00"));
            product
        }).collect();
        let statements = |lines: usize| {
            let items: Vec<_> = products.iter().take(lines).map(|product| (*product, "1")).collect();
            let sold = world.sell(&shop.owner, sale(&shop, &items)).sale.id;
            let probe = world.database.probe();
            let before = probe.statements();
            let id = world.bring_back(&shop.owner, back(sold, &items)).sale_return.id;
            let written = probe.statements() - before;
            world.confirm_return(&shop.owner, id);
            (written, probe.statements() - before - written)
        };

        assert_eq!(statements(2), statements(20));
        check(&world);
    }

    fn a_return_that_fails_at_any_statement_leaves_nothing_behind(database: TestDatabase) {
        let world = World::on(database);
        let (shop, product) = shop_with(&world, "100.00");
        world.use_shifts(&shop);
        world.open_shift(&shop.owner, savdo_services::testing::shift(&shop));
        let sale = sold(&world, &shop, product, "6").sale.id;
        let written = || create(&world, &shop.owner, back(sale, &[(product, "2")]));

        let (first, statements) = world.fails_at_every_statement(written);
        assert!(statements > 7, "only {statements} statements");
        let (second, _) = world.fails_at_every_statement(written);
        let (_, statements) = world.fails_at_every_statement(|| confirm(&world, &shop.owner, first.sale_return.id));
        assert!(statements > 15, "only {statements} statements");
        let (_, statements) = world.fails_at_every_statement(|| drop_it(&world, &shop.owner, second.sale_return.id));
        assert!(statements > 6, "only {statements} statements");
        check(&world);
    }
}
