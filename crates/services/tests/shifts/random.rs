//! Random days at the counter: whatever is sold, undone and spent, a report is the sum of its documents.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::{Strategy, prop};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use savdo_domain::Money;
use savdo_domain::access::{Actor, Role};
use savdo_domain::expense::Tender;
use savdo_domain::ids::{ExpenseCategoryId, ProductId, SaleId, ShiftId};
use savdo_domain::sale::{PaymentType, SaleRefusal};
use savdo_domain::sale_return::{Refund, RefundMethod};
use savdo_domain::shift::ShiftReport;
use savdo_persistence::on_both;
use savdo_persistence::testing::{Backend, TestDatabase};
use savdo_services::expenses::{self, CreateExpense, StoredExpense};
use savdo_services::once::Unkeyed;
use savdo_services::sale_returns::{self, CreateSaleReturn};
use savdo_services::sales::{SaleDetailView, Sell};
use savdo_services::shifts::{self, ShiftReported};
use savdo_services::testing::{Shop, World, back, end, expense, refusal, sale, shift};

use super::{cancel, check, pass, shop_with_bread};

/// What may happen at a counter.
#[derive(Debug, Clone, Copy)]
enum Event {
    Sell {
        by_owner: bool,
        card: bool,
        pieces: i64,
        discount: i64,
    },
    Cancel {
        which: usize,
    },
    Return {
        which: usize,
        pieces: i64,
        card: bool,
    },
    Spend {
        card: bool,
        amount: i64,
    },
    PutAside {
        which: usize,
    },
    Turn,
}

fn event() -> impl Strategy<Value = Event> {
    (0..23, 0usize..40, 1i64..9, 0i64..3, prop::bool::ANY, prop::bool::ANY).prop_map(
        |(what, which, pieces, discount, card, by_owner)| match what {
            0..10 => Event::Sell {
                by_owner,
                card,
                pieces,
                discount,
            },
            10..13 => Event::Cancel { which },
            13..16 => Event::Spend {
                card,
                amount: pieces * 1_000,
            },
            16 => Event::PutAside { which },
            17..20 => Event::Return { which, pieces, card },
            _ => Event::Turn,
        },
    )
}

/// The books of a man who writes down what he sees: of each shift what came in and went out.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Book {
    sales: i64,
    cash: i64,
    card: i64,
    cancelled: i64,
    refunds: i64,
    refunded_cash: i64,
    refunded_card: i64,
    spent: i64,
    spent_cash: i64,
    returns: i64,
    returned_cash: i64,
    returned_card: i64,
}

impl Book {
    fn of(report: &ShiftReport) -> Self {
        Self {
            sales: report.sales_count,
            cash: report.by_payment.cash.tiyin(),
            card: report.by_payment.card.tiyin(),
            cancelled: report.cancelled_count,
            refunds: report.cancel_refunds.count,
            refunded_cash: report.cancel_refunds.cash.tiyin(),
            refunded_card: report.cancel_refunds.card.tiyin(),
            spent: report.expenses_total.tiyin(),
            spent_cash: report.expenses_cash.tiyin(),
            returns: report.returns_count,
            returned_cash: report.refunds.cash.tiyin(),
            returned_card: report.refunds.card.tiyin(),
        }
    }

    fn sell(&mut self, sold: &SaleDetailView, sign: i64) {
        self.sales += sign;
        self.cash += sign * sold.sale.settlement.payment.cash.tiyin();
        self.card += sign * sold.sale.settlement.payment.card.tiyin();
    }

    fn spend(&mut self, stored: &StoredExpense, sign: i64) {
        let amount = sign * stored.expense.amount.tiyin();
        self.spent += amount;
        if stored.expense.payment_type == Tender::Cash {
            self.spent_cash += amount;
        }
    }

    fn take_back(&mut self, refund: Refund) {
        self.returns += 1;
        self.returned_cash += refund.cash.tiyin();
        self.returned_card += refund.card.tiyin();
    }

    fn cash_expected(&self) -> i64 {
        self.cash - self.refunded_cash - self.spent_cash - self.returned_cash
    }
}

/// A counter, and who watches it.
struct Counter {
    world: World,
    shop: Shop,
    seller: Actor,
    bread: ProductId,
    category: ExpenseCategoryId,
    open: ShiftId,
    books: BTreeMap<ShiftId, Book>,
    frozen: BTreeMap<ShiftId, ShiftReported>,
    sales: Vec<SaleDetailView>,
    returned: BTreeSet<SaleId>,
    spent: Vec<StoredExpense>,
}

impl Counter {
    fn on(database: TestDatabase) -> Self {
        let world = World::on(database);
        let (shop, bread) = shop_with_bread(&world);
        Self {
            seller: world.hire(&shop, Role::Seller),
            category: world.expense_category(&shop, "Suv"),
            open: world.open_shift(&shop.owner, shift(&shop)).shift.id,
            world,
            shop,
            bread,
            books: BTreeMap::new(),
            frozen: BTreeMap::new(),
            sales: Vec::new(),
            returned: BTreeSet::new(),
            spent: Vec::new(),
        }
    }

