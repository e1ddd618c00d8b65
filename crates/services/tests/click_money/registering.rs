//! Sales that Click registers with the tax office: once each, whatever fails, and no order waits for it.

use std::sync::Arc;

use savdo_domain::ids::{OrderId, TransactionId};
use savdo_domain::payment::click::{Call, Complete, TaxNumber};
use savdo_persistence::on_both;
use savdo_persistence::testing::TestDatabase;
use savdo_services::desks::Desks;
use savdo_services::payments::click;
use savdo_services::testing::{CLICK_SECRET, ClickFails, Mailbox, PAYME_KEY, desks};

use crate::support::{TOTAL, Town, both_told};

const CODED: &str = "UPDATE products SET mxik_code = '00702001001000001', package_code = '1244862', vat_percent = 1200";
const PAID: &str = "paid paid; click success; performed";
const REGISTERED: &str = "click PERFORM 0  https://ofd.soliq.uz/epi?t=77";
const WAITS: &str = "Click has no receipt yet";
/// More statements than a registration takes, with all the looks for work around it.
const STATEMENTS_MAX: u64 = 200;

/// A town whose sales Click registers, with goods that the tax office knows.
fn registering(database: TestDatabase) -> Town {
    let mut town = Town::on(database);
    let desks = Desks {
        click_fiscal: TaxNumber::parse("123456789"),
        ..desks(PAYME_KEY, CLICK_SECRET)
    };
    town.world.context = town.world.with_desks(desks);
    town.runner = town.world.runner_at(&Mailbox::default(), &town.click);
    town.world.database.execute(CODED);
    town
}

impl Town {
    /// Click calls Complete, as it does: the code that it is answered.
    fn call_complete(&self, order_id: OrderId, paydoc: i64, number: TransactionId) -> i64 {
        let desks = self.world.context.desks().unwrap();
        let (_, desk) = desks.click_on().next().unwrap();
        let asked = click::Asked {
            desk,
            stores_with_own: &[],
            holds_for: desks.click_holds_for,
            call: Call::Complete(Complete {
                click_trans_id: 1_000_000 + paydoc,
                paydoc_id: None,
                order: Some(order_id),
                prepare_id: Some(number),
                amount: Some(TOTAL),
                error: 0,
            }),
            request: "{}".to_owned(),
            tries: click::Tries::default(),
        };
        let answered = click::call(&self.world.context, asked, Arc::new(|_| "{}".to_owned()));
        answered.unwrap().code.number()
    }

    /// An order that was paid by this payment of Click.
    fn sold(&self, paydoc: i64) -> OrderId {
        let order_id = self.order();
        let number = self.prepare(order_id, paydoc);
        assert_eq!(self.call_complete(order_id, paydoc, number), 0);
        self.click.has(paydoc, 2);
        order_id
    }

    /// The receipts: who registers, which one, how far it is.
    fn receipts(&self) -> Vec<String> {
        self.world.database.lines(
            "SELECT COALESCE(p.fiscal_owner, '-') || ' ' || f.kind || ' ' || COALESCE(CAST(f.status_code AS TEXT), '-') || ' ' \
             || COALESCE(f.message, '') || ' ' || COALESCE(f.qr_code_url, '') AS line \
             FROM fiscal_records AS f JOIN provider_transactions AS t ON t.id = f.transaction_id \
             JOIN payments AS p ON p.id = t.payment_id ORDER BY f.id",
        )
    }

    fn told_items(&self) -> usize {
        self.click
            .asked()
            .iter()
            .filter(|asked| asked.contains(" items "))
            .count()
    }
}

