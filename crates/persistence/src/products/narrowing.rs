//! What the public list is narrowed to, as a piece of SQL that speaks of products alone.
//!
//! A page of a long list is found by walking its order in an index, a short list is found by what narrows it and sorted. PostgreSQL
//! chooses by its statistics; SQLite keeps none and is told which, by columns that it cannot find in an index.

use chrono::NaiveDate;
use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Bool, Date, HasSqlType, Text};
use savdo_domain::Money;
use savdo_domain::access::Scope;
use savdo_domain::ids::CategoryId;

use super::finding::{Holds, Texts, is_postgres};
use super::in_stock::InStock;
use super::sellers::{Open, Seller, push_stores};
use super::shelf::{ShelfColumn, ShelfFilter};
use super::texts::{Found, InTexts};
use super::visibility::offered_alone;
use crate::connection::AnyConnection;
use crate::paging::{Beyond, Cut, Order, Walk};

/// The products of a public list.
#[derive(Debug, Clone)]
pub(super) struct Narrowed<'a> {
    filter: &'a ShelfFilter,
    /// The stores that are open online.
    open: Vec<i64>,
    /// The stores whose hidden products are asked for.
    own: Vec<i64>,
    numbers: Numbers,
    in_stock: Option<InStock>,
    in_texts: Option<InTexts<'a>>,
    holds: Option<Holds<'a>>,
    /// Whether nothing but the order may lead to an index.
    walks: bool,
    /// Whether neither the store nor the state of the category may.
    is_aside: bool,
}

/// The product is on the page that a walk wants of such a list.
#[derive(Debug, Clone)]
pub(super) struct InPage<'a> {
    narrowed: Narrowed<'a>,
    beyond: Beyond,
    order: Order,
    cut: Cut,
}

impl<'a> InPage<'a> {
    pub(super) fn new(narrowed: Narrowed<'a>, walk: &Walk<ShelfColumn>) -> Self {
        Self {
            narrowed,
            beyond: walk.beyond(),
            order: walk.order(),
            cut: walk.cut(),
        }
    }
}

/// The ids and amounts of a filter as columns hold them.
#[derive(Debug, Clone)]
struct Numbers {
    category: Option<i64>,
    substance: Option<(i64, i64)>,
    stands_in_for: Option<(i64, i64)>,
    price_min: Option<i64>,
    price_max: Option<i64>,
}

impl Numbers {
    fn of(filter: &ShelfFilter) -> Self {
        Self {
            category: filter.category.map(CategoryId::get),
            substance: filter
                .substance
                .map(|(store, substance)| (store.get(), substance.get())),
            stands_in_for: filter
                .stands_in_for
                .map(|(store, product)| (store.get(), product.get())),
            price_min: filter.price_min.map(Money::tiyin),
            price_max: filter.price_max.map(Money::tiyin),
        }
    }
}

impl<'a> Narrowed<'a> {
    /// `rare`: few have the text, and are looked up among what is open; `walks`: whether the list is longer than what is sorted.
    pub(super) fn new(
        on: &AnyConnection,
        (filter, sellers): (&'a ShelfFilter, &'a [Seller]),
        rare: Option<&Open>,
        walks: bool,
    ) -> Self {
        let is_told = !is_postgres(on);
        let is_rare = rare.is_some();
        let is_narrow = is_rare
            || filter.category.is_some()
            || filter.substance.is_some()
            || filter.stands_in_for.is_some()
            || filter.manufacturer_key.is_some()
            || filter.price_min.is_some()
            || filter.price_max.is_some();
        Self {
            filter,
            open: sellers
                .iter()
                .filter(|seller| seller.is_open)
                .map(|seller| seller.store_id)
                .collect(),
            own: sellers
                .iter()
                .map(|seller| seller.store_id)
                .filter(|id| filter.hidden_of.is_some_and(|scope| shows_hidden(scope, *id)))
                .collect(),
            numbers: Numbers::of(filter),
            in_stock: filter.in_stock.map(|_| InStock::new(sellers)),
            in_texts: rare.map(|open| InTexts::new(Found::of_shelf(on, open, &filter.search))),
            holds: (!filter.search.is_empty()).then(|| Holds::new(on, Texts::Online, &filter.search)),
            walks: is_told && walks,
            is_aside: is_told && (walks || is_narrow),
        }
    }
}

/// Whether that scope holds the hidden products of the store.
fn shows_hidden(scope: Scope, store_id: i64) -> bool {
    match scope {
        Scope::All => true,
        Scope::Store(own) | Scope::StoreOrOwn { store: own, buyer: _ } => own.get() == store_id,
        Scope::Own(_) | Scope::Assigned { .. } => false,
    }
}

macro_rules! conditions {
    ($($name:ident)+) => {$(
        impl Expression for $name<'_> {
            type SqlType = Bool;
        }

        impl<Source: ?Sized> AppearsOnTable<Source> for $name<'_> {}

        impl<Source: ?Sized> SelectableExpression<Source> for $name<'_> {}

        impl<Grouping> ValidGrouping<Grouping> for $name<'_> {
            type IsAggregate = is_aggregate::No;
        }

        /// Its text depends on what is asked.
        impl QueryId for $name<'_> {
            type QueryId = ();
            const HAS_STATIC_QUERY_ID: bool = false;
        }
    )+};
}

conditions!(Narrowed InPage);

