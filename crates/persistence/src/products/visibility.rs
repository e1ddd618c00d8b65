//! Which products customers of the online pharmacy see, and which branch serves them.
//!
//! Said here once, for the public list and detail, the cart and the checkout. The pieces speak of the tables that
//! `around_products!` brings; the partial indexes on products offered online and the triggers of their texts repeat their words.

use diesel::sql_types::{BigInt, Bool, Nullable};

use crate::fragments::fragments;

macro_rules! open_store {
    () => {
        "stores.status = 'active' AND store_settings.online_enabled AND locations.id IS NOT NULL"
    };
}

/// What the product itself must be, to the word of the indexes' condition. A price is never below 0 (and SQLite takes a comparison
/// for a reason to read the index of prices).
macro_rules! offered_alone {
    () => {
        "products.is_online AND products.status = 'active' AND products.archived_at IS NULL \
         AND products.sale_price <> 0 AND products.currency_id = 1 \
         AND products.unit IN ('dona', 'yashik', 'qop', 'quti')"
    };
}

macro_rules! offered_product {
    () => {
        concat!(offered_alone!(), " AND categories.status = 'active'")
    };
}

fragments! {
    /// The branch that serves online orders: the chosen one, else the oldest; none without an active branch.
    OnlineLocation: Nullable<BigInt> =
        "coalesce((SELECT chosen.id FROM locations AS chosen WHERE chosen.store_id = store_settings.store_id \
          AND chosen.id = store_settings.online_location_id AND chosen.kind = 'branch' AND chosen.status = 'active'), \
         (SELECT min(oldest.id) FROM locations AS oldest WHERE oldest.store_id = store_settings.store_id \
          AND oldest.kind = 'branch' AND oldest.status = 'active'))";
    /// The store is open online (pharmacy.md, words). Needs the store, its settings and its online location.
    StoreOpen: Bool = concat!("(", open_store!(), ")");
    /// The same as a value.
    IsStoreOpen: Bool = concat!("coalesce((", open_store!(), "), FALSE)");
    /// What the product itself must be for customers to see it.
    OfferedAlone: Bool = concat!("(", offered_alone!(), ")");
    /// Customers see the product (pharmacy.md 2.2). Needs what [`StoreOpen`] needs, and the category.
    Visible: Bool = concat!("(", open_store!(), " AND ", offered_product!(), ")");
    /// The same as a value.
    IsVisible: Bool = concat!("coalesce((", open_store!(), " AND ", offered_product!(), "), FALSE)");
}

/// Everything that a piece above speaks of, around `products`.
macro_rules! around_products {
    () => {
        products::table
            .inner_join(stores::table.on(stores::id.eq(products::store_id)))
            .inner_join(store_settings::table.on(store_settings::store_id.eq(products::store_id)))
            .left_join(
                categories::table.on(categories::store_id
                    .eq(products::store_id)
                    .and(categories::id.nullable().eq(products::category_id))),
            )
            .left_join(
                locations::table.on(locations::store_id
                    .eq(products::store_id)
                    .and(locations::id.nullable().eq(OnlineLocation))),
            )
            .left_join(
                stock_levels::table.on(stock_levels::store_id
                    .eq(products::store_id)
                    .and(stock_levels::location_id.nullable().eq(locations::id.nullable()))
                    .and(stock_levels::product_id.eq(products::id))),
            )
    };
}

pub(crate) use {around_products, offered_alone};

#[cfg(test)]
mod tests {
    use savdo_domain::catalog::Unit;
    use savdo_domain::coded::Coded;

    #[test]
    fn the_rule_names_the_units_that_are_handed_over_whole() {
        let countable: Vec<_> = Unit::ALL
            .iter()
            .filter(|unit| unit.is_countable())
            .map(|unit| format!("'{}'", unit.code()))
            .collect();

        let units = format!("products.unit IN ({})", countable.join(", "));
        assert!(offered_product!().contains(&units), "{units}");
    }

    #[test]
    fn the_indexes_of_the_public_list_repeat_the_rule() {
        let rule = offered_alone!().replace("products.", "");
        for migration in [
            include_str!("../../../../migrations/sqlite/2026-11-22-002800_shelf_orders/up.sql"),
            include_str!("../../../../migrations/postgres/2026-11-22-002800_shelf_orders/up.sql"),
        ] {
            let words: Vec<_> = migration.split_whitespace().collect();
            let repeated = words.join(" ").matches(&format!("WHERE {rule};")).count();
            assert_eq!(repeated, migration.matches("CREATE INDEX").count());
        }
    }

    #[test]
    fn the_triggers_of_the_public_texts_repeat_the_rule() {
        let (old, new) = (
            offered_alone!().replace("products.", ""),
            offered_alone!().replace("products.", "new."),
        );
        for (migration, triggers) in [
            (
                include_str!("../../../../migrations/sqlite/2026-11-22-002900_shelf_texts/up.sql"),
                2,
            ),
            (
                include_str!("../../../../migrations/postgres/2026-11-22-002900_shelf_texts/up.sql"),
                1,
            ),
        ] {
            let words: Vec<_> = migration.split_whitespace().collect();
            let text = words.join(" ");
            assert_eq!(
                text.matches(&format!("WHERE {old} AND category_id IS NOT NULL"))
                    .count(),
                1
            );
            assert_eq!(
                text.matches(&format!("{new} AND new.category_id IS NOT NULL")).count(),
                triggers
            );
            // A change of any column that the rule names is noticed: where it is listed, and where old and new are compared.
            let (_, update) = text.split_once("CREATE TRIGGER products_shelf_update").unwrap();
            let (columns, rest) = update.split_once(" ON products").unwrap();
            let (compared, _) = rest.split_once("shelf_texts").unwrap();
            let named = old.split([' ', ',', '(', ')']);
            for column in named.filter(|word| word.contains('_') || ["status", "unit"].contains(word)) {
                assert!(
                    columns.contains(column) && compared.contains(&format!("old.{column}")),
                    "{column}"
                );
            }
        }
    }
}
