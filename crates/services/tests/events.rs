//! What subscribers are told, whole: rows of the outbox are never changed, so their keys are for good.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use savdo_domain::cart::CartPart;
use savdo_domain::ids::OrderId;
use savdo_domain::order::PaymentMethod;
use savdo_persistence::on_both;
use savdo_services::carts::AddToCart;
use savdo_services::once::Unkeyed;
use savdo_services::orders::{AdvanceOrder, CancelOrder, PlaceOrder};
use savdo_services::sales::CancelSale;
use savdo_services::testing::{Goods, World, money, receipt, sale};
use savdo_services::{carts, orders, sales};

on_both! {
    fn an_event_carries_exactly_what_the_contract_names(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        world.open_online(&shop);
        let (store, branch) = (shop.store_id, shop.branch_id);
        let product = world.online_product(&shop, Goods::named("Analgin").at(money("12000.00")));
        let place = |actor| {
            carts::add(&world.context, actor, AddToCart { product_id: product, pieces: 1 }, &Unkeyed).unwrap();
            let command = PlaceOrder {
                delivery_address: "Toshkent, Navoiy 1".to_owned(),
                comment: String::new(),
                payment_method: PaymentMethod::Cash,
                expected_total: None,
                part: CartPart::All,
            };
            orders::place(&world.context, actor, command, &Unkeyed).unwrap().order.id
        };

        world.receive(&shop, receipt(&shop, product, "10.500", "8000.00"));
        let sold = world.sell(&shop.owner, sale(&shop, &[(product, "2")])).sale.id;
        sales::cancel(&world.context, &shop.owner, CancelSale { id: sold, reason: String::new() }, &Unkeyed).unwrap();
        let customer = world.customer();
        let order = place(&customer);
        let advance = |order_id, status: &str| {
            let step = AdvanceOrder { order_id, status: status.to_owned(), comment: "Tayyor".to_owned(), cash_received: None };
            orders::advance(&world.context, &shop.owner, step, &Unkeyed).unwrap();
        };
        advance(order, "ready_for_delivery");
        let gone = CancelOrder { order_id: order, reason: "Kelmadi".to_owned() };
        orders::cancel(&world.context, &shop.owner, gone, &Unkeyed).unwrap();
        let carried = place(&customer);
        // No use-case hands an order to a courier or takes his cash yet.
        world.database.execute(&format!(
            "UPDATE orders SET status = 'on_the_way', payment_status = 'paid' WHERE id = {carried}"
        ));
        advance(carried, "delivered");

        let told = world.database.lines(
            "SELECT event || ' ' || subject_type || ' ' || subject_id || ' ' || payload AS line FROM outbox \
             ORDER BY id",
        );
        let sale_payload = format!(
            r#"{{"branch_id":{branch},"sale_id":{sold},"store_id":{store},"total":"24000.00"}}"#
        );
        let order_payload = |order: OrderId, from: &str, to: &str, payment_status: &str| format!(
            r#"{{"from":"{from}","order_id":{order},"payment_status":"{payment_status}","store_id":{store},"to":"{to}","total_price":"12000.00"}}"#
        );
        assert_eq!(told, [
            format!(r#"stock.changed stock_movement 1 {{"location_id":{branch},"on_hand":"10.500","product_id":{product}}}"#),
            format!("sale.completed sale {sold} {sale_payload}"),
            format!("sale.cancelled sale {sold} {sale_payload}"),
            format!("order.created order {order} {}", order_payload(order, "draft", "preparing", "pending")),
            format!(
                "order.status_changed order {order} {}",
                order_payload(order, "preparing", "ready_for_delivery", "pending")
            ),
            format!(
                "order.cancelled order {order} {}",
                order_payload(order, "ready_for_delivery", "cancelled", "unpaid")
            ),
            format!("order.created order {carried} {}", order_payload(carried, "draft", "preparing", "pending")),
            format!(
                "order.delivered order {carried} {}",
                order_payload(carried, "on_the_way", "delivered", "paid")
            ),
        ]);
    }
}
