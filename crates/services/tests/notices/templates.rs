//! The words of messages, and what people are told by them.

use savdo_domain::access::{AccessRefusal, Actor, Role};
use savdo_domain::account::Language;
use savdo_domain::coded::Coded;
use savdo_domain::ids::StoreId;
use savdo_domain::notice::{Channel, NoticeRefusal, NoticeType};
use savdo_domain::{FieldErrors, FieldProblem, Refusal};
use savdo_persistence::on_both;
use savdo_services::notice_templates::{self, ChangeTemplate, CreateTemplate, ListTemplates, TemplateView};
use savdo_services::once::Unkeyed;
use savdo_services::testing::{Mailbox, World, at_once, refusal};
use savdo_services::{Page, Result};

use super::{pharmacy, run};

/// Words of a cancelled order in Uzbek.
fn words(channel: Channel, text: &str) -> CreateTemplate {
    CreateTemplate {
        store: None,
        notice: NoticeType::OrderCancelled,
        channel,
        language: Language::Uzbek,
        text: text.to_owned(),
        is_active: true,
    }
}

fn create(world: &World, actor: &Actor, command: CreateTemplate) -> Result<TemplateView> {
    notice_templates::create(&world.context, actor, command, &Unkeyed)
}

fn switch_off(world: &World, actor: &Actor, view: &TemplateView) -> Result<TemplateView> {
    let command = ChangeTemplate {
        is_active: Some(false),
        ..ChangeTemplate::default()
    };
    notice_templates::change(&world.context, actor, view.id, command)
}

fn listed(world: &World, actor: &Actor, store: Option<StoreId>) -> Vec<TemplateView> {
    let page = Page::new(1, 100);
    notice_templates::list(&world.context, actor, &ListTemplates { store, page })
        .unwrap()
        .rows
}

/// The words of the installation for this.
fn default(world: &World, command: &CreateTemplate) -> TemplateView {
    let id = world.database.lines(&format!(
        "SELECT id || '' AS line FROM notification_templates WHERE store_id IS NULL AND notice_type = '{}' AND channel = '{}' \
         AND language = '{}'",
        command.notice.code(),
        command.channel.code(),
        command.language.code(),
    ))[0]
        .parse()
        .unwrap();
    notice_templates::view(&world.context, &world.admin(), savdo_domain::ids::TemplateId::new(id)).unwrap()
}

fn said(world: &World, channel: &str) -> Vec<String> {
    world.database.lines(&format!(
        "SELECT message AS line FROM notifications WHERE notice_type = 'order_cancelled' AND channel = '{channel}' ORDER BY id"
    ))
}

