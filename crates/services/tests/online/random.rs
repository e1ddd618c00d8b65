//! Random days of the online pharmacy and the counter beside it: goods and money are conserved, whatever happens in whatever order.

use std::cell::Cell;

use chrono::TimeDelta;
use proptest::prelude::{Strategy, prop};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use savdo_domain::access::{Actor, Role};
use savdo_domain::ids::{PrescriptionId, ProductId};
use savdo_persistence::on_both;
use savdo_persistence::testing::{Backend, TestDatabase};
use savdo_services::once::Unkeyed;
use savdo_services::orders::{self, OrderSeen};
use savdo_services::prescriptions::{self, RejectPrescription, SubmitPrescription};
use savdo_services::testing::{Shop, World, picture, sale};
use savdo_services::verify::verify;
use savdo_services::{Error, Result, sales};

use crate::support::{
    Offer, PLAIN, RX, assign, cancel, cash, hand_over, offer, online, online_shop, put, receive_cash, set_status,
};

/// What may happen.
#[derive(Debug, Clone, Copy)]
enum Event {
    Order {
        buyer: usize,
        product: usize,
        pieces: i64,
        in_cash: bool,
    },
    Sell {
        product: usize,
        pieces: i64,
    },
    Cancel {
        which: usize,
        by_buyer: bool,
    },
    Advance {
        which: usize,
    },
    Cash {
        which: usize,
    },
    Show {
        which: usize,
    },
    Judge {
        which: usize,
        is_approved: bool,
    },
    Pass {
        minutes: i64,
    },
}

fn event() -> impl Strategy<Value = Event> {
    (0..26, 0usize..40, 1i64..5, prop::bool::ANY).prop_map(|(what, which, pieces, flag)| match what {
        0..6 => Event::Order {
            buyer: which % 3,
            product: which % 2,
            pieces,
            in_cash: flag,
        },
        6..8 => Event::Sell {
            product: which % 2,
            pieces,
        },
        8..10 => Event::Cancel { which, by_buyer: flag },
        10..16 => Event::Advance { which },
        16..18 => Event::Cash { which },
        18..21 => Event::Show { which },
        21..24 => Event::Judge {
            which,
            is_approved: flag,
        },
        _ => Event::Pass { minutes: pieces * 25 },
    })
}

struct Pharmacy {
    world: World,
    shop: Shop,
    buyers: Vec<Actor>,
    operator: Actor,
    courier: Actor,
    products: Vec<ProductId>,
    orders: Vec<(usize, OrderSeen)>,
    prescriptions: Vec<PrescriptionId>,
}

impl Pharmacy {
    fn open(world: World) -> Self {
        let shop = online_shop(&world);
        let some = |kind: Offer<'static>| offer(&world, &shop, Offer { pieces: "12", ..kind });
        Self {
            products: vec![some(PLAIN), some(RX)],
            buyers: (0..3).map(|_| world.customer()).collect(),
            operator: world.hire(&shop, Role::Operator),
            courier: world.hire(&shop, Role::Courier),
            orders: Vec::new(),
            prescriptions: Vec::new(),
            world,
            shop,
        }
    }

    fn order(&mut self, buyer: usize, product: usize, pieces: i64, in_cash: bool) -> Result<()> {
        let actor = &self.buyers[buyer];
        put(&self.world, actor, self.products[product], pieces)?;
        let command = if in_cash { cash() } else { online() };
        let placed = orders::place(&self.world.context, actor, command, &Unkeyed)?;
        self.orders.push((buyer, placed));
        Ok(())
    }

    /// A prescription for an order, by whoever placed it.
    fn show(&mut self, which: usize) -> Result<()> {
        let Some((buyer, order)) = self.orders.get(which % self.orders.len().max(1)) else {
            return Ok(());
        };
        let command = SubmitPrescription {
            order_id: Some(order.order.id),
            images: vec![picture(1)],
        };
        let shown = prescriptions::submit(&self.world.context, &self.buyers[*buyer], command, &Unkeyed)?;
        self.prescriptions.push(shown.prescription.id);
        Ok(())
    }

