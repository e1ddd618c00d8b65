//! Categories: named, changed, put aside and brought back, and what becomes of their products.

use savdo_domain::access::{AccessRefusal, Role, RowStatus};
use savdo_domain::ids::CategoryId;
use savdo_domain::{FieldProblem, Refusal};
use savdo_persistence::on_both;
use savdo_services::categories::{self, CategoryView, ChangeCategory, CreateCategory, ListCategories};
use savdo_services::once::Unkeyed;
use savdo_services::products::{self, ChangeProduct, CreateProduct, OfferProduct, ProductView};
use savdo_services::testing::{Goods, Shop, World, at_once, refusal};
use savdo_services::verify::verify;
use savdo_services::{Page, Result};

fn create(world: &World, shop: &Shop, name: &str) -> Result<CategoryView> {
    let command = CreateCategory {
        name: name.to_owned(),
        description: String::new(),
        icon: String::new(),
    };
    categories::create(&world.context, &shop.owner, command, &Unkeyed)
}

fn change(world: &World, shop: &Shop, id: CategoryId, command: ChangeCategory) -> Result<CategoryView> {
    categories::change(&world.context, &shop.owner, id, command)
}

fn put_aside(world: &World, shop: &Shop, id: CategoryId) -> Result<CategoryView> {
    categories::put_aside(&world.context, &shop.owner, id)
}

fn renamed(name: &str) -> ChangeCategory {
    ChangeCategory {
        name: Some(name.to_owned()),
        ..ChangeCategory::default()
    }
}

fn now(status: RowStatus) -> ChangeCategory {
    ChangeCategory {
        status: Some(status),
        ..ChangeCategory::default()
    }
}

fn product_of(world: &World, shop: &Shop, name: &str, category: CategoryId) -> Result<ProductView> {
    let command = CreateProduct {
        name: name.to_owned(),
        category: Some(category),
        ..CreateProduct::default()
    };
    products::create(&world.context, &shop.owner, command, &Unkeyed)
}

fn taken() -> Refusal {
    Refusal::field("name", FieldProblem::Taken)
}

fn told(world: &World) -> Vec<String> {
    world.database.lines(
        "SELECT action || ' ' || description || ' ' || details AS line FROM audit_entries \
         WHERE subject_type = 'category' ORDER BY id",
    )
}

