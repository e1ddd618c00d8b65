//! What Payme is told, to the byte.

use savdo_domain::Money;
use savdo_domain::ids::TransactionId;
use savdo_domain::payment::payme::detail::{Detail, DetailItem};
use savdo_domain::payment::payme::{AccountFault, Answer, Fault};
use savdo_domain::payment::{ExternalId, Millis, TransactionState, Which};
use savdo_services::payments::payme::{Outcome, Reply, StatementRow};
use serde_json::value::RawValue;

use super::{failure, outcome};

const TRANSACTION: TransactionId = TransactionId::new(5);

fn told(outcome_of: Outcome) -> String {
    let id = RawValue::from_string("7.0".to_owned()).unwrap();
    outcome(&outcome_of, "order_id", &id)
}

fn answer(answer: Answer) -> String {
    told(Ok(Reply::Answer(answer)))
}

#[test]
fn results_are_written_as_payme_documents_them() {
    let (created, performed, cancelled) = (Millis::new(1_790_000_000_001), Millis::new(2), Millis::new(3));

    assert_eq!(
        answer(Answer::Created {
            create_time: created,
            transaction: Which::Known(TRANSACTION),
            state: TransactionState::Open,
        }),
        r#"{"result":{"create_time":1790000000001,"transaction":"5","state":1},"id":7.0}"#
    );
    assert_eq!(
        answer(Answer::Performed {
            transaction: TRANSACTION,
            perform_time: performed,
            state: TransactionState::Performed,
        }),
        r#"{"result":{"transaction":"5","perform_time":2,"state":2},"id":7.0}"#
    );
    assert_eq!(
        answer(Answer::Cancelled {
            transaction: TRANSACTION,
            cancel_time: cancelled,
            state: TransactionState::Reversed,
        }),
        r#"{"result":{"transaction":"5","cancel_time":3,"state":-2},"id":7.0}"#
    );
    assert_eq!(
        answer(Answer::Checked {
            create_time: created,
            perform_time: Millis::NONE,
            cancel_time: Millis::NONE,
            transaction: TRANSACTION,
            state: TransactionState::Open,
            reason: None,
        }),
        r#"{"result":{"create_time":1790000000001,"perform_time":0,"cancel_time":0,"transaction":"5","state":1,"reason":null},"id":7.0}"#
    );
    assert_eq!(answer(Answer::FiscalKept), r#"{"result":{"success":true},"id":7.0}"#);
    assert_eq!(told(Ok(Reply::Allowed(None))), r#"{"result":{"allow":true},"id":7.0}"#);
}

#[test]
fn a_statement_lists_what_was_received() {
    let row = StatementRow {
        id: ExternalId::new("5305e3bab097f420a62ced0b").unwrap(),
        time: Millis::new(1),
        amount: Money::MAX_TOTAL,
        account: "{ \"order_id\":\"1001\" }".to_owned(),
        create_time: Millis::new(2),
        perform_time: Millis::new(3),
        cancel_time: Millis::new(4),
        transaction: TRANSACTION,
        state: TransactionState::Cancelled,
        reason: Some(4),
    };

    assert_eq!(
        told(Ok(Reply::Statement(vec![row.clone()]))),
        "{\"result\":{\"transactions\":[{\"id\":\"5305e3bab097f420a62ced0b\",\"time\":1,\"amount\":9999999999999999,\
         \"account\":{ \"order_id\":\"1001\" },\"create_time\":2,\"perform_time\":3,\"cancel_time\":4,\"transaction\":\"5\",\
         \"state\":-1,\"reason\":4,\"receivers\":null}]},\"id\":7.0}"
    );
    assert_eq!(
        told(Ok(Reply::Statement(Vec::new()))),
        r#"{"result":{"transactions":[]},"id":7.0}"#
    );
    let corrupt = StatementRow {
        account: "{".to_owned(),
        ..row
    };
    assert!(told(Ok(Reply::Statement(vec![corrupt]))).starts_with(r#"{"error":{"code":-32400,"#));
}

#[test]
fn fiscal_lines_leave_out_what_there_is_not() {
    let item = DetailItem {
        title: "Paratsetamol".to_owned(),
        price: Money::from_tiyin(500_000),
        count: 2,
        code: "00702001001000001".to_owned(),
        units: None,
        vat_percent: 12,
        package_code: "1244862".to_owned(),
        discount: Money::ZERO,
    };
    let cheaper = DetailItem {
        units: Some(241_092),
        discount: Money::from_tiyin(1),
        ..item.clone()
    };
    let detail = Detail {
        shipping: Some(("Yetkazish".to_owned(), Money::from_tiyin(10))),
        items: vec![item, cheaper],
    };

    assert_eq!(
        told(Ok(Reply::Allowed(Some(detail)))),
        "{\"result\":{\"allow\":true,\"detail\":{\"receipt_type\":0,\"shipping\":{\"title\":\"Yetkazish\",\"price\":10},\"items\":[\
         {\"title\":\"Paratsetamol\",\"price\":500000,\"count\":2,\"code\":\"00702001001000001\",\"vat_percent\":12,\"package_code\":\"1244862\"},\
         {\"title\":\"Paratsetamol\",\"price\":500000,\"count\":2,\"code\":\"00702001001000001\",\"units\":241092,\"vat_percent\":12,\
         \"package_code\":\"1244862\",\"discount\":1}]}},\"id\":7.0}"
    );
}

#[test]
fn a_fault_is_told_in_three_languages() {
    assert_eq!(
        told(Err(Fault::Account(AccountFault::NotFound))),
        "{\"error\":{\"code\":-31050,\"message\":{\"ru\":\"Заказ не найден.\",\"uz\":\"Buyurtma topilmadi.\",\"en\":\"There is no such order.\"},\
         \"data\":\"order_id\"},\"id\":7.0}"
    );
    let unknown = told(Err(Fault::UnknownMethod("Change\"Password".to_owned())));
    assert!(
        unknown.ends_with(r#""data":"Change\"Password"},"id":7.0}"#),
        "{unknown}"
    );
    let ours = failure();
    assert!(
        ours.starts_with(r#"{"error":{"code":-32400,"message":{"ru":""#)
            && ours.ends_with(r#""data":null},"id":null}"#)
    );
}
