//! The words that a new installation has.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use savdo_domain::account::Language;
use savdo_domain::coded::Coded;
use savdo_domain::notice::{Channel, NoticeType, built_in};
use savdo_persistence::notices::templates;
use savdo_persistence::{Error as StorageError, on_both};
use savdo_services::testing::World;

on_both! {
    fn an_installation_begins_with_the_words_of_the_domain_and_the_channels_of_the_contract(database: TestDatabase) {
        let world = World::on(database);

        for notice in NoticeType::ALL {
            let words = world.database.handle().read("words", |reader| templates::of_type(reader, None, *notice));
            let words = words.unwrap_or_else(|error: StorageError| panic!("{error}"));
            assert_eq!(words.len(), 12, "{notice}");
            for channel in Channel::ALL {
                for language in Language::ALL {
                    let view = words.iter().find(|view| view.channel == *channel && view.language == *language).unwrap();
                    assert_eq!(view.text, built_in(*notice, *channel, *language), "{notice} {channel} {language}");
                    assert_eq!(view.is_active, notice.is_told_by(*channel), "{notice} {channel}");
                    assert_eq!(view.store_id, None);
                }
            }
        }
    }
}
