//! One's own account.

use savdo_domain::Refusal;
use savdo_domain::account::Language;
use savdo_persistence::on_both;
use savdo_services::accounts::{self, ChangeMe};
use savdo_services::testing::{PASSWORD, World, refusal};

fn all() -> ChangeMe {
    ChangeMe {
        first_name: Some("Aziza".to_owned()),
        last_name: Some("Karimova".to_owned()),
        address: Some("Toshkent, Navoiy 1".to_owned()),
        email: Some("aziza@savdo.uz".to_owned()),
        language: Some(Language::Russian),
    }
}

on_both! {
    fn a_change_of_oneself_is_whole_and_told_once(database: TestDatabase) {
        let world = World::on(database);
        let customer = world.customer();

        let (after, _) = world.fails_at_every_statement(|| accounts::change_me(&world.context, &customer, all()));
        let told = world.database.dump_of(&["audit_entries"]);
        accounts::change_me(&world.context, &customer, all()).unwrap();

        assert_eq!((after.first_name.as_str(), after.language), ("Aziza", Language::Russian));
        assert!(told.contains("Profil o'zgartirildi: Aziza Karimova") && told.contains("Toshkent, Navoiy 1"));
        assert_eq!(world.database.dump_of(&["audit_entries"]), told, "what stands already leaves no trace");
    }

    fn nothing_to_change_is_refused(database: TestDatabase) {
        let world = World::on(database);
        let customer = world.customer();

        let refused = refusal(accounts::change_me(&world.context, &customer, ChangeMe::default()));

        assert_eq!(refused, Refusal::EmptyPatch);
    }

    fn two_customers_may_have_one_address_by_mail_and_it_opens_neither(database: TestDatabase) {
        let world = World::on(database);
        let customers = [world.customer(), world.customer()];

        for customer in &customers {
            let after = accounts::change_me(&world.context, customer, all()).unwrap();
            assert_eq!(after.email, "aziza@savdo.uz");
        }

        let found = world.database.read("mail", |reader| {
            savdo_persistence::users::by_email_unscoped(reader, "aziza@savdo.uz")
        });
        assert!(found.unwrap().is_none());
    }

    fn another_password_in_the_pharmacy_is_set_whole_or_not_at_all(database: TestDatabase) {
        let world = World::on(database);
        let customer = world.customer();
        let renew = || {
            accounts::renew_password(&world.context, &customer, PASSWORD.to_owned(), "kech-kirguncha-8".to_owned())
        };

        let (tokens, _) = world.fails_at_every_statement(renew);

        let access = |token: &str| accounts::authenticate(&world.context, token, savdo_services::testing::origin());
        assert!(access(&tokens.access).is_ok());
    }
}
