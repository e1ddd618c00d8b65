//! What people do with their messages.

use chrono::TimeDelta;
use savdo_domain::Refusal;
use savdo_domain::access::{AccessRefusal, Actor, Role};
use savdo_domain::dispatch::Outcome;
use savdo_domain::ids::NoticeId;
use savdo_domain::notice::{Channel, NoticeRefusal, NoticeStatus, NoticeType};
use savdo_persistence::on_both;
use savdo_services::notices::{self, ListNotices, NoticeFilter};
use savdo_services::testing::{Mailbox, World, at_once, refusal};
use savdo_services::{Page, Result};

use super::{Pharmacy, pharmacy, run, texts};

const EVERY: NoticeFilter = NoticeFilter {
    channel: Channel::System,
    is_read: None,
    notice: None,
};

fn listed(world: &World, actor: &Actor, filter: NoticeFilter) -> Vec<NoticeType> {
    let page = Page::new(1, 20);
    let listed = notices::list(&world.context, actor, &ListNotices { filter, page }).unwrap();
    assert_eq!(listed.total, i64::try_from(listed.rows.len()).unwrap());
    listed.rows.into_iter().map(|view| view.notice).collect()
}

fn newest(world: &World, actor: &Actor, channel: Channel) -> NoticeId {
    let filter = NoticeFilter { channel, ..EVERY };
    let page = Page::new(1, 1);
    let listed = notices::list(&world.context, actor, &ListNotices { filter, page }).unwrap();
    listed.rows[0].id
}

/// A customer whose short message a provider refused for good.
fn refused_text(world: &World, mailbox: &Mailbox) -> (Pharmacy, NoticeId) {
    let pharmacy = pharmacy(world);
    pharmacy.cancelled(world);
    refuse(mailbox);
    run(world, mailbox);
    let id = newest(world, &pharmacy.customer, Channel::Sms);
    (pharmacy, id)
}

fn refuse(mailbox: &Mailbox) {
    let why = "no such number".to_owned();
    mailbox.will_answer_texts([Outcome::Permanent { why }.into()]);
}

fn retry(world: &World, actor: &Actor, id: NoticeId) -> Result<()> {
    notices::retry(&world.context, actor, id)
}

