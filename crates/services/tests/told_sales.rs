//! Sales as clients tell them: paid in parts, under an id of the client's own, after the fact, many at once.

#![cfg(test)]

mod support;

use chrono::{DateTime, TimeDelta, Utc};
use savdo_domain::access::{Actor, Role};
use savdo_domain::ids::ProductId;
use savdo_domain::sale::{ClientId, Payment, PaymentType, SaleRefusal, Settlement, Tendered};
use savdo_domain::settings::SettingsPatch;
use savdo_domain::zone::Moment;
use savdo_domain::{FieldErrors, FieldProblem, Money, Refusal};
use savdo_persistence::on_both;
use savdo_services::once::Unkeyed;
use savdo_services::sales::{self, CancelSale, ListSales, Sell, Sold};
use savdo_services::shifts;
use savdo_services::testing::{Shop, World, at_once, end, money, receipt, refusal, sale, shift};
use savdo_services::verify::verify;
use savdo_services::{Page, Period, Result, settings};
use support::product;

fn stocked(world: &World, shop: &Shop, id: i64, price: &str) -> ProductId {
    let product = product(world, shop, id, price);
    world.receive(shop, receipt(shop, product, "100", "50.00"));
    product
}

fn change(world: &World, shop: &Shop, patch: SettingsPatch) {
    settings::change(&world.context, &shop.owner, shop.store_id, patch).unwrap();
}

fn sell(world: &World, actor: &Actor, command: Sell) -> Result<Sold> {
    sales::sell(&world.context, actor, command, &Unkeyed)
}

fn client_id(number: u32) -> Option<ClientId> {
    ClientId::parse(&format!("0193a5b0-7e1c-7c3d-9a2b-{number:012x}")).ok()
}

fn mixed(cash: &str) -> Tendered {
    Tendered {
        cash: Some(money(cash)),
        ..Tendered::default()
    }
}

