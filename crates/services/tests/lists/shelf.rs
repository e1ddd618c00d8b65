//! What the public list shows, against a model that compares every product with what was asked.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use savdo_domain::access::RowStatus;
use savdo_domain::catalog::Unit;
use savdo_domain::coded::Coded;
use savdo_domain::ids::{CategoryId, ProductId, StoreId, SubstanceId};
use savdo_domain::settings::SettingsPatch;
use savdo_domain::{Money, text};
use savdo_persistence::on_both;
use savdo_services::catalogue::{self, BrowseProducts, ShelfOrdering};
use savdo_services::categories;
use savdo_services::once::Unkeyed;
use savdo_services::products::{self, ChangeProduct, OfferProduct};
use savdo_services::stock::MoveGoods;
use savdo_services::testing::{Goods, Shop, World, receipt};
use savdo_services::{Listed, Page, settings};

use super::walking::walk_by;

const WORDS: [&str; 6] = ["Analgin", "АНАЛГИН", "Aspirin", "Siroр", "50%", "a_b"];
const MAKERS: [&str; 4] = ["Nika Pharm", "NIKA PHARM", "Teva", "Уз Фарм"];
/// In tiyin. For none a product is not offered.
const PRICES: [i64; 5] = [0, 100, 100, 250, 900];
const UNITS: [Unit; 5] = [Unit::Piece, Unit::Box, Unit::Piece, Unit::Box, Unit::Kilogram];
const SIZES: [i64; 4] = [1, 3, 7, 100];
const PRODUCTS: usize = 36;
const TURNS: usize = 70;

/// A shop of the model: what it sorts its products by.
struct Stall {
    shop: Shop,
    categories: Vec<CategoryId>,
    substances: Vec<SubstanceId>,
}

