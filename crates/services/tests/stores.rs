//! Branches and settings of a store.

#![cfg(test)]

use savdo_domain::access::{AccessRefusal, Actor, Role, RowStatus};
use savdo_domain::ids::LocationId;
use savdo_domain::settings::{OfdToken, SettingsPatch, StoreSettings};
use savdo_domain::{FieldErrors, FieldProblem, Refusal};
use savdo_persistence::on_both;
use savdo_services::accounts::{self, Register};
use savdo_services::branches::{self, BranchDetailView, CreateBranch, ListBranches, LocationColumn};
use savdo_services::once::Unkeyed;
use savdo_services::testing::{World, origin, refusal, register};
use savdo_services::{Page, Result, SortBy, settings};

fn open(world: &World, owner: &Actor, name: &str) -> Result<BranchDetailView> {
    let command = CreateBranch {
        name: name.to_owned(),
        address: "Chilonzor 5".to_owned(),
        phone: "71 200 00 00".to_owned(),
    };
    branches::create(&world.context, owner, command, &Unkeyed)
}

fn all() -> ListBranches {
    ListBranches {
        statuses: vec![RowStatus::Active],
        search: String::new(),
        sort: vec![],
        page: Page::new(1, 100),
    }
}

fn names(world: &World, actor: &Actor, query: ListBranches) -> (Vec<String>, i64) {
    let listed = branches::list(&world.context, actor, query).unwrap();
    (
        listed.rows.into_iter().map(|row| row.branch.name).collect(),
        listed.total,
    )
}

fn owner_without_store(world: &World) -> Actor {
    let command = Register {
        store_name: None,
        ..register(99)
    };
    world.actor(&accounts::register(&world.context, &origin(), command).unwrap())
}

