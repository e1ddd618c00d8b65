//! Active substances: a list of each store's own, by which customers find medicines and what stands in for them.

use savdo_domain::access::{AccessRefusal, Actor, Role};
use savdo_domain::catalog::CatalogRefusal;
use savdo_domain::ids::{ProductId, StoreId, SubstanceId};
use savdo_domain::{FieldErrors, FieldProblem, Refusal};
use savdo_persistence::on_both;
use savdo_services::catalogue::{self, BrowseProducts};
use savdo_services::once::Unkeyed;
use savdo_services::products::{self, ChangeProduct, OfferProduct};
use savdo_services::substances::{self, ChangeSubstance, CreateSubstance, ListSubstances, SubstanceView};
use savdo_services::testing::{Goods, Shop, World, at_once, money, receipt, refusal};
use savdo_services::{Page, Result};

use super::aside::check;
use super::public::everything;

fn create(world: &World, actor: &Actor, name: &str, store: Option<StoreId>) -> Result<SubstanceView> {
    let command = CreateSubstance {
        name: name.to_owned(),
        description: String::new(),
        store,
    };
    substances::create(&world.context, actor, command, &Unkeyed)
}

fn rename(world: &World, shop: &Shop, id: SubstanceId, name: &str) -> Result<SubstanceView> {
    let command = ChangeSubstance {
        name: Some(name.to_owned()),
        description: None,
    };
    substances::change(&world.context, &shop.owner, id, command)
}

fn remove(world: &World, shop: &Shop, id: SubstanceId) -> Result<()> {
    substances::remove(&world.context, &shop.owner, id)
}

fn names(world: &World, actor: Option<&Actor>, search: &str, store: Option<StoreId>) -> Vec<String> {
    let query = ListSubstances {
        store,
        search: search.to_owned(),
        page: Page::new(1, 20),
    };
    let listed = substances::list(&world.context, actor, query).unwrap();
    assert_eq!(listed.total, i64::try_from(listed.rows.len()).unwrap());
    listed.rows.into_iter().map(|view| view.name).collect()
}

/// The products that a customer finds by a text.
fn found(world: &World, search: &str) -> Vec<String> {
    let query = BrowseProducts {
        search: search.to_owned(),
        ..everything()
    };
    let listed = catalogue::browse(&world.context, None, query).unwrap();
    listed.rows.into_iter().map(|view| view.offered.name).collect()
}

fn stand_ins(world: &World, id: ProductId) -> Vec<String> {
    let views = catalogue::alternatives(&world.context, None, id).unwrap();
    views.into_iter().map(|view| view.offered.name).collect()
}

/// An offered product of these substances, at this price, so many pieces of which lie there.
fn medicine(
    world: &World,
    shop: &Shop,
    (name, price, pieces): (&str, &str, &str),
    active: &[SubstanceId],
) -> ProductId {
    let id = world.online_product(shop, Goods::named(name).at(money(price)));
    world.give_substances(shop, id, active);
    if pieces != "0" {
        world.receive(shop, receipt(shop, id, pieces, "1"));
    }
    id
}

