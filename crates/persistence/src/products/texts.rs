//! Products of a store that have a text: found in `product_texts`, which holds what is looked through and nothing else.
//!
//! Triggers keep the table beside `products`. Here it goes by that name, so that what a list is sorted and bounded by is said
//! the same. On PostgreSQL an entry of its index stands for store and state too, and one entry alone is the whole answer.

use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Bool, HasSqlType, Text};
use savdo_domain::access::RowStatus;
use savdo_domain::coded::Coded;
use savdo_domain::ids::StoreId;

use crate::connection::AnyConnection;
use crate::paging::{Beyond, Order, SortColumn, Walk};
use crate::products::finding::{is_postgres, question};
use crate::search::Search;

/// The texts of a store's products of some states that have all of what is looked for.
#[derive(Debug, Clone)]
struct Found<'a> {
    is_postgres: bool,
    store_id: i64,
    statuses: Vec<String>,
    needles: &'a [String],
    /// What the index is asked for: on PostgreSQL for each state, its elements a line each; SQLite's question.
    asked: Vec<String>,
}

/// The product is among them.
#[derive(Debug, Clone)]
pub(super) struct InTexts<'a> {
    found: Found<'a>,
    page: Option<(Beyond, Order, i64)>,
}

/// How many they are, up to `most` or all.
#[derive(Debug, Clone)]
pub(super) struct TextCount<'a> {
    found: Found<'a>,
    most: Option<i64>,
}

impl<'a> Found<'a> {
    fn new(on: &AnyConnection, store_id: StoreId, statuses: &[RowStatus], search: &'a Search) -> Self {
        let statuses = if statuses.is_empty() { RowStatus::ALL } else { statuses };
        let is_postgres = is_postgres(on);
        let asked = if is_postgres {
            statuses
                .iter()
                .map(|status| elements(store_id, *status, search))
                .collect()
        } else {
            vec![question(search)]
        };
        Self {
            is_postgres,
            store_id: store_id.get(),
            statuses: statuses.iter().map(|status| status.code().to_owned()).collect(),
            // Where one entry is the whole text that is looked for, there is nothing left to compare.
            needles: if is_postgres && search.is_one_gram() {
                &[]
            } else {
                search.needles()
            },
            asked,
        }
    }
}

impl<'a> InTexts<'a> {
    /// All of them.
    pub(super) fn new(on: &AnyConnection, store_id: StoreId, statuses: &[RowStatus], search: &'a Search) -> Self {
        let found = Found::new(on, store_id, statuses, search);
        Self { found, page: None }
    }

    /// Those of the page alone, in an order that follows from name and id.
    pub(super) fn on_page<C: SortColumn>(self, walk: &Walk<C>) -> Self {
        Self {
            page: Some((walk.beyond(), walk.order(), walk.reach())),
            ..self
        }
    }
}

impl<'a> TextCount<'a> {
    pub(super) fn new(
        on: &AnyConnection,
        (store_id, statuses): (StoreId, &[RowStatus]),
        search: &'a Search,
        most: Option<i64>,
    ) -> Self {
        let found = Found::new(on, store_id, statuses, search);
        Self { found, most }
    }
}

/// What `search_grams` makes of the texts of that store in that state.
fn elements(store_id: StoreId, status: RowStatus, search: &Search) -> String {
    let sign = match status {
        RowStatus::Active => "",
        RowStatus::Inactive => "-",
    };
    let grams: Vec<_> = search
        .grams()
        .iter()
        .map(|gram| format!("{sign}{store_id}:{gram}"))
        .collect();
    grams.join("\n")
}

impl Expression for InTexts<'_> {
    type SqlType = Bool;
}

impl<Source: ?Sized> AppearsOnTable<Source> for InTexts<'_> {}

impl<Source: ?Sized> SelectableExpression<Source> for InTexts<'_> {}

impl<Grouping> ValidGrouping<Grouping> for InTexts<'_> {
    type IsAggregate = is_aggregate::No;
}

impl Query for TextCount<'_> {
    type SqlType = BigInt;
}

impl<Connection> RunQueryDsl<Connection> for TextCount<'_> {}

macro_rules! uncached {
    ($($name:ident)+) => {$(
        /// The text depends on the database and on how much is looked for.
        impl QueryId for $name<'_> {
            type QueryId = ();
            const HAS_STATIC_QUERY_ID: bool = false;
        }
    )+};
}