on_both! {
    fn a_mixed_sale_is_paid_in_cash_and_by_card(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let dear = stocked(&world, &shop, 1, "999.99");
        let cheap = stocked(&world, &shop, 2, "100.00");
        let items = [(dear, "1"), (cheap, "3")];
        let command = |cash: &str| Sell {
            payment_type: PaymentType::Mixed,
            discount: money("100.00"),
            tendered: mixed(cash),
            ..sale(&shop, &items)
        };

        let sold = world.sell(&shop.owner, command("1000.00"));
        let all_in_cash = sell(&world, &shop.owner, command("1199.99"));
        let unsplit = sell(&world, &shop.owner, Sell { tendered: Tendered::default(), ..command("1") });
        let undone = CancelSale { id: sold.sale.id, reason: String::new() };
        let undone = sales::cancel(&world.context, &shop.owner, undone, &Unkeyed).unwrap();

        let parts = Payment { cash: money("1000.00"), card: money("199.99") };
        let settled = Settlement { payment: parts, debt: Money::ZERO };
        assert_eq!((sold.sale.net_total, sold.sale.settlement), (money("1199.99"), settled));
        assert_eq!(refusal(all_in_cash), Refusal::field("card_amount", FieldProblem::NotPositive));
        assert_eq!(refusal(unsplit), Refusal::field("cash_amount", FieldProblem::Required));
        assert_eq!(undone.refund, settled);
        assert_eq!(verify(&world.context).unwrap().differences, []);
    }

    fn the_parts_of_a_mixed_sale_are_cash_and_card_of_its_shift(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = stocked(&world, &shop, 1, "100.00");
        world.use_shifts(&shop);
        let id = world.open_shift(&shop.owner, shift(&shop)).shift.id;
        let command = Sell { payment_type: PaymentType::Mixed, tendered: mixed("30.00"), ..sale(&shop, &[(product, "1")]) };
        let first = world.sell(&shop.owner, command.clone());
        world.sell(&shop.owner, command);

        let report = world.close_shift(&shop.owner, end(id)).report;
        let next = world.open_shift(&shop.owner, shift(&shop)).shift.id;
        let undone = CancelSale { id: first.sale.id, reason: String::new() };
        sales::cancel(&world.context, &shop.owner, undone, &Unkeyed).unwrap();
        let after = shifts::x_report(&world.context, &shop.owner, next).unwrap().report;

        let of = report.by_payment;
        assert_eq!((of.cash, of.card, of.mixed), (money("60.00"), money("140.00"), money("200.00")));
        assert_eq!((report.sales_total, report.cash_expected), (money("200.00"), money("60.00")));
        assert_eq!((after.cancel_refunds.cash, after.cancel_refunds.card), (money("30.00"), money("70.00")));
        assert_eq!(verify(&world.context).unwrap().differences, []);
    }

    fn each_way_of_paying_is_a_setting_and_nobody_is_known_who_could_owe(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = stocked(&world, &shop, 1, "100.00");
        let by = |payment_type| {
            let tendered = Tendered { cash: Some(money("40.00")), ..Tendered::default() };
            sell(&world, &shop.owner, Sell { payment_type, tendered, ..sale(&shop, &[(product, "1")]) })
        };
        change(&world, &shop, SettingsPatch { allow_card: Some(false), ..SettingsPatch::default() });

        let refused = [PaymentType::Card, PaymentType::Mixed, PaymentType::Debt].map(by);
        change(&world, &shop, SettingsPatch { allow_debt: Some(true), ..SettingsPatch::default() });
        let nobodys = by(PaymentType::Debt);
        let taken = by(PaymentType::Cash);

        for outcome in refused.into_iter().chain([nobodys]) {
            assert_eq!(refusal(outcome), Refusal::field("payment_type", FieldProblem::PaymentNotAccepted));
        }
        assert_eq!(taken.unwrap().sale.sale.settlement.payment.cash, money("100.00"));
    }

    fn a_sale_that_its_client_tells_again_is_the_same_sale(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let other = world.shop();
        let seller = world.hire(&shop, Role::Seller);
        let product = stocked(&world, &shop, 1, "100.00");
        let foreign = stocked(&world, &other, 2, "100.00");
        let command = || Sell { client_id: client_id(7), ..sale(&shop, &[(product, "1")]) };

        let first = sell(&world, &seller, command()).unwrap();
        let before = world.database.dump();
        world.clock.advance(TimeDelta::minutes(1));
        let same = sell(&world, &shop.owner, Sell { discount: money("5.00"), ..command() }).unwrap();
        let unchanged = world.database.dump() == before;
        let elsewhere = sell(&world, &other.owner, Sell { client_id: client_id(7), ..sale(&other, &[(foreign, "1")]) }).unwrap();

        assert!(first.is_new && !same.is_new && elsewhere.is_new && unchanged);
        assert_eq!(same.sale, first.sale);
        assert_eq!(first.sale.client_id.as_deref(), Some("0193a5b0-7e1c-7c3d-9a2b-000000000007"));
        assert_ne!(elsewhere.sale.sale.id, first.sale.sale.id);
    }

    fn a_sale_that_is_told_twenty_times_at_once_is_one(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = stocked(&world, &shop, 1, "100.00");

        for round in 0..3 {
            let outcomes = at_once(20, |_| {
                let command = Sell { client_id: client_id(round), ..sale(&shop, &[(product, "1")]) };
                sell(&world, &shop.owner, command).unwrap()
            });

            let first = outcomes.first().unwrap().sale.clone();
            assert!(outcomes.iter().all(|sold| sold.sale == first));
            assert_eq!(outcomes.iter().filter(|sold| sold.is_new).count(), 1);
        }
        assert_eq!(world.levels(), ["1: 97000 97000 -"]);
        assert_eq!(world.database.lines("SELECT event AS line FROM outbox WHERE event = 'sale.completed'").len(), 3);
        assert_eq!((verify(&world.context).unwrap().differences, world.database.probe().retries()), (Vec::new(), 0));
    }

    fn a_client_whose_sale_was_refused_may_tell_it_again(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = stocked(&world, &shop, 1, "100.00");
        let command = |pieces| Sell { client_id: client_id(1), ..sale(&shop, &[(product, pieces)]) };

        let refused = sell(&world, &shop.owner, command("101"));
        let sold = sell(&world, &shop.owner, command("100")).unwrap();

        assert_eq!(refusal(refused).code(), Some("insufficient_stock"));
        assert!(sold.is_new);
    }

    fn a_sale_is_of_the_day_on_which_it_was_made(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = stocked(&world, &shop, 1, "100.00");
        let now = world.context.now();
        let at = |moment: &str| Sell { sold_at: Moment::parse(moment).ok(), ..sale(&shop, &[(product, "1")]) };

        // Half past eleven in the evening before, by the clock of the store.
        let sold = world.sell(&shop.owner, at("2026-03-11T23:30:00"));
        let same = world.sell(&shop.owner, at("2026-03-11T18:30:00.1234567Z"));
        let early = sell(&world, &shop.owner, at("2026-02-10T09:59:59+05:00"));
        let late = sell(&world, &shop.owner, at("2026-03-12T10:05:01+05:00"));
        let first = world.sell(&shop.owner, at("2026-02-10T10:00:00+05:00"));
        let ahead = world.sell(&shop.owner, at("2026-03-12T10:05:00+05:00"));

        let instant = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert_eq!((sold.sale.sold_at, sold.sale.created_at), (instant("2026-03-11T18:30:00Z"), now));
        assert_eq!(same.sale.sold_at, instant("2026-03-11T18:30:00.123456Z"));
        let bounds = FieldProblem::OutOfRange {
            min: "2026-02-10T10:00:00+05:00".to_owned(),
            max: "2026-03-12T10:05:00+05:00".to_owned(),
        };
        for outcome in [early, late] {
            assert_eq!(refusal(outcome), Refusal::Fields(FieldErrors::one("sold_at", bounds.clone())));
        }
        let days = world.database.lines("SELECT CAST(day AS TEXT) AS line FROM sales ORDER BY id");
        assert_eq!(days, ["2026-03-11", "2026-03-11", "2026-02-10", "2026-03-12"]);
        let moved = world.database.lines("SELECT DISTINCT CAST(day AS TEXT) AS line FROM stock_movements");
        assert_eq!(moved, ["2026-03-12"]);
        let list = |day: u32| {
            let query = ListSales {
                period: Period { day: chrono::NaiveDate::from_ymd_opt(2026, 3, day), ..Period::default() },
                branch: None,
                worker: None,
                customer: None,
                shift: None,
                payment_type: None,
                statuses: Vec::new(),
                search: String::new(),
                sort: Vec::new(),
                page: Page::new(1, 100),
            };
            let rows = sales::list(&world.context, &shop.owner, query).unwrap().rows;
            rows.iter().map(|row| row.id).collect::<Vec<_>>()
        };
        assert_eq!((list(11), list(12)), (vec![same.sale.id, sold.sale.id], vec![ahead.sale.id]));
        assert_eq!(sales::view(&world.context, &shop.owner, first.sale.id).unwrap(), first);
    }

    fn a_sale_of_yesterday_joins_the_shift_that_is_open_and_takes_no_batch_that_expired_since(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = product(&world, &shop, 1, "100.00");
        let mut dated = receipt(&shop, product, "5", "50.00");
        dated.expires_on = chrono::NaiveDate::from_ymd_opt(2026, 3, 11);
        world.receive(&shop, dated);
        world.receive(&shop, receipt(&shop, product, "5", "60.00"));
        world.use_shifts(&shop);
        let id = world.open_shift(&shop.owner, shift(&shop)).shift.id;
        let sold_at = Moment::parse("2026-03-11T12:00:00").ok();

        let sold = world.sell(&shop.owner, Sell { sold_at, ..sale(&shop, &[(product, "5")]) });
        let more = sell(&world, &shop.owner, Sell { sold_at, ..sale(&shop, &[(product, "1")]) });

        assert_eq!((sold.shift_id, sold.lines.first().unwrap().cost), (Some(id), money("300.00")));
        assert_eq!(refusal(more).code(), Some("insufficient_stock"));
        assert_eq!(verify(&world.context).unwrap().differences, []);
    }

    fn sales_and_cancels_of_the_same_goods_conserve_them(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = product(&world, &shop, 1, "100.00");
        world.receive(&shop, receipt(&shop, product, "4", "10.01"));
        world.receive(&shop, receipt(&shop, product, "4", "20.03"));
        let known: Vec<_> = (0..8).map(|_| world.sell(&shop.owner, sale(&shop, &[(product, "1")])).sale.id).collect();

        let outcomes = at_once(16, |who| {
            let (id, reason) = (known[who / 2], String::new());
            match who % 2 {
                0 => sales::cancel(&world.context, &shop.owner, CancelSale { id, reason }, &Unkeyed).map(|_| 1),
                _ => sell(&world, &shop.owner, sale(&shop, &[(product, "1")])).map(|_| -1),
            }
        });

        let left: i64 = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok()).sum();
        for outcome in outcomes.into_iter().filter(Result::is_err) {
            assert_eq!(refusal(outcome).code(), Some("insufficient_stock"));
        }
        assert_eq!(world.levels(), [format!("1: {0} {0} -", left * 1_000)]);
        world.check_ledger();
        assert_eq!((verify(&world.context).unwrap().differences, world.database.probe().retries()), (Vec::new(), 0));
    }

    fn of_one_sale_that_is_undone_and_sold_again_at_once_nothing_is_lost(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = product(&world, &shop, 1, "100.00");
        world.receive(&shop, receipt(&shop, product, "1", "10.00"));

        for _ in 0..6 {
            let id = world.sell(&shop.owner, sale(&shop, &[(product, "1")])).sale.id;
            let outcomes = at_once(3, |who| match who {
                0 => sell(&world, &shop.owner, sale(&shop, &[(product, "1")])).map(|sold| Some(sold.sale.sale.id)),
                _ => sales::cancel(&world.context, &shop.owner, CancelSale { id, reason: String::new() }, &Unkeyed).map(|_| None),
            });

            let [sold, one, two] = <[_; 3]>::try_from(outcomes).unwrap();
            assert!(one.is_ok() != two.is_ok());
            let lost = if one.is_ok() { two } else { one };
            assert_eq!(refusal(lost), SaleRefusal::AlreadyCancelled.into());
            match sold {
                Ok(sold) => {
                    let id = sold.unwrap();
                    sales::cancel(&world.context, &shop.owner, CancelSale { id, reason: String::new() }, &Unkeyed).unwrap();
                }
                refused => assert_eq!(refusal(refused).code(), Some("insufficient_stock")),
            }
            assert_eq!(world.levels(), ["1: 1000 1000 -"]);
        }
        world.check_ledger();
    }
}