on_both! {
    fn a_category_is_changed_put_aside_and_brought_back(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();

        let made = create(&world, &shop, "Ichimliklar").unwrap();
        let changed = ChangeCategory { icon: Some("cup".to_owned()), description: Some("Suv".to_owned()), ..renamed("Suvlar") };
        change(&world, &shop, made.id, changed).unwrap();
        let aside = put_aside(&world, &shop, made.id).unwrap();
        assert_eq!(put_aside(&world, &shop, made.id).unwrap(), aside, "once more changes nothing");
        let back = change(&world, &shop, made.id, now(RowStatus::Active)).unwrap();

        assert_eq!(aside.status, RowStatus::Inactive);
        assert_eq!((back.name.as_str(), back.icon.as_str(), back.description.as_str()), ("Suvlar", "cup", "Suv"));
        assert_eq!(back, categories::detail(&world.context, &shop.owner, made.id).unwrap());
        assert_eq!(world.database.lines("SELECT name_key || ' ' || slug || search AS line FROM categories"), ["suvlar suvlar\n suvlar"]);
        let status = |old: &str, new: &str| format!(r#"{{"changes":{{"status":{{"new":"{new}","old":"{old}"}}}}}}"#);
        assert_eq!(told(&world), [
            "create Kategoriya yaratildi: Ichimliklar ".to_owned(),
            "update Kategoriya o'zgartirildi: Suvlar {\"changes\":{\"description\":{\"new\":\"Suv\",\"old\":\"\"},\
             \"icon\":{\"new\":\"cup\",\"old\":\"\"},\"name\":{\"new\":\"Suvlar\",\"old\":\"Ichimliklar\"}}}".to_owned(),
            format!("delete Kategoriya o'zgartirildi: Suvlar {}", status("active", "inactive")),
            format!("update Kategoriya o'zgartirildi: Suvlar {}", status("inactive", "active")),
        ]);
    }

    fn a_name_is_one_among_the_categories_in_use_and_free_again_once_its_category_is_put_aside(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = (world.shop(), world.shop());
        let first = world.category(&shop, "O'g'itlar");
        let second = world.category(&shop, "Dorilar");
        world.category(&other, "O'g'itlar");

        for name in ["OʻGʻITLAR", "o‘g‘itlar", "O`g`itlar", "Ｏ'g'itlar"] {
            assert_eq!(refusal(create(&world, &shop, name)), taken(), "{name}");
            assert_eq!(refusal(change(&world, &shop, second, renamed(name))), taken(), "{name}");
        }
        assert_eq!(change(&world, &shop, first, renamed("OʻGʻITLAR")).unwrap().name, "OʻGʻITLAR");

        put_aside(&world, &shop, first).unwrap();
        let third = create(&world, &shop, "O'g'itlar").unwrap().id;
        let before = world.database.dump();
        assert_eq!(refusal(change(&world, &shop, first, now(RowStatus::Active))), taken());
        assert_eq!(world.database.dump(), before);
        change(&world, &shop, third, now(RowStatus::Inactive)).unwrap();
        assert_eq!(change(&world, &shop, first, now(RowStatus::Active)).unwrap().status, RowStatus::Active);
    }

    fn products_keep_a_category_that_is_put_aside_and_none_is_put_into_it(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let id = world.category(&shop, "Dorilar");
        let kept = product_of(&world, &shop, "Aspirin", id).unwrap().stored.id;
        let gone = product_of(&world, &shop, "Analgin", id).unwrap().stored.id;
        let loose = world.product(&shop, Goods::named("Bint"));
        let aside = ChangeProduct { status: Some(RowStatus::Inactive), ..ChangeProduct::default() };
        products::change(&world.context, &shop.owner, gone, aside).unwrap();
        assert_eq!(put_aside(&world, &shop, id).unwrap().product_count, 1, "active ones alone");

        let view = products::detail(&world.context, &shop.owner, kept).unwrap();
        assert_eq!((view.stored.product.category_id, view.category_name.as_deref()), (Some(id), Some("Dorilar")));
        let rows = products::list(&world.context, &shop.owner, crate::shop::listed()).unwrap().rows;
        let rows: Vec<_> = rows.into_iter().map(|row| (row.name, row.category_name)).collect();
        assert_eq!(rows, [("Aspirin".to_owned(), Some("Dorilar".to_owned())), ("Bint".to_owned(), None)]);

        let unknown = || Refusal::field("category", FieldProblem::UnknownObject);
        let moved = ChangeProduct { category: Some(Some(id)), ..ChangeProduct::default() };
        let offered = OfferProduct { category: Some(id), ..OfferProduct::default() };
        let before = world.database.dump();
        assert_eq!(refusal(product_of(&world, &shop, "Yod", id)), unknown());
        assert_eq!(refusal(products::change(&world.context, &shop.owner, loose, moved.clone())), unknown());
        assert_eq!(refusal(products::offer(&world.context, &shop.owner, loose, offered, &Unkeyed)), unknown());
        assert_eq!(world.database.dump(), before);
        assert!(products::change(&world.context, &shop.owner, kept, moved).is_ok(), "what it has it may repeat");
    }

    fn categories_are_listed_by_status_and_name(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        for name in ["Dorilar", "Suvlar", "Donlar"] {
            world.category(&shop, name);
        }
        put_aside(&world, &shop, CategoryId::new(1)).unwrap();
        let list = |statuses: &[RowStatus], search: &str| {
            let query = ListCategories {
                statuses: statuses.to_vec(),
                search: search.to_owned(),
                sort: Vec::new(),
                page: Page::new(1, 100),
            };
            let listed = categories::list(&world.context, &shop.owner, query).unwrap();
            listed.rows.into_iter().map(|row| row.name).collect::<Vec<_>>()
        };

        assert_eq!(list(&[RowStatus::Active], ""), ["Donlar", "Suvlar"]);
        assert_eq!(list(&[RowStatus::Inactive], ""), ["Dorilar"]);
        assert_eq!(list(&[], "до"), ["Donlar", "Dorilar"]);
    }

    fn only_categories_of_ones_own_store_are_changed_and_by_managers_alone(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = (world.shop(), world.shop());
        let (manager, seller) = (world.hire(&shop, Role::Manager), world.hire(&shop, Role::Seller));
        let (own, foreign) = (world.category(&shop, "Dorilar"), world.category(&other, "Dorilar"));
        let before = world.database.dump();

        for id in [foreign, CategoryId::new(999)] {
            assert_eq!(refusal(categories::detail(&world.context, &shop.owner, id)), Refusal::NotFound);
            assert_eq!(refusal(change(&world, &shop, id, renamed("Suv"))), Refusal::NotFound);
            assert_eq!(refusal(put_aside(&world, &shop, id)), Refusal::NotFound);
        }
        let managers = || Refusal::from(AccessRefusal::RoleRequired { roles: Role::MANAGERS });
        assert_eq!(refusal(categories::put_aside(&world.context, &seller, own)), managers());
        assert_eq!(refusal(categories::change(&world.context, &seller, own, renamed("Suv"))), managers());
        assert!(categories::detail(&world.context, &seller, own).is_ok());
        assert_eq!(world.database.dump(), before);
        categories::change(&world.context, &manager, own, renamed("Suv")).unwrap();
    }

    fn whichever_statement_fails_a_category_stays_as_it_was(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();

        let (made, making) = world.fails_at_every_statement(|| create(&world, &shop, "Dorilar"));
        let (_, changing) = world.fails_at_every_statement(|| change(&world, &shop, made.id, renamed("Suvlar")));
        let (_, leaving) = world.fails_at_every_statement(|| put_aside(&world, &shop, made.id));

        assert!(making > 2 && changing > 3 && leaving > 3, "{making} {changing} {leaving}");
    }

    fn of_categories_made_at_once_under_one_name_one_is(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();

        let made = at_once(8, |_| create(&world, &shop, "Dorilar"));

        let (made, refused): (Vec<_>, Vec<_>) = made.into_iter().partition(Result::is_ok);
        assert_eq!((made.len(), refused.len()), (1, 7));
        for outcome in refused {
            assert_eq!(refusal(outcome), taken());
        }
        assert_eq!(told(&world).len(), 1, "whoever lost left nothing");
        assert_eq!(world.database.probe().retries(), 0);
    }

    fn of_a_name_that_is_given_anew_and_brought_back_at_once_one_holds_it(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();

        for round in 0..8 {
            let name = format!("Toifa {round}");
            let old = world.category(&shop, &name);
            put_aside(&world, &shop, old).unwrap();
            let before = told(&world).len();

            let outcomes = at_once(2, |who| match who {
                0 => create(&world, &shop, &name),
                _ => change(&world, &shop, old, now(RowStatus::Active)),
            });

            let (won, lost): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
            assert_eq!(won.len(), 1, "round {round}");
            assert_eq!(lost.into_iter().map(refusal).collect::<Vec<_>>(), [taken()], "round {round}");
            let holders = format!("SELECT id || '' AS line FROM categories WHERE name = '{name}' AND status = 'active'");
            assert_eq!(world.database.lines(&holders).len(), 1, "round {round}");
            assert_eq!(told(&world).len(), before + 1, "whoever lost left nothing");
        }
        assert_eq!(world.database.probe().retries(), 0);
        assert_eq!(verify(&world.context).unwrap().differences, []);
    }

    fn no_product_comes_into_a_category_after_it_was_put_aside_at_the_same_moment(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();

        for round in 0..8 {
            let id = world.category(&shop, &format!("Toifa {round}"));
            let outcomes = at_once(4, |who| match who {
                0 => put_aside(&world, &shop, id).map(|_| ()),
                _ => product_of(&world, &shop, &format!("Un {round} {who}"), id).map(|_| ()),
            });

            for (who, outcome) in outcomes.into_iter().enumerate().filter(|(_, outcome)| outcome.is_err()) {
                assert!(who > 0, "round {round}: {outcome:?}");
                assert_eq!(refusal(outcome), Refusal::field("category", FieldProblem::UnknownObject), "round {round}");
            }
            // Both are told in the order in which they held the category.
            let late = format!(
                "SELECT id || '' AS line FROM audit_entries WHERE subject_type = 'product' AND description LIKE '%: Un {round} %' \
                 AND id > (SELECT max(id) FROM audit_entries WHERE subject_type = 'category' AND action = 'delete')"
            );
            assert_eq!(world.database.lines(&late), [""; 0], "round {round}");
        }
        assert_eq!(world.database.probe().retries(), 0);
    }
}
