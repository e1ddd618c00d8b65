//! What people are told of their orders, and how short messages of it go out.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod feed;
mod templates;

use chrono::TimeDelta;
use savdo_domain::access::{Actor, Role};
use savdo_domain::cart::CartPart;
use savdo_domain::dispatch::Outcome;
use savdo_domain::ids::ProductId;
use savdo_domain::order::PaymentMethod;
use savdo_persistence::on_both;
use savdo_services::carts::{self, AddToCart};
use savdo_services::gateways::{Handed, Receipt, SmsProvider};
use savdo_services::once::Unkeyed;
use savdo_services::orders::{self, AdvanceOrder, CancelOrder, OrderSeen, PlaceOrder};
use savdo_services::testing::{Goods, Mailbox, Shop, World, at_once, money, receipt};
use savdo_services::verify::verify;

pub(crate) struct Pharmacy {
    pub(crate) shop: Shop,
    pub(crate) customer: Actor,
    pub(crate) operator: Actor,
    plain: ProductId,
    on_prescription: ProductId,
}

/// A store that is open online, with an operator at work and a customer.
pub(crate) fn pharmacy(world: &World) -> Pharmacy {
    let shop = world.shop();
    world.open_online(&shop);
    let goods = |name: &str, needs_prescription: bool| {
        let goods = Goods {
            needs_prescription,
            ..Goods::named(name).at(money("12000.00"))
        };
        let product = world.online_product(&shop, goods);
        world.receive(&shop, receipt(&shop, product, "100", "8000.00"));
        product
    };
    let (plain, on_prescription) = (goods("Paratsetamol", false), goods("Kodein", true));
    let (customer, operator) = (world.customer(), world.hire(&shop, Role::Operator));
    Pharmacy {
        shop,
        customer,
        operator,
        plain,
        on_prescription,
    }
}

impl Pharmacy {
    fn order(&self, world: &World, product_id: ProductId, payment_method: PaymentMethod) -> OrderSeen {
        carts::add(
            &world.context,
            &self.customer,
            AddToCart { product_id, pieces: 2 },
            &Unkeyed,
        )
        .unwrap();
        let command = PlaceOrder {
            delivery_address: "Toshkent, Navoiy 1".to_owned(),
            comment: String::new(),
            payment_method,
            expected_total: None,
            part: CartPart::All,
        };
        orders::place(&world.context, &self.customer, command, &Unkeyed).unwrap()
    }

    /// An order whose cancel is told by short message.
    pub(crate) fn cancelled(&self, world: &World) {
        let order = self.order(world, self.plain, PaymentMethod::Cash);
        let command = CancelOrder {
            order_id: order.order.id,
            reason: "Dori qolmadi 482915".to_owned(),
        };
        orders::cancel(&world.context, &self.operator, command, &Unkeyed).unwrap();
    }
}

fn never() -> bool {
    false
}

/// Who was told what: `8 system sent order_created`.
fn told(world: &World) -> Vec<String> {
    world.database.lines(
        "SELECT u.first_name || ' ' || n.channel || ' ' || n.status || ' ' || n.notice_type || ': ' || n.message AS line \
         FROM notifications AS n JOIN users AS u ON u.id = n.user_id ORDER BY n.id",
    )
}

pub(crate) fn texts(world: &World) -> Vec<String> {
    world.database.lines(
        "SELECT d.status || ' ' || d.attempts || ' ' || n.status || ' ' || d.last_error AS line \
         FROM outbox_dispatches AS d JOIN notifications AS n ON n.id = d.notification_id ORDER BY d.id",
    )
}

pub(crate) fn run(world: &World, mailbox: &Mailbox) {
    let runner = world.runner(mailbox);
    runner.send_due(never).unwrap();
    runner.send_due(never).unwrap();
}

pub(crate) fn assert_verified(world: &World) {
    assert_eq!(verify(&world.context).unwrap().differences, []);
}

fn unknown() -> Handed {
    Outcome::Unknown {
        why: "no answer in time".to_owned(),
    }
    .into()
}

/// The short message was begun by a worker that died.
fn die_in_the_middle(world: &World) {
    world.database.execute(
        "UPDATE outbox_dispatches SET status = 'leased', attempts = 1, leased_by = 'dead', began_at = due_at, leased_until = due_at \
         WHERE sink = 'sms'",
    );
}

