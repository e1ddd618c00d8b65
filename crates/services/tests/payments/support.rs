//! Words that the tests of this package share.

use std::sync::Arc;

use savdo_domain::Money;
use savdo_domain::access::Actor;
use savdo_domain::cart::CartPart;
use savdo_domain::ids::{OrderId, StoreId, TransactionId};
use savdo_domain::order::PaymentMethod;
use savdo_domain::payment::desk::{Desk, DeskSecret, DeskSecrets, Environment};
use savdo_domain::payment::payme::{self, Answer, Cancel, Check, Create, Fault, PaymeDesk, Perform};
use savdo_domain::payment::{ExternalId, Millis, Which};
use savdo_services::carts::{self, AddToCart};
use savdo_services::once::Unkeyed;
use savdo_services::orders::{self, AdvanceOrder, CancelOrder, OrderSeen, PlaceOrder};
use savdo_services::payments::payme::{Asked, Outcome, Reply};
use savdo_services::testing::{Goods, Shop, World, receipt};
use savdo_services::{Clock, Context, Result, payments};

/// What an order of [`Town`] costs.
pub(crate) const TOTAL: Money = Money::from_tiyin(1_000_000);
/// What names it, as it came.
pub(crate) const ACCOUNT: &str = "{\"order_id\": \"1\"}";

/// A shop with goods, a customer, and his order that waits for its online payment.
pub(crate) struct Town {
    pub(crate) world: World,
    pub(crate) shop: Shop,
    pub(crate) customer: Actor,
    pub(crate) order: OrderSeen,
}

impl Town {
    pub(crate) fn on(database: savdo_persistence::testing::TestDatabase) -> Self {
        let world = World::unlimited(database);
        let shop = world.shop();
        let product = world.online_product(&shop, Goods::named("Dori"));
        world.receive(&shop, receipt(&shop, product, "40", "5000.00"));
        let customer = world.customer();
        let order = order(&world, &customer, PaymentMethod::Online);
        Self {
            world,
            shop,
            customer,
            order,
        }
    }

    /// The same with the order paid by Payme.
    pub(crate) fn paid(database: savdo_persistence::testing::TestDatabase) -> Self {
        let town = Self::on(database);
        town.create("a1").unwrap();
        town.perform("a1").unwrap();
        town
    }

    /// Another order, which waits for its online payment.
    pub(crate) fn another(&self) -> OrderId {
        order(&self.world, &self.customer, PaymentMethod::Online).order.id
    }

    pub(crate) fn id(&self) -> OrderId {
        self.order.order.id
    }

    pub(crate) fn ask(&self, call: payme::Call) -> std::result::Result<Answer, Fault> {
        answer(ask(&self.world.context, &desk(), call).unwrap())
    }

    pub(crate) fn create(&self, id: &str) -> std::result::Result<Answer, Fault> {
        self.ask(payme::Call::Create(self.creating(id)))
    }

    /// CreateTransaction for the order of the town, now.
    pub(crate) fn creating(&self, id: &str) -> Create {
        Create {
            id: called(id),
            time: self.now(),
            amount: Some(TOTAL),
            order: Ok(self.id()),
        }
    }

    pub(crate) fn perform(&self, id: &str) -> std::result::Result<Answer, Fault> {
        self.ask(performing(id))
    }

    pub(crate) fn cancel(&self, id: &str, reason: i64) -> std::result::Result<Answer, Fault> {
        self.ask(cancelling(id, reason))
    }

    pub(crate) fn check(&self, id: &str) -> std::result::Result<Answer, Fault> {
        let id = Some(called(id));
        self.ask(payme::Call::Check(Check { id }))
    }

    pub(crate) fn now(&self) -> Millis {
        Millis::of(self.world.clock.now())
    }

    /// Staff set a status.
    pub(crate) fn set_status(&self, status: &str) -> Result<OrderSeen> {
        let command = AdvanceOrder {
            order_id: self.id(),
            status: status.to_owned(),
            comment: String::new(),
            cash_received: None,
        };
        orders::advance(&self.world.context, &self.shop.owner, command, &Unkeyed)
    }

    /// Somebody cancels the order.
    pub(crate) fn give_up(&self, actor: &Actor) -> Result<OrderSeen> {
        let command = CancelOrder {
            order_id: self.id(),
            reason: "Kerak emas".to_owned(),
        };
        orders::cancel(&self.world.context, actor, command, &Unkeyed)
    }

