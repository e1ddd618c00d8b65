//! A file of all that is kept of somebody.

use savdo_domain::cart::CartPart;
use savdo_domain::notice::NoticeType;
use savdo_domain::order::PaymentMethod;
use savdo_domain::payment::{PaymentState, Provider};
use savdo_persistence::on_both;
use savdo_services::accounts;
use savdo_services::carts::{self, AddToCart};
use savdo_services::once::Unkeyed;
use savdo_services::orders::{self, PlaceOrder};
use savdo_services::prescriptions::{self, SubmitPrescription};
use savdo_services::testing::{Goods, Mailbox, World, picture, receipt};

on_both! {
    fn what_somebody_ordered_paid_showed_and_was_told_is_in_his_file_and_nobody_elses(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product_id = world.online_product(&shop, Goods::named("Analgin"));
        world.receive(&shop, receipt(&shop, product_id, "10", "5000.00"));
        let (customer, other) = (world.customer(), world.customer());
        for buyer in [&customer, &other] {
            carts::add(&world.context, buyer, AddToCart { product_id, pieces: 1 }, &Unkeyed).unwrap();
            let command = PlaceOrder {
                delivery_address: "Toshkent, Navoiy 1".to_owned(),
                comment: String::new(),
                payment_method: PaymentMethod::Cash,
                expected_total: None,
                part: CartPart::All,
            };
            orders::place(&world.context, buyer, command, &Unkeyed).unwrap();
        }
        for buyer in [&customer, &other] {
            let shown = SubmitPrescription { order_id: None, images: vec![picture(1), picture(2)] };
            prescriptions::submit(&world.context, buyer, shown, &Unkeyed).unwrap();
        }
        let worker = world.runner(&Mailbox::default());
        worker.send_due(|| false).unwrap();

        let export = accounts::export(&world.context, &customer).unwrap();

        assert_eq!((export.user.id, export.orders.len()), (customer.user_id, 1));
        let payments: Vec<_> = export.payments.iter().map(|payment| (payment.provider, payment.state, payment.order.id)).collect();
        assert_eq!(payments, [(Provider::Cash, PaymentState::Pending, export.orders[0].order.id)]);
        let shown: Vec<_> = export.prescriptions.iter().map(|shown| (shown.prescription.patient.id, shown.images)).collect();
        assert_eq!(shown, [(customer.user_id, 2)]);
        let told: Vec<_> = export.notices.iter().map(|told| told.notice).collect();
        assert_eq!(told, [NoticeType::OrderCreated, NoticeType::OrderPreparing]);
    }
}
