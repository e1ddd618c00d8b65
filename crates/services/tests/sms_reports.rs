//! What providers report of short messages: a hint that goes one way.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use savdo_domain::account::Language;
use savdo_persistence::on_both;
use savdo_services::accounts;
use savdo_services::gateways::SmsProvider;
use savdo_services::sms_reports::{self, HookToken, SmsReport};
use savdo_services::testing::{World, origin};

/// A message that a provider took under a name.
fn sent(world: &World, provider: &str, id: &str) {
    accounts::request_reset(&world.context, &origin(), Language::Uzbek, "ali@savdo.uz").unwrap();
    world.database.execute(&format!(
        "UPDATE outbox_dispatches SET sink = 'sms', status = 'sent', provider = '{provider}', provider_id = '{id}' \
         WHERE provider IS NULL"
    ));
}

fn report(world: &World, provider: SmsProvider, id: &str, status: &str) {
    let report = SmsReport {
        id: id.to_owned(),
        status: status.to_owned(),
    };
    sms_reports::note(&world.context, provider, &[report]).unwrap();
}

fn reported(world: &World) -> Vec<String> {
    world.database.lines(
        "SELECT provider_id || ' ' || status || ' ' || COALESCE(reported, '-') AS line FROM outbox_dispatches ORDER BY id",
    )
}

on_both! {
    fn reports_go_one_way_and_change_nothing_else(database: TestDatabase) {
        let world = World::on(database);
        sent(&world, "eskiz", "e-1");
        let told = |status: &str| {
            report(&world, SmsProvider::Eskiz, "e-1", status);
            reported(&world).remove(0)
        };

        let told = ["waiting", "TRANSMTD", "UNDELIV", "ACCEPTED", "DELIVRD", "EXPIRED", "waiting", "DELETED"].map(told);

        assert_eq!(told, [
            "e-1 sent accepted",
            "e-1 sent accepted",
            "e-1 sent undelivered",
            "e-1 sent undelivered",
            "e-1 sent delivered",
            "e-1 sent delivered",
            "e-1 sent delivered",
            "e-1 sent delivered",
        ]);
    }

    fn a_report_finds_the_message_of_its_provider_alone(database: TestDatabase) {
        let world = World::on(database);
        sent(&world, "eskiz", "savdo-1");
        sent(&world, "playmobile", "savdo-1");

        report(&world, SmsProvider::PlayMobile, "savdo-1", "NotDelivered");
        report(&world, SmsProvider::PlayMobile, "savdo-2", "Delivered");
        report(&world, SmsProvider::Eskiz, "savdo-1", "Delivered!");
        report(&world, SmsProvider::Eskiz, "", "DELIVERED");

        assert_eq!(reported(&world), ["savdo-1 sent -", "savdo-1 sent undelivered"]);
    }

    fn every_word_of_a_provider_is_known(database: TestDatabase) {
        let world = World::on(database);
        let words: [(SmsProvider, &str, &[&str], &str); 6] = [
            (SmsProvider::Eskiz, "eskiz", &["waiting", "ACCEPTED", "TRANSMTD"], "accepted"),
            (SmsProvider::Eskiz, "eskiz", &["DELIVERED", "DELIVRD"], "delivered"),
            (
                SmsProvider::Eskiz,
                "eskiz",
                &["UNDELIV", "UNDELIVERABLE", "REJECTED", "REJECTD", "EXPIRED", "DELETED", "UNKNOWN"],
                "undelivered",
            ),
            (SmsProvider::PlayMobile, "playmobile", &["Transmitted"], "accepted"),
            (SmsProvider::PlayMobile, "playmobile", &["Delivered"], "delivered"),
            (SmsProvider::PlayMobile, "playmobile", &["NotDelivered", "Rejected", "Expired", "Failed"], "undelivered"),
        ];
        sent(&world, "eskiz", "x");
        for (provider, name, words, expected) in words {
            for word in words {
                world.database.execute(&format!("UPDATE outbox_dispatches SET reported = NULL, provider = '{name}'"));
                report(&world, provider, "x", word);
                assert_eq!(reported(&world), [format!("x sent {expected}")], "{word}");
            }
        }
    }
}

#[test]
fn a_word_of_an_address_is_right_or_wrong_and_never_shown() {
    let token = HookToken::new("unguessable");

    assert!(token.is("unguessable"));
    assert!(!token.is("unguessabl") && !token.is("unguessablf") && !token.is(""));
    assert_eq!(format!("{token:?}"), "HookToken(***)");
}
