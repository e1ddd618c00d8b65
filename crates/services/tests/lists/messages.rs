//! Messages to people.

use savdo_domain::coded::Coded;
use savdo_domain::notice::{Channel, NoticeStatus, NoticeType};
use savdo_persistence::on_both;
use savdo_services::Page;
use savdo_services::notices::{self, ListNotices, NoticeFilter};
use savdo_services::testing::World;

use super::{check, ids};

on_both! {
    fn messages_are_walked_the_newest_first_while_some_come(database: TestDatabase) {
        let world = World::on(database);
        let (customer, other) = (world.customer(), world.customer());
        let tell = |notice: NoticeType| {
            for (to, channel) in [(&other, Channel::System), (&customer, Channel::Sms), (&customer, Channel::System)] {
                world.notice(to, None, (notice, channel, NoticeStatus::Sent));
            }
        };
        for notice in NoticeType::ALL.iter().take(8) {
            tell(*notice);
        }

        for channel in [Channel::System, Channel::Sms] {
            let list = |page: &Page| {
                let filter = NoticeFilter { channel, is_read: None, notice: None };
                let query = ListNotices { filter, page: page.clone() };
                ids(notices::list(&world.context, &customer, &query).unwrap(), |view| view.id.get())
            };
            let newest_first = list(&Page::new(1, 100)).rows;
            assert!(newest_first.is_sorted_by(|one, next| one > next));
            check(&format!("messages over {channel}"), list, || tell(NoticeType::OrderPaid));
        }
    }
}