on_both! {
    fn a_branch_opens_and_is_seen_by_those_who_work_there(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let seller = world.hire(&shop, Role::Seller);

        let opened = open(&world, &shop.owner, "Chilonzor").unwrap();

        let seen = branches::detail(&world.context, &seller, opened.branch.id).unwrap();
        assert_eq!(seen, opened);
        assert_eq!((seen.branch.address.as_str(), seen.branch.created_at), ("Chilonzor 5", world.context.now()));
        let own = branches::detail(&world.context, &seller, shop.branch_id).unwrap();
        let workers: Vec<_> = own.workers.into_iter().map(|worker| (worker.full_name, worker.role)).collect();
        assert_eq!(workers, [("worker2".to_owned(), Role::Seller)]);
    }

    fn the_name_of_an_active_branch_is_taken_whatever_its_case_and_apostrophes(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        open(&world, &shop.owner, "Yangi yo'l").unwrap();

        for name in ["Yangi yo'l", "YANGI YO\u{2BB}L", "yangi yo\u{2019}l"] {
            let refused = refusal(open(&world, &shop.owner, name));
            assert_eq!(refused, Refusal::field("name", FieldProblem::Taken), "{name}");
        }
        let other = world.shop();
        assert!(open(&world, &other.owner, "Yangi yo'l").is_ok());
    }

    fn only_an_owner_with_a_store_opens_branches(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let manager = world.hire(&shop, Role::Manager);
        let homeless = owner_without_store(&world);

        assert!(matches!(
            refusal(open(&world, &manager, "Chilonzor")),
            Refusal::Access(AccessRefusal::RoleRequired { .. })
        ));
        assert_eq!(refusal(open(&world, &homeless, "Chilonzor")), AccessRefusal::NoStore.into());
        assert_eq!(names(&world, &homeless, all()), (vec![], 0));
        assert!(settings::list(&world.context, &homeless).unwrap().is_none());
        assert_eq!(names(&world, &shop.owner, all()), (vec!["Markaz".to_owned()], 1));
    }

    fn a_branch_of_another_store_is_unknown(database: TestDatabase) {
        let world = World::on(database);
        let (own, other) = (world.shop(), world.shop());

        for id in [other.branch_id, LocationId::new(999)] {
            let refused = refusal(branches::detail(&world.context, &own.owner, id));
            assert_eq!(refused, Refusal::NotFound);
        }
        let refused = refusal(settings::view(&world.context, &own.owner, other.store_id));
        assert_eq!(refused, Refusal::NotFound);
        let patch = SettingsPatch { allow_debt: Some(true), ..SettingsPatch::default() };
        let refused = refusal(settings::change(&world.context, &own.owner, other.store_id, patch));
        assert_eq!(refused, Refusal::NotFound);
    }

    fn branches_are_searched_ordered_and_paged(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        for name in ["bek", "Anor", "Chorsu"] {
            open(&world, &shop.owner, name).unwrap();
        }
        let list = |query| names(&world, &shop.owner, query);
        let rows = |names: &[&str], total| (names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>(), total);
        let search = |search: &str| ListBranches { search: search.to_owned(), ..all() };

        assert_eq!(list(all()), rows(&["Anor", "bek", "Chorsu", "Markaz"], 4));
        let backward = ListBranches { sort: vec![SortBy { column: LocationColumn::Id, is_descending: true }], ..all() };
        assert_eq!(list(backward), rows(&["Chorsu", "Anor", "bek", "Markaz"], 4));
        let second = ListBranches { page: Page::new(2, 3), ..all() };
        assert_eq!(list(second), rows(&["Markaz"], 4));
        assert_eq!(list(search("чорсу")), rows(&["Chorsu"], 1));
        assert_eq!(list(search("chilonzor")), rows(&["Anor", "bek", "Chorsu"], 3));
        assert_eq!(list(search("or")), rows(&[], 0));
        assert_eq!(list(search("b")), rows(&["bek"], 1));
        assert_eq!(list(search("%")), rows(&[], 0));
    }

    fn a_new_store_has_the_default_settings(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();

        let view = settings::list(&world.context, &shop.owner).unwrap().unwrap();

        assert_eq!((view.store_id, view.store_name.as_str()), (shop.store_id, "Do'kon 1"));
        assert_eq!(view.settings, StoreSettings::default());
    }

    fn what_was_changed_is_kept_and_nothing_else(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let patch = SettingsPatch {
            allow_card: Some(false),
            receipt_header: Some("Xush kelibsiz".to_owned()),
            telegram_enabled: Some(true),
            telegram_chat_id: Some(Some("-100".to_owned())),
            ofd_token: Some(Some(OfdToken::new("sirli-token-9876"))),
            online_enabled: Some(true),
            online_location: Some(Some(shop.branch_id)),
            payment_minutes: Some(1440),
            ..SettingsPatch::default()
        };

        let changed = settings::change(&world.context, &shop.owner, shop.store_id, patch).unwrap();

        let expected = StoreSettings {
            allow_card: false,
            receipt_header: "Xush kelibsiz".to_owned(),
            telegram_enabled: true,
            telegram_chat_id: Some("-100".to_owned()),
            ofd_token: Some(OfdToken::new("sirli-token-9876")),
            online_enabled: true,
            online_location: Some(shop.branch_id),
            payment_minutes: 1440,
            ..StoreSettings::default()
        };
        assert_eq!(changed.settings, expected);
        assert_eq!(settings::view(&world.context, &shop.owner, shop.store_id).unwrap(), changed);
        let emptied = SettingsPatch {
            telegram_enabled: Some(false),
            telegram_chat_id: Some(None),
            online_location: Some(None),
            ..SettingsPatch::default()
        };
        let emptied = settings::change(&world.context, &shop.owner, shop.store_id, emptied).unwrap().settings;
        assert_eq!((emptied.telegram_chat_id, emptied.online_location), (None, None));
    }

    fn settings_that_do_not_go_together_leave_all_as_it_was(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = (world.shop(), world.shop());
        let change = |patch| refusal(settings::change(&world.context, &shop.owner, shop.store_id, patch));

        let foreign = change(SettingsPatch {
            allow_debt: Some(true),
            online_location: Some(Some(other.branch_id)),
            ..SettingsPatch::default()
        });
        let nothing_left = change(SettingsPatch {
            allow_cash: Some(false),
            allow_card: Some(false),
            ..SettingsPatch::default()
        });

        assert_eq!(foreign, Refusal::field("online_location", FieldProblem::UnknownObject));
        assert_eq!(nothing_left, FieldErrors::across(FieldProblem::NoPaymentLeft).into());
        assert_eq!(change(SettingsPatch::default()), Refusal::EmptyPatch);
        let view = settings::view(&world.context, &shop.owner, shop.store_id).unwrap();
        assert_eq!(view.settings, StoreSettings::default());
    }

    fn whichever_statement_fails_settings_and_branches_stay_as_they_were(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let patch = SettingsPatch {
            shift_enabled: Some(true),
            online_enabled: Some(true),
            online_location: Some(Some(shop.branch_id)),
            ..SettingsPatch::default()
        };

        let (_, changing) = world.fails_at_every_statement(|| {
            settings::change(&world.context, &shop.owner, shop.store_id, patch.clone())
        });
        let (_, opening) = world.fails_at_every_statement(|| open(&world, &shop.owner, "Yangi"));

        assert!(changing > 3 && opening > 3, "only {changing} and {opening} statements");
    }

    fn a_manager_neither_sees_nor_changes_settings(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let manager = world.hire(&shop, Role::Manager);
        let patch = SettingsPatch { allow_debt: Some(true), ..SettingsPatch::default() };

        for refused in [
            refusal(settings::list(&world.context, &manager)),
            refusal(settings::view(&world.context, &manager, shop.store_id)),
            refusal(settings::change(&world.context, &manager, shop.store_id, patch)),
        ] {
            assert!(matches!(refused, Refusal::Access(AccessRefusal::SectionRequired { .. })));
        }
    }

    fn two_parallel_changes_of_different_keys_both_count(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let patches = [
            SettingsPatch { allow_debt: Some(true), ..SettingsPatch::default() },
            SettingsPatch { kpi_enabled: Some(true), ..SettingsPatch::default() },
        ];

        std::thread::scope(|scope| {
            for patch in patches {
                let (world, shop) = (&world, &shop);
                scope.spawn(move || settings::change(&world.context, &shop.owner, shop.store_id, patch).unwrap());
            }
        });

        let settings = settings::view(&world.context, &shop.owner, shop.store_id).unwrap().settings;
        assert_eq!((settings.allow_debt, settings.kpi_enabled), (true, true));
    }
}
