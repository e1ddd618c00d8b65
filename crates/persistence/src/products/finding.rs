//! The ways in which products are found by a text, as pieces of SQL (docs/adr/0004-product-search.md).
//!
//! A walk reads the texts in the order of the list and stops where a page is full: good for what many have. The indexes of every three
//! characters (`texts`) name all that may have a text: good for what few have, and for counting. All only narrow down; whether a
//! product has the text, its letters say.

use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Bool, HasSqlType, Text};
use savdo_domain::ids::StoreId;

use crate::connection::AnyConnection;
use crate::paging::{Beyond, Cut, Order, SortColumn, Walk};
use crate::products::sellers::Open;
use crate::search::Search;

/// The texts that are looked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Texts {
    /// Those of the counter.
    Shop,
    /// Those of the public catalogue.
    Online,
}

/// The product has all of it in its texts.
#[derive(Debug, Clone)]
pub(super) struct Holds<'a> {
    is_postgres: bool,
    texts: Texts,
    needles: &'a [String],
}

/// The product is the store's.
#[derive(Debug, Clone)]
pub(super) struct OfStore {
    store_id: i64,
    /// Said so that no index on the store answers it: where something else narrows better than any estimate would say.
    is_hidden: bool,
}

/// The product is among the first `most` that may have the text, of `rows`: ids with what stands in the index of names.
#[derive(Debug, Clone)]
pub(super) struct InWalk<'a, Q> {
    is_postgres: bool,
    rows: Q,
    needle: &'a str,
    most: i64,
}

/// The product is on the page, and among the next `steps` in the order of `shelf_texts`, whose rows alone are read.
#[derive(Debug, Clone)]
pub(super) struct InShelfWalk<'a> {
    is_postgres: bool,
    open: &'a Open,
    needles: &'a [String],
    steps: Cut,
    beyond: Beyond,
    order: Order,
    cut: Cut,
}

pub(super) fn is_postgres(on: &AnyConnection) -> bool {
    match on {
        AnyConnection::Sqlite(_) => false,
        AnyConnection::Postgres(_) => true,
    }
}

impl OfStore {
    pub(super) fn new(store_id: StoreId) -> Self {
        Self {
            store_id: store_id.get(),
            is_hidden: false,
        }
    }

    pub(super) fn hidden(store_id: StoreId) -> Self {
        Self {
            is_hidden: true,
            ..Self::new(store_id)
        }
    }
}

impl<'a> Holds<'a> {
    pub(super) fn new(on: &AnyConnection, texts: Texts, search: &'a Search) -> Self {
        Self {
            is_postgres: is_postgres(on),
            texts,
            needles: search.needles(),
        }
    }
}

impl<'a, Q> InWalk<'a, Q> {
    pub(super) fn new(on: &AnyConnection, rows: Q, needle: &'a str, most: i64) -> Self {
        Self {
            is_postgres: is_postgres(on),
            rows,
            needle,
            most,
        }
    }
}

impl<'a> InShelfWalk<'a> {
    /// In an order that follows from the id.
    pub(super) fn new<C: SortColumn>(
        on: &AnyConnection,
        (open, search): (&'a Open, &'a Search),
        walk: &Walk<C>,
        steps: i64,
    ) -> Self {
        Self {
            is_postgres: is_postgres(on),
            open,
            needles: search.needles(),
            steps: walk.cut_at(steps),
            beyond: walk.beyond(),
            order: walk.order(),
            cut: walk.cut(),
        }
    }
}

/// What `search_grams` makes of the texts of that owner, a line each: no text that is looked for has two.
pub(super) fn elements(owner: &str, search: &Search) -> String {
    let grams: Vec<_> = search.grams().iter().map(|gram| format!("{owner}:{gram}")).collect();
    grams.join("\n")
}

/// All of the three characters, each as a string of FTS5.
pub(super) fn question(search: &Search) -> String {
    let grams: Vec<_> = search
        .grams()
        .iter()
        .map(|gram| format!("\"{}\"", gram.replace('"', "\"\"")))
        .collect();
    grams.join(" AND ")
}

const fn position(is_postgres: bool) -> &'static str {
    if is_postgres { "strpos(" } else { "instr(" }
}

/// And the column has all of these in it.
pub(super) fn push_needles<'b, DB>(
    pass: &mut AstPass<'_, 'b, DB>,
    is_postgres: bool,
    column: &str,
    needles: &'b [String],
) -> QueryResult<()>
where
    DB: Backend + HasSqlType<Text>,
    String: ToSql<Text, DB>,
{
    for needle in needles {
        for piece in [" AND ", position(is_postgres), "products.", column, ", "] {
            pass.push_sql(piece);
        }
        pass.push_bind_param::<Text, _>(needle)?;
        pass.push_sql(") > 0");
    }
    Ok(())
}

