//! Who sees which orders.

use savdo_domain::Refusal;
use savdo_domain::access::{Actor, Role};
use savdo_domain::ids::OrderId;
use savdo_domain::order::{OrderStatus, PaymentMethod, PaymentStatus};
use savdo_persistence::on_both;
use savdo_services::orders::{self, OrderFilter, OrderOrdering};
use savdo_services::testing::{World, refusal};
use savdo_services::{Clock, Page};

use crate::support::{Offer, PLAIN, RX, cancel, cash, code, offer, online, online_shop, ordered, set_status};

const ALL: Page = Page::new(1, 100);

fn ids(world: &World, actor: &Actor, filter: OrderFilter) -> Vec<OrderId> {
    let listed = orders::list(&world.context, actor, filter, &ALL).unwrap();
    let ids: Vec<_> = listed.rows.iter().map(|seen| seen.order.id).collect();
    assert_eq!(usize::try_from(listed.total), Ok(ids.len()));
    ids
}

on_both! {
    fn everybody_sees_the_orders_of_his_scope(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other_shop) = (online_shop(&world), online_shop(&world));
        let (customer, other) = (world.customer(), world.customer());
        let product = offer(&world, &shop, PLAIN);
        let first = ordered(&world, &customer, product, 1, cash()).order.id;
        let second = ordered(&world, &other, product, 1, online()).order.id;
        let third = ordered(&world, &customer, offer(&world, &other_shop, PLAIN), 1, online()).order.id;
        let seen = |actor: &Actor| ids(&world, actor, OrderFilter::default());

        assert_eq!(seen(&customer), [third, first]);
        assert_eq!(seen(&other), [second]);
        assert_eq!(seen(&shop.owner), [second, first]);
        assert_eq!(seen(&world.hire(&shop, Role::Operator)), [second, first]);
        assert_eq!(seen(&world.admin()), [third, second, first]);
        for nobody in [Role::Seller, Role::Courier].map(|role| world.hire(&shop, role)) {
            assert_eq!(seen(&nobody), []);
            assert_eq!(refusal(orders::view(&world.context, &nobody, first)), Refusal::NotFound);
        }
        for stranger in [&other, &other_shop.owner] {
            assert_eq!(refusal(orders::view(&world.context, stranger, first)), Refusal::NotFound);
            assert_eq!(refusal(orders::history(&world.context, stranger, first)), Refusal::NotFound);
            let order = orders::view(&world.context, &customer, first).unwrap();
            assert_eq!(refusal(cancel(&world, stranger, &order, "")), Refusal::NotFound);
        }
    }

    fn whoever_works_in_one_store_is_the_buyer_of_what_he_ordered_in_another(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other_shop) = (online_shop(&world), online_shop(&world));
        let (here, there) = (offer(&world, &shop, PLAIN), offer(&world, &other_shop, PLAIN));
        let owner = &shop.owner;
        let first = ordered(&world, &world.customer(), here, 1, cash()).order.id;
        world.clock.advance(chrono::TimeDelta::minutes(1));
        let own = ordered(&world, owner, there, 2, cash());
        let own_id = own.order.id;
        world.clock.advance(chrono::TimeDelta::minutes(1));
        let last = ordered(&world, owner, here, 3, cash()).order.id;
        ordered(&world, &world.customer(), there, 1, cash());

        assert_eq!(ids(&world, owner, OrderFilter::default()), [last, own_id, first]);
        let paged = |number, ordering| {
            let filter = OrderFilter { ordering, ..OrderFilter::default() };
            let listed = orders::list(&world.context, owner, filter, &Page::new(number, 2)).unwrap();
            assert_eq!(listed.total, 3);
            listed.rows.iter().map(|seen| seen.order.id).collect::<Vec<_>>()
        };
        assert_eq!([paged(1, OrderOrdering::Newest), paged(2, OrderOrdering::Newest)], [vec![last, own_id], vec![first]]);
        assert_eq!([paged(1, OrderOrdering::Dearest), paged(2, OrderOrdering::Dearest)], [vec![last, own_id], vec![first]]);
        assert_eq!([paged(1, OrderOrdering::Oldest), paged(1, OrderOrdering::Cheapest)], [[first, own_id], [first, own_id]]);
        let filter = OrderFilter { store_id: Some(other_shop.store_id), ..OrderFilter::default() };
        assert_eq!(ids(&world, owner, filter), [own_id]);

        let seen = orders::view(&world.context, owner, own_id).unwrap();
        assert_eq!((seen.allowed_statuses, seen.can_cancel), (vec![], true));
        assert_eq!(code(set_status(&world, owner, &own, "ready_for_delivery")), "forbidden");
        set_status(&world, &other_shop.owner, &own, "ready_for_delivery").unwrap();
        let told = |actor: &Actor, id| orders::history(&world.context, actor, id).unwrap().shown_only;
        assert_eq!(told(owner, own_id), Some(owner.user_id));
        assert_eq!([told(owner, first), told(&other_shop.owner, own_id)], [None, None]);
        assert_eq!(code(cancel(&world, owner, &own, "")), "illegal_transition");
    }

    fn a_courier_sees_what_he_carries_and_what_he_ordered_himself(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other_shop) = (online_shop(&world), online_shop(&world));
        let (here, there) = (offer(&world, &shop, PLAIN), offer(&world, &other_shop, PLAIN));
        let courier = world.hire(&shop, Role::Courier);
        let id = courier.worker.as_ref().unwrap().id;
        world.database.execute(&format!("UPDATE workers SET status = 'tatil' WHERE id = {id}"));
        let on_leave = world.again(&courier);
        let [own_there, own_here] = [there, here].map(|product| ordered(&world, &on_leave, product, 1, cash()));
        let carried = ordered(&world, &world.customer(), here, 1, cash()).order.id;
        ordered(&world, &world.customer(), here, 1, cash());
        world.database.execute(&format!("UPDATE workers SET status = 'active' WHERE id = {id}"));
        world.database.execute(&format!("UPDATE orders SET courier_id = {id} WHERE id = {carried}"));

        let listed = ids(&world, &courier, OrderFilter::default());

        assert_eq!(listed, [carried, own_here.order.id, own_there.order.id]);
        for own in [own_here, own_there] {
            assert_eq!(cancel(&world, &courier, &own, "").unwrap().order.status, OrderStatus::Cancelled);
        }
        let carried = orders::view(&world.context, &courier, carried).unwrap();
        assert_eq!(code(cancel(&world, &courier, &carried, "")), "forbidden");
    }

    fn orders_placed_later_come_first_whatever_their_numbers(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        let product = offer(&world, &shop, PLAIN);
        let [first, second, third] = [1, 1, 1].map(|pieces| ordered(&world, &customer, product, pieces, cash()).order);
        world.database.execute(&format!(
            "UPDATE orders SET created_at = '2026-03-13 00:00:00.000000' WHERE id = {}",
            first.id
        ));
        let by = |ordering| ids(&world, &customer, OrderFilter { ordering, ..OrderFilter::default() });

        assert_eq!(by(OrderOrdering::Newest), [first.id, third.id, second.id]);
        assert_eq!(by(OrderOrdering::Oldest), [second.id, third.id, first.id]);
    }

    fn orders_are_found_by_what_they_are(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other_shop) = (online_shop(&world), online_shop(&world));
        let (customer, other) = (world.customer(), world.customer());
        let owner = &shop.owner;
        let product = offer(&world, &shop, PLAIN);
        let cheap = ordered(&world, &customer, offer(&world, &shop, Offer { price: "1.00", ..PLAIN }), 1, cash());
        let dear = ordered(&world, &customer, product, 2, online()).order.id;
        let rx = ordered(&world, &other, offer(&world, &shop, RX), 1, online()).order.id;
        let gone = cancel(&world, &customer, &cheap, "").unwrap().order.id;
        let found = |filter| ids(&world, owner, filter);
        let day = cheap.order.day;
        let none = OrderFilter::default;

        let statuses = vec![OrderStatus::Cancelled, OrderStatus::AwaitingPayment];
        assert_eq!(found(OrderFilter { statuses, ..none() }), [dear, gone]);
        assert_eq!(found(OrderFilter { payment_method: Some(PaymentMethod::Cash), ..none() }), [gone]);
        assert_eq!(found(OrderFilter { payment_status: Some(PaymentStatus::Pending), ..none() }), []);
        assert_eq!(found(OrderFilter { needs_prescription: Some(true), ..none() }), [rx]);
        assert_eq!(found(OrderFilter { buyer_id: Some(customer.user_id), ..none() }), [dear, gone]);
        assert_eq!(found(OrderFilter { store_id: Some(shop.store_id), ..none() }), [rx, dear, gone]);
        assert_eq!(found(OrderFilter { store_id: Some(other_shop.store_id), ..none() }), []);
        assert_eq!(found(OrderFilter { created_from: Some(day), created_to: Some(day), ..none() }), [rx, dear, gone]);
        assert_eq!(found(OrderFilter { created_from: day.succ_opt(), ..none() }), []);
        assert_eq!(found(OrderFilter { created_to: day.pred_opt(), ..none() }), []);
        assert_eq!(day, shop.owner.worker.as_ref().unwrap().store.as_ref().unwrap().zone.day(world.clock.now()));
    }

    fn staff_search_orders_by_id_phone_and_name(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let (customer, other) = (world.customer(), world.customer());
        let product = offer(&world, &shop, PLAIN);
        let first = ordered(&world, &customer, product, 1, cash()).order;
        let second = ordered(&world, &other, product, 1, online()).order;
        let found = |actor: &Actor, typed: &str| ids(&world, actor, OrderFilter::default().with_search(typed));

        assert_eq!(found(&shop.owner, &first.buyer.phone), [first.id]);
        assert_eq!(found(&shop.owner, &format!("mijoz {}", second.buyer.last_name)), [second.id]);
        assert_eq!(found(&shop.owner, "МИЖОЗ"), [second.id, first.id]);
        assert_eq!(found(&shop.owner, "zzz"), []);
        assert!(found(&shop.owner, &format!(" {} ", first.id)).contains(&first.id));
        assert_eq!(found(&customer, "zzz"), [first.id]);
    }

    fn orders_come_in_the_order_that_is_asked_page_by_page(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        let product = offer(&world, &shop, PLAIN);
        let [two, one, three] = [2, 1, 3].map(|pieces| ordered(&world, &customer, product, pieces, online()).order.id);
        let by = |ordering| ids(&world, &customer, OrderFilter { ordering, ..OrderFilter::default() });

        assert_eq!(by(OrderOrdering::Newest), [three, one, two]);
        assert_eq!(by(OrderOrdering::Oldest), [two, one, three]);
        assert_eq!(by(OrderOrdering::Cheapest), [one, two, three]);
        assert_eq!(by(OrderOrdering::Dearest), [three, two, one]);
        let second = Page::new(2, 2);
        let page = orders::list(&world.context, &customer, OrderFilter::default(), &second).unwrap();
        assert_eq!((page.total, page.rows.len(), page.rows[0].order.id), (3, 1, two));
        assert_eq!(page.rows[0].lines[0].pieces, 2);
    }

    fn an_order_says_what_its_reader_may_do(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let customer = world.customer();
        let product = offer(&world, &shop, PLAIN);
        let id = ordered(&world, &customer, product, 1, online()).order.id;
        let rights = |actor: &Actor| {
            let seen = orders::view(&world.context, actor, id).unwrap();
            (seen.allowed_statuses, seen.can_cancel, seen.can_pay)
        };

        assert_eq!(rights(&customer), (vec![], true, true));
        assert_eq!(rights(&shop.owner), (vec![OrderStatus::Cancelled], true, false));
        world.clock.advance(chrono::TimeDelta::hours(2));
        assert_eq!(rights(&customer), (vec![], true, false));
    }
}
