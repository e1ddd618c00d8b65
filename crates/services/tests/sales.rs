//! Sales: what they cost, who may change a price, how they are paid, how they are undone.

#![cfg(test)]

mod support;

use chrono::TimeDelta;
use savdo_domain::access::{Actor, Role};
use savdo_domain::ids::{LocationId, ProductId, SaleId, ShiftId};
use savdo_domain::sale::{DiscountSource, Payment, PaymentType, SaleRefusal, SaleStatus, Tendered};
use savdo_domain::settings::SettingsPatch;
use savdo_domain::{FieldErrors, FieldProblem, Money, Percent, Refusal};
use savdo_persistence::on_both;
use savdo_services::once::Unkeyed;
use savdo_services::products;
use savdo_services::sales::{self, CancelSale, ListSales, SaleColumn, Sell};
use savdo_services::stock::MoveGoods;
use savdo_services::testing::{Shop, World, money, quantity, receipt, refusal, sale, shift};
use savdo_services::{Page, Period, SortBy, settings};
use support::product;

fn stocked(world: &World, shop: &Shop, id: i64, price: &str) -> ProductId {
    let product = product(world, shop, id, price);
    world.receive(shop, receipt(shop, product, "100", "50.00"));
    product
}

fn change(world: &World, shop: &Shop, patch: SettingsPatch) {
    settings::change(&world.context, &shop.owner, shop.store_id, patch).unwrap();
}

fn percent(text: &str) -> Percent {
    Percent::parse(text).unwrap()
}

fn cancel(id: SaleId) -> CancelSale {
    CancelSale {
        id,
        reason: "xato".to_owned(),
    }
}

fn all() -> ListSales {
    ListSales {
        period: Period::default(),
        branch: None,
        worker: None,
        customer: None,
        shift: None,
        payment_type: None,
        statuses: Vec::new(),
        search: String::new(),
        sort: Vec::new(),
        page: Page::new(1, 100),
    }
}

fn numbers(world: &World, actor: &Actor, query: ListSales) -> Vec<i64> {
    let listed = sales::list(&world.context, actor, query).unwrap();
    assert_eq!(usize::try_from(listed.total), Ok(listed.rows.len()));
    listed.rows.iter().map(|sale| sale.number).collect()
}