impl<DB> QueryFragment<DB> for InPage<'_>
where
    DB: Backend,
    for<'n> Narrowed<'n>: QueryFragment<DB>,
    Beyond: QueryFragment<DB>,
    Order: QueryFragment<DB>,
    Cut: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_sql("products.id IN (SELECT products.id FROM products WHERE ");
        self.narrowed.walk_ast(pass.reborrow())?;
        pass.push_sql(" AND ");
        self.beyond.walk_ast(pass.reborrow())?;
        pass.push_sql(" ORDER BY ");
        self.order.walk_ast(pass.reborrow())?;
        self.cut.walk_ast(pass.reborrow())?;
        pass.push_sql(")");
        Ok(())
    }
}

impl<DB> QueryFragment<DB> for Narrowed<'_>
where
    DB: Backend + HasSqlType<BigInt> + HasSqlType<Bool> + HasSqlType<Date> + HasSqlType<Text>,
    i64: ToSql<BigInt, DB>,
    bool: ToSql<Bool, DB>,
    NaiveDate: ToSql<Date, DB>,
    String: ToSql<Text, DB>,
    for<'t> InTexts<'t>: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.push_seen(&mut pass)?;
        self.push_columns(&mut pass)?;
        self.push_substances(&mut pass)?;
        if let Some(in_stock) = &self.in_stock {
            pass.push_sql(match self.filter.in_stock {
                Some(true) | None => " AND ",
                Some(false) => " AND NOT ",
            });
            in_stock.walk_ast(pass.reborrow())?;
        }
        if let Some(in_texts) = &self.in_texts {
            pass.push_sql(" AND ");
            in_texts.walk_ast(pass.reborrow())?;
        }
        if let Some(holds) = &self.holds {
            pass.push_sql(" AND ");
            holds.walk_ast(pass.reborrow())?;
        }
        Ok(())
    }
}

impl Narrowed<'_> {
    /// What customers see, and what is asked for besides.
    fn push_seen<'b, DB>(&'b self, pass: &mut AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        DB: Backend + HasSqlType<BigInt>,
        i64: ToSql<BigInt, DB>,
    {
        pass.push_sql("((");
        pass.push_sql(offered_alone!());
        pass.push_sql(if self.is_aside {
            " AND (SELECT categories.status FROM categories \
             WHERE categories.store_id = products.store_id AND categories.id = products.category_id) = 'active' AND "
        } else {
            " AND products.category_id IN (SELECT categories.id FROM categories WHERE categories.status = 'active') AND "
        });
        push_stores(pass, &self.open, self.is_aside)?;
        pass.push_sql(")");
        if !self.own.is_empty() {
            pass.push_sql(" OR (products.archived_at IS NULL AND ");
            push_stores(pass, &self.own, false)?;
            pass.push_sql(")");
        }
        pass.push_sql(")");
        Ok(())
    }

    fn push_columns<'b, DB>(&'b self, pass: &mut AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        DB: Backend + HasSqlType<BigInt> + HasSqlType<Bool> + HasSqlType<Text>,
        i64: ToSql<BigInt, DB>,
        bool: ToSql<Bool, DB>,
        String: ToSql<Text, DB>,
    {
        let by_price = self.filter.sort.column == ShelfColumn::Price;
        let plain = |is_walked: bool| if self.walks && !is_walked { " + 0" } else { "" };
        if let Some(category) = &self.numbers.category {
            pass.push_sql(" AND products.category_id");
            pass.push_sql(plain(false));
            pass.push_sql(" = ");
            pass.push_bind_param::<BigInt, _>(category)?;
        }
        if let Some(key) = &self.filter.manufacturer_key {
            pass.push_sql(" AND products.manufacturer_key");
            pass.push_sql(if self.walks { " || ''" } else { "" });
            pass.push_sql(" = ");
            pass.push_bind_param::<Text, _>(key)?;
        }
        for (bound, comparison) in [(&self.numbers.price_min, " >= "), (&self.numbers.price_max, " <= ")] {
            if let Some(price) = bound {
                pass.push_sql(" AND products.sale_price");
                pass.push_sql(plain(by_price));
                pass.push_sql(comparison);
                pass.push_bind_param::<BigInt, _>(price)?;
            }
        }
        let flags = [
            (" AND products.needs_prescription = ", &self.filter.needs_prescription),
            (" AND products.is_online = ", &self.filter.is_online),
        ];
        for (is_equal_to, flag) in flags {
            if let Some(flag) = flag {
                pass.push_sql(is_equal_to);
                pass.push_bind_param::<Bool, _>(flag)?;
            }
        }
        Ok(())
    }
}

impl Narrowed<'_> {
    fn push_substances<'b, DB>(&'b self, pass: &mut AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        DB: Backend + HasSqlType<BigInt>,
        i64: ToSql<BigInt, DB>,
    {
        if let Some((store, substance)) = &self.numbers.substance {
            pass.push_sql(
                " AND products.id IN (SELECT active.product_id FROM product_substances AS active WHERE active.store_id = ",
            );
            pass.push_bind_param::<BigInt, _>(store)?;
            pass.push_sql(" AND active.substance_id = ");
            pass.push_bind_param::<BigInt, _>(substance)?;
            pass.push_sql(")");
        }
        if let Some((store, product)) = &self.numbers.stands_in_for {
            pass.push_sql(
                " AND products.id IN (SELECT active.product_id FROM product_substances AS active WHERE active.store_id = ",
            );
            pass.push_bind_param::<BigInt, _>(store)?;
            pass.push_sql(
                " AND active.substance_id IN (SELECT own.substance_id FROM product_substances AS own WHERE own.store_id = ",
            );
            pass.push_bind_param::<BigInt, _>(store)?;
            pass.push_sql(" AND own.product_id = ");
            pass.push_bind_param::<BigInt, _>(product)?;
            pass.push_sql(")) AND products.id <> ");
            pass.push_bind_param::<BigInt, _>(product)?;
        }
        Ok(())
    }
}
