//! Desks of the database: whose money goes where, whose secret opens what, and what an operator is refused.

use std::sync::Arc;

use chrono::TimeDelta;
use savdo_domain::ids::{PaymentDeskId, StoreId};
use savdo_domain::payment::desk::{DeskSecret, Environment};
use savdo_persistence::on_both;
use savdo_services::Context;
use savdo_services::desks::{
    self, AddDesk, ClickTerms, DeskIds, DeskRefusal, DeskSeen, DeskStanding, Holder, KNOWN_PAYME_KEY, PaymeTerms,
    Rotation, Switch,
};
use savdo_services::testing::{CLICK_SERVICE, Mailbox, PAYME_KEY, PAYME_MERCHANT, World};

use crate::attempts::{call_click, click_desk, completing, preparing, told};
use crate::support::Town;

const KEY: &str = "dokon&kaliti?0123456789@abc#def%ghij";
const NEW_KEY: &str = "yangi&kalit?0123456789@abc#def%ghijk";

fn payme(store_id: Option<StoreId>, merchant_id: &str, key: &str) -> AddDesk {
    AddDesk {
        store_id,
        environment: None,
        ids: DeskIds::Payme {
            merchant_id: merchant_id.to_owned(),
            terms: PaymeTerms {
                login: "Paycom".to_owned(),
                account_field: "order_id".to_owned(),
                sends_detail: true,
            },
        },
        secret: DeskSecret::new(key),
    }
}

fn click(store_id: Option<StoreId>, service_id: &str, key: &str) -> AddDesk {
    let terms = ClickTerms {
        merchant_id: "77".to_owned(),
        merchant_user_id: "88".to_owned(),
    };
    AddDesk {
        ids: DeskIds::Click {
            service_id: service_id.to_owned(),
            terms,
        },
        ..payme(store_id, "", key)
    }
}

/// The desk that a key opens.
fn opened(context: &Context, key: &str) -> Option<String> {
    use base64::Engine as _;
    let header = base64::engine::general_purpose::STANDARD.encode(format!("Paycom:{key}"));
    let desks = context.desks().unwrap();
    let desk = desks.opened_by_payme(Some(&format!("Basic {header}")));
    desk.map(|desk| desk.merchant_id.clone())
}

/// The desks through which orders of a store are paid.
fn paid_through(context: &Context, store_id: StoreId) -> (Option<String>, Option<String>) {
    let desks = context.desks().unwrap();
    let payme = desks.payme_of(store_id).map(|desk| desk.merchant_id.clone());
    let click = desks.click_of(store_id).map(|desk| desk.service_id.clone());
    (payme, click)
}

fn named(payme: &str, click: &str) -> (Option<String>, Option<String>) {
    let some = |name: &str| (!name.is_empty()).then(|| name.to_owned());
    (some(payme), some(click))
}

fn standing(world: &World, id: PaymentDeskId) -> DeskStanding {
    let seen = desks::list(&world.context).unwrap();
    seen.iter().find(|seen| seen.id == Some(id)).unwrap().standing
}

fn refused<T: std::fmt::Debug>(outcome: desks::Outcome<T>) -> DeskRefusal {
    outcome.unwrap().unwrap_err()
}

