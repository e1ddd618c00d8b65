//! The example of shop.md 8 to its figures, and the laws of a report.

use proptest::prelude::{Strategy, prop, prop_assert_eq, proptest};

use crate::coded::Coded;
use crate::expense::Tender;
use crate::ids::WorkerId;
use crate::money::Money;
use crate::sale::PaymentType;
use crate::shift::{
    ByCategory, ByPayment, ByWorker, Cancelled, DebtPayments, Drawer, Handed, ReturnedGoods, ReturnsOf, ShiftDocuments,
    ShiftReport, SoldBy, SpentOn, Wastages,
};

fn som(som: i64) -> Money {
    Money::from_tiyin(som * 100)
}

/// One sale of this worker, without a discount of its own.
fn sold(worker: i64, payment_type: PaymentType, cash: i64, card: i64, debt: i64) -> SoldBy {
    SoldBy {
        worker_id: WorkerId::new(worker),
        name: format!("Sotuvchi {worker}"),
        payment_type,
        count: 1,
        gross: som(cash + card + debt),
        discount: Money::ZERO,
        cash: som(cash),
        card: som(card),
        debt: som(debt),
    }
}

fn spent(category: &str, payment_type: Tender, total: i64) -> SpentOn {
    SpentOn {
        category: category.to_owned(),
        payment_type,
        count: 1,
        total: som(total),
    }
}

#[test]
fn the_example_of_the_contract() {
    let documents = ShiftDocuments {
        sales: vec![
            sold(2, PaymentType::Cash, 50_000, 0, 0),
            sold(1, PaymentType::Card, 0, 30_000, 0),
            sold(1, PaymentType::Mixed, 15_000, 25_000, 0),
            sold(2, PaymentType::Debt, 20_000, 0, 40_000),
        ],
        returns: vec![ReturnsOf {
            worker_id: WorkerId::new(2),
            name: "Sotuvchi 2".to_owned(),
            count: 1,
            refunds: ReturnedGoods {
                cash: som(12_000),
                ..ReturnedGoods::default()
            },
        }],
        debt_payments: DebtPayments {
            count: 1,
            cash: som(10_000),
            ..DebtPayments::default()
        },
        expenses: vec![
            spent("Suv", Tender::Cash, 8_000),
            spent("Aloqa", Tender::Card, 3_000),
            spent("Suv", Tender::Card, 2_000),
        ],
        supplier_payments_cash: som(20_000),
        ..ShiftDocuments::default()
    };
    let drawer = Drawer {
        cash_start: som(100_000),
        cash_end: Some(som(154_500)),
    };

    let report = ShiftReport::of(&documents, drawer).unwrap();

    let worker = |id: i64, sales_count, sales_total, returns_total| ByWorker {
        worker_id: WorkerId::new(id),
        name: format!("Sotuvchi {id}"),
        sales_count,
        sales_total: som(sales_total),
        returns_total: som(returns_total),
    };
    let category = |category: &str, total, count| ByCategory {
        category: category.to_owned(),
        total: som(total),
        count,
    };
    let expected = ShiftReport {
        sales_count: 4,
        gross_total: som(180_000),
        sales_total: som(180_000),
        by_payment: ByPayment {
            cash: som(85_000),
            card: som(55_000),
            mixed: som(40_000),
            debt: som(40_000),
        },
        returns_count: 1,
        returns_total: som(12_000),
        refunds: ReturnedGoods {
            cash: som(12_000),
            ..ReturnedGoods::default()
        },
        net_sales_total: som(168_000),
        debt_payments: documents.debt_payments,
        expenses_total: som(13_000),
        expenses_cash: som(8_000),
        expenses_by_category: vec![category("Suv", 10_000, 2), category("Aloqa", 3_000, 1)],
        supplier_payments_cash: som(20_000),
        by_worker: vec![worker(1, 2, 70_000, 0), worker(2, 2, 110_000, 12_000)],
        cash_start: som(100_000),
        cash_expected: som(155_000),
        cash_end: Some(som(154_500)),
        cash_difference: Some(Money::from_tiyin(-50_000)),
        net_income: som(55_000),
        ..ShiftReport::default()
    };
    assert_eq!(report, expected);
    assert_eq!(report.cash_difference.unwrap().to_string(), "-500.00");
}

#[test]
fn a_shift_in_which_nothing_happened_is_worth_what_lay_there() {
    let drawer = Drawer {
        cash_start: som(7),
        cash_end: None,
    };

    let report = ShiftReport::of(&ShiftDocuments::default(), drawer).unwrap();

    let expected = ShiftReport {
        cash_start: som(7),
        cash_expected: som(7),
        ..ShiftReport::default()
    };
    assert_eq!(report, expected);
}

