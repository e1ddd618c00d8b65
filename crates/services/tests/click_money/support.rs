//! Words that the tests of this package share.

use chrono::TimeDelta;
use savdo_domain::Money;
use savdo_domain::access::{Actor, Role};
use savdo_domain::account::Language;
use savdo_domain::cart::CartPart;
use savdo_domain::ids::{OrderId, ProductId, TransactionId};
use savdo_domain::order::PaymentMethod;
use savdo_domain::payment::click::{Call, Complete, Prepare};
use savdo_persistence::testing::TestDatabase;
use savdo_services::Result;
use savdo_services::carts::{self, AddToCart};
use savdo_services::jobs::Runner;
use savdo_services::once::Unkeyed;
use savdo_services::orders::{self, CancelOrder, OrderSeen, PlaceOrder};
use savdo_services::payments::{self, RefundPayment};
use savdo_services::testing::{ClickDouble, Goods, Mailbox, Shop, World, receipt};

/// What an order of [`Town`] costs.
pub(crate) const TOTAL: Money = Money::from_tiyin(1_000_000);

/// A shop with goods, people, a customer, and a Click.
pub(crate) struct Town {
    pub(crate) world: World,
    pub(crate) shop: Shop,
    pub(crate) operator: Actor,
    pub(crate) customer: Actor,
    pub(crate) click: ClickDouble,
    pub(crate) runner: Runner,
}

impl Town {
    pub(crate) fn on(database: TestDatabase) -> Self {
        let world = World::unlimited(database);
        let shop = world.shop();
        let product = world.online_product(&shop, Goods::named("Dori"));
        world.receive(&shop, receipt(&shop, product, "400", "5000.00"));
        let (operator, customer) = (world.hire(&shop, Role::Operator), world.customer());
        let click = ClickDouble::default();
        let runner = world.runner_at(&Mailbox::default(), &click);
        Self {
            world,
            shop,
            operator,
            customer,
            click,
            runner,
        }
    }

    /// An order that waits for its online payment.
    pub(crate) fn order(&self) -> OrderId {
        let line = AddToCart {
            product_id: ProductId::new(1),
            pieces: 1,
        };
        carts::add(&self.world.context, &self.customer, line, &Unkeyed).unwrap();
        let command = PlaceOrder {
            delivery_address: "Toshkent, Navoiy 1".to_owned(),
            comment: String::new(),
            payment_method: PaymentMethod::Online,
            expected_total: None,
            part: CartPart::All,
        };
        let placed = orders::place(&self.world.context, &self.customer, command, &Unkeyed);
        placed.unwrap().order.id
    }

    /// Click prepares an attempt; it is called `paydoc` by both.
    pub(crate) fn prepare(&self, order_id: OrderId, paydoc: i64) -> TransactionId {
        self.prepare_called(order_id, paydoc, Some(paydoc))
    }

    /// The same, of which we may not know what Click calls it.
    pub(crate) fn prepare_called(&self, order_id: OrderId, paydoc: i64, known: Option<i64>) -> TransactionId {
        let prepare = Prepare {
            click_trans_id: 1_000_000 + paydoc,
            paydoc_id: known,
            order: Some(order_id),
            amount: Some(TOTAL),
            error: 0,
        };
        match self.world.click(order_id, Call::Prepare(prepare)) {
            (0, Some(number)) => number,
            other => panic!("{other:?}"),
        }
    }

    /// Click completes it; the code that it is answered.
    pub(crate) fn complete(&self, order_id: OrderId, attempt: (i64, TransactionId), error: i64) -> i64 {
        let (paydoc, number) = attempt;
        let complete = Complete {
            click_trans_id: 1_000_000 + paydoc,
            paydoc_id: None,
            order: Some(order_id),
            prepare_id: Some(number),
            amount: Some(TOTAL),
            error,
        };
        self.world.click(order_id, Call::Complete(complete)).0
    }

    /// An order that was paid by this payment of Click.
    pub(crate) fn paid(&self, paydoc: i64) -> OrderId {
        let order_id = self.order();
        let number = self.prepare(order_id, paydoc);
        assert_eq!(self.complete(order_id, (paydoc, number), 0), 0);
        self.click.has(paydoc, 2);
        order_id
    }

