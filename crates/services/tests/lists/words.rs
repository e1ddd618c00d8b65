//! The words of messages.

use savdo_domain::account::Language;
use savdo_domain::coded::Coded;
use savdo_domain::notice::{Channel, NoticeType};
use savdo_persistence::on_both;
use savdo_services::Page;
use savdo_services::notice_templates::{self, CreateTemplate, ListTemplates};
use savdo_services::once::Unkeyed;
use savdo_services::testing::World;

use super::{check, ids};

on_both! {
    fn words_are_walked_by_whoever_writes_them_while_some_come(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = (world.shop(), world.shop());
        let mut subjects = NoticeType::ALL.iter().filter(|notice| !notice.is_code()).flat_map(|notice| Language::ALL.iter().map(|language| (*notice, *language)));
        let mut word = || {
            let (notice, language) = subjects.next().unwrap();
            for owner in [&other.owner, &shop.owner] {
                let words = CreateTemplate {
                    store: None,
                    notice,
                    channel: Channel::System,
                    language,
                    text: "Yangi".to_owned(),
                    is_active: true,
                };
                notice_templates::create(&world.context, owner, words, &Unkeyed).unwrap();
            }
        };
        for _ in 0..8 {
            word();
        }

        let list = |page: &Page| {
            let query = ListTemplates { store: None, page: page.clone() };
            ids(notice_templates::list(&world.context, &shop.owner, &query).unwrap(), |view| view.id.get())
        };
        assert_eq!(list(&Page::new(1, 100)).rows.len(), 8);
        check("words", list, word);
    }
}
