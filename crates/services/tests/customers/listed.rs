//! A code among the messages of its owner: that it was sent, never what it is.

use chrono::TimeDelta;
use savdo_domain::access::Actor;
use savdo_domain::coded::Coded;
use savdo_domain::dispatch::Outcome;
use savdo_domain::ids::TemplateId;
use savdo_domain::notice::{Channel, NoticeType};
use savdo_persistence::on_both;
use savdo_services::notice_templates::{self, ChangeTemplate};
use savdo_services::testing::World;

use crate::support::{FIRST, PHONE, Phones};

fn listed(world: &World) -> Vec<String> {
    world.database.lines(
        "SELECT notice_type || ' ' || channel || ' ' || status || ': ' || message AS line FROM notifications ORDER BY id",
    )
}

fn change(world: &World, admin: &Actor, (notice, channel): (NoticeType, Channel), command: ChangeTemplate) {
    let (notice, channel) = (notice.code(), channel.code());
    let id = world.database.lines(&format!(
        "SELECT id || '' AS line FROM notification_templates WHERE notice_type = '{notice}' AND channel = '{channel}' AND language = 'uz'"
    ));
    let id = TemplateId::new(id.concat().parse().unwrap_or_default());
    assert!(notice_templates::change(&world.context, admin, id, command).is_ok());
}

on_both! {
    fn the_list_says_that_a_code_was_sent_and_never_which(database: TestDatabase) {
        let phones = Phones::of(World::on(database));

        phones.register(PHONE, FIRST).unwrap();
        let code = phones.code();
        phones.verify(PHONE, &code).unwrap();
        phones.a_minute_later();
        phones.forgot(PHONE).unwrap();
        phones.texts();

        assert_eq!(listed(&phones.world), [
            "otp system sent: Tasdiqlash kodi SMS orqali yuborildi.",
            "otp sms sent: Savdo: kodingiz ****. Uni hech kimga aytmang.",
            "password_reset system sent: Parolni tiklash kodi SMS orqali yuborildi.",
            "password_reset sms sent: Savdo: parolni tiklash kodi ****. Uni hech kimga aytmang.",
        ]);
    }

    fn an_admin_words_codes_and_switches_them_off(database: TestDatabase) {
        let phones = Phones::of(World::on(database));
        let admin = phones.world.admin();
        let otp = |channel| (NoticeType::Otp, channel);
        let text = Some("Dorixona kodi {code}".to_owned());
        change(&phones.world, &admin, otp(Channel::Sms), ChangeTemplate { text, ..ChangeTemplate::default() });
        phones.register(PHONE, FIRST).unwrap();
        let code = phones.code();
        assert_eq!(phones.texts(), [format!("{PHONE}: Dorixona kodi {code}")]);

        for channel in [Channel::Sms, Channel::System] {
            change(&phones.world, &admin, otp(channel), ChangeTemplate { is_active: Some(false), ..ChangeTemplate::default() });
        }
        phones.a_minute_later();
        phones.register(PHONE, FIRST).unwrap();

        assert_eq!(phones.texts().len(), 1, "nothing is sent on a channel that is switched off");
        assert_eq!(listed(&phones.world)[2..], ["otp system sent: Tasdiqlash kodi SMS orqali yuborildi."]);
        assert_eq!(phones.world.database.lines("SELECT '' || outbox_id AS line FROM outbox_secrets"), [""; 0]);
    }

    fn a_code_that_grew_old_on_its_way_is_cancelled_in_the_list(database: TestDatabase) {
        let phones = Phones::of(World::on(database));
        let away = Outcome::Retry { why: "away".to_owned(), after: None };
        phones.mailbox.will_answer_texts(Some(away.into()));
        phones.register(PHONE, FIRST).unwrap();
        phones.texts();
        assert_eq!(listed(&phones.world)[1..], ["otp sms processing: Savdo: kodingiz ****. Uni hech kimga aytmang."]);

        phones.world.clock.advance(TimeDelta::seconds(120));
        let before = phones.texts().len();

        assert_eq!(listed(&phones.world)[1..], ["otp sms cancelled: Savdo: kodingiz ****. Uni hech kimga aytmang."]);
        assert_eq!(phones.texts().len(), before);
        assert_eq!(phones.world.database.lines("SELECT '' || outbox_id AS line FROM outbox_secrets"), [""; 0]);
    }

    fn whichever_statement_finds_the_database_busy_a_code_is_told_once(database: TestDatabase) {
        let phones = Phones::of(World::unlimited(database));
        let probe = phones.world.database.probe();
        let runner = phones.world.runner(&phones.mailbox);

        for nth in 1..60 {
            phones.register(&format!("+99890222{nth:04}"), FIRST).unwrap();
            probe.be_busy_at(nth);
            let _ = runner.send_due(|| false);
            let is_over = probe.disarm();
            let rounds = usize::try_from(nth).unwrap();
            assert_eq!((phones.texts().len(), listed(&phones.world).len()), (rounds, 2 * rounds), "statement {nth}");
            if is_over {
                assert!(nth > 16, "only {nth} statements");
                return;
            }
        }
        panic!("it never went through");
    }
}
