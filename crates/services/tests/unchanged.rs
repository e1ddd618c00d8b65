//! A change that changes nothing leaves nothing: no entry in the audit log, no row that is newer.

#![cfg(test)]

use chrono::TimeDelta;
use savdo_domain::access::{Role, RowStatus};
use savdo_domain::settings::SettingsPatch;
use savdo_persistence::on_both;
use savdo_services::accounts::{self, ChangeProfile};
use savdo_services::once::Unkeyed;
use savdo_services::products::{self, ChangeProduct, OfferProduct};
use savdo_services::settings;
use savdo_services::testing::{Goods, PASSWORD, World, money};
use savdo_services::workers::{self, ChangeOwn, ChangePerson, ChangeWorker};

on_both! {
    fn a_change_to_what_stands_already_leaves_no_trace(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let seller = world.hire(&shop, Role::Seller).worker.unwrap().id;
        let product = world.online_product(&shop, Goods::named("Un").at(money("5")));
        let text = |text: &str| Some(text.to_owned());
        let profile = || ChangeProfile {
            first_name: text("Ali"),
            phone2: text("90 111 22 33"),
            email: text("ali@savdo.uz"),
            ..ChangeProfile::default()
        };
        let person = || ChangePerson {
            first_name: text("Ali"),
            last_name: text("Valiyev"),
            phone1: text("90 000 00 01"),
            ..ChangePerson::default()
        };
        let worker = || ChangeWorker {
            person: ChangePerson { username: text("worker2"), first_name: text("Vali"), ..ChangePerson::default() },
            password: text(PASSWORD),
            role: Some(Role::Seller),
            branch: Some(Some(shop.branch_id)),
            salary: Some(Some(money("5000000"))),
            ..ChangeWorker::default()
        };
        let of_shop = || ChangeProduct {
            name: text("Un"),
            sale_price: Some(money("5")),
            description: text("Oliy nav"),
            status: Some(RowStatus::Active),
            ..ChangeProduct::default()
        };
        let online = || OfferProduct { price: Some(money("5")), usage: text("Ovqatga"), is_active: Some(true), ..OfferProduct::default() };
        let patch = || SettingsPatch { allow_debt: Some(true), ..SettingsPatch::default() };
        let changes: [(&str, &dyn Fn()); 6] = [
            ("profile", &|| drop(accounts::change_profile(&world.context, &shop.owner, profile()).unwrap())),
            ("oneself", &|| {
                let own = ChangeOwn { person: person(), password: None };
                drop(workers::change_own(&world.context, &shop.owner, own).unwrap());
            }),
            ("worker", &|| drop(workers::change(&world.context, &shop.owner, seller, worker()).unwrap())),
            ("product", &|| drop(products::change(&world.context, &shop.owner, product, of_shop()).unwrap())),
            ("offer", &|| drop(products::offer(&world.context, &shop.owner, product, online(), &Unkeyed).unwrap())),
            ("settings", &|| drop(settings::change(&world.context, &shop.owner, shop.store_id, patch()).unwrap())),
        ];

        for (what, change) in changes {
            let before = world.database.dump();
            change();
            let after = world.database.dump();
            assert!(before != after, "{what}: nothing changed at first");
            world.clock.advance(TimeDelta::hours(1));

            change();

            similar(&after, &world.database.dump(), what);
        }
    }
}

/// Names the first line that differs.
fn similar(before: &str, after: &str, what: &str) {
    let differing = before.lines().zip(after.lines()).find(|(old, new)| old != new);
    assert_eq!(differing, None, "{what}");
    assert_eq!(before.len(), after.len(), "{what}");
}