/// What was drawn for a product, by its places in the tables above and in its stall's.
#[derive(Debug, Clone)]
struct Drawn {
    stall: usize,
    words: [&'static str; 2],
    maker: &'static str,
    price: i64,
    unit: Unit,
    category: usize,
    substances: Vec<usize>,
    needs_prescription: bool,
    /// Nothing, a part of a piece, two pieces, two that have expired.
    stock: usize,
    order_count: i64,
    /// As it is; or not offered, put aside, archived, without a category.
    fate: usize,
}

/// A product as the model knows it.
struct Known {
    id: ProductId,
    name: String,
    drawn: Drawn,
    is_visible: bool,
}

/// What is asked: as of a list, the category and the substance by their places.
#[derive(Debug, Clone)]
struct Asked {
    stall: Option<usize>,
    category: Option<usize>,
    substance: Option<usize>,
    maker: Option<&'static str>,
    price_min: Option<i64>,
    price_max: Option<i64>,
    in_stock: Option<bool>,
    needs_prescription: Option<bool>,
    search: Option<&'static str>,
    ordering: ShelfOrdering,
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let looks = (
        0..3usize,
        [select(&WORDS), select(&WORDS)],
        select(&MAKERS),
        select(&PRICES),
        select(&UNITS),
    );
    let goods = (
        0..3usize,
        proptest::collection::vec(0..3usize, 0..3),
        any::<bool>(),
        0..4usize,
        0..3i64,
        0..16usize,
    );
    (looks, goods).prop_map(|((stall, words, maker, price, unit), goods)| {
        let (category, substances, needs_prescription, stock, order_count, fate) = goods;
        Drawn {
            stall,
            words,
            maker,
            price,
            unit,
            category,
            substances,
            needs_prescription,
            // With goods it is not put aside.
            stock: if fate == 1 { 0 } else { stock },
            order_count,
            fate,
        }
    })
}

/// Each filter is left out more often than not, so that lists are not all empty.
fn asked() -> impl Strategy<Value = Asked> {
    use proptest::option::weighted;
    let what = (
        weighted(0.3, 0..3usize),
        weighted(0.25, 0..2usize),
        weighted(0.2, 0..3usize),
        weighted(0.2, select(&["nika pharm", "TEVA", "уз фарм", "nobody"])),
        weighted(0.2, select(&[0, 100, 101, 250])),
        weighted(0.2, select(&[99, 100, 250, 10_000])),
    );
    let how = (
        weighted(0.3, any::<bool>()),
        weighted(0.3, any::<bool>()),
        weighted(
            0.3,
            select(&["analgin", "50%", "a_b teva", "nika asp", "m0", "%", "modda 1"]),
        ),
        select(ShelfOrdering::ALL),
    );
    (what, how).prop_map(|((stall, category, substance, maker, price_min, price_max), how)| {
        let (in_stock, needs_prescription, search, ordering) = how;
        // A category and a substance are those of the first stall.
        Asked {
            stall,
            category,
            substance,
            maker,
            price_min,
            price_max,
            in_stock,
            needs_prescription,
            search,
            ordering,
        }
    })
}

/// Three shops: two that are open online, one that is not. Of three categories the last is put aside.
fn stalls(world: &World) -> Vec<Stall> {
    let stalls = (0..3).map(|number| {
        let shop = world.shop();
        world.open_online(&shop);
        let names = ["Dorilar", "Vitaminlar", "Eskilar"];
        Stall {
            categories: names.map(|name| world.category(&shop, name)).to_vec(),
            substances: (0..3)
                .map(|each| world.substance(&shop, &format!("Modda {number}{each}")))
                .collect(),
            shop,
        }
    });
    stalls.collect()
}

fn make(world: &World, stall: &Stall, number: usize, drawn: Drawn) -> Known {
    let shop = &stall.shop;
    let name = format!("{} {} m{number}", drawn.words[0], drawn.words[1]);
    let goods = Goods {
        category: Some(stall.categories[drawn.category]),
        ..Goods::named(&name)
    };
    let id = world.product(shop, goods);
    let offered = OfferProduct {
        sku: Some(format!("K-{number}")),
        manufacturer: Some(drawn.maker.to_owned()),
        active_substances: Some(drawn.substances.iter().map(|each| stall.substances[*each]).collect()),
        needs_prescription: Some(drawn.needs_prescription),
        is_active: Some(true),
        ..OfferProduct::default()
    };
    products::offer(&world.context, &shop.owner, id, offered, &Unkeyed).unwrap();
    let (pieces, expires_on) = [
        ("", ""),
        ("0.5", "2027-01-01"),
        ("2", "2026-03-12"),
        ("2", "2026-03-11"),
    ][drawn.stock];
    if !pieces.is_empty() {
        let unit = ChangeProduct {
            unit: Some(Unit::Kilogram),
            ..ChangeProduct::default()
        };
        products::change(&world.context, &shop.owner, id, unit).unwrap();
        let goods = MoveGoods {
            expires_on: expires_on.parse().ok(),
            ..receipt(shop, id, pieces, "1")
        };
        world.receive(shop, goods);
    }
    let changed = ChangeProduct {
        sale_price: Some(Money::from_tiyin(drawn.price)),
        unit: Some(drawn.unit),
        status: (drawn.fate == 1).then_some(RowStatus::Inactive),
        category: (drawn.fate == 3).then_some(None),
        ..ChangeProduct::default()
    };
    products::change(&world.context, &shop.owner, id, changed).unwrap();
    if drawn.fate == 0 {
        let hidden = OfferProduct {
            is_active: Some(false),
            ..OfferProduct::default()
        };
        products::offer(&world.context, &shop.owner, id, hidden, &Unkeyed).unwrap();
    }
    if drawn.fate == 2 {
        products::archive(&world.context, &shop.owner, id).unwrap();
    }
    let sql = format!(
        "UPDATE products SET order_count = {} WHERE id = {id}",
        drawn.order_count
    );
    world.database.execute(&sql);
    // The rule of visibility, pharmacy.md 2.2: the third stall is closed and the third category put aside.
    let is_visible = drawn.stall < 2
        && drawn.category < 2
        && drawn.fate > 3
        && drawn.price > 0
        && matches!(drawn.unit, Unit::Piece | Unit::Box);
    Known {
        id,
        name,
        drawn,
        is_visible,
    }
}

impl Known {
    /// Words of one or two characters begin a word, others stand anywhere; in name, maker, sku or a substance.
    fn has(&self, search: &str) -> bool {
        let texts = [self.name.clone(), self.drawn.maker.to_owned(), self.sku()]
            .into_iter()
            .chain(self.substances());
        let texts: Vec<String> = texts.map(|each| text::search_key(&each)).collect();
        search.split(' ').map(text::search_key).all(|word| {
            texts.iter().any(|each| match word.chars().count() {
                0 => true,
                1..=2 => each.split(' ').any(|own| own.starts_with(&word)),
                _ => each.contains(&word),
            })
        })
    }

    fn sku(&self) -> String {
        format!("K-{}", self.name.rsplit('m').next().unwrap())
    }

    fn substances(&self) -> Vec<String> {
        let drawn = &self.drawn;
        drawn
            .substances
            .iter()
            .map(|each| format!("Modda {}{each}", drawn.stall))
            .collect()
    }