    /// Where everything stands: orders, payments, transactions.
    pub(crate) fn story(&self) -> String {
        let lines = |sql: &str| self.world.database.lines(sql).join(", ");
        [
            lines("SELECT status || ' ' || payment_status AS line FROM orders ORDER BY id"),
            lines("SELECT provider || ' ' || status AS line FROM payments ORDER BY id"),
            lines(
                "SELECT state || coalesce(' ' || CAST(reason AS TEXT), '') AS line FROM provider_transactions ORDER BY id",
            ),
        ]
        .join("; ")
    }

    /// The logs of payments, in their order.
    pub(crate) fn log(&self) -> String {
        self.world
            .database
            .lines("SELECT event AS line FROM payment_logs ORDER BY id")
            .join(" ")
    }

    /// How often the outbox tells of this.
    pub(crate) fn told(&self, event: &str) -> usize {
        let told = self
            .world
            .database
            .lines("SELECT event AS line FROM outbox ORDER BY id");
        told.iter().filter(|told| *told == event).count()
    }

    /// What was cancelled lies where it lay, and nothing disagrees.
    pub(crate) fn agrees(&self) {
        self.world.check_ledger();
        let report = savdo_services::verify::verify(&self.world.context).unwrap();
        assert_eq!(report.differences, []);
    }
}

/// An order of one piece of product 1.
pub(crate) fn order(world: &World, customer: &Actor, payment_method: PaymentMethod) -> OrderSeen {
    let line = AddToCart {
        product_id: savdo_domain::ids::ProductId::new(1),
        pieces: 1,
    };
    carts::add(&world.context, customer, line, &Unkeyed).unwrap();
    let command = PlaceOrder {
        delivery_address: "Toshkent, Navoiy 1".to_owned(),
        comment: String::new(),
        payment_method,
        expected_total: None,
        part: CartPart::All,
    };
    orders::place(&world.context, customer, command, &Unkeyed).unwrap()
}

/// The desk of every store without its own.
pub(crate) fn desk() -> PaymeDesk {
    PaymeDesk {
        desk: Desk {
            store_id: None,
            environment: Environment::Test,
            secrets: DeskSecrets {
                live: DeskSecret::new("kalit"),
                previous: DeskSecret::new(""),
            },
        },
        merchant_id: "587f72c72cac0d162c722ae2".to_owned(),
        login: "Paycom".to_owned(),
        account_field: "order_id".to_owned(),
        sends_detail: false,
    }
}

/// A desk of one store.
pub(crate) fn desk_of(store_id: StoreId) -> PaymeDesk {
    let plain = desk();
    PaymeDesk {
        desk: Desk {
            store_id: Some(store_id),
            ..plain.desk
        },
        merchant_id: "597f72c72cac0d162c722ae3".to_owned(),
        ..plain
    }
}

/// Calls without a store that has a desk of its own.
pub(crate) fn ask(context: &Context, desk: &PaymeDesk, call: payme::Call) -> Result<Outcome> {
    ask_beside(context, (desk, &[]), call)
}

/// Calls while these stores have desks of their own.
pub(crate) fn ask_beside(
    context: &Context,
    (desk, stores_with_own): (&PaymeDesk, &[StoreId]),
    call: payme::Call,
) -> Result<Outcome> {
    let asked = Asked {
        desk,
        stores_with_own,
        request: format!("{:?}", call.log_event()),
        account: matches!(call, payme::Call::Create(_)).then(|| ACCOUNT.to_owned()),
        call,
    };
    payments::payme::call(context, asked, Arc::new(|outcome| format!("{outcome:?}")))
}

pub(crate) fn answer(outcome: Outcome) -> std::result::Result<Answer, Fault> {
    outcome.map(|reply| match reply {
        Reply::Answer(answer) => answer,
        Reply::Allowed(_) | Reply::Statement(_) => panic!("{reply:?} is no answer"),
    })
}

pub(crate) fn called(id: &str) -> ExternalId {
    ExternalId::new(id).unwrap()
}

pub(crate) fn performing(id: &str) -> payme::Call {
    let id = Some(called(id));
    payme::Call::Perform(Perform { id })
}

pub(crate) fn cancelling(id: &str, reason: i64) -> payme::Call {
    let id = Some(called(id));
    payme::Call::Cancel(Cancel { id, reason })
}

/// Our id of a transaction that was created.
pub(crate) fn ours(answer: Answer) -> TransactionId {
    match answer {
        Answer::Created {
            transaction: Which::Known(id),
            ..
        } => id,
        other => panic!("{other:?}"),
    }
}