on_both! {
    fn a_sale_is_told_as_it_was_and_its_receipt_kept(database: TestDatabase) {
        let town = registering(database);
        let order_id = town.sold(77);
        assert_eq!((town.story().as_str(), town.click.asked()), (PAID, vec![]), "the order waits for nothing");

        town.run();

        assert_eq!(town.click.asked(), ["85335 items 77", "85335 receipt 77"]);
        assert_eq!((town.receipts(), town.messages()), (vec![REGISTERED.to_owned()], vec!["sent 1 ".to_owned()]));
        let sale = town.click.sale(77).unwrap();
        assert_eq!((Some(sale.seller), sale.total, sale.items.len()), (TaxNumber::parse("123456789"), TOTAL, 1));
        let item = &sale.items[0];
        assert_eq!([item.name.as_str(), &item.spic, &item.package_code], ["Dori dona", "00702001001000001", "1244862"]);
        assert_eq!([item.price, item.good_price, item.vat, item.discount].map(savdo_domain::Money::tiyin), [1_000_000, 1_000_000, 107_143, 0]);
        let number = town.world.database.lines("SELECT CAST(id AS TEXT) AS line FROM provider_transactions");
        assert_eq!(town.call_complete(order_id, 77, TransactionId::new(number[0].parse().unwrap())), -4);
        town.run();
        assert_eq!(town.messages().len(), 1, "a repeat sells nothing");
        town.agrees();
    }

    fn a_receipt_that_takes_its_time_is_asked_for_and_its_items_are_told_once(database: TestDatabase) {
        let town = registering(database);
        town.click.is_slow_to_print();
        town.sold(77);

        town.run();
        town.run_after(13);

        assert_eq!((town.receipts(), town.messages()), (vec!["click PERFORM - submitted ".to_owned()], vec![format!("waiting 2 {WAITS}")]));
        town.click.prints(77);
        town.run_after(73);
        assert_eq!(town.click.asked(), ["85335 items 77", "85335 receipt 77", "85335 receipt 77", "85335 receipt 77"]);
        assert_eq!(town.receipts(), [REGISTERED]);
        town.agrees();
    }

    fn a_receipt_that_never_comes_is_told_of(database: TestDatabase) {
        let town = registering(database);
        town.click.is_slow_to_print();
        town.sold(77);

        for _ in 0..9 {
            town.run_after(8 * 3600);
        }
        assert_eq!(town.told(), [""; 0]);
        town.run_after(8 * 3600);

        assert_eq!(town.messages(), [format!("dead 10 {WAITS}")]);
        assert_eq!(town.told(), both_told("fiscal_failed"));
        assert_eq!(town.told_items(), 1);
        town.click.prints(77);
        town.put_back();
        town.run();
        assert_eq!((town.receipts(), town.told_items()), (vec![REGISTERED.to_owned()], 1));
        town.agrees();
    }

    fn items_that_may_have_arrived_are_asked_for_before_they_are_told_again(database: TestDatabase) {
        let town = registering(database);
        let failures = [
            (ClickFails::AnswerLost, vec!["items", "receipt"]),
            (ClickFails::RequestLost, vec!["items", "receipt", "items", "receipt"]),
            (ClickFails::NotNow, vec!["items", "items", "receipt"]),
        ];
        for (paydoc, (failure, expected)) in (1..).zip(failures) {
            let earlier = town.click.asked().len();
            town.sold(paydoc);
            town.click.will_fail([Some(failure)]);

            town.run();
            town.run_after(13);

            let expected: Vec<_> = expected.iter().map(|what| format!("85335 {what} {paydoc}")).collect();
            assert_eq!(town.click.asked()[earlier..], expected, "{failure:?}");
        }
        assert!(town.receipts().iter().all(|receipt| receipt.starts_with("click PERFORM 0 ")), "{:?}", town.receipts());
        town.agrees();
    }

    fn a_sale_that_click_refuses_is_failed_with_its_code_and_given_up(database: TestDatabase) {
        let town = registering(database);
        town.sold(77);
        town.click.will_fail([Some(ClickFails::Refuses)]);

        town.run();

        assert_eq!(town.receipts(), ["click PERFORM -500 200 error -500: SPIC "]);
        assert_eq!((town.messages(), town.story().as_str()), (vec!["dead 1 200 error -500: SPIC".to_owned()], PAID));
        assert_eq!(town.told(), both_told("fiscal_failed"));
        town.agrees();
    }

    fn goods_without_codes_are_not_told_and_hold_up_nothing(database: TestDatabase) {
        let town = registering(database);
        town.world.database.execute("UPDATE products SET package_code = ''");
        town.sold(77);

        town.run();

        assert_eq!((town.click.asked(), town.story().as_str()), (vec![], PAID));
        assert_eq!(town.receipts(), ["click PERFORM -2 NoCode { line: 1 } "]);
        assert_eq!(town.messages(), ["dead 1 it cannot be registered: NoCode { line: 1 }"]);
        assert_eq!(town.told(), both_told("fiscal_failed"));

        town.world.database.execute(CODED);
        town.put_back();
        town.run();
        assert_eq!((town.receipts(), town.told()), (vec![REGISTERED.to_owned()], both_told("fiscal_failed")));
        town.agrees();
        town.agrees();
    }

    fn money_that_is_to_go_back_is_not_registered(database: TestDatabase) {
        let town = registering(database);
        let order_id = town.sold(77);
        town.give_up(order_id).unwrap();

        town.run();

        assert_eq!(town.click.asked(), ["85335 reverse 77"]);
        assert_eq!((town.receipts(), town.messages()[0].as_str()), (vec![], "dismissed 1 the money is not here, or not to stay"));
        town.agrees();
    }

    fn nothing_is_registered_by_default(database: TestDatabase) {
        let town = Town::on(database);
        town.world.database.execute(CODED);
        town.sold(77);

        town.run();

        assert_eq!((town.click.asked(), town.messages(), town.receipts()), (vec![], vec![], vec![]));
    }

    fn a_sale_is_told_once_whatever_statement_fails(database: TestDatabase) {
        let town = registering(database);
        for nth in 1..STATEMENTS_MAX {
            town.sold(i64::try_from(nth).unwrap());
            town.world.database.probe().fail_at(nth);
            // What fails is reported, and due again.
            let _ = town.runner.send_due(|| false);
            let went_through = town.world.database.probe().disarm();
            for _ in 0..4 {
                town.run_after(75);
            }

            let count = usize::try_from(nth).unwrap();
            assert_eq!((town.told_items(), town.receipts().len()), (count, count), "statement {nth}");
            if went_through {
                assert!(nth > 20, "{nth}");
                assert!(town.receipts().iter().all(|receipt| receipt.starts_with("click PERFORM 0 ")));
                town.agrees();
                return;
            }
        }
        panic!("it never went through");
    }
}
