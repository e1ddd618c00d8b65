//! Random returns of random sales: whatever is written, dropped and confirmed, here or elsewhere, in whatever order.

use proptest::prelude::{Strategy, prop};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use savdo_domain::ids::ProductId;
use savdo_domain::{Money, Quantity};
use savdo_persistence::on_both;
use savdo_persistence::testing::{Backend, TestDatabase};
use savdo_services::sale_returns::CreateSaleReturn;
use savdo_services::sales::{self, SaleDetailView, Sell};
use savdo_services::testing::{Goods, Shop, World, back, money, receipt, sale};

use super::{another_branch, check, confirm, create, drop_it};

/// Something that happens to the sale: goods are brought back, or a return is settled.
#[derive(Debug, Clone, Copy)]
enum Event {
    Bring {
        product: usize,
        thousandths: i64,
        elsewhere: bool,
    },
    Confirm {
        which: usize,
    },
    Drop {
        which: usize,
    },
}

fn event() -> impl Strategy<Value = Event> {
    (0..10, 0usize..9, 1i64..4_000, prop::bool::ANY).prop_map(|(what, which, thousandths, elsewhere)| match what {
        0..5 => Event::Bring {
            product: which,
            thousandths,
            elsewhere,
        },
        5..8 => Event::Confirm { which },
        _ => Event::Drop { which },
    })
}

struct Sold {
    shop: Shop,
    products: [ProductId; 2],
    sale: SaleDetailView,
}

/// A sale of four lines of two products from three batches, with a discount that divides by nothing.
fn sold(world: &World) -> Sold {
    let shop = world.shop();
    let products = ["Choy", "Qand"].map(|name| world.product(&shop, Goods::named(name).at(money("999.99"))));
    for (product, pieces, cost) in [(0, "2.5", "33.33"), (0, "9", "70.01"), (1, "20", "1.07")] {
        world.receive(&shop, receipt(&shop, products[product], pieces, cost));
    }
    let [tea, sugar] = products;
    let items = [(tea, "1.333"), (sugar, "3"), (tea, "3.2"), (sugar, "0.007")];
    let command = Sell {
        discount: money("777.77"),
        ..sale(&shop, &items)
    };
    let sale = world.sell(&shop.owner, command);
    Sold { shop, products, sale }
}

// Law: returns in any order never take more than was sold; once all is back they sum to the sale, to the tiyin in money and in
// cost, and nothing in the books contradicts anything else on the way.
fn play(database: TestDatabase, events: &[Event]) {
    let world = World::on(database);
    let Sold { shop, products, sale } = sold(&world);
    let branch = another_branch(&world, &shop);
    let mut pending = Vec::new();
    for event in events {
        match *event {
            Event::Bring {
                product,
                thousandths,
                elsewhere,
            } => {
                let mut command = back(sale.sale.id, &[(products[product % 2], "1")]);
                command.items[0].quantity = Quantity::from_thousandths(thousandths);
                let command = CreateSaleReturn {
                    branch: elsewhere.then_some(branch),
                    ..command
                };
                pending.extend(
                    create(&world, &shop.owner, command)
                        .ok()
                        .map(|view| view.sale_return.id),
                );
            }
            Event::Confirm { which } if which < pending.len() => {
                confirm(&world, &shop.owner, pending.remove(which)).unwrap();
            }
            Event::Drop { which } if which < pending.len() => {
                drop_it(&world, &shop.owner, pending.remove(which)).unwrap();
            }
            Event::Confirm { .. } | Event::Drop { .. } => {}
        }
    }
    for id in pending {
        drop_it(&world, &shop.owner, id).unwrap();
    }
    check(&world);
    bring_the_rest(&world, &shop, &sale);

    let view = sales::view(&world.context, &shop.owner, sale.sale.id).unwrap();
    assert_eq!(view.sale.returned_amount, view.sale.net_total);
    assert!(view.lines.iter().all(|line| line.returned_quantity == line.quantity));
    let costs = world.database.lines(
        "SELECT CAST(SUM(line.cost) AS TEXT) AS line FROM sale_return_lines AS line \
         JOIN sale_returns AS document ON document.id = line.return_id WHERE document.status = 'confirmed' \
         GROUP BY line.sale_line_id ORDER BY line.sale_line_id",
    );
    let expected: Vec<String> = view.lines.iter().map(|line| line.cost.tiyin().to_string()).collect();
    assert_eq!(costs, expected);
    let worth = "SELECT CAST(SUM(value_left) AS TEXT) AS line FROM stock_batches";
    let received = ["2.5", "9", "20"].into_iter().zip(["33.33", "70.01", "1.07"]);
    let received = received.map(|(pieces, cost)| money(cost).times(Quantity::parse(pieces).unwrap()).unwrap());
    let received = Money::checked_sum(received).unwrap();
    assert_eq!(world.database.lines(worth), [received.tiyin().to_string()]);
    check(&world);
}

/// Whatever of the sale is not back yet comes back where it was sold.
fn bring_the_rest(world: &World, shop: &Shop, sale: &SaleDetailView) {
    let view = sales::view(&world.context, &shop.owner, sale.sale.id).unwrap();
    for line in view.lines {
        let left = line.quantity.checked_sub(line.returned_quantity).unwrap();
        if left.is_positive() {
            let mut command = back(sale.sale.id, &[(line.product_id, "1")]);
            command.items[0].quantity = left;
            let id = world.bring_back(&shop.owner, command).sale_return.id;
            world.confirm_return(&shop.owner, id);
        }
    }
}

on_both! {
    fn returns_in_any_order_sum_to_their_sale(database: TestDatabase) {
        let backend = if database.is_postgres() { Backend::Postgres } else { Backend::Sqlite };
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let mut runner = TestRunner::new_with_rng(Config { cases: 8, failure_persistence: None, ..Config::default() }, rng);
        runner
            .run(&prop::collection::vec(event(), 5..30), |events| {
                play(TestDatabase::new(backend), &events);
                Ok(())
            })
            .unwrap();
    }
}
