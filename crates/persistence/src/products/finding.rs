//! The ways in which products are found by a text, as pieces of SQL (docs/adr/0004-product-search.md).
//!
//! A walk reads the index of names in the order of the list and stops where a page is full: good for what many have. The
//! indexes of every three characters name all that may have a text: good for what few have, and for counting; that of the public
//! catalogue is here, that of the counter in `texts`. All only narrow down; whether a product has the text, [`Holds`] says.

use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Bool, HasSqlType, Text};
use savdo_domain::ids::StoreId;

use crate::connection::AnyConnection;
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

/// The product is among those whose public texts may have it all, as their index names them.
#[derive(Debug, Clone)]
pub(super) struct InIndex<'a> {
    is_postgres: bool,
    needles: &'a [String],
    /// As PostgreSQL's elements, a line each, or as SQLite's question.
    grams: String,
}

/// How many the index names, up to `most`.
#[derive(Debug, Clone)]
pub(super) struct IndexCount<'a> {
    index: InIndex<'a>,
    most: i64,
}

/// The product is among the first `most` that may have the text, of `rows`: ids with what stands in the index of names.
#[derive(Debug, Clone)]
pub(super) struct InWalk<'a, Q> {
    is_postgres: bool,
    rows: Q,
    needle: &'a str,
    most: i64,
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

impl<'a> InIndex<'a> {
    pub(super) fn new(on: &AnyConnection, search: &'a Search) -> Self {
        let is_postgres = is_postgres(on);
        Self {
            is_postgres,
            needles: search.needles(),
            grams: if is_postgres {
                elements(search)
            } else {
                question(search)
            },
        }
    }
}

impl<'a> IndexCount<'a> {
    pub(super) fn new(on: &AnyConnection, search: &'a Search, most: i64) -> Self {
        let index = InIndex::new(on, search);
        Self { index, most }
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

/// What `search_grams` makes of the public texts, a line each: no text that is looked for has two.
fn elements(search: &Search) -> String {
    let grams: Vec<_> = search.grams().iter().map(|gram| format!("0:{gram}")).collect();
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

        uncached!(($($parameter)*) $name);
    )+};
}

/// The text depends on the database and on how many words are looked for.
macro_rules! uncached {
    (($($parameter:tt)*) $name:ty) => {
        impl<$($parameter)*> QueryId for $name {
            type QueryId = ();
            const HAS_STATIC_QUERY_ID: bool = false;
        }
    };
}

conditions! {
    () OfStore;
    ('a,) Holds<'a>;
    ('a,) InIndex<'a>;
    ('a, Q,) InWalk<'a, Q>;
}

uncached!(('a,) IndexCount<'a>);

impl Query for IndexCount<'_> {
    type SqlType = BigInt;
}

impl<Connection> RunQueryDsl<Connection> for IndexCount<'_> {}

impl<DB> QueryFragment<DB> for Holds<'_>
where
    DB: Backend + HasSqlType<Text>,
    String: ToSql<Text, DB>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_sql("(TRUE");
        for needle in self.needles {
            pass.push_sql(" AND ");
            pass.push_sql(position(self.is_postgres));
            pass.push_sql(match self.texts {
                Texts::Shop => "products.shop_search, ",
                Texts::Online => "products.online_search, ",
            });
            pass.push_bind_param::<Text, _>(needle)?;
            pass.push_sql(") > 0");
        }
        pass.push_sql(")");
        Ok(())
    }
}

impl<DB> QueryFragment<DB> for InIndex<'_>
where
    DB: Backend + HasSqlType<Text>,
    String: ToSql<Text, DB>,
{
    /// On PostgreSQL an array of ids, so that no estimate leads the joins around it elsewhere.
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let (opens, closes) = if self.is_postgres {
            ("products.id = ANY (ARRAY(", "))")
        } else {
            ("products.id IN (", ")")
        };
        pass.push_sql(opens);
        self.named(&mut pass)?;
        pass.push_sql(closes);
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

impl InIndex<'_> {
    /// The ids that the index names. PostgreSQL compares the texts at once, since it reads the rows anyway.
    fn named<'b, DB>(&'b self, pass: &mut AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        DB: Backend + HasSqlType<Text>,
        String: ToSql<Text, DB>,
    {
        if !self.is_postgres {
            pass.push_sql("SELECT rowid FROM product_grams WHERE product_grams MATCH ");
            return pass.push_bind_param::<Text, _>(&self.grams);
        }
        pass.push_sql(
            "SELECT found.id FROM products AS found \
             WHERE found.is_online AND found.status = 'active' AND found.archived_at IS NULL \
             AND search_grams(0, found.online_search) COLLATE \"C\" @> string_to_array(",
        );
        pass.push_bind_param::<Text, _>(&self.grams)?;
        pass.push_sql(", chr(10))");
        for needle in self.needles {
            pass.push_sql(" AND strpos(found.online_search, ");
            pass.push_bind_param::<Text, _>(needle)?;
            pass.push_sql(") > 0");
        }
        Ok(())
    }
}

impl<DB> QueryFragment<DB> for IndexCount<'_>
where
    DB: Backend + HasSqlType<Text> + HasSqlType<BigInt>,
    String: ToSql<Text, DB>,
    i64: ToSql<BigInt, DB>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_sql("SELECT count(*) FROM (");
        self.index.named(&mut pass)?;
        pass.push_sql(" LIMIT ");
        pass.push_bind_param::<BigInt, _>(&self.most)?;
        pass.push_sql(") AS named");
        Ok(())
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
        pass.push_sql(if self.is_postgres {
            "products.id = ANY (ARRAY(SELECT walked.id FROM ("
        } else {
            "products.id IN (SELECT walked.id FROM ("
        });
        self.rows.walk_ast(pass.reborrow())?;
        pass.push_sql(") AS walked WHERE walked.walk_search IS NULL OR ");
        pass.push_sql(position(self.is_postgres));
        pass.push_sql("walked.walk_search, ");
        pass.push_bind_param::<Text, _>(self.needle)?;
        pass.push_sql(") > 0 LIMIT ");
        pass.push_bind_param::<BigInt, _>(&self.most)?;
        pass.push_sql(if self.is_postgres { "))" } else { ")" });
        Ok(())
    }
}
