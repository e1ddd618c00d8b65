//! What a search of products finds, against a comparison of every text with what was typed.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use savdo_domain::access::{Actor, RowStatus};
use savdo_domain::settings::SettingsPatch;
use savdo_domain::text;
use savdo_persistence::on_both;
use savdo_services::catalogue::{self, BrowseProducts, ShelfOrdering};
use savdo_services::products::{self, ListProducts, ProductColumn};
use savdo_services::testing::{Goods, Shop, World};
use savdo_services::{Listed, Page, SortBy, categories, settings};

use super::walking::{ids, walk_by};

/// What names are made of: two alphabets, apostrophes, and what LIKE, FTS5 and arrays of PostgreSQL would read as their own.
const WORDS: [&str; 22] = [
    "Paratsetamol",
    "ПАРАЦЕТАМОЛ",
    "tabletka",
    "таблетка",
    "tabletkalar",
    "O'g'it",
    "oʻgʻit",
    "ўғит",
    "shar",
    "щар",
    "соль",
    "500",
    "50%",
    "a_b",
    "a\\b",
    "\"AND\"",
    "{x,y}",
    "№10",
    "A",
    "é",
    "中文",
    "OR*",
];

/// Products that both shops have, in no order: most have one of a few words, so that some words are frequent.
fn names(runner: &mut TestRunner, count: usize) -> Vec<String> {
    let name = proptest::collection::vec(select(WORDS.to_vec()), 1..5);
    let names = (0..count).map(|number| {
        let words = name
            .new_tree(runner)
            .unwrap()
            .current()
            .join(if number % 9 == 0 { "-" } else { " " });
        format!("{words} {}", number * 7919 % 1000)
    });
    names.collect()
}

/// A piece of a name as somebody types it, or what no name has.
fn typed(names: &[String]) -> impl Strategy<Value = String> + use<> {
    let piece = (select(names.to_vec()), any::<Index>(), 1usize..14).prop_map(|(name, at, length)| {
        let letters: Vec<char> = name.chars().collect();
        let at = at.index(letters.len());
        letters.into_iter().skip(at).take(length).collect::<String>()
    });
    let changed = (piece, 0..4).prop_map(|(piece, how)| match how {
        0 => piece.to_uppercase(),
        1 => piece.replace('\'', "’"),
        2 => text::search_key(&piece),
        _ => piece,
    });
    prop_oneof![8 => changed, 1 => select(WORDS.to_vec()).prop_map(str::to_owned), 1 => "[a-zа-я%_\"'* ]{1,5}"]
}

/// The law of shop.md 1.4, one text at a time: the phrase to the letter, or the beginning of a word.
fn has(typed: &str, columns: &[&str]) -> bool {
    let needle = text::search_key(typed);
    let is_short = text::name_key(typed).chars().count() <= 2 || needle.chars().count() <= 2;
    columns.iter().map(|column| text::search_key(column)).any(|column| {
        if needle.is_empty() {
            true
        } else if is_short {
            column.split(' ').any(|word| word.starts_with(&needle))
        } else {
            column.contains(&needle)
        }
    })
}

fn list(world: &World, owner: &Actor, search: &str, descending: bool, page: &Page) -> Listed<i64> {
    let column = ProductColumn::Name;
    let query = ListProducts {
        category: None,
        subcategory: None,
        statuses: vec![RowStatus::Active],
        unit: None,
        barcode: None,
        search: search.to_owned(),
        sort: vec![if descending {
            SortBy::descending(column)
        } else {
            SortBy::ascending(column)
        }],
        page: page.clone(),
    };
    ids(products::list(&world.context, owner, query).unwrap(), |row| {
        row.id.get()
    })
}

fn browse(world: &World, shop: Option<&Shop>, search: &str, page: &Page) -> Listed<i64> {
    let query = BrowseProducts {
        store: shop.map(|shop| shop.store_id),
        category: None,
        substance: None,
        manufacturer: None,
        price_min: None,
        price_max: None,
        in_stock: None,
        requires_prescription: None,
        search: search.to_owned(),
        is_online: None,
        sort: ShelfOrdering::Newest.sort(),
        include_hidden: false,
        page: page.clone(),
    };
    ids(catalogue::browse(&world.context, None, query).unwrap(), |row| {
        row.offered.product_id.get()
    })
}