on_both! {
    fn everybody_reads_his_own_list_the_newest_first(database: TestDatabase) {
        let world = World::on(database);
        let (pharmacy, mailbox) = (pharmacy(&world), Mailbox::default());
        pharmacy.cancelled(&world);
        run(&world, &mailbox);
        let (customer, context) = (&pharmacy.customer, &world.context);
        let all = [NoticeType::OrderCancelled, NoticeType::OrderPreparing, NoticeType::OrderCreated];

        assert_eq!(listed(&world, customer, EVERY), all);
        assert_eq!(listed(&world, customer, NoticeFilter { channel: Channel::Sms, ..EVERY }), all[..1]);
        assert_eq!(listed(&world, customer, NoticeFilter { notice: Some(all[1]), ..EVERY }), all[1..2]);
        assert_eq!(listed(&world, &pharmacy.operator, EVERY), all[2..]);
        assert_eq!(notices::unread(context, customer).unwrap(), 3);

        world.clock.advance(TimeDelta::minutes(1));
        let id = newest(&world, customer, Channel::System);
        let view = notices::view(context, customer, id).unwrap();
        assert_eq!((view.is_read, view.read_at), (true, Some(context.now())));
        world.clock.advance(TimeDelta::minutes(1));
        assert_eq!(notices::view(context, customer, id).unwrap(), view, "the first time counts");
        assert_eq!(notices::mark_read(context, customer, id).unwrap(), view);
        assert_eq!(listed(&world, customer, NoticeFilter { is_read: Some(true), ..EVERY }), all[..1]);
        assert_eq!(listed(&world, customer, NoticeFilter { is_read: Some(false), ..EVERY }), all[1..]);

        assert_eq!(notices::mark_all_read(context, customer).unwrap(), 2);
        assert_eq!(notices::mark_all_read(context, customer).unwrap(), 0);
        assert_eq!(notices::unread(context, customer).unwrap(), 0);
        assert_eq!(notices::unread(context, &pharmacy.operator).unwrap(), 1, "what others read is theirs");
        let unread_texts = NoticeFilter { channel: Channel::Sms, is_read: Some(false), ..EVERY };
        assert_eq!(listed(&world, customer, unread_texts), all[..1], "texts are not of the list");
    }

    /// Case 21 of the abuse cases.
    fn a_message_of_another_is_unknown(database: TestDatabase) {
        let world = World::on(database);
        let (pharmacy, id) = refused_text(&world, &Mailbox::default());
        let admin = world.admin();
        let hired = [Role::Seller, Role::Courier].map(|role| world.hire(&pharmacy.shop, role));
        let strangers = hired.into_iter().chain([world.customer(), world.shop().owner]);
        let strangers: Vec<_> = strangers.collect();
        let before = world.everything();

        for other in strangers.iter().chain([&pharmacy.operator, &pharmacy.shop.owner, &admin]) {
            assert_eq!(refusal(notices::view(&world.context, other, id)), Refusal::NotFound);
            assert_eq!(refusal(notices::mark_read(&world.context, other, id)), Refusal::NotFound);
            assert_eq!(notices::failed(&world.context, other).unwrap(), 0);
        }
        for stranger in &strangers {
            assert_eq!(refusal(retry(&world, stranger, id)), Refusal::NotFound);
        }
        assert!(world.everything() == before, "something changed");
    }

    fn what_failed_is_sent_again_by_its_owner_and_by_staff(database: TestDatabase) {
        let world = World::on(database);
        let mailbox = Mailbox::default();
        let (pharmacy, id) = refused_text(&world, &mailbox);
        assert_eq!(notices::failed(&world.context, &pharmacy.customer).unwrap(), 1);

        retry(&world, &pharmacy.customer, id).unwrap();
        assert_eq!(refusal(retry(&world, &pharmacy.operator, id)), NoticeRefusal::NotFailed.into(), "it waits");
        assert_eq!(texts(&world), ["waiting 0 pending no such number"]);
        refuse(&mailbox);
        run(&world, &mailbox);
        assert_eq!(refusal(retry(&world, &pharmacy.operator, id)), NoticeRefusal::RetryTooSoon.into());
        world.clock.advance(TimeDelta::seconds(30));
        retry(&world, &pharmacy.operator, id).unwrap();
        refuse(&mailbox);
        run(&world, &mailbox);
        world.clock.advance(TimeDelta::seconds(30));
        retry(&world, &world.admin(), id).unwrap();
        refuse(&mailbox);
        run(&world, &mailbox);
        world.clock.advance(TimeDelta::days(1));
        assert_eq!(refusal(retry(&world, &pharmacy.shop.owner, id)), NoticeRefusal::RetryLimit.into());

        assert_eq!(mailbox.texts().len(), 4);
        let entries = world.database.lines(
            "SELECT description || ' ' || details AS line FROM audit_entries WHERE subject_type = 'notification' ORDER BY id",
        );
        let told = |retries| format!("Xabar qayta yuborildi: order_cancelled {{\"channel\":\"sms\",\"retries\":{retries}}}");
        assert_eq!(entries, [told(1), told(2), told(3)]);
    }

    fn what_is_sent_again_arrives_and_counts_as_sent(database: TestDatabase) {
        let world = World::on(database);
        let mailbox = Mailbox::default();
        let (pharmacy, id) = refused_text(&world, &mailbox);

        retry(&world, &pharmacy.customer, id).unwrap();
        run(&world, &mailbox);

        assert_eq!((mailbox.texts().len(), texts(&world)), (2, vec!["sent 1 sent ".to_owned()]));
        assert_eq!(refusal(retry(&world, &pharmacy.customer, id)), NoticeRefusal::NotFailed.into());
        assert_eq!(notices::failed(&world.context, &pharmacy.customer).unwrap(), 0);
        crate::assert_verified(&world);
    }

    fn a_code_is_never_sent_again(database: TestDatabase) {
        let world = World::on(database);
        let customer = world.customer();
        for notice in [NoticeType::Otp, NoticeType::PasswordReset] {
            let id = world.notice(&customer, None, (notice, Channel::Sms, NoticeStatus::Failed));
            assert_eq!(refusal(retry(&world, &customer, id)), NoticeRefusal::NotFailed.into());
        }
    }

    fn staff_of_a_store_that_is_switched_off_send_nothing_again_but_what_is_theirs(database: TestDatabase) {
        let world = World::on(database);
        let (pharmacy, id) = refused_text(&world, &Mailbox::default());
        let own = world.notice(&pharmacy.operator, None, (NoticeType::OrderPaid, Channel::Sms, NoticeStatus::Failed));
        world.database.execute("UPDATE stores SET status = 'inactive'");
        let operator = world.again(&pharmacy.operator);

        assert_eq!(refusal(retry(&world, &operator, id)), AccessRefusal::StoreInactive.into());
        assert!(retry(&world, &operator, own).is_ok());
        assert!(retry(&world, &pharmacy.customer, id).is_ok());
    }

    fn asked_for_by_many_at_once_it_is_sent_again_once(database: TestDatabase) {
        let world = World::on(database);
        let mailbox = Mailbox::default();
        let (pharmacy, id) = refused_text(&world, &mailbox);

        let outcomes = at_once(8, |_| retry(&world, &pharmacy.customer, id));

        let (done, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
        assert_eq!((done.len(), refused.len()), (1, 7));
        for outcome in refused {
            assert_eq!(refusal(outcome), NoticeRefusal::NotFailed.into());
        }
        run(&world, &mailbox);
        assert_eq!(mailbox.texts().len(), 2);
        assert_eq!(world.database.probe().retries(), 0);
    }

    fn reading_and_sending_again_happen_whole_or_not_at_all(database: TestDatabase) {
        let world = World::on(database);
        let (pharmacy, id) = refused_text(&world, &Mailbox::default());
        let (customer, context) = (&pharmacy.customer, &world.context);
        let listed = newest(&world, customer, Channel::System);

        world.fails_at_every_statement(|| notices::view(context, customer, listed));
        world.fails_at_every_statement(|| notices::mark_read(context, customer, id));
        world.fails_at_every_statement(|| notices::mark_all_read(context, customer));
        let ((), statements) = world.fails_at_every_statement(|| retry(&world, customer, id));
        assert!(statements >= 4, "{statements}");
    }
}