on_both! {
    fn a_sale_discount_is_spread_over_the_lines(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let dear = stocked(&world, &shop, 1, "999.99");
        let cheap = stocked(&world, &shop, 2, "100.00");
        let command = Sell { discount: money("100.00"), ..sale(&shop, &[(dear, "1"), (cheap, "3")]) };

        let sold = world.sell(&shop.owner, command);

        assert_eq!((sold.sale.total_price, sold.sale.net_total), (money("1299.99"), money("1199.99")));
        let lines: Vec<_> = sold.lines.iter().map(|line| (line.line_total, line.total_price)).collect();
        assert_eq!(lines, [(money("999.99"), money("923.07")), (money("300.00"), money("276.92"))]);
        assert_eq!(sold.lines[1].total_price.per(quantity("3")), Some(money("92.31")));
        let paid = Payment { cash: money("1199.99"), card: Money::ZERO };
        assert_eq!((sold.sale.settlement.payment, sold.sale.status, sold.sale.number), (paid, SaleStatus::Completed, 1));
        assert_eq!(sales::view(&world.context, &shop.owner, sold.sale.id).unwrap(), sold);
    }

    fn a_part_of_a_kilo_is_payable_to_the_tiyin(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = stocked(&world, &shop, 1, "999.99");

        let sold = world.sell(&shop.owner, sale(&shop, &[(product, "0.333")]));

        assert_eq!(sold.sale.net_total, money("333.00"));
        assert_eq!(sold.lines[0].cost, money("16.65"));
    }

    fn a_discount_by_hand_is_held_to_the_limit(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let seller = world.hire(&shop, Role::Seller);
        let product = stocked(&world, &shop, 1, "50000.00");
        change(&world, &shop, SettingsPatch { max_discount_percent: Some(percent("10")), ..SettingsPatch::default() });
        let discounted = |discount: &str| {
            let mut command = Sell { discount: money(discount), ..sale(&shop, &[(product, "2")]) };
            command.items[0].discount_percent = Some(percent("5"));
            command
        };

        let by_seller = sales::sell(&world.context, &seller, discounted("6000.00"), &Unkeyed);
        let by_owner = sales::sell(&world.context, &shop.owner, discounted("6000.00"), &Unkeyed);
        let sold = world.sell(&seller, discounted("5000.00"));

        let (limit, asked) = (money("10000.00"), money("11000.00"));
        assert_eq!(refusal(by_seller), SaleRefusal::DiscountLimitExceeded { limit, asked }.into());
        let problem = FieldProblem::DiscountAboveLimit { limit: "10000.00".to_owned() };
        let mut errors = FieldErrors::one("discount_amount", problem.clone());
        errors.add_elements("items", vec![FieldErrors::one("unit_price", problem)]);
        assert_eq!(refusal(by_owner), Refusal::Fields(errors));
        assert_eq!((sold.sale.net_total, sold.lines[0].source), (money("90000.00"), DiscountSource::Manual));
        let told = world.database.lines(
            "SELECT details AS line FROM audit_entries WHERE subject_type = 'sale' AND action = 'create'",
        );
        assert_eq!(told, [
            "{\"discount_amount\":\"5000.00\",\"lines\":[{\"item_discount_amt\":\"2500.00\",\"item_discount_pct\":\"5.00\",\
             \"list_price\":\"50000.00\",\"original_price\":\"50000.00\",\"product\":1,\"quantity\":\"2.000\"}]}",
        ]);
    }

    fn a_seller_names_no_price_but_a_manager_may(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let seller = world.hire(&shop, Role::Seller);
        let product = stocked(&world, &shop, 1, "100.00");
        let unpriced = stocked(&world, &shop, 2, "0.00");
        let at = |product, price: &str| {
            let mut command = sale(&shop, &[(product, "1")]);
            command.items[0].unit_price = Some(money(price));
            command
        };

        let raised = sales::sell(&world.context, &seller, at(product, "120.00"), &Unkeyed);
        let lowered = sales::sell(&world.context, &seller, at(product, "90.00"), &Unkeyed);
        let without = sales::sell(&world.context, &seller, sale(&shop, &[(unpriced, "1")]), &Unkeyed);
        let by_owner = world.sell(&shop.owner, at(product, "120.00"));
        let named = world.sell(&shop.owner, at(unpriced, "7.00"));
        let same = world.sell(&seller, at(product, "100.00"));

        let told = SaleRefusal::PriceOverrideNotAllowed { product_id: Some(product), price: Some(money("100.00")) };
        assert_eq!(refusal(raised), told.into());
        let untold = SaleRefusal::PriceOverrideNotAllowed { product_id: None, price: None };
        assert_eq!(refusal(lowered), untold.into());
        assert_eq!(refusal(without), SaleRefusal::PriceMissing { product_id: unpriced }.into());
        let totals = [by_owner, named, same].map(|sold| sold.sale.net_total);
        assert_eq!(totals, [money("120.00"), money("7.00"), money("100.00")]);
        let told = world.database.lines(
            "SELECT details AS line FROM audit_entries WHERE subject_type = 'sale' AND details LIKE '%lines%' ORDER BY id",
        );
        let priced = |product: i64, listed: &str, price: &str| format!(
            "{{\"discount_amount\":\"0.00\",\"lines\":[{{\"item_discount_amt\":\"0.00\",\"item_discount_pct\":\"0.00\",\
             \"list_price\":\"{listed}\",\"original_price\":\"{price}\",\"product\":{product},\"quantity\":\"1.000\"}}]}}",
        );
        assert_eq!(told, [priced(1, "100.00", "120.00"), priced(2, "0.00", "7.00")]);
    }

    fn discounts_are_refused_where_the_store_gives_none(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let seller = world.hire(&shop, Role::Seller);
        let product = stocked(&world, &shop, 1, "100.00");
        change(&world, &shop, SettingsPatch { allow_discount: Some(false), ..SettingsPatch::default() });
        let command = Sell { discount: money("1.00"), ..sale(&shop, &[(product, "1")]) };

        let by_seller = sales::sell(&world.context, &seller, command.clone(), &Unkeyed);
        let by_owner = sales::sell(&world.context, &shop.owner, command, &Unkeyed);

        assert_eq!(refusal(by_seller), SaleRefusal::DiscountNotAllowed.into());
        assert_eq!(refusal(by_owner), Refusal::field("discount_amount", FieldProblem::DiscountNotAllowed));
    }

    fn a_sale_is_paid_as_the_store_takes_it(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = stocked(&world, &shop, 1, "100.00");
        let by = |payment_type| Sell { payment_type, ..sale(&shop, &[(product, "1")]) };

        let card = world.sell(&shop.owner, by(PaymentType::Card));
        let debt = sales::sell(&world.context, &shop.owner, by(PaymentType::Debt), &Unkeyed);
        let short = Sell { tendered: Tendered { paid: Some(money("99.00")), ..Tendered::default() }, ..by(PaymentType::Cash) };
        let short = sales::sell(&world.context, &shop.owner, short, &Unkeyed);

        assert_eq!(card.sale.settlement.payment, Payment { cash: Money::ZERO, card: money("100.00") });
        assert_eq!(refusal(debt), Refusal::field("payment_type", FieldProblem::PaymentNotAccepted));
        let mut errors = FieldErrors::one("paid_amount", FieldProblem::Expected { value: "100.00".to_owned() });
        errors.add("expected_total", FieldProblem::Figure { value: "100.00".to_owned() });
        assert_eq!(refusal(short), Refusal::Fields(errors));
    }

    fn a_seller_sells_in_his_own_branch_unless_another_is_named(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let other = world.shop();
        let seller = world.hire(&shop, Role::Seller);
        let product = stocked(&world, &shop, 1, "100.00");
        let nowhere = Sell { branch: None, ..sale(&shop, &[(product, "1")]) };

        let sold = world.sell(&seller, nowhere.clone());
        let without = sales::sell(&world.context, &shop.owner, nowhere, &Unkeyed);
        let foreign = sales::sell(&world.context, &seller, sale(&other, &[(product, "1")]), &Unkeyed);

        assert_eq!((sold.sale.branch_id, sold.sale.branch_name.as_str()), (shop.branch_id, "Markaz"));
        assert_eq!(refusal(without), Refusal::field("branch", FieldProblem::Required));
        assert_eq!(refusal(foreign), Refusal::field("branch", FieldProblem::UnknownObject));
    }

    fn everything_wrong_with_the_lines_is_named_at_once(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let other = world.shop();
        let own = stocked(&world, &shop, 1, "100.00");
        let foreign = stocked(&world, &other, 2, "100.00");
        let gone = stocked(&world, &shop, 3, "100.00");
        world.database.execute("UPDATE products SET status = 'inactive' WHERE id = 3");
        let before = world.database.dump();
        let items = [(own, "1"), (foreign, "1"), (gone, "0")];

        let outcome = sales::sell(&world.context, &shop.owner, Sell { customer: Some(1), ..sale(&shop, &items) }, &Unkeyed);

        let unknown = FieldErrors::one("product", FieldProblem::UnknownObject);
        let mut gone = unknown.clone();
        gone.add("quantity", FieldProblem::NotPositive);
        let mut errors = FieldErrors::one("customer", FieldProblem::UnknownObject);
        errors.add_elements("items", vec![FieldErrors::new(), unknown, gone]);
        assert_eq!(refusal(outcome), Refusal::Fields(errors));
        assert_eq!(world.database.dump(), before);
    }

    /// The figures of shop.md 11: (10 x 100.55 + 5 x 200.00) / 15 = 133.70, and 145.75 once 4 of the first batch are sold.
    fn what_is_left_after_a_sale_is_worth_what_it_cost(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = product(&world, &shop, 1, "500.00");
        let expires_on = chrono::NaiveDate::from_ymd_opt(2026, 6, 1);
        world.receive(&shop, MoveGoods { expires_on, ..receipt(&shop, product, "10", "100.55") });
        world.receive(&shop, receipt(&shop, product, "5", "200.00"));
        let price = || products::detail(&world.context, &shop.owner, product).unwrap().purchase_price;

        assert_eq!(price(), money("133.70"));
        world.sell(&shop.owner, sale(&shop, &[(product, "4")]));
        assert_eq!(price(), money("145.75"));
    }

    fn a_line_keeps_the_name_and_the_unit_in_which_it_was_sold(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = stocked(&world, &shop, 1, "100.00");
        let sold = world.sell(&shop.owner, sale(&shop, &[(product, "1.5")]));

        world.database.execute("UPDATE products SET unit = 'kg', name = 'Boshqa'");

        assert_eq!(sales::view(&world.context, &shop.owner, sold.sale.id).unwrap().lines, sold.lines);
    }

    fn every_sale_leaves_one_audit_row_and_one_event(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = stocked(&world, &shop, 1, "100.00");

        let sold = world.sell(&shop.owner, sale(&shop, &[(product, "1")]));
        sales::cancel(&world.context, &shop.owner, cancel(sold.sale.id), &Unkeyed).unwrap();

        let traces = world.database.lines(
            "SELECT action || ' ' || subject_type || ' ' || subject_id || ': ' || description || details AS line \
             FROM audit_entries WHERE subject_type = 'sale' ORDER BY id",
        );
        let id = sold.sale.id;
        assert_eq!(traces, [
            format!("create sale {id}: Sotuv №1: 100.00 so'm"),
            format!(
                "cancel sale {id}: Sotuv №1 bekor qilindi: 100.00 so'm{{\"changes\":{{\
                 \"cancel_reason\":{{\"new\":\"xato\",\"old\":\"\"}},\"refund_cash\":{{\"new\":\"100.00\",\"old\":\"0.00\"}},\
                 \"status\":{{\"new\":\"cancelled\",\"old\":\"completed\"}}}}}}",
            ),
        ]);
        let events = world.database.lines(
            "SELECT event || ' ' || subject_id AS line FROM outbox WHERE subject_type = 'sale' ORDER BY id",
        );
        assert_eq!(events, [format!("sale.completed {id}"), format!("sale.cancelled {id}")]);
    }

    fn a_sale_is_cancelled_once_and_by_those_who_lead(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let other = world.shop();
        let seller = world.hire(&shop, Role::Seller);
        let product = stocked(&world, &shop, 1, "100.00");
        let command = Sell { payment_type: PaymentType::Card, ..sale(&shop, &[(product, "1")]) };
        let sold = world.sell(&seller, command);
        world.clock.advance(TimeDelta::hours(1));

        let by_seller = sales::cancel(&world.context, &seller, cancel(sold.sale.id), &Unkeyed);
        let by_stranger = sales::cancel(&world.context, &other.owner, cancel(sold.sale.id), &Unkeyed);
        let cancelled = sales::cancel(&world.context, &shop.owner, cancel(sold.sale.id), &Unkeyed).unwrap();
        let again = sales::cancel(&world.context, &shop.owner, cancel(sold.sale.id), &Unkeyed);

        assert_eq!(refusal(by_seller).code(), Some("role_required"));
        assert_eq!(refusal(by_stranger), Refusal::NotFound);
        assert_eq!(refusal(again), SaleRefusal::AlreadyCancelled.into());
        let mut expected = sold;
        expected.sale.status = SaleStatus::Cancelled;
        expected.cancelled_at = Some("2026-03-12T06:00:00Z".parse().unwrap());
        expected.cancelled_by_name = Some(shop.owner.name.clone());
        expected.cancel_reason = "xato".to_owned();
        expected.refund.payment = Payment { cash: Money::ZERO, card: money("100.00") };
        assert_eq!(cancelled, expected);
        assert_eq!(sales::view(&world.context, &seller, cancelled.sale.id).unwrap(), expected);
        assert_eq!(refusal(sales::view(&world.context, &other.owner, cancelled.sale.id)), Refusal::NotFound);
    }

    fn a_list_of_sales_is_filtered(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let other = world.shop();
        let seller = world.hire(&shop, Role::Seller);
        let product = stocked(&world, &shop, 1, "100.00");
        for pieces in ["3", "1", "2"] {
            world.sell(&seller, sale(&shop, &[(product, pieces)]));
            world.clock.advance(TimeDelta::days(1));
        }
        let by_card = Sell { payment_type: PaymentType::Card, ..sale(&shop, &[(product, "1")]) };
        let last = world.sell(&shop.owner, by_card);
        sales::cancel(&world.context, &shop.owner, cancel(last.sale.id), &Unkeyed).unwrap();
        let find = |query| numbers(&world, &shop.owner, query);
        let day = |day: u32| chrono::NaiveDate::from_ymd_opt(2026, 3, day);

        assert_eq!(find(all()), [4, 3, 2, 1]);
        assert_eq!(find(ListSales { period: Period { day: day(13), ..Period::default() }, ..all() }), [2]);
        assert_eq!(find(ListSales { period: Period { day: None, from: day(13), to: day(14) }, ..all() }), [3, 2]);
        assert_eq!(find(ListSales { statuses: vec![SaleStatus::Cancelled], ..all() }), [4]);
        assert_eq!(find(ListSales { payment_type: Some(PaymentType::Cash), ..all() }), [3, 2, 1]);
        let worker = seller.worker.as_ref().map(|worker| worker.id);
        assert_eq!(find(ListSales { worker, ..all() }), [3, 2, 1]);
        assert_eq!(find(ListSales { branch: Some(shop.branch_id), ..all() }), [4, 3, 2, 1]);
        assert_eq!(find(ListSales { branch: Some(LocationId::new(999)), ..all() }), [0; 0]);
        assert_eq!(find(ListSales { customer: Some(1), ..all() }), [0; 0]);
        assert_eq!(find(ListSales { shift: Some(ShiftId::new(1)), ..all() }), [0; 0]);
        assert_eq!(find(ListSales { search: "3".to_owned(), ..all() }), [3]);
        assert_eq!(find(ListSales { search: "%".to_owned(), ..all() }), [0; 0]);
        let by_total = SortBy { column: SaleColumn::TotalPrice, is_descending: false };
        assert_eq!(find(ListSales { sort: vec![by_total], ..all() }), [2, 4, 3, 1]);
        assert_eq!(numbers(&world, &other.owner, all()), [0; 0]);
        let turned = sales::list(&world.context, &shop.owner, ListSales { period: Period { day: None, from: day(14), to: day(13) }, ..all() });
        assert_eq!(refusal(turned), Refusal::field("date_from", FieldProblem::EmptyPeriod));
        let page = ListSales { page: Page::new(2, 3), ..all() };
        let page = sales::list(&world.context, &shop.owner, page).unwrap();
        assert_eq!((page.total, page.rows.len(), page.rows[0].number), (4, 1, 1));
        world.use_shifts(&shop);
        let shift = world.open_shift(&shop.owner, shift(&shop)).shift.id;
        world.sell(&shop.owner, sale(&shop, &[(product, "1")]));
        assert_eq!(find(ListSales { shift: Some(shift), ..all() }), [5]);
    }

    fn a_sale_of_many_lines_costs_as_many_statements_as_one_of_few(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let products: Vec<_> = (1..=20).map(|id| stocked(&world, &shop, id, "100.00")).collect();
        let statements = |lines: usize| {
            let items: Vec<_> = products.iter().take(lines).map(|product| (*product, "1")).collect();
            let before = world.database.probe().statements();
            world.sell(&shop.owner, sale(&shop, &items));
            world.database.probe().statements() - before
        };

        let counted = [3, 20].map(statements);

        // BEGIN and COMMIT of SQLite belong to the group.
        let expected = if world.database.is_postgres() { 10 } else { 9 };
        assert_eq!(counted, [expected, expected]);
    }

    fn a_sale_or_cancel_that_fails_at_any_statement_leaves_nothing_behind(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let products = [1, 2, 3].map(|id| stocked(&world, &shop, id, "100.00"));
        let items = products.map(|product| (product, "1"));

        let sell = || sales::sell(&world.context, &shop.owner, sale(&shop, &items), &Unkeyed);
        let (sold, statements) = world.fails_at_every_statement(sell);
        let sold = sold.sale;
        assert!(statements > 8, "only {statements} statements");
        let undo = || sales::cancel(&world.context, &shop.owner, cancel(sold.sale.id), &Unkeyed);
        let (_, statements) = world.fails_at_every_statement(undo);
        assert!(statements > 8, "only {statements} statements");
    }
}