on_both! {
    fn a_store_is_paid_through_its_own_desk_and_the_others_through_the_default(database: TestDatabase) {
        let world = World::on(database);
        let (own, other) = (world.shop().store_id, world.shop().store_id);
        let context = &world.context;
        assert_eq!(paid_through(context, own), named(PAYME_MERCHANT, CLICK_SERVICE));

        world.desk(payme(Some(own), "own1", KEY));
        world.desk(click(Some(own), "900", "clickclick1"));

        assert_eq!(paid_through(context, own), named("own1", "900"));
        assert_eq!(paid_through(context, other), named(PAYME_MERCHANT, CLICK_SERVICE));
        assert_eq!(opened(context, KEY).as_deref(), Some("own1"));
        assert_eq!(opened(context, PAYME_KEY).as_deref(), Some(PAYME_MERCHANT));
        let desk = context.desks().unwrap().payme_of(own).unwrap().clone();
        assert_eq!((desk.login.as_str(), desk.sends_detail), ("Paycom", true));
        let desk = context.desks().unwrap().click_of(own).unwrap().clone();
        assert_eq!((desk.merchant_id.as_str(), desk.merchant_user_id.as_str()), ("77", "88"));
    }

    fn a_secret_lies_under_seal_and_stands_in_no_trace(database: TestDatabase) {
        let world = World::on(database);
        let store_id = world.shop().store_id;

        let id = world.desk(payme(Some(store_id), "own1", KEY));
        desks::rotate(&world.context, id, Rotation::To(DeskSecret::new(NEW_KEY))).unwrap().unwrap();
        desks::rotate(&world.context, id, Rotation::DropPrevious).unwrap().unwrap();
        desks::switch(&world.context, id, Switch::Off).unwrap().unwrap();
        desks::switch(&world.context, id, Switch::Off).unwrap().unwrap();
        desks::switch(&world.context, id, Switch::On).unwrap().unwrap();
        desks::switch(&world.context, id, Switch::Off).unwrap().unwrap();
        desks::switch(&world.context, id, Switch::Remove).unwrap().unwrap();

        let dump = world.database.dump();
        assert!(!dump.contains(KEY) && !dump.contains(NEW_KEY), "{dump}");
        let told = "SELECT store_id || ' ' || action || ': ' || description || ' ' || details AS line FROM audit_entries \
            WHERE subject_type = 'payment_desk' ORDER BY id";
        let desk = "To'lov kassasi payme own1 (test)";
        let told_of = |done: &str, details: &str| format!("{store_id} {done} {{{details}}}").replace("DESK", desk);
        assert_eq!(world.database.lines(told), [
            told_of("create: DESK qo'shildi", "\"desk\":\"own1\",\"environment\":\"test\",\"provider\":\"payme\",\
                \"settings\":{\"account_field\":\"order_id\",\"login\":\"Paycom\",\"sends_detail\":true}"),
            told_of("update: DESK kaliti almashtirildi", "\"changes\":{\"has_previous_secret\":{\"new\":true,\"old\":false}}"),
            told_of("update: DESK avvalgi kaliti bekor qilindi", "\"changes\":{\"has_previous_secret\":{\"new\":false,\"old\":true}}"),
            told_of("update: DESK o'chirildi", "\"changes\":{\"is_active\":{\"new\":false,\"old\":true}}"),
            told_of("update: DESK yoqildi", "\"changes\":{\"is_active\":{\"new\":true,\"old\":false}}"),
            told_of("update: DESK o'chirildi", "\"changes\":{\"is_active\":{\"new\":false,\"old\":true}}"),
            told_of("delete: DESK olib tashlandi", "\"changes\":{}"),
        ]);
    }

    fn a_rotation_takes_both_secrets_until_it_is_ended_or_taken_back(database: TestDatabase) {
        let world = World::on(database);
        let context = &world.context;
        let id = world.desk(payme(Some(world.shop().store_id), "own1", KEY));
        let rotate = |rotation: Rotation| desks::rotate(context, id, rotation).unwrap();
        let opens = || [KEY, NEW_KEY].map(|key| opened(context, key).is_some());
        assert_eq!(opens(), [true, false]);

        rotate(Rotation::To(DeskSecret::new(NEW_KEY))).unwrap();
        assert_eq!(opens(), [true, true]);
        let again = rotate(Rotation::To(DeskSecret::new("third")));
        assert_eq!(again, Err(DeskRefusal::StillRotating(id)));
        rotate(Rotation::Undo).unwrap();
        assert_eq!(opens(), [true, false]);
        rotate(Rotation::To(DeskSecret::new(NEW_KEY))).unwrap();
        rotate(Rotation::DropPrevious).unwrap();

        assert_eq!(opens(), [false, true]);
        for ended in [Rotation::DropPrevious, Rotation::Undo] {
            assert_eq!(rotate(ended), Err(DeskRefusal::NoPrevious(id)));
        }
        assert_eq!(rotate(Rotation::To(DeskSecret::new(NEW_KEY))), Err(DeskRefusal::SameSecret(id)));
    }

    fn money_of_a_store_whose_desk_is_off_or_of_the_other_world_goes_nowhere(database: TestDatabase) {
        let world = World::on(database);
        let context = &world.context;
        let (off, elsewhere) = (world.shop().store_id, world.shop().store_id);
        let id = world.desk(payme(Some(off), "own1", KEY));
        let production = Some(Environment::Production);
        let real = world.desk(AddDesk { environment: production, ..payme(Some(elsewhere), "own2", NEW_KEY) });

        desks::switch(context, id, Switch::Off).unwrap().unwrap();

        assert_eq!([off, elsewhere].map(|store_id| paid_through(context, store_id)), [(); 2].map(|()| named("", CLICK_SERVICE)));
        assert_eq!([KEY, NEW_KEY].map(|key| opened(context, key)), [None, None]);
        assert_eq!(standing(&world, real), DeskStanding::OtherEnvironment);
        let own = context.desks().unwrap().stores_with_own_payme();
        assert_eq!(own, [off, elsewhere]);
        desks::switch(context, id, Switch::On).unwrap().unwrap();
        assert_eq!(paid_through(context, off), named("own1", CLICK_SERVICE));
    }

    fn only_a_desk_that_is_off_is_removed_and_then_the_default_serves_its_store(database: TestDatabase) {
        let world = World::on(database);
        let (context, store_id) = (&world.context, world.shop().store_id);
        let id = world.desk(payme(Some(store_id), "own1", KEY));

        assert_eq!(refused(desks::switch(context, id, Switch::Remove)), DeskRefusal::IsOn(id));
        desks::switch(context, id, Switch::Off).unwrap().unwrap();
        desks::switch(context, id, Switch::Remove).unwrap().unwrap();

        assert_eq!(paid_through(context, store_id), named(PAYME_MERCHANT, CLICK_SERVICE));
        assert_eq!(refused(desks::switch(context, id, Switch::On)), DeskRefusal::NoDesk(id));
        assert_eq!(refused(desks::rotate(context, id, Rotation::Undo)), DeskRefusal::NoDesk(id));
        assert_ne!(world.desk(payme(Some(store_id), "own1", KEY)), id, "a number is never given twice");
    }

    fn a_desk_is_not_removed_before_the_orders_that_it_took_money_of_are_over(database: TestDatabase) {
        let town = Town::on(database);
        let context = &town.world.context;
        let off = |command: AddDesk| {
            let id = town.world.desk(command);
            desks::switch(context, id, Switch::Off).unwrap().unwrap();
            id
        };
        let remove = |id| desks::switch(context, id, Switch::Remove);
        let of_payme = off(payme(None, PAYME_MERCHANT, KEY));
        let of_click = off(click(None, CLICK_SERVICE, KEY));

        // Each desk keeps what it took, by its id at the provider.
        town.create("a1").unwrap();
        assert_eq!(refused(remove(of_payme)), DeskRefusal::HasMoney { id: of_payme, count: 1 });
        town.cancel("a1", 3).unwrap();
        town.create("a2").unwrap();
        town.perform("a2").unwrap();
        assert_eq!(refused(remove(of_payme)), DeskRefusal::HasMoney { id: of_payme, count: 1 }, "it may have to go back");
        town.give_up(&town.shop.owner).unwrap();
        assert_eq!(refused(remove(of_payme)), DeskRefusal::HasMoney { id: of_payme, count: 1 });
        town.cancel("a2", 5).unwrap();
        remove(of_payme).unwrap().unwrap();

        let order_id = town.another();
        let prepared = |number| told(call_click(context, &click_desk(), preparing(order_id, number)).unwrap()).1.unwrap();
        let (first, _) = (prepared(1), prepared(2));
        assert_eq!(refused(remove(of_click)), DeskRefusal::HasMoney { id: of_click, count: 2 });
        call_click(context, &click_desk(), completing(order_id, 1, first, 0)).unwrap();
        assert_eq!(refused(remove(of_click)), DeskRefusal::HasMoney { id: of_click, count: 2 }, "one may come late");
        town.world.clock.advance(TimeDelta::hours(1));
        town.world.runner(&Mailbox::default()).run_due_jobs().unwrap();
        assert_eq!(refused(remove(of_click)), DeskRefusal::HasMoney { id: of_click, count: 1 }, "it may have to go back");
        town.world.database.execute(&format!("UPDATE orders SET status = 'delivered' WHERE id = {order_id}"));
        remove(of_click).unwrap().unwrap();
    }

    fn a_default_of_the_database_takes_the_place_of_the_configurations_on_or_off(database: TestDatabase) {
        let world = World::on(database);
        let (context, store_id) = (&world.context, world.shop().store_id);

        let id = world.desk(payme(None, PAYME_MERCHANT, KEY));
        assert_eq!(opened(context, KEY).as_deref(), Some(PAYME_MERCHANT));
        assert_eq!(opened(context, PAYME_KEY), None);
        desks::switch(context, id, Switch::Off).unwrap().unwrap();

        assert_eq!([KEY, PAYME_KEY].map(|key| opened(context, key)), [None, None]);
        assert_eq!(paid_through(context, store_id), named("", CLICK_SERVICE));
        let configured = desks::list(context).unwrap()[0].clone();
        assert_eq!((configured.id, configured.standing), (None, DeskStanding::Replaced(id)));
        let production = Some(Environment::Production);
        world.desk(AddDesk { environment: production, ..click(None, CLICK_SERVICE, "sirlisoz") });
        assert_eq!(paid_through(context, store_id).1.as_deref(), Some(CLICK_SERVICE), "that of the other world replaces none");
    }

    fn what_an_operator_may_not_set_up_is_named_and_leaves_nothing(database: TestDatabase) {
        let world = World::on(database);
        let context = &world.context;
        let (one, two) = (world.shop().store_id, world.shop().store_id);
        let id = world.desk(payme(Some(one), "own1", KEY));
        let service = world.desk(click(Some(one), "900", "clickclick1"));
        desks::rotate(context, id, Rotation::To(DeskSecret::new(NEW_KEY))).unwrap().unwrap();
        let before = world.database.dump();

        let word = |name, value: &str| DeskRefusal::NoWord { name, value: value.to_owned() };
        let (kept, configured) = (Holder::Kept(id), Holder::Configured);
        for (command, refusal) in [
            (payme(Some(StoreId::new(99)), "own2", "k"), DeskRefusal::NoStore(StoreId::new(99))),
            (payme(Some(two), "", "k"), word("merchant id", "")),
            (payme(Some(two), "a;b", "k"), word("merchant id", "a;b")),
            (click(Some(two), "9 0", "k"), word("service id", "9 0")),
            (payme(Some(two), "own2", ""), DeskRefusal::NoSecret),
            (payme(Some(two), "own2", "a b"), DeskRefusal::UnseenInSecret),
            (payme(Some(two), "own2", "\u{feff}kalit"), DeskRefusal::UnseenInSecret),
            (payme(Some(two), "own2", KNOWN_PAYME_KEY), DeskRefusal::KnownToAll),
            (payme(Some(two), "own2", KEY.trim_end_matches('j')), DeskRefusal::ShortSecret { length: 35, least: 36 }),
            (click(Some(two), "902", "1234567"), DeskRefusal::ShortSecret { length: 7, least: 8 }),
            (payme(Some(one), "own2", "k"), DeskRefusal::StoreHasOne(id)),
            (payme(Some(two), "own1", "k"), DeskRefusal::IdTaken(kept)),
            (payme(Some(two), PAYME_MERCHANT, "k"), DeskRefusal::IdTaken(configured)),
            (payme(Some(two), "own2", KEY), DeskRefusal::SecretTaken(kept)),
            (payme(None, "own2", NEW_KEY), DeskRefusal::SecretTaken(kept)),
            (payme(Some(two), "own2", PAYME_KEY), DeskRefusal::SecretTaken(configured)),
            (click(Some(two), "900", "k"), DeskRefusal::IdTaken(Holder::Kept(service))),
            (click(Some(two), CLICK_SERVICE, "k"), DeskRefusal::IdTaken(configured)),
        ] {
            assert_eq!(refused(desks::add(context, command)), refusal);
        }
        let mut login = payme(Some(two), "own2", "k");
        if let DeskIds::Payme { terms, .. } = &mut login.ids {
            terms.login = "Pay:com".to_owned();
        }
        assert_eq!(refused(desks::add(context, login)), DeskRefusal::BadLogin);
        assert_eq!(world.database.dump(), before);

        // What one world has the other may have too, and at Click a secret may be of several services.
        world.desk(AddDesk { environment: Some(Environment::Production), ..payme(Some(one), "own1", KEY) });
        let third = world.desk(click(Some(two), "901", "clickclick1"));
        let fourth = world.desk(payme(Some(two), "own2", "to'rtinchi?kalit-0123456789@abc#def%g"));
        let taken = desks::rotate(context, fourth, Rotation::To(DeskSecret::new(KEY)));
        assert_eq!(refused(taken), DeskRefusal::SecretTaken(kept));
        let taken = desks::rotate(context, fourth, Rotation::To(DeskSecret::new(PAYME_KEY)));
        assert_eq!(refused(taken), DeskRefusal::SecretTaken(configured));
        desks::rotate(context, third, Rotation::To(DeskSecret::new(KEY))).unwrap().unwrap();
    }

    fn a_secret_opens_in_its_own_row_alone_and_the_other_desks_work(database: TestDatabase) {
        let world = World::on(database);
        let (one, two) = (world.shop().store_id, world.shop().store_id);
        let broken = world.desk(payme(Some(one), "own1", KEY));
        let whole = world.desk(payme(Some(two), "own2", NEW_KEY));

        let taken = format!("(SELECT sealed_secret FROM payment_desks WHERE id = {whole})");
        world.database.execute(&format!("UPDATE payment_desks SET sealed_secret = {taken} WHERE id = {broken}"));
        world.clock.advance(TimeDelta::seconds(5));

        let context = &world.context;
        assert_eq!((standing(&world, broken), standing(&world, whole)), (DeskStanding::Unreadable, DeskStanding::On));
        assert_eq!((paid_through(context, one).0, paid_through(context, two).0.as_deref()), (None, Some("own2")));
        assert_eq!([KEY, NEW_KEY].map(|key| opened(context, key)), [None, Some("own2".to_owned())]);
        // A new secret mends it; what nobody can open is taken no more.
        desks::rotate(context, broken, Rotation::To(DeskSecret::new(KEY))).unwrap().unwrap();
        assert_eq!(opened(context, KEY).as_deref(), Some("own1"));
        assert!(!desks::list(context).unwrap().iter().any(|seen| seen.has_previous));
    }

    fn a_desk_of_the_configuration_that_came_to_share_an_id_is_off(database: TestDatabase) {
        let world = World::on(database);
        let (one, two) = (world.shop().store_id, world.shop().store_id);
        let id = world.desk(payme(Some(one), "own1", KEY));

        // As if the configuration had been changed to the id of a store's desk.
        world.database.execute(&format!("UPDATE payment_desks SET desk = '{PAYME_MERCHANT}'"));
        world.clock.advance(TimeDelta::seconds(5));

        assert_eq!(opened(&world.context, PAYME_KEY), None);
        assert_eq!(paid_through(&world.context, two), named("", CLICK_SERVICE));
        assert_eq!(desks::list(&world.context).unwrap()[0].standing, DeskStanding::Collides(id));
    }

    fn another_server_knows_of_a_change_within_five_seconds(database: TestDatabase) {
        let world = World::on(database);
        let other = world.another_server();
        let store_id = world.shop().store_id;
        assert_eq!(opened(&other, KEY), None);

        let id = world.desk(payme(Some(store_id), "own1", KEY));
        assert_eq!(opened(&world.context, KEY).as_deref(), Some("own1"), "who changes it knows it");
        world.clock.advance(TimeDelta::milliseconds(4_999));
        assert_eq!(opened(&other, KEY), None);
        world.clock.advance(TimeDelta::milliseconds(1));
        assert_eq!(opened(&other, KEY).as_deref(), Some("own1"));
        desks::switch(&world.context, id, Switch::Off).unwrap().unwrap();
        world.clock.advance(TimeDelta::seconds(5));

        assert_eq!(opened(&other, KEY), None);
    }

    fn desks_that_the_database_does_not_tell_let_nobody_in(database: TestDatabase) {
        let world = World::on(database);
        let context = &world.context;
        let first = context.desks().unwrap();
        assert!(Arc::ptr_eq(&first, &context.desks().unwrap()), "kept in between");

        world.clock.advance(TimeDelta::seconds(5));
        assert!(context.desks_at_hand().is_none());
        world.database.probe().fail_at(1);
        assert!(context.desks().is_err());
        assert!(context.desks_at_hand().is_none());

        world.database.probe().disarm();
        assert!(context.desks().is_ok());
        world.clock.advance(TimeDelta::seconds(-1));
        assert!(context.desks_at_hand().is_none(), "a clock that was put back makes them old");
    }

    fn changes_that_fail_anywhere_leave_nothing(database: TestDatabase) {
        let world = World::on(database);
        let (context, store_id) = (&world.context, world.shop().store_id);
        let flat = |outcome: desks::Outcome<PaymentDeskId>| outcome.map(Result::unwrap);

        let add = || flat(desks::add(context, payme(Some(store_id), "own1", KEY)));
        let (id, of_add) = world.fails_at_every_statement(add);
        let rotate = || desks::rotate(context, id, Rotation::To(DeskSecret::new(NEW_KEY))).map(Result::unwrap);
        let ((), of_rotate) = world.fails_at_every_statement(rotate);
        let switch = || desks::switch(context, id, Switch::Off).map(Result::unwrap);
        let ((), of_switch) = world.fails_at_every_statement(switch);

        assert!([of_add, of_rotate, of_switch].iter().all(|count| *count > 3), "{of_add} {of_rotate} {of_switch}");
        let seen: Vec<DeskSeen> = desks::list(context).unwrap().into_iter().filter(|seen| seen.id == Some(id)).collect();
        assert_eq!(seen, [DeskSeen {
            id: Some(id),
            store_id: Some(store_id),
            provider: savdo_domain::payment::Provider::Payme,
            environment: Environment::Test,
            desk: "own1".to_owned(),
            standing: DeskStanding::Off,
            has_previous: true,
        }]);
    }
}
