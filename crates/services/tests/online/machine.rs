//! Every pair of statuses by every actor, as the contract's table has it (pharmacy.md 3.1), over the whole path.

use savdo_domain::access::{Actor, Role};
use savdo_domain::coded::Coded;
use savdo_domain::order::OrderStatus;
use savdo_persistence::on_both;
use savdo_services::once::Unkeyed;
use savdo_services::orders::{self, AdvanceOrder, OrderSeen};
use savdo_services::testing::{Shop, World};

use crate::support::{Offer, PLAIN, cash, code, offer, online_shop, ordered};

/// What each actor is answered who sets the status of the row to that of the column, in the order of the codes: + done, I illegal,
/// F forbidden, N not his, C a courier is missing, P the cash is missing, . not seen.
const BUYER: [&str; 9] = ["F F F F F F F F F"; 9];
const COURIER: [&str; 9] = [
    ". . . . . . . . .",
    ". . . . . . . . .",
    ". . . . . . . . .",
    ". . . . . . . . .",
    ". . . . . . . . .",
    "F F F F F F + I F",
    "F F F F F F I P F",
    "F F F F F F I I F",
    ". . . . . . . . .",
];
const OPERATOR: [&str; 9] = [
    "F F F F N I F F +",
    "F F F F N I F F +",
    "F F F F I I F F +",
    "F F F F + I F F +",
    "F F F F I + F F +",
    "F F F F I I F F +",
    "F F F F I N F F +",
    "F F F F I I F F I",
    "F F F F I I F F I",
];
const ADMIN: [&str; 9] = [
    "I N N I N I I I +",
    "I I N I N I I I +",
    "I I I N I I I I +",
    "I I I I + I I I +",
    "I I I I I + I I +",
    "I I I I I I + I +",
    "I I I I I N I P +",
    "I I I I I I I I I",
    "I I I I I I I I I",
];

/// An order that stands there, with all that belongs to it there.
fn standing(world: &World, shop: &Shop, order: &OrderSeen, courier: &Actor, status: OrderStatus) {
    let (id, store, worker) = (order.order.id, shop.store_id, courier.worker.as_ref().unwrap().id);
    let execute = |sql: String| world.database.execute(&sql);
    let (with, delivery) = match status {
        OrderStatus::Draft | OrderStatus::AwaitingPrescription => (", payment_status = 'unpaid'", None),
        OrderStatus::AwaitingPayment => (", payment_status = 'unpaid', payment_method = 'online'", None),
        OrderStatus::Paid => (", payment_status = 'paid', payment_method = 'online'", None),
        OrderStatus::Preparing => ("", None),
        OrderStatus::ReadyForDelivery => ("", Some("ready")),
        OrderStatus::OnTheWay => ("", Some("on_the_way")),
        OrderStatus::Delivered => (", delivered_at = created_at", Some("delivered")),
        OrderStatus::Cancelled => (", cancelled_at = created_at", None),
    };
    let carrier = delivery.map_or_else(String::new, |_| format!(", courier_id = {worker}"));
    execute(format!(
        "UPDATE orders SET status = '{status}'{with}{carrier} WHERE id = {id}"
    ));
    if with.contains("payment_status") {
        execute(format!(
            "UPDATE payments SET status = 'cancelled', cancelled_at = created_at WHERE order_id = {id}"
        ));
    }
    if let Some(delivery) = delivery {
        let handed = if delivery == "delivered" { "created_at" } else { "NULL" };
        execute(format!(
            "INSERT INTO deliveries (store_id, order_id, courier_id, status, note, day, courier_assigned_at, delivered_at, created_at) \
             SELECT {store}, id, {worker}, '{delivery}', '', day, created_at, {handed}, created_at FROM orders WHERE id = {id}"
        ));
    }
}

/// What the actor is answered, as a letter of the tables above.
fn answer(world: &World, actor: &Actor, order: &OrderSeen, to: OrderStatus) -> &'static str {
    let command = AdvanceOrder {
        order_id: order.order.id,
        status: to.code().to_owned(),
        comment: "Sabab".to_owned(),
        cash_received: None,
    };
    let answer = match orders::advance(&world.context, actor, command, &Unkeyed) {
        Ok(seen) => {
            assert_eq!(seen.order.status, to);
            return "+";
        }
        Err(error) => code::<()>(Err(error)),
    };
    match answer {
        "illegal_transition" => "I",
        "forbidden" => "F",
        "transition_not_allowed" => "N",
        "courier_required" => "C",
        "cash_required" => "P",
        "not_found" => ".",
        other => panic!("{} to {to}: {other}", order.order.status),
    }
}

on_both! {
    fn every_pair_by_every_actor_is_as_the_table_says(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        let (courier, operator) = (world.hire(&shop, Role::Courier), world.hire(&shop, Role::Operator));
        let (manager, superuser) = (world.hire(&shop, Role::Manager), world.admin());
        let product = offer(&world, &shop, Offer { pieces: "1000", ..PLAIN });
        let actors = [
            (&customer, BUYER),
            (&courier, COURIER),
            (&operator, OPERATOR),
            (&manager, ADMIN),
            (&shop.owner, ADMIN),
            (&superuser, ADMIN),
        ];
        let written = || world.database.dump_of(&["orders", "order_history", "outbox", "audit_entries"]);

        for (actor, expected) in actors {
            let mut rows = Vec::new();
            for from in OrderStatus::ALL {
                let begin = || {
                    let order = ordered(&world, &customer, product, 1, cash());
                    standing(&world, &shop, &order, &courier, *from);
                    (order, written())
                };
                let mut order = begin();
                let mut cells = Vec::new();
                for to in OrderStatus::ALL {
                    cells.push(answer(&world, actor, &order.0, *to));
                    if cells.ends_with(&["+"]) {
                        order = begin();
                    }
                }
                assert!(written() == order.1, "what was refused left something behind at {from}");
                rows.push(cells.join(" "));
            }
            assert_eq!(rows, expected, "by {}", actor.display_name());
        }
        world.check_ledger();
    }
}