    fn is_wanted(&self, asked: &Asked) -> bool {
        let drawn = &self.drawn;
        self.is_visible
            && asked.stall.is_none_or(|stall| stall == drawn.stall)
            && asked
                .category
                .is_none_or(|category| drawn.stall == 0 && category == drawn.category)
            && asked
                .substance
                .is_none_or(|each| drawn.stall == 0 && drawn.substances.contains(&each))
            && asked
                .maker
                .is_none_or(|maker| text::name_key(maker) == text::name_key(drawn.maker))
            && asked.price_min.is_none_or(|price| drawn.price >= price)
            && asked.price_max.is_none_or(|price| drawn.price <= price)
            && asked.in_stock.is_none_or(|wanted| wanted == (drawn.stock == 2))
            && asked
                .needs_prescription
                .is_none_or(|wanted| wanted == drawn.needs_prescription)
            && asked.search.is_none_or(|search| self.has(search))
    }
}

/// The ids that the model shows, in its order.
fn shown(known: &[Known], asked: &Asked) -> Vec<i64> {
    let mut rows: Vec<&Known> = known.iter().filter(|each| each.is_wanted(asked)).collect();
    let price = |each: &&Known| (each.drawn.price, each.id.get());
    let name = |each: &&Known| (text::name_key(&each.name), each.id.get());
    match asked.ordering {
        ShelfOrdering::Price | ShelfOrdering::PriceDescending => rows.sort_by_key(price),
        ShelfOrdering::Name | ShelfOrdering::NameDescending => rows.sort_by_key(name),
        ShelfOrdering::Newest => rows.sort_by_key(|each| each.id.get()),
        ShelfOrdering::Popular => rows.sort_by_key(|each| (each.drawn.order_count, each.id.get())),
    }
    if !matches!(asked.ordering, ShelfOrdering::Price | ShelfOrdering::Name) {
        rows.reverse();
    }
    rows.into_iter().map(|each| each.id.get()).collect()
}

fn list(world: &World, stalls: &[Stall], asked: &Asked, page: &Page) -> Listed<i64> {
    let store = |stall: usize| -> StoreId { stalls[stall].shop.store_id };
    let query = BrowseProducts {
        store: asked.stall.map(store),
        category: asked.category.map(|category| stalls[0].categories[category]),
        substance: asked.substance.map(|each| stalls[0].substances[each]),
        manufacturer: asked.maker.map(str::to_owned),
        price_min: asked.price_min.map(Money::from_tiyin),
        price_max: asked.price_max.map(Money::from_tiyin),
        in_stock: asked.in_stock,
        requires_prescription: asked.needs_prescription,
        search: asked.search.unwrap_or_default().to_owned(),
        is_online: None,
        sort: asked.ordering.sort(),
        include_hidden: false,
        page: page.clone(),
    };
    let listed = catalogue::browse(&world.context, None, query).unwrap();
    listed.map(|row| row.offered.product_id.get())
}

on_both! {
    // Law: the public list shows exactly what the rule of visibility and the filters let through, in the order asked, on pages of
    // any size, found by number or by link; and its length is theirs.
    fn the_public_list_shows_what_a_model_of_the_catalogue_shows(database: TestDatabase) {
        let world = World::unlimited(database);
        let stalls = stalls(&world);
        let mut runner = TestRunner::deterministic();
        let drawn: Vec<Drawn> = (0..PRODUCTS).map(|_| drawn().new_tree(&mut runner).unwrap().current()).collect();
        let products = drawn.into_iter().enumerate();
        let known: Vec<Known> =
            products.map(|(number, drawn)| make(&world, &stalls[drawn.stall], number, drawn)).collect();
        for stall in &stalls {
            categories::put_aside(&world.context, &stall.shop.owner, stall.categories[2]).unwrap();
        }
        let closed = SettingsPatch { online_enabled: Some(false), ..SettingsPatch::default() };
        settings::change(&world.context, &stalls[2].shop.owner, stalls[2].shop.store_id, closed).unwrap();

        let mut found = 0;
        for turn in 0..TURNS {
            let asked = if turn == 0 { everything() } else { asked().new_tree(&mut runner).unwrap().current() };
            let size = SIZES[turn % SIZES.len()];
            let wanted = shown(&known, &asked);

            let first = list(&world, &stalls, &asked, &Page::new(1, size));
            let (forth, back) = walk_by(size, |page| list(&world, &stalls, &asked, page), || ());
            let second = list(&world, &stalls, &asked, &Page::new(2, 3)).rows;

            assert_eq!(first.total, i64::try_from(wanted.len()).unwrap(), "{asked:?}");
            assert_eq!((&forth, &back), (&wanted, &wanted), "{asked:?} in pages of {size}");
            assert_eq!(second, wanted.iter().skip(3).take(3).copied().collect::<Vec<_>>(), "{asked:?}");
            found += usize::from(!wanted.is_empty());
        }
        assert!(shown(&known, &everything()).len() > 6 && found > TURNS / 3, "too little is drawn: {found}");
    }
}

fn everything() -> Asked {
    Asked {
        stall: None,
        category: None,
        substance: None,
        maker: None,
        price_min: None,
        price_max: None,
        in_stock: None,
        needs_prescription: None,
        search: None,
        ordering: ShelfOrdering::Popular,
    }
}