    fn see(&mut self, event: Event) {
        pass(&self.world);
        match event {
            Event::Sell {
                by_owner,
                card,
                pieces,
                discount,
            } => self.sell(by_owner, card, pieces, discount),
            Event::Cancel { which } if which < self.sales.len() => self.cancel(which),
            Event::Spend { card, amount } => self.spend(card, Money::from_tiyin(amount)),
            Event::PutAside { which } if which < self.spent.len() => self.put_aside(which),
            Event::Return { which, pieces, card } if which < self.sales.len() => self.take_back(which, pieces, card),
            Event::Cancel { .. } | Event::Return { .. } | Event::PutAside { .. } => {}
            Event::Turn => self.turn(),
        }
    }

    fn book(&mut self) -> &mut Book {
        self.books.entry(self.open).or_default()
    }

    fn sell(&mut self, by_owner: bool, card: bool, pieces: i64, discount: i64) {
        let payment_type = if card { PaymentType::Card } else { PaymentType::Cash };
        let command = Sell {
            payment_type,
            discount: Money::from_tiyin(discount * 333),
            ..sale(&self.shop, &[(self.bread, &pieces.to_string())])
        };
        let seller = if by_owner { &self.shop.owner } else { &self.seller };
        let sold = self.world.sell(seller, command);
        self.book().sell(&sold, 1);
        self.sales.push(sold);
    }

    fn cancel(&mut self, which: usize) {
        let sold = self.sales.remove(which);
        let outcome = cancel(&self.world, &self.shop.owner, sold.sale.id);
        if self.returned.contains(&sold.sale.id) {
            assert_eq!(refusal(outcome), SaleRefusal::HasReturns.into());
            return;
        }
        outcome.unwrap();
        let is_own = sold.shift_id == Some(self.open);
        let book = self.book();
        if is_own {
            book.sell(&sold, -1);
            book.cancelled += 1;
        } else {
            book.refunds += 1;
            book.refunded_cash += sold.sale.settlement.payment.cash.tiyin();
            book.refunded_card += sold.sale.settlement.payment.card.tiyin();
        }
    }

    fn take_back(&mut self, which: usize, pieces: i64, card: bool) {
        let sale = self.sales.get(which).unwrap().sale.id;
        let command = CreateSaleReturn {
            refund_method: Some(if card { RefundMethod::Card } else { RefundMethod::Cash }),
            ..back(sale, &[(self.bread, &pieces.to_string())])
        };
        // More than is left of it is refused: nobody writes that down.
        let Ok(written) = sale_returns::create(&self.world.context, &self.seller, command, &Unkeyed) else {
            return;
        };
        let confirmed = self
            .world
            .confirm_return(&self.shop.owner, written.sale_return.id)
            .sale_return;
        assert_eq!(confirmed.shift_id, Some(self.open));
        self.book().take_back(confirmed.refund);
        self.returned.insert(sale);
    }

    fn spend(&mut self, card: bool, amount: Money) {
        let payment_type = if card { Tender::Card } else { Tender::Cash };
        let command = CreateExpense {
            payment_type,
            amount,
            ..expense(&self.shop, self.category)
        };
        let stored = self.world.spend(&self.shop, command).stored;
        self.book().spend(&stored, 1);
        self.spent.push(stored);
    }

    fn put_aside(&mut self, which: usize) {
        let stored = self.spent.remove(which);
        let outcome = expenses::put_aside(&self.world.context, &self.shop.owner, stored.id);
        assert_eq!(outcome.is_ok(), stored.shift_id == Some(self.open));
        if outcome.is_ok() {
            self.book().spend(&stored, -1);
        }
    }

    fn turn(&mut self) {
        let id = self.open;
        let x = shifts::x_report(&self.world.context, &self.shop.owner, id).unwrap();
        let z = self.world.close_shift(&self.shop.owner, end(id));
        assert_eq!(x.report, z.report);
        let book = self.book().clone();
        assert_eq!(Book::of(&z.report), book);
        assert_eq!(z.report.cash_expected.tiyin(), book.cash_expected());
        self.frozen.insert(id, z);
        self.open = self.world.open_shift(&self.shop.owner, shift(&self.shop)).shift.id;
    }

    fn look_back(&self) {
        for (id, z) in &self.frozen {
            let again = shifts::z_report(&self.world.context, &self.shop.owner, *id).unwrap();
            assert_eq!(&again, z);
        }
        check(&self.world);
    }
}

on_both! {
    // Law: a report is the sum of the documents of its shift, told by who watched them one by one; an X just before the end says
    // what the Z does; a frozen one is the same for ever.
    fn a_report_equals_the_sum_of_its_documents_over_random_days(database: TestDatabase) {
        let backend = if database.is_postgres() { Backend::Postgres } else { Backend::Sqlite };
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let config = Config { cases: 6, failure_persistence: None, max_shrink_iters: 32, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config, rng);
        let outcome = runner.run(&prop::collection::vec(event(), 10..40), |events| {
            let mut counter = Counter::on(TestDatabase::new(backend));
            for event in events {
                counter.see(event);
            }
            counter.turn();
            counter.look_back();
            Ok(())
        });
        outcome.unwrap();
    }
}
