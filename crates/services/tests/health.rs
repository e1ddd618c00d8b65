//! What the server is ready by.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use chrono::TimeDelta;
use savdo_domain::account::Language;
use savdo_persistence::on_both;
use savdo_services::accounts;
use savdo_services::health::{Readiness, Watch};
use savdo_services::testing::{Mailbox, World, origin};

fn look(world: &World) -> Readiness {
    Watch::new(std::env::temp_dir(), 0).look(&world.context)
}

on_both! {
    fn a_message_may_be_due_for_a_quarter_of_an_hour(database: TestDatabase) {
        let world = World::on(database);
        accounts::request_reset(&world.context, &origin(), Language::Uzbek, "egasi@dokon.uz").unwrap();

        world.clock.advance(TimeDelta::minutes(15) - TimeDelta::seconds(1));
        let before = look(&world);
        world.clock.advance(TimeDelta::seconds(1));
        let late = look(&world);

        assert_eq!((before.is_ready, before.outbox.as_str()), (true, "ok"));
        assert_eq!((late.is_ready, late.outbox.as_str()), (false, "a message is due for over 15 minutes"));

        world.runner(&Mailbox::default()).send_due(|| false).unwrap();
        let sent = look(&world);
        assert_eq!((sent.is_ready, sent.outbox.as_str()), (true, "ok"));
    }
}