    /// A verdict on a prescription, the last ones most often.
    fn judge(&self, which: usize, is_approved: bool) -> Result<()> {
        let from_end = self.prescriptions.iter().rev();
        let Some(id) = from_end.take(3).nth(which % 3).copied() else {
            return Ok(());
        };
        let context = &self.world.context;
        let judged = if is_approved {
            prescriptions::approve(context, &self.operator, id, &Unkeyed)
        } else {
            let reason = "Muhr ko'rinmaydi".to_owned();
            prescriptions::reject(context, &self.operator, RejectPrescription { id, reason }, &Unkeyed)
        };
        judged.map(|_| ())
    }

    /// One step on: packed, given to the courier, on the way, handed over.
    fn advance(&self, order: &OrderSeen) -> Result<()> {
        let now = orders::view(&self.world.context, &self.shop.owner, order.order.id)?;
        let status = now.order.status.to_string();
        match status.as_str() {
            "paid" => set_status(&self.world, &self.operator, order, "preparing").map(|_| ()),
            "preparing" => set_status(&self.world, &self.operator, order, "ready_for_delivery").map(|_| ()),
            "ready_for_delivery" => {
                assign(&self.world, &self.operator, order, &self.courier)?;
                set_status(&self.world, &self.courier, order, "on_the_way").map(|_| ())
            }
            _ => hand_over(&self.world, &self.courier, order, &now.order.total_price.to_string()).map(|_| ()),
        }
    }

    fn happen(&mut self, event: Event) -> Result<()> {
        let which = |which: usize| self.orders.get(which % self.orders.len().max(1));
        match event {
            Event::Order {
                buyer,
                product,
                pieces,
                in_cash,
            } => self.order(buyer, product, pieces, in_cash),
            Event::Sell { product, pieces } => {
                let sold = sale(&self.shop, &[(self.products[product], &pieces.to_string())]);
                sales::sell(&self.world.context, &self.shop.owner, sold, &Unkeyed).map(|_| ())
            }
            Event::Cancel {
                which: number,
                by_buyer,
            } => which(number).map_or(Ok(()), |(buyer, order)| {
                let actor = if by_buyer { &self.buyers[*buyer] } else { &self.operator };
                cancel(&self.world, actor, order, "Kerak emas").map(|_| ())
            }),
            Event::Advance { which: number } => which(number).map_or(Ok(()), |(_, order)| self.advance(order)),
            Event::Cash { which: number } => which(number).map_or(Ok(()), |(_, order)| {
                let total = order.order.total_price.to_string();
                receive_cash(&self.world, &self.operator, order, &total).map(|_| ())
            }),
            Event::Show { which } => self.show(which),
            Event::Judge { which, is_approved } => self.judge(which, is_approved),
            Event::Pass { minutes } => {
                self.world.clock.advance(TimeDelta::minutes(minutes));
                orders::expire_due(&self.world.context).map(|_| ())
            }
        }
    }
}

on_both! {
    fn goods_and_money_are_conserved_over_random_days(database: TestDatabase) {
        let backend = if database.is_postgres() { Backend::Postgres } else { Backend::Sqlite };
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let config = Config { cases: 4, failure_persistence: None, max_shrink_iters: 32, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config, rng);
        let (seen, approved) = (Cell::new(0), Cell::new(0));
        let outcome = runner.run(&prop::collection::vec(event(), 80..120), |events| {
            let mut pharmacy = Pharmacy::open(World::unlimited(TestDatabase::new(backend)));
            for event in events {
                match pharmacy.happen(event) {
                    Ok(()) => {
                        seen.set(seen.get() + 1);
                        let is_approval = matches!(event, Event::Judge { is_approved: true, .. });
                        approved.set(approved.get() + i32::from(is_approval));
                    }
                    Err(Error::Refused(_)) => {}
                    Err(error) => panic!("{event:?}: {error}"),
                }
            }
            pharmacy.world.check_ledger();
            assert_eq!(verify(&pharmacy.world.context).unwrap().differences, []);
            Ok(())
        });
        outcome.unwrap();
        assert!(seen.get() > 120, "only {} events went through", seen.get());
        assert!(approved.get() > 3, "only {} prescriptions were approved", approved.get());
    }
}