/// What holds the ids of products: on PostgreSQL an array, so that no estimate leads the query around it elsewhere.
pub(super) const fn ids(is_postgres: bool) -> (&'static str, &'static str) {
    if is_postgres {
        ("products.id = ANY (ARRAY(", "))")
    } else {
        ("products.id IN (", ")")
    }
}

/// Conditions on a product.
macro_rules! conditions {
    ($(($($parameter:tt)*) $name:ty;)+) => {$(
        impl<$($parameter)*> Expression for $name {
            type SqlType = Bool;
        }

        impl<$($parameter)* Source: ?Sized> AppearsOnTable<Source> for $name {}

        impl<$($parameter)* Source: ?Sized> SelectableExpression<Source> for $name {}

        impl<$($parameter)* Grouping> ValidGrouping<Grouping> for $name {
            type IsAggregate = is_aggregate::No;
        }

        /// The text depends on the database and on how many words are looked for.
        impl<$($parameter)*> QueryId for $name {
            type QueryId = ();
            const HAS_STATIC_QUERY_ID: bool = false;
        }
    )+};
}

conditions! {
    () OfStore;
    ('a,) Holds<'a>;
    ('a,) InShelfWalk<'a>;
    ('a, Q,) InWalk<'a, Q>;
}

impl<DB> QueryFragment<DB> for Holds<'_>
where
    DB: Backend + HasSqlType<Text>,
    String: ToSql<Text, DB>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_sql("(TRUE");
        let column = match self.texts {
            Texts::Shop => "shop_search",
            Texts::Online => "online_search",
        };
        push_needles(&mut pass, self.is_postgres, column, self.needles)?;
        pass.push_sql(")");
        Ok(())
    }
}

impl<DB> QueryFragment<DB> for OfStore
where
    DB: Backend + HasSqlType<BigInt>,
    i64: ToSql<BigInt, DB>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_sql(if self.is_hidden {
            "products.store_id + 0 = "
        } else {
            "products.store_id = "
        });
        pass.push_bind_param::<BigInt, _>(&self.store_id)
    }
}

impl<Q, DB> QueryFragment<DB> for InWalk<'_, Q>
where
    Q: QueryFragment<DB>,
    DB: Backend + HasSqlType<Text> + HasSqlType<BigInt>,
    str: ToSql<Text, DB>,
    i64: ToSql<BigInt, DB>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let (opens, closes) = ids(self.is_postgres);
        pass.push_sql(opens);
        pass.push_sql("SELECT walked.id FROM (");
        self.rows.walk_ast(pass.reborrow())?;
        pass.push_sql(") AS walked WHERE walked.walk_search IS NULL OR ");
        pass.push_sql(position(self.is_postgres));
        pass.push_sql("walked.walk_search, ");
        pass.push_bind_param::<Text, _>(self.needle)?;
        pass.push_sql(") > 0 LIMIT ");
        pass.push_bind_param::<BigInt, _>(&self.most)?;
        pass.push_sql(closes);
        Ok(())
    }
}

impl<DB> QueryFragment<DB> for InShelfWalk<'_>
where
    DB: Backend + HasSqlType<Text> + HasSqlType<BigInt>,
    String: ToSql<Text, DB>,
    i64: ToSql<BigInt, DB>,
    Beyond: QueryFragment<DB>,
    Order: QueryFragment<DB>,
    Cut: QueryFragment<DB>,
{
    /// What is walked is sorted and limited by itself and read by one process, so it comes out in its order and the first rows that
    /// fill the page end it. All rows count as steps; without a text there are as many as it takes to pass what is not open.
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let (opens, closes) = ids(self.is_postgres);
        pass.push_sql(opens);
        let is_all = self.needles.is_empty();
        pass.push_sql("SELECT products.id FROM (SELECT products.* FROM shelf_texts AS products WHERE ");
        self.beyond.walk_ast(pass.reborrow())?;
        if is_all || self.open.is_one_store() {
            pass.push_sql(" AND ");
            self.open.push_stores(&mut pass, !self.open.is_one_store())?;
        }
        if is_all {
            self.open.push_aside(&mut pass);
        }
        pass.push_sql(" ORDER BY ");
        self.order.walk_ast(pass.reborrow())?;
        self.steps.walk_ast(pass.reborrow())?;
        pass.push_sql(") AS products WHERE ");
        self.open.push_stores(&mut pass, true)?;
        self.open.push_aside(&mut pass);
        push_needles(&mut pass, self.is_postgres, "online_search", self.needles)?;
        self.cut.walk_ast(pass.reborrow())?;
        pass.push_sql(closes);
        Ok(())
    }
}
