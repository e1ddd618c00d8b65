//! Messages of a test.

use savdo_domain::access::Actor;
use savdo_domain::ids::{NoticeId, StoreId};
use savdo_domain::notice::{Channel, NoticeStatus, NoticeType};
use savdo_persistence::notices::{self, NewNotice};
use serde_json::json;

use super::World;
use super::people::done;
use crate::Error;
use crate::events::{self, Event};

impl World {
    /// A message to somebody, of an event of its own, that nothing carries.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn notice(
        &self,
        to: &Actor,
        store_id: Option<StoreId>,
        (notice, channel, status): (NoticeType, Channel, NoticeStatus),
    ) -> NoticeId {
        let (user_id, at) = (to.user_id, self.context.now());
        let made = self.context.database().write("notice_of_a_test", move |tx| {
            let subject = ("user", user_id.get());
            let event_id = events::publish_unscoped(tx, at, Event::AccountKnown, subject, &json!({}))?;
            let new = NewNotice {
                event_id,
                user_id,
                store_id,
                notice,
                channel,
                status,
                message: format!("{notice} {channel}"),
                metadata: "{}".to_owned(),
                at,
            };
            Ok::<_, Error>(notices::insert(tx, &new)?)
        });
        done(made).unwrap_or_else(|| panic!("it was there before"))
    }
}