on_both! {
    // Law: a search finds exactly the products whose name, barcode or sku has the text, in the order of the list, on pages that
    // are found by their links as on those found by their number.
    fn a_search_finds_what_comparing_every_name_finds(database: TestDatabase) {
        let world = World::on(database);
        let (shop, other) = (world.shop(), world.shop());
        let mut runner = TestRunner::deterministic();
        let names = names(&mut runner, 120);
        let mut known = Vec::new();
        for name in &names {
            let id = world.product(&shop, Goods::named(name));
            world.product(&other, Goods::named(name));
            let barcode = products::detail(&world.context, &shop.owner, id).unwrap().stored.product.barcode;
            known.push((text::name_key(name), id.get(), name.as_str(), barcode));
        }
        known.sort();

        for turn in 0..100_usize {
            let typed = typed(&names).new_tree(&mut runner).unwrap().current();
            let descending = turn % 3 == 0;
            let mut wanted: Vec<i64> = known
                .iter()
                .filter(|(_, _, name, barcode)| has(&typed, &[name, barcode]))
                .map(|(_, id, ..)| *id)
                .collect();
            if descending {
                wanted.reverse();
            }
            let size = [1, 2, 5, 100][turn % 4];

            let whole = list(&world, &shop.owner, &typed, descending, &Page::new(1, 500));
            assert_eq!(whole.rows, wanted, "{typed:?}");
            let first = list(&world, &shop.owner, &typed, descending, &Page::new(1, size));
            assert_eq!(first.total, i64::try_from(wanted.len()).unwrap(), "{typed:?}");
            let (forth, back) = walk_by(size, |page| list(&world, &shop.owner, &typed, descending, page), || ());
            assert_eq!((&forth, &back), (&wanted, &wanted), "{typed:?} in pages of {size}");
            let numbered: Vec<i64> = (1..=18)
                .map(|number| Page::new(number, 7))
                .flat_map(|page| list(&world, &shop.owner, &typed, descending, &page).rows)
                .collect();
            assert_eq!(numbered, wanted, "{typed:?} by numbers");
        }
    }

    fn a_name_too_long_for_the_index_of_names_is_found_in_its_place(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        for number in 0..20 {
            let letters = if number % 3 == 0 { "𠀀".repeat(280) } else { "bu".to_owned() };
            world.product(&shop, Goods::named(&format!("{letters} tuz {number:02}")));
        }
        let count = |sql: &str| world.database.lines(sql).join("");
        assert_eq!(count("SELECT CAST(count(*) AS TEXT) AS line FROM products WHERE walk_search IS NULL"), "7");

        for size in [1, 3, 19, 20, 100] {
            let first = list(&world, &shop.owner, "tuz", false, &Page::new(1, size));
            let walked = |descending| {
                let list = |page: &Page| list(&world, &shop.owner, "tuz", descending, page);
                walk_by(size, list, || ()).0
            };
            let forth = walked(false);
            assert_eq!((first.total, forth.len()), (20, 20), "{size}");
            assert!(walked(true).iter().rev().eq(forth.iter()), "{size}");
        }
    }

    fn what_is_renamed_is_found_by_its_new_name_alone(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let id = world.online_product(&shop, Goods::named("Eski nom"));
        let found = |typed: &str| {
            let shop_finds = list(&world, &shop.owner, typed, false, &Page::new(1, 10)).rows.len();
            (shop_finds, browse(&world, None, typed, &Page::new(1, 10)).rows.len())
        };
        assert_eq!(["eski", "e", "yangi", "nika"].map(found), [(1, 1), (1, 1), (0, 0), (0, 1)]);

        let command = products::ChangeProduct { name: Some("Yangi nom".to_owned()), ..Default::default() };
        products::change(&world.context, &shop.owner, id, command).unwrap();

        assert_eq!(["eski", "e", "yangi", "nika", "nom"].map(found), [(0, 0), (0, 0), (1, 1), (0, 1), (1, 1)]);
    }

    // Law: the public search finds exactly the offered products that have every word, the newest first, in all stores or in one.
    fn the_public_search_finds_what_comparing_every_name_finds(database: TestDatabase) {
        let world = World::on(database);
        let shops = [world.shop(), world.shop()];
        let mut runner = TestRunner::deterministic();
        let names = names(&mut runner, 40);
        let mut known = Vec::new();
        // Between them lies what a closed shop offers, and what stands in a category that is put aside.
        let closed = world.shop();
        let aside = world.category(&shops[0], "Eskilar");
        for (number, name) in names.iter().enumerate() {
            let shop = &shops[number % 2];
            let id = world.online_product(shop, Goods::named(name));
            known.push((id.get(), number % 2, name.as_str(), format!("SKU-{id}")));
            world.online_product(&closed, Goods::named(name));
            let old = format!("{name} eski");
            world.online_product(&shops[0], Goods { category: Some(aside), ..Goods::named(&old) });
        }
        known.reverse();
        let shut = SettingsPatch { online_enabled: Some(false), ..SettingsPatch::default() };
        settings::change(&world.context, &closed.owner, closed.store_id, shut).unwrap();
        categories::put_aside(&world.context, &shops[0].owner, aside).unwrap();

        for turn in 0..80_usize {
            let typed = typed(&names).new_tree(&mut runner).unwrap().current();
            let shop = (turn % 3 == 0).then_some(turn % 2);
            let wanted: Vec<i64> = known
                .iter()
                .filter(|(_, of, ..)| shop.is_none_or(|shop| shop == *of))
                .filter(|(_, _, name, sku)| {
                    typed.split_whitespace().all(|word| has(word, &[name, "Nika Pharm", sku]))
                })
                .map(|(id, ..)| *id)
                .collect();

            let browse = |page: &Page| browse(&world, shop.map(|shop| &shops[shop]), &typed, page);
            let found = browse(&Page::new(1, 100));
            assert_eq!((found.rows, found.total), (wanted.clone(), i64::try_from(wanted.len()).unwrap()), "{typed:?}");
            let size = [1, 2, 5, 100][turn % 4];
            let (forth, back) = walk_by(size, browse, || ());
            assert_eq!((&forth, &back), (&wanted, &wanted), "{typed:?} in pages of {size}");
            let numbered: Vec<i64> =
                (1..=6).map(|number| Page::new(number, 7)).flat_map(|page| browse(&page).rows).collect();
            assert_eq!(numbered, wanted, "{typed:?} by numbers");
        }
    }
}