on_both! {
    fn a_store_has_words_of_its_own_until_it_takes_them_away(database: TestDatabase) {
        let world = World::on(database);
        let (pharmacy, mailbox) = (pharmacy(&world), Mailbox::default());
        let owner = &pharmacy.shop.owner;
        let listed_words = create(&world, owner, words(Channel::System, " {order_id} yo'q. {reason} ")).unwrap();
        let texted = create(&world, owner, words(Channel::Sms, "{order_id} yo'q")).unwrap();
        assert_eq!((listed_words.text.as_str(), listed_words.store_id), ("{order_id} yo'q. {reason}", Some(pharmacy.shop.store_id)));
        assert_eq!(listed(&world, owner, None), [listed_words.clone(), texted.clone()]);

        pharmacy.cancelled(&world);
        run(&world, &mailbox);
        assert_eq!(said(&world, "system"), ["1 yo'q. Dori qolmadi 482915"]);
        assert_eq!(said(&world, "sms"), ["1 yo'q"]);

        // Switched off: nothing on that channel, and in the list the words that are built in.
        switch_off(&world, owner, &listed_words).unwrap();
        switch_off(&world, owner, &texted).unwrap();
        pharmacy.cancelled(&world);
        run(&world, &mailbox);
        assert_eq!(said(&world, "system")[1..], ["2-buyurtma bekor qilindi. Dori qolmadi 482915"]);
        assert_eq!(said(&world, "sms").len(), 1);

        notice_templates::remove(&world.context, owner, texted.id).unwrap();
        pharmacy.cancelled(&world);
        run(&world, &mailbox);
        assert_eq!(said(&world, "sms")[1..], ["3-buyurtma bekor qilindi."]);
        assert_eq!(refusal(notice_templates::remove(&world.context, owner, texted.id)), Refusal::NotFound);
    }

    fn words_are_templates_of_their_type_and_there_once(database: TestDatabase) {
        let world = World::on(database);
        let (shop, admin) = (world.shop(), world.admin());
        let owner = &shop.owner;
        let wrong = |text: &str| refusal(create(&world, owner, words(Channel::Sms, text)));
        for text in ["{", "{code}", "{order_id}}", "{total_price}"] {
            assert_eq!(wrong(text), Refusal::field("template_text", FieldProblem::InvalidFormat), "{text}");
        }
        assert_eq!(wrong(" "), Refusal::field("template_text", FieldProblem::Blank));
        assert_eq!(wrong(&"a".repeat(1001)), Refusal::field("template_text", FieldProblem::TooLong { max: 1000 }));
        let made = create(&world, owner, words(Channel::Sms, "{order_id}")).unwrap();
        let command = ChangeTemplate { text: Some("{code}".to_owned()), ..ChangeTemplate::default() };
        let changed = notice_templates::change(&world.context, owner, made.id, command);
        assert_eq!(refusal(changed), Refusal::field("template_text", FieldProblem::InvalidFormat));
        let other = ChangeTemplate { channel: Some(Channel::Push), notice: Some(made.notice), ..ChangeTemplate::default() };
        let moved = notice_templates::change(&world.context, owner, made.id, other);
        let value = made.channel.code().to_owned();
        assert_eq!(refusal(moved), Refusal::field("channel", FieldProblem::Expected { value }));

        let taken = || Refusal::from(FieldErrors::across(FieldProblem::Taken));
        assert_eq!(refusal(create(&world, owner, words(Channel::Sms, "boshqa"))), taken());
        assert_eq!(refusal(create(&world, &admin, words(Channel::Sms, "boshqa"))), taken());
        assert!(create(&world, &world.shop().owner, words(Channel::Sms, "boshqa")).is_ok());
        for notice in [NoticeType::Otp, NoticeType::PasswordReset] {
            let code = CreateTemplate { notice, ..words(Channel::Sms, "boshqa") };
            let value = notice.code().to_owned();
            let expected = Refusal::field("notification_type", FieldProblem::UnknownChoice { value });
            assert_eq!(refusal(create(&world, owner, code)), expected);
        }
    }

    fn an_owner_and_a_manager_write_their_stores_words_and_an_admin_all(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other, admin) = (world.shop(), world.shop(), world.admin());
        let manager = world.hire(&shop, Role::Manager);
        let strangers = [Role::Operator, Role::Courier, Role::Seller].map(|role| world.hire(&shop, role));
        let ours = create(&world, &manager, CreateTemplate { store: Some(other.store_id), ..words(Channel::Push, "x") }).unwrap();
        assert_eq!(ours.store_id, Some(shop.store_id), "their own, whatever they say");
        let theirs = CreateTemplate { store: Some(other.store_id), ..words(Channel::Push, "x") };
        let theirs = create(&world, &admin, theirs).unwrap();
        let nobodys = CreateTemplate { store: Some(StoreId::new(999)), ..words(Channel::Push, "x") };
        assert_eq!(refusal(create(&world, &admin, nobodys)), Refusal::field("store", FieldProblem::UnknownObject));
        let of_installation = default(&world, &words(Channel::Sms, ""));

        for stranger in strangers.iter().chain([&world.customer()]) {
            let refused = refusal(create(&world, stranger, words(Channel::Sms, "x")));
            assert_eq!(refused, AccessRefusal::Forbidden.into());
            assert_eq!(refusal(notice_templates::view(&world.context, stranger, ours.id)), AccessRefusal::Forbidden.into());
        }
        for foreign in [&theirs, &of_installation] {
            assert_eq!(refusal(notice_templates::view(&world.context, &shop.owner, foreign.id)), Refusal::NotFound);
            assert_eq!(refusal(switch_off(&world, &manager, foreign)), Refusal::NotFound);
            assert_eq!(refusal(notice_templates::remove(&world.context, &shop.owner, foreign.id)), Refusal::NotFound);
        }
        let removed = notice_templates::remove(&world.context, &admin, of_installation.id);
        assert_eq!(refusal(removed), NoticeRefusal::DefaultTemplate.into());
        assert_eq!(listed(&world, &shop.owner, Some(other.store_id)), []);
        assert_eq!(listed(&world, &admin, Some(other.store_id)), [theirs]);
        assert!(!switch_off(&world, &admin, &of_installation).unwrap().is_active);
    }

    fn of_the_same_words_at_once_one_is_made(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();

        let outcomes = at_once(6, |_| create(&world, &shop.owner, words(Channel::Email, "x")));

        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        for outcome in outcomes.into_iter().filter(Result::is_err) {
            assert_eq!(refusal(outcome), FieldErrors::across(FieldProblem::Taken).into());
        }
        assert_eq!(world.database.probe().retries(), 0);
    }

    fn words_are_written_whole_or_not_at_all(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();

        let (made, _) = world.fails_at_every_statement(|| create(&world, &shop.owner, words(Channel::Email, "x")));
        world.fails_at_every_statement(|| switch_off(&world, &shop.owner, &made));
        world.fails_at_every_statement(|| notice_templates::remove(&world.context, &shop.owner, made.id));

        let entries = world.database.lines(
            "SELECT action || ' ' || description AS line FROM audit_entries WHERE subject_type = 'notification_template' ORDER BY id",
        );
        assert_eq!(entries, [
            "create Xabar matni yaratildi: order_cancelled, email, uz",
            "update Xabar matni o'zgartirildi: order_cancelled, email, uz",
            "delete Xabar matni o'chirildi: order_cancelled, email, uz",
        ]);
    }
}