on_both! {
    fn a_cash_order_is_told_from_checkout_to_its_cancel(database: TestDatabase) {
        let world = World::on(database);
        let pharmacy = pharmacy(&world);
        let mailbox = Mailbox::default();
        pharmacy.cancelled(&world);
        assert_eq!(told(&world), [""; 0], "no request writes them");

        run(&world, &mailbox);

        assert_eq!(told(&world), [
            "Mijoz system sent order_created: Do'kon 1: 1-buyurtma qabul qilindi. Jami 24000.00 so'm.",
            " system sent order_created: Do'kon 1: 1-buyurtma qabul qilindi. Jami 24000.00 so'm.",
            "Mijoz system sent order_preparing: 1-buyurtma tayyorlanmoqda.",
            "Mijoz system sent order_cancelled: 1-buyurtma bekor qilindi. Dori qolmadi 482915",
            "Mijoz sms sent order_cancelled: 1-buyurtma bekor qilindi.",
        ]);
        let sent = mailbox.texts();
        assert_eq!(sent.len(), 1);
        assert_eq!((sent[0].to.digits(), sent[0].text.as_str()), ("998900000002", "1-buyurtma bekor qilindi."));
        assert_verified(&world);
    }

    fn a_prescription_and_money_are_asked_for_in_the_language_of_the_customer(database: TestDatabase) {
        let world = World::on(database);
        let pharmacy = pharmacy(&world);
        world.database.execute(&format!("UPDATE users SET language = 'ru' WHERE id = {}", pharmacy.customer.user_id));
        let mailbox = Mailbox::default();

        pharmacy.order(&world, pharmacy.on_prescription, PaymentMethod::Online);
        pharmacy.order(&world, pharmacy.plain, PaymentMethod::Online);
        run(&world, &mailbox);

        let told: Vec<_> = told(&world).into_iter().filter(|line| line.contains("awaiting")).collect();
        assert_eq!(told, [
            "Mijoz system sent order_awaiting_prescription: Загрузите рецепт для заказа 1.",
            "Mijoz sms sent order_awaiting_prescription: Загрузите рецепт для заказа 1.",
            // Whoever checks out sees that he is to pay.
            "Mijoz system sent order_awaiting_payment: Оплатите заказ 2 за 60 мин. Сумма 24000.00 сум.",
        ]);
    }

    fn a_step_of_an_order_is_told_once_however_often_its_event_is_worked_off(database: TestDatabase) {
        let world = World::on(database);
        let pharmacy = pharmacy(&world);
        let order = pharmacy.order(&world, pharmacy.plain, PaymentMethod::Cash);
        let ready = AdvanceOrder { order_id: order.order.id, status: "ready_for_delivery".to_owned(), comment: String::new(), cash_received: None };
        orders::advance(&world.context, &pharmacy.operator, ready, &Unkeyed).unwrap();
        let mailbox = Mailbox::default();
        run(&world, &mailbox);
        let before = told(&world);

        world.database.execute("UPDATE outbox_dispatches SET status = 'waiting', attempts = 0 WHERE sink = 'notices'");
        run(&world, &mailbox);

        assert_eq!(told(&world), before);
        assert_eq!(before.last().unwrap(), "Mijoz system sent order_ready_for_delivery: 1-buyurtma yetkazishga tayyor.");
    }

    fn words_of_the_store_come_before_those_of_the_installation_and_a_switch_off_counts(database: TestDatabase) {
        let world = World::on(database);
        let pharmacy = pharmacy(&world);
        let insert = |language: &str, channel: &str, text: &str, is_active: bool| {
            world.database.execute(&format!(
                "INSERT INTO notification_templates (store_id, notice_type, channel, language, text, is_active, created_at, updated_at) \
                 SELECT {}, 'order_cancelled', '{channel}', '{language}', '{text}', {}, created_at, updated_at FROM stores WHERE id = {}",
                pharmacy.shop.store_id, if is_active { "TRUE" } else { "FALSE" }, pharmacy.shop.store_id,
            ));
        };
        let last = |count: usize| {
            pharmacy.cancelled(&world);
            run(&world, &Mailbox::default());
            let told: Vec<_> = told(&world).into_iter().filter(|line| line.contains("order_cancelled")).collect();
            told[told.len() - count..].to_vec()
        };

        insert("uz", "system", "Bizda {order_id} yo''q", true);
        insert("uz", "sms", "Yo''q", false);
        assert_eq!(last(1), ["Mijoz system sent order_cancelled: Bizda 1 yo'q"]);
        // The store has nothing in Russian: its Uzbek words come before the installation's Russian ones.
        world.database.execute(&format!("UPDATE users SET language = 'ru' WHERE id = {}", pharmacy.customer.user_id));
        assert_eq!(last(2), ["Mijoz system sent order_cancelled: Bizda 2 yo'q", "Mijoz sms sent order_cancelled: Заказ 2 отменён."]);
        insert("ru", "system", "У нас нет {order_id}", true);
        assert_eq!(last(2)[0], "Mijoz system sent order_cancelled: У нас нет 3");
        // With all words switched off the list still tells it.
        world.database.execute("UPDATE notification_templates SET is_active = FALSE");
        assert_eq!(last(1), ["Mijoz system sent order_cancelled: Заказ 4 отменён. Dori qolmadi 482915"]);
    }

    fn a_message_of_unknown_fate_is_repeated_where_the_provider_knows_it_again_and_else_never(database: TestDatabase) {
        let world = World::on(database);
        let pharmacy = pharmacy(&world);
        let (eskiz, playmobile) = (Mailbox::default(), Mailbox::default());
        playmobile.know_repetitions();

        // Eskiz: whoever looks after the dead letters decides.
        pharmacy.cancelled(&world);
        eskiz.will_answer_texts([unknown()]);
        run(&world, &eskiz);
        world.clock.advance(TimeDelta::hours(12));
        run(&world, &eskiz);
        assert_eq!((eskiz.texts().len(), texts(&world)), (1, vec!["unknown 1 failed no answer in time".to_owned()]));

        // PlayMobile: once more under the same number.
        pharmacy.cancelled(&world);
        playmobile.will_answer_texts([Handed { is_repeatable: true, ..unknown() }]);
        run(&world, &playmobile);
        assert_eq!(texts(&world)[1], "waiting 1 processing no answer in time");
        world.clock.advance(TimeDelta::minutes(1));
        run(&world, &playmobile);
        assert_eq!(texts(&world)[1], "sent 2 sent ");
        let tried = playmobile.texts();
        assert_eq!((tried.len(), tried[0].message_number), (2, tried[1].message_number));
        assert_eq!(tried.iter().map(|sms| sms.is_doubtful).collect::<Vec<_>>(), [false, true]);
        assert_verified(&world);
    }

    fn killed_between_acceptance_and_our_mark_a_message_is_unknown(database: TestDatabase) {
        let world = World::on(database);
        let pharmacy = pharmacy(&world);
        let (nobody, eskiz, playmobile) = (Mailbox::default(), Mailbox::default(), Mailbox::default());
        playmobile.know_repetitions();
        // Its messages are made, and the gateway is left alone: they wait.
        let make = || {
            pharmacy.cancelled(&world);
            nobody.will_answer_texts([Outcome::Retry { why: "later".to_owned(), after: None }.into()]);
            run(&world, &nobody);
            die_in_the_middle(&world);
            world.clock.advance(TimeDelta::hours(1));
        };

        make();
        run(&world, &eskiz);
        assert_eq!(eskiz.texts(), []);
        assert_eq!(texts(&world), ["unknown 2 failed a worker that sent it died before it knew the answer"]);

        world.database.execute("UPDATE outbox_dispatches SET status = 'waiting', doubtful_since = NULL WHERE sink = 'sms'");
        world.database.execute("UPDATE notifications SET status = 'pending' WHERE channel = 'sms'");
        die_in_the_middle(&world);
        world.clock.advance(TimeDelta::hours(1));
        run(&world, &playmobile);
        assert_eq!(playmobile.texts().len(), 1);
        assert!(playmobile.texts()[0].is_doubtful);
        assert_eq!(texts(&world), ["sent 2 sent "]);

        // Nothing that is marked sent goes out again.
        world.clock.advance(TimeDelta::days(1));
        run(&world, &eskiz);
        run(&world, &playmobile);
        assert_eq!((eskiz.texts().len(), playmobile.texts().len()), (0, 1));
    }

    fn what_a_dead_worker_held_and_never_began_is_sent(database: TestDatabase) {
        let world = World::on(database);
        let pharmacy = pharmacy(&world);
        pharmacy.cancelled(&world);
        let (busy, eskiz) = (Mailbox::default(), Mailbox::default());
        busy.will_answer_texts([Outcome::Retry { why: "later".to_owned(), after: None }.into()]);
        run(&world, &busy);
        die_in_the_middle(&world);
        world.database.execute("UPDATE outbox_dispatches SET began_at = NULL WHERE sink = 'sms'");
        world.clock.advance(TimeDelta::hours(1));

        run(&world, &eskiz);

        assert_eq!(eskiz.texts().len(), 1);
        assert!(!eskiz.texts()[0].is_doubtful);
        assert_eq!(texts(&world), ["sent 2 sent "]);
    }

    fn two_workers_share_the_messages_without_overlap(database: TestDatabase) {
        let world = World::on(database);
        let pharmacy = pharmacy(&world);
        for _ in 0..6 {
            pharmacy.cancelled(&world);
        }
        let mailbox = Mailbox::default();
        let runners: Vec<_> = (0..2).map(|_| world.runner(&mailbox)).collect();

        at_once(2, |number| {
            for _ in 0..3 {
                runners[number].send_due(never).unwrap();
            }
        });
        run(&world, &mailbox);

        let mut numbers: Vec<_> = mailbox.texts().iter().map(|sms| sms.message_number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!((mailbox.texts().len(), numbers.len()), (6, 6));
        assert_eq!(told(&world).len(), 6 * 5);
        assert_verified(&world);
    }

    fn a_provider_that_is_away_delays_no_list_and_resends_to_nobody(database: TestDatabase) {
        let world = World::on(database);
        let pharmacy = pharmacy(&world);
        let mailbox = Mailbox::default();
        mailbox.will_answer_texts((0..2).map(|_| Outcome::Retry { why: "away".to_owned(), after: None }.into()));
        pharmacy.cancelled(&world);

        run(&world, &mailbox);
        assert_eq!(texts(&world), ["waiting 1 processing away"]);
        let listed = told(&world).iter().filter(|line| line.contains("system")).count();
        assert_eq!(listed, 4);
        for minutes in [1, 5] {
            world.clock.advance(TimeDelta::minutes(minutes));
            run(&world, &mailbox);
        }

        assert_eq!(texts(&world), ["sent 3 sent "]);
        assert_eq!((told(&world).len(), mailbox.texts().len()), (5, 3));
    }

    fn who_took_a_message_is_kept(database: TestDatabase) {
        let world = World::on(database);
        let pharmacy = pharmacy(&world);
        let mailbox = Mailbox::default();
        let receipt = Receipt { provider: SmsProvider::Eskiz, id: "uuid-1".to_owned() };
        mailbox.will_answer_texts([Handed { receipt: Some(receipt), ..Handed::from(Outcome::Sent) }]);
        pharmacy.cancelled(&world);

        run(&world, &mailbox);

        let kept = world.database.lines("SELECT provider || ' ' || provider_id AS line FROM outbox_dispatches WHERE sink = 'sms'");
        assert_eq!(kept, ["eskiz uuid-1"]);
    }

    fn whichever_statement_finds_the_database_busy_everything_is_told_once(database: TestDatabase) {
        let world = World::unlimited(database);
        let pharmacy = pharmacy(&world);
        let mailbox = Mailbox::default();
        let (runner, probe) = (world.runner(&mailbox), world.database.probe());

        for nth in 1.. {
            pharmacy.cancelled(&world);
            probe.be_busy_at(nth);
            let _ = runner.send_due(never);
            let _ = runner.send_due(never);
            let is_over = probe.disarm();
            runner.send_due(never).unwrap();
            runner.send_due(never).unwrap();
            let rounds = usize::try_from(nth).unwrap();
            assert_eq!((told(&world).len(), mailbox.texts().len()), (5 * rounds, rounds), "statement {nth}");
            if is_over {
                assert!(nth > 20, "only {nth} statements");
                break;
            }
        }
    }
}
