//! CheckPerformTransaction and SetFiscalData.

use savdo_domain::Money;
use savdo_domain::ids::OrderId;
use savdo_domain::payment::fiscal::{FiscalRecord, FiscalType};
use savdo_domain::payment::payme::{AccountFault, Answer, Call, CheckPerform, Fault, PaymeDesk, SetFiscal};
use savdo_persistence::on_both;
use savdo_services::payments::payme::Reply;

use crate::support::{TOTAL, Town, ask, called, desk};

on_both! {
    fn whether_an_order_may_be_paid_is_a_pure_read(database: TestDatabase) {
        let town = Town::on(database);
        let check = |order_id: OrderId, amount: Money| {
            let call = Call::CheckPerform(CheckPerform { amount: Some(amount), order: Ok(order_id) });
            ask(&town.world.context, &desk(), call).unwrap()
        };
        let before = town.world.everything();

        assert_eq!(check(town.id(), TOTAL), Ok(Reply::Allowed(None)));
        assert_eq!(check(town.id(), Money::from_tiyin(1)), Err(Fault::WrongAmount));
        assert_eq!(check(OrderId::new(999), TOTAL), Err(Fault::Account(AccountFault::NotFound)));
        assert_eq!(town.world.everything(), before);
        town.create("a1").unwrap();
        assert_eq!(check(town.id(), TOTAL), Err(Fault::Account(AccountFault::InProgress)));
        town.perform("a1").unwrap();
        assert_eq!(check(town.id(), TOTAL), Err(Fault::Account(AccountFault::Paid)));
    }

    fn fiscal_lines_are_sent_whole_or_not_at_all(database: TestDatabase) {
        let town = Town::on(database);
        let sending = PaymeDesk { sends_detail: true, ..desk() };
        let check = || {
            let call = Call::CheckPerform(CheckPerform { amount: Some(TOTAL), order: Ok(town.id()) });
            ask(&town.world.context, &sending, call).unwrap()
        };
        assert_eq!(check(), Ok(Reply::Allowed(None)), "the product has no code");
        let codes = "UPDATE products SET mxik_code = '00702001001000001', package_code = '123456', vat_percent = 1200";
        town.world.database.execute(codes);

        let Ok(Reply::Allowed(Some(detail))) = check() else { panic!("no lines") };

        let [line] = detail.items.as_slice() else { panic!("{detail:?}") };
        assert_eq!((line.price, line.count, line.vat_percent), (TOTAL, 1, 12));
        assert_eq!((line.code.as_str(), line.package_code.as_str()), ("00702001001000001", "123456"));
        assert_eq!(line.discount, Money::ZERO);
    }

    fn a_receipt_is_kept_over_an_earlier_one_of_its_kind(database: TestDatabase) {
        let town = Town::paid(database);
        let set = |id: &str, kind, status_code| {
            let record = FiscalRecord {
                kind,
                receipt_id: Some("42".to_owned()),
                status_code: Some(status_code),
                message: None,
                terminal_id: Some("EP000000000025".to_owned()),
                fiscal_sign: Some("800031554082".to_owned()),
                qr_code_url: None,
                date: None,
            };
            town.ask(Call::SetFiscal(Box::new(SetFiscal { id: Some(called(id)), record })))
        };

        for (kind, status_code) in [(FiscalType::Perform, 7), (FiscalType::Perform, 0), (FiscalType::Cancel, 0)] {
            assert_eq!(set("a1", kind, status_code), Ok(Answer::FiscalKept));
        }

        assert_eq!(set("b1", FiscalType::Perform, 0), Err(Fault::ReceiptNotFound));
        let kept = "SELECT kind || ' ' || status_code || ' ' || terminal_id AS line FROM fiscal_records ORDER BY kind";
        assert_eq!(town.world.database.lines(kept), ["CANCEL 0 EP000000000025", "PERFORM 0 EP000000000025"]);
        assert_eq!(town.world.database.lines("SELECT fiscal_owner AS line FROM payments"), ["payme"]);
        town.agrees();
    }
}