on_both! {
    fn substances_are_listed_by_name_and_each_store_has_its_own(database: TestDatabase) {
        let world = World::on(database);
        let (open, closed) = (world.shop(), world.shop());
        world.open_online(&open);
        let operator = world.hire(&closed, Role::Operator);
        for name in ["Парацетамол", "Ibuprofen", "Kofein suvsiz"] {
            world.substance(&open, name);
        }
        let hidden = create(&world, &operator, "Ibuprofen", None).unwrap();
        assert_eq!(hidden.store_id, closed.store_id);

        assert_eq!(names(&world, None, "", None), ["Ibuprofen", "Kofein suvsiz", "Парацетамол"]);
        assert_eq!(names(&world, None, "para", None), ["Парацетамол"]);
        assert_eq!(names(&world, None, "suvsiz KOF", None), ["Kofein suvsiz"]);
        assert_eq!(names(&world, None, "uvsiz", None), ["Kofein suvsiz"]);
        assert_eq!(names(&world, None, "of", None), [""; 0], "two letters begin a word");
        assert_eq!(names(&world, None, "%", None), [""; 0]);
        assert_eq!(names(&world, None, "", Some(closed.store_id)), [""; 0]);
        assert_eq!(names(&world, Some(&operator), "ibu", None), ["Ibuprofen", "Ibuprofen"]);
        assert_eq!(names(&world, Some(&operator), "", Some(closed.store_id)), ["Ibuprofen"]);
        assert_eq!(names(&world, Some(&world.admin()), "ibu", None), ["Ibuprofen", "Ibuprofen"]);
        for stranger in [None, Some(&open.owner), Some(&world.hire(&closed, Role::Seller))] {
            assert_eq!(names(&world, stranger, "ibu", None), ["Ibuprofen"]);
            assert_eq!(refusal(substances::detail(&world.context, stranger, hidden.id)), Refusal::NotFound);
        }
        assert_eq!(substances::detail(&world.context, Some(&operator), hidden.id).unwrap(), hidden);
    }

    fn a_name_is_unique_in_its_store_whatever_its_case(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = (world.shop(), world.shop());
        let first = world.substance(&shop, "O'simlik yog'i");
        let second = world.substance(&shop, "Kofein");
        let taken = || Refusal::field("name", FieldProblem::Taken);

        assert_eq!(refusal(create(&world, &shop.owner, "oʻsimlik YOGʻI", None)), taken());
        assert_eq!(refusal(rename(&world, &shop, second, "O‘SIMLIK yog‘i")), taken());
        assert_eq!(rename(&world, &shop, first, "O'SIMLIK YOG'I").unwrap().name, "O'SIMLIK YOG'I");
        assert!(create(&world, &other.owner, "Kofein", None).is_ok());
    }

    fn only_staff_write_and_an_admin_says_in_which_store(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = (world.shop(), world.shop());
        let (admin, operator) = (world.admin(), world.hire(&shop, Role::Operator));
        let id = world.substance(&shop, "Kofein");

        for role in [Role::Seller, Role::Courier] {
            let refused = refusal(create(&world, &world.hire(&shop, role), "Ibuprofen", None));
            assert_eq!(refused, AccessRefusal::Forbidden.into());
        }
        assert_eq!(refusal(create(&world, &world.customer(), "Ibuprofen", None)), AccessRefusal::Forbidden.into());
        let ours = create(&world, &operator, "Ibuprofen", Some(other.store_id)).unwrap();
        assert_eq!(ours.store_id, shop.store_id, "staff write in their own store, whatever they say");
        assert_eq!(refusal(create(&world, &admin, "Mentol", None)), Refusal::field("store", FieldProblem::Required));
        let unknown = refusal(create(&world, &admin, "Mentol", Some(StoreId::new(999))));
        assert_eq!(unknown, Refusal::field("store", FieldProblem::UnknownObject));
        assert_eq!(create(&world, &admin, "Mentol", Some(other.store_id)).unwrap().store_id, other.store_id);

        let nothing = ChangeSubstance::default();
        let foreign = substances::change(&world.context, &other.owner, id, nothing.clone());
        assert_eq!(refusal(foreign), Refusal::NotFound);
        assert_eq!(refusal(remove(&world, &other, id)), Refusal::NotFound);
        assert!(substances::change(&world.context, &admin, id, nothing).is_ok());
    }

    fn a_substance_that_a_product_has_is_in_use_until_none_has_it(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let id = world.substance(&shop, "Kofein");
        let product = medicine(&world, &shop, ("Sitramon", "5", "0"), &[id]);

        assert_eq!(refusal(remove(&world, &shop, id)), CatalogRefusal::InUse.into());
        world.give_substances(&shop, product, &[]);
        remove(&world, &shop, id).unwrap();

        assert_eq!(refusal(remove(&world, &shop, id)), Refusal::NotFound);
        assert!(create(&world, &shop.owner, "Kofein", None).is_ok(), "its name is free");
        check(&world);
    }

    fn a_product_has_substances_of_its_own_store_alone(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = (world.shop(), world.shop());
        let [first, second] = ["Paratsetamol", "Kofein"].map(|name| world.substance(&shop, name));
        let theirs = world.substance(&other, "Kofein");
        let id = medicine(&world, &shop, ("Sitramon", "5", "0"), &[second, first, second]);
        let active = || {
            let view = catalogue::product(&world.context, None, id).unwrap();
            view.substances.into_iter().map(|active| (active.id, active.name)).collect::<Vec<_>>()
        };
        let both = [(first, "Paratsetamol".to_owned()), (second, "Kofein".to_owned())];
        assert_eq!(active(), both);

        for wrong in [vec![first, theirs], vec![SubstanceId::new(999)]] {
            let command = OfferProduct { active_substances: Some(wrong), ..OfferProduct::default() };
            let refused = refusal(products::offer(&world.context, &shop.owner, id, command, &Unkeyed));
            assert_eq!(refused, FieldErrors::one("active_substances", FieldProblem::UnknownObject).into());
        }
        assert_eq!(active(), both);

        let command = ChangeProduct { name: Some("Sitramon P".to_owned()), ..ChangeProduct::default() };
        products::change(&world.context, &shop.owner, id, command).unwrap();
        assert_eq!(active(), both, "the counter's change leaves them");
        assert_eq!(found(&world, "kofein sitramon"), ["Sitramon P"]);
        let entries = world.database.lines("SELECT details AS line FROM audit_entries WHERE details LIKE '%active_substances%' ORDER BY id");
        assert!(entries.last().unwrap().contains(r#""active_substances":{"new":["Paratsetamol","Kofein"],"old":[]}"#), "{entries:?}");
        check(&world);
    }

    fn customers_find_a_product_by_the_present_names_of_its_substances(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let [ibuprofen, caffeine] = ["Ibuprofen", "Kofein"].map(|name| world.substance(&shop, name));
        medicine(&world, &shop, ("Nurofen", "5", "0"), &[ibuprofen]);
        medicine(&world, &shop, ("Sitramon", "6", "0"), &[caffeine, ibuprofen]);
        let by_substance = |substance| {
            let query = BrowseProducts { substance: Some(substance), ..everything() };
            let listed = catalogue::browse(&world.context, None, query).unwrap();
            listed.rows.into_iter().map(|view| view.offered.name).collect::<Vec<_>>()
        };
        assert_eq!(found(&world, "ибупрофен"), ["Nurofen", "Sitramon"]);
        assert_eq!(by_substance(ibuprofen), ["Nurofen", "Sitramon"]);
        assert_eq!(by_substance(caffeine), ["Sitramon"]);

        world.fails_at_every_statement(|| rename(&world, &shop, ibuprofen, "Arvipron"));

        assert_eq!(found(&world, "ibuprofen"), [""; 0]);
        assert_eq!(found(&world, "арвипрон kofein"), ["Sitramon"]);
        check(&world);
    }

    fn alternatives_share_a_substance_and_are_in_stock_the_cheapest_first(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = (world.shop(), world.shop());
        let [ibuprofen, caffeine, menthol] = ["Ibuprofen", "Kofein", "Mentol"].map(|name| world.substance(&shop, name));
        let theirs = world.substance(&other, "Ibuprofen");
        let wanted = medicine(&world, &shop, ("Nurofen", "9", "0"), &[ibuprofen, caffeine]);
        let bare = world.online_product(&shop, Goods::named("Bint"));
        medicine(&world, &shop, ("Askofen", "7", "3"), &[caffeine]);
        medicine(&world, &shop, ("Arviprox", "7", "3"), &[ibuprofen]);
        medicine(&world, &shop, ("Ibuklin", "3", "1"), &[caffeine, ibuprofen]);
        medicine(&world, &shop, ("Yarimta", "1", "0.5"), &[ibuprofen]);
        medicine(&world, &shop, ("Mentos", "1", "3"), &[menthol]);
        medicine(&world, &other, ("Boshqa", "1", "3"), &[theirs]);
        let hidden = medicine(&world, &shop, ("Yashirin", "2", "3"), &[ibuprofen]);
        let command = OfferProduct { is_active: Some(false), ..OfferProduct::default() };
        products::offer(&world.context, &shop.owner, hidden, command, &Unkeyed).unwrap();

        assert_eq!(stand_ins(&world, wanted), ["Ibuklin", "Arviprox", "Askofen"]);
        assert_eq!(stand_ins(&world, bare), [""; 0]);
        assert_eq!(refusal(catalogue::alternatives(&world.context, None, hidden)), Refusal::NotFound);
        assert_eq!(catalogue::alternatives(&world.context, Some(&shop.owner), hidden).unwrap().len(), 2);
        for number in 0..50 {
            medicine(&world, &shop, (&format!("Yana {number}"), "4", "1"), &[ibuprofen]);
        }
        let all = stand_ins(&world, wanted);
        assert_eq!((all.len(), all.first().map(String::as_str), all.last().map(String::as_str)), (50, Some("Ibuklin"), Some("Yana 8")));
    }

    fn a_substance_is_renamed_given_and_taken_away_at_once_and_its_products_are_found_by_its_name(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let [first, second] = ["Bir", "Ikki"].map(|name| world.substance(&shop, name));
        let products: Vec<_> = (0..4).map(|number| world.online_product(&shop, Goods::named(&format!("Dori {number}")))).collect();

        for round in 0..5 {
            let spare = world.substance(&shop, &format!("Uch {round}"));
            let given = at_once(6, |who| match who {
                0 => rename(&world, &shop, first, &format!("Bir {round}")).map(|_| ()),
                1 => rename(&world, &shop, second, &format!("Ikki {round}")).map(|_| ()),
                2 => remove(&world, &shop, spare),
                _ => {
                    let active = if who == 3 { vec![spare, second] } else { vec![first, second] };
                    let command = OfferProduct { active_substances: Some(active), ..OfferProduct::default() };
                    products::offer(&world.context, &shop.owner, products[who - 3], command, &Unkeyed).map(|_| ())
                }
            });

            let [renamed, also, removed, with_spare, other, last] = <[_; 6]>::try_from(given).unwrap();
            for done in [renamed, also, other, last] {
                done.unwrap();
            }
            match (removed, with_spare) {
                (Ok(()), given) => {
                    let unknown = Refusal::field("active_substances", FieldProblem::UnknownObject);
                    assert_eq!(refusal(given), unknown, "round {round}");
                }
                (removed, Ok(())) => assert_eq!(refusal(removed), CatalogRefusal::InUse.into(), "round {round}"),
                neither => panic!("neither won: {neither:?}"),
            }
            check(&world);
        }
    }

    fn what_is_written_of_a_substance_is_written_whole_or_not_at_all(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let product = world.online_product(&shop, Goods::named("Sitramon"));

        let (made, _) = world.fails_at_every_statement(|| create(&world, &shop.owner, "Kofein", None));
        let (_, _) = world.fails_at_every_statement(|| {
            let command = OfferProduct { active_substances: Some(vec![made.id]), ..OfferProduct::default() };
            products::offer(&world.context, &shop.owner, product, command, &Unkeyed)
        });
        world.give_substances(&shop, product, &[]);
        let (_, _) = world.fails_at_every_statement(|| remove(&world, &shop, made.id));

        let told = world.database.lines("SELECT action || ' ' || description AS line FROM audit_entries WHERE subject_type = 'substance' ORDER BY id");
        assert_eq!(told, ["create Faol modda yaratildi: Kofein", "delete Faol modda o'chirildi: Kofein"]);
    }
}