#[test]
fn money_for_a_sale_of_another_shift_leaves_the_drawer_and_an_undone_sale_of_this_one_does_not() {
    let documents = ShiftDocuments {
        cancelled: Cancelled {
            count: 1,
            total: som(500),
        },
        cancel_refunds: Handed {
            count: 2,
            cash: som(30),
            card: som(70),
        },
        wastages: Wastages { count: 1, cost: som(9) },
        ..ShiftDocuments::default()
    };

    let report = ShiftReport::of(&documents, Drawer::default()).unwrap();

    let expected = ShiftReport {
        cancelled_count: 1,
        cancelled_total: som(500),
        cancel_refunds: documents.cancel_refunds,
        wastage_count: 1,
        wastage_cost: som(9),
        cash_expected: Money::from_tiyin(-3_000),
        net_income: Money::from_tiyin(-3_000),
        ..ShiftReport::default()
    };
    assert_eq!(report, expected);
}

#[test]
fn what_does_not_fit_has_no_report() {
    let most = SoldBy {
        gross: Money::from_tiyin(i64::MAX),
        ..sold(1, PaymentType::Cash, 0, 0, 0)
    };
    let documents = ShiftDocuments {
        sales: vec![most.clone(), most],
        ..ShiftDocuments::default()
    };

    assert_eq!(ShiftReport::of(&documents, Drawer::default()), None);
}

fn documents() -> impl Strategy<Value = ShiftDocuments> {
    let sale = (
        1i64..4,
        0..PaymentType::ALL.len(),
        0i64..900,
        0i64..900,
        0i64..900,
        0i64..50,
    );
    let sale = sale.prop_map(|(worker, way, cash, card, debt, discount)| {
        let sale = sold(worker, PaymentType::ALL[way], cash, card, debt);
        SoldBy {
            gross: sale.gross.checked_add(som(discount)).unwrap(),
            discount: som(discount),
            ..sale
        }
    });
    let returned = (1i64..5, 0i64..90, 0i64..90, 0i64..90).prop_map(|(worker, cash, card, debt)| ReturnsOf {
        worker_id: WorkerId::new(worker),
        name: format!("Sotuvchi {worker}"),
        count: 1,
        refunds: ReturnedGoods {
            cash: som(cash),
            card: som(card),
            debt: som(debt),
        },
    });
    let expense = (0..3, 0..Tender::ALL.len(), 1i64..90)
        .prop_map(|(category, way, total)| spent(&format!("Xarajat {category}"), Tender::ALL[way], total));
    let many = || 0..9;
    (
        prop::collection::vec(sale, many()),
        prop::collection::vec(returned, many()),
        prop::collection::vec(expense, many()),
        0i64..90,
        0i64..90,
    )
        .prop_map(|(sales, returns, expenses, repaid, supplied)| ShiftDocuments {
            sales,
            returns,
            expenses,
            debt_payments: DebtPayments {
                count: 1,
                cash: som(repaid),
                ..DebtPayments::default()
            },
            supplier_payments_cash: som(supplied),
            ..ShiftDocuments::default()
        })
}

proptest! {
    // Law: the ways of paying sum to the sales, the workers to the shift, the categories to the expenses; the drawer holds
    // what came in less what went out, and what was counted differs from it by the difference.
    #[test]
    fn every_total_is_the_sum_of_its_parts(documents in documents(), start in 0i64..500, end in 0i64..5_000) {
        let drawer = Drawer { cash_start: som(start), cash_end: Some(som(end)) };

        let report = ShiftReport::of(&documents, drawer).unwrap();

        let sum = |amounts: Vec<Money>| Money::checked_sum(amounts);
        let ByPayment { cash, card, debt, .. } = report.by_payment;
        prop_assert_eq!(sum(vec![cash, card, debt]), Some(report.sales_total));
        let of_workers = |amount: fn(&ByWorker) -> Money| sum(report.by_worker.iter().map(amount).collect());
        prop_assert_eq!(of_workers(|worker| worker.sales_total), Some(report.sales_total));
        prop_assert_eq!(of_workers(|worker| worker.returns_total), Some(report.returns_total));
        prop_assert_eq!(report.by_worker.iter().map(|worker| worker.sales_count).sum::<i64>(), report.sales_count);
        let of_categories = report.expenses_by_category.iter().map(|category| category.total).collect();
        prop_assert_eq!(sum(of_categories), Some(report.expenses_total));
        let gone = sum(vec![report.refunds.cash, report.expenses_cash, report.supplier_payments_cash]).unwrap();
        let came = sum(vec![som(start), cash, report.debt_payments.cash]).unwrap();
        prop_assert_eq!(came.checked_sub(gone), Some(report.cash_expected));
        prop_assert_eq!(report.cash_expected.checked_add(report.cash_difference.unwrap()), Some(som(end)));
        prop_assert_eq!(som(start).checked_add(report.net_income), Some(report.cash_expected));
    }
}