uncached!(InTexts TextCount);

impl Found<'_> {
    fn push<'b, DB>(&'b self, pass: &mut AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        DB: Backend + HasSqlType<Text> + HasSqlType<BigInt>,
        String: ToSql<Text, DB>,
        i64: ToSql<BigInt, DB>,
    {
        pass.push_sql("SELECT products.id FROM ");
        if self.is_postgres {
            self.push_elements(pass)?;
        } else {
            self.push_question(pass)?;
        }
        for needle in self.needles {
            pass.push_sql(if self.is_postgres {
                " AND strpos(products.shop_search, "
            } else {
                " AND instr(products.shop_search, "
            });
            pass.push_bind_param::<Text, _>(needle)?;
            pass.push_sql(") > 0");
        }
        Ok(())
    }

    fn push_elements<'b, DB>(&'b self, pass: &mut AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        DB: Backend + HasSqlType<Text>,
        String: ToSql<Text, DB>,
    {
        pass.push_sql("product_texts AS products WHERE (");
        for (index, elements) in self.asked.iter().enumerate() {
            pass.push_sql(if index > 0 { " OR " } else { "" });
            pass.push_sql(
                "search_grams(CASE products.status WHEN 'active' THEN products.store_id ELSE -products.store_id END, \
                 products.shop_search) COLLATE \"C\" @> string_to_array(",
            );
            pass.push_bind_param::<Text, _>(elements)?;
            pass.push_sql(", chr(10))");
        }
        pass.push_sql(")");
        Ok(())
    }

    /// SQLite's index knows neither store nor state; it is read first, whatever the planner thinks.
    fn push_question<'b, DB>(&'b self, pass: &mut AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        DB: Backend + HasSqlType<Text> + HasSqlType<BigInt>,
        String: ToSql<Text, DB>,
        i64: ToSql<BigInt, DB>,
    {
        pass.push_sql(
            "product_grams CROSS JOIN product_texts AS products ON products.id = product_grams.rowid \
             WHERE product_grams MATCH ",
        );
        for question in &self.asked {
            pass.push_bind_param::<Text, _>(question)?;
        }
        pass.push_sql(" AND products.store_id = ");
        pass.push_bind_param::<BigInt, _>(&self.store_id)?;
        for (index, status) in self.statuses.iter().enumerate() {
            pass.push_sql(if index > 0 { ", " } else { " AND products.status IN (" });
            pass.push_bind_param::<Text, _>(status)?;
        }
        pass.push_sql(")");
        Ok(())
    }
}

impl<DB> QueryFragment<DB> for InTexts<'_>
where
    DB: Backend + HasSqlType<Text> + HasSqlType<BigInt>,
    String: ToSql<Text, DB>,
    i64: ToSql<BigInt, DB>,
    Beyond: QueryFragment<DB>,
    Order: QueryFragment<DB>,
{
    /// On PostgreSQL an array of ids, so that no estimate leads the query around it elsewhere.
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let (opens, closes) = if self.found.is_postgres {
            ("products.id = ANY (ARRAY(", "))")
        } else {
            ("products.id IN (", ")")
        };
        pass.push_sql(opens);
        self.found.push(&mut pass)?;
        if let Some((beyond, order, reach)) = &self.page {
            pass.push_sql(" AND ");
            beyond.walk_ast(pass.reborrow())?;
            pass.push_sql(" ORDER BY ");
            order.walk_ast(pass.reborrow())?;
            pass.push_sql(" LIMIT ");
            pass.push_bind_param::<BigInt, _>(reach)?;
        }
        pass.push_sql(closes);
        Ok(())
    }
}

impl<DB> QueryFragment<DB> for TextCount<'_>
where
    DB: Backend + HasSqlType<Text> + HasSqlType<BigInt>,
    String: ToSql<Text, DB>,
    i64: ToSql<BigInt, DB>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_sql("SELECT count(*) FROM (");
        self.found.push(&mut pass)?;
        if let Some(most) = &self.most {
            pass.push_sql(" LIMIT ");
            pass.push_bind_param::<BigInt, _>(most)?;
        }
        pass.push_sql(") AS found");
        Ok(())
    }
}