    /// The same, given up by the store.
    pub(crate) fn given_up(&self, paydoc: i64) -> OrderId {
        let order_id = self.paid(paydoc);
        self.give_up(order_id).unwrap();
        order_id
    }

    pub(crate) fn give_up(&self, order_id: OrderId) -> Result<OrderSeen> {
        let command = CancelOrder {
            order_id,
            reason: "Dori qolmadi".to_owned(),
        };
        orders::cancel(&self.world.context, &self.shop.owner, command, &Unkeyed)
    }

    /// All money of orders that are given up went back by hand.
    pub(crate) fn refund_by_hand(&self) {
        let sql = "SELECT public_id AS line FROM payments WHERE status = 'success' ORDER BY id";
        for public_id in self.world.database.lines(sql) {
            let command = RefundPayment {
                public_id,
                reason: "Click qaytarmadi".to_owned(),
                reference: None,
                language: Language::Uzbek,
            };
            payments::refund(&self.world.context, &self.shop.owner, command, &Unkeyed).unwrap();
        }
    }

    /// The worker sends what is due.
    pub(crate) fn run(&self) {
        self.runner.send_due(|| false).unwrap();
    }

    /// The same, so many seconds later.
    pub(crate) fn run_after(&self, seconds: i64) {
        self.world.clock.advance(TimeDelta::seconds(seconds));
        self.run();
    }

    /// Has Click asked again for what was given up, as OPERATIONS.md says.
    pub(crate) fn put_back(&self) {
        self.world
            .database
            .execute("UPDATE outbox_dispatches SET status = 'waiting', attempts = 0 WHERE status = 'dead'");
    }

    /// Where everything stands: orders, payments, transactions.
    pub(crate) fn story(&self) -> String {
        [
            "SELECT status || ' ' || payment_status AS line FROM orders ORDER BY id",
            "SELECT provider || ' ' || status AS line FROM payments ORDER BY id",
            "SELECT state AS line FROM provider_transactions ORDER BY id",
        ]
        .map(|sql| self.world.database.lines(sql).join(", "))
        .join("; ")
    }

    /// The messages to Click.
    pub(crate) fn messages(&self) -> Vec<String> {
        self.world.database.lines(
            "SELECT status || ' ' || attempts || ' ' || last_error AS line FROM outbox_dispatches WHERE sink = 'click' ORDER BY id",
        )
    }

    /// What was asked of Click and kept in logs.
    pub(crate) fn log(&self) -> Vec<String> {
        let lines = self.world.database.lines(
            "SELECT event || ' ' || request || ' ' || response AS line FROM payment_logs WHERE event LIKE 'click_%' ORDER BY id",
        );
        let calls = [
            ("click_reversal", r#" {"call":"payment/reversal"}"#),
            ("click_status", r#" {"call":"payment/status"}"#),
        ];
        let short = |line: &String| {
            let answer_to = |(event, call): &(&'static str, &str)| {
                let answer = line.strip_prefix(event)?.strip_prefix(call)?;
                Some((*event, serde_json::from_str::<serde_json::Value>(answer).unwrap()))
            };
            let (event, answer) = calls.iter().find_map(answer_to).unwrap();
            let word = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
            format!("{event}: {} {}", word("outcome"), word("why"))
                .trim_end()
                .to_owned()
        };
        lines.iter().map(short).collect()
    }

    /// Who is told what of money, once each.
    pub(crate) fn told(&self) -> Vec<String> {
        self.run();
        self.world.database.lines(
            "SELECT CASE WHEN w.role IS NULL THEN 'customer' ELSE w.role END || ' ' || n.channel || ' ' || n.notice_type AS line \
             FROM notifications AS n LEFT JOIN workers AS w ON w.user_id = n.user_id \
             WHERE n.notice_type IN ('late_money', 'payment_doubtful', 'reversal_failed', 'fiscal_failed', 'payment_differs') ORDER BY n.id",
        )
    }

    /// The orders that Click took money for know it, and nothing disagrees.
    pub(crate) fn agrees(&self) {
        self.world.check_ledger();
        let report = savdo_services::verify::verify(&self.world.context).unwrap();
        assert_eq!(report.differences, []);
    }
}

/// The owner and the operator are told this.
pub(crate) fn both_told(notice: &str) -> Vec<String> {
    vec![format!("owner system {notice}"), format!("operator system {notice}")]
}
