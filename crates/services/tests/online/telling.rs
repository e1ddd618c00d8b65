//! Who is told of an order on its way.

use savdo_domain::access::Role;
use savdo_persistence::on_both;
use savdo_services::testing::{Mailbox, World};

use crate::support::{PLAIN, assign, hand_over, offer, online_shop, packed, set_status};

on_both! {
    fn a_courier_is_told_of_his_order_and_its_buyer_of_his_way_and_the_money(database: TestDatabase) {
        let world = World::on(database);
        let shop = online_shop(&world);
        let (customer, operator) = (world.customer(), world.hire(&shop, Role::Operator));
        let courier = world.hire(&shop, Role::Courier);
        let product = offer(&world, &shop, PLAIN);
        let order = packed(&world, &shop, &customer, product);
        assign(&world, &operator, &order, &courier).unwrap();
        set_status(&world, &courier, &order, "on_the_way").unwrap();
        hand_over(&world, &courier, &order, "12000.00").unwrap();
        let mailbox = Mailbox::default();
        let worker = world.runner(&mailbox);

        worker.send_due(|| false).unwrap();
        worker.send_due(|| false).unwrap();

        let told = world.database.lines(
            "SELECT user_id || ' ' || notice_type AS line FROM notifications WHERE channel = 'system' ORDER BY event_id, id",
        );
        let (buyer, operator, courier) = (customer.user_id, operator.user_id, courier.user_id);
        let expected = [
            format!("{buyer} order_created"),
            format!("{operator} order_created"),
            format!("{buyer} order_preparing"),
            format!("{buyer} order_ready_for_delivery"),
            format!("{courier} order_ready_for_delivery"),
            format!("{buyer} order_on_the_way"),
            format!("{buyer} order_delivered"),
            format!("{buyer} order_paid"),
            format!("{operator} order_paid"),
        ];
        assert_eq!(told, expected);
        let payment = world.database.lines("SELECT public_id AS line FROM payments").remove(0);
        let paid = world.database.lines("SELECT message AS line FROM notifications WHERE notice_type = 'order_paid'");
        assert!(!paid.iter().any(|message| message.contains('{')), "{paid:?}");
        assert!(payment.starts_with("PAY-"));
        let texts: Vec<_> = mailbox.texts().into_iter().map(|sms| sms.to.digits().to_owned()).collect();
        assert_eq!(texts.len(), 2, "on the way, and paid");
    }
}
