//! Products that have a text: found in the tables that hold what is looked through and nothing else.
//!
//! `product_texts` holds that of the counter, for all products; `shelf_texts` that of the public catalogue, for those that customers may
//! see. Triggers keep both beside `products`, and here they go by that name, so that what a list is sorted and bounded by is said
//! the same. On PostgreSQL an entry of the counter's index stands for store and state too, and one entry alone is the whole answer.

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
use crate::paging::{Beyond, Cut, Order, SortColumn, Walk};
use crate::products::finding::{elements, ids, is_postgres, push_needles, question};
use crate::products::sellers::Open;
use crate::search::Search;

/// The texts that have all of what is looked for.
#[derive(Debug, Clone)]
pub(super) struct Found<'a> {
    is_postgres: bool,
    of: Of,
    needles: &'a [String],
    /// Whether what the index names has the text for certain, so that there is nothing left to compare.
    is_told: bool,
    /// What the index is asked for, one or the other: on PostgreSQL elements, a line each; SQLite's question.
    asked: Vec<String>,
}

/// Whose texts are looked through.
#[derive(Debug, Clone)]
enum Of {
    /// A store's, of products in some states.
    Counter { store_id: i64, statuses: Vec<String> },
    /// Those of what is offered online.
    Shelf(Open),
}

/// The product is among them.
#[derive(Debug, Clone)]
pub(super) struct InTexts<'a> {
    found: Found<'a>,
    page: Option<(Beyond, Order, Cut)>,
}

/// How many they are, up to `most` or all.
#[derive(Debug, Clone)]
pub(super) struct TextCount<'a> {
    found: Found<'a>,
    most: Option<i64>,
}

impl<'a> Found<'a> {
    /// Texts of a store's products of some states, or of any.
    pub(super) fn of_counter(
        on: &AnyConnection,
        store_id: StoreId,
        statuses: &[RowStatus],
        search: &'a Search,
    ) -> Self {
        let statuses = if statuses.is_empty() { RowStatus::ALL } else { statuses };
        let of = Of::Counter {
            store_id: store_id.get(),
            statuses: statuses.iter().map(|status| status.code().to_owned()).collect(),
        };
        let owners = statuses.iter().map(|status| match status {
            RowStatus::Active => store_id.to_string(),
            RowStatus::Inactive => format!("-{store_id}"),
        });
        Self::new(on, of, owners.collect(), search)
    }

    /// Texts of what is offered online.
    pub(super) fn of_shelf(on: &AnyConnection, open: &Open, search: &'a Search) -> Self {
        Self::new(on, Of::Shelf(open.clone()), vec!["0".to_owned()], search)
    }

    /// `owners`: by which numbers PostgreSQL's index knows whose texts these are.
    fn new(on: &AnyConnection, of: Of, owners: Vec<String>, search: &'a Search) -> Self {
        let is_postgres = is_postgres(on);
        Self {
            is_postgres,
            of,
            needles: search.needles(),
            is_told: is_postgres && search.is_one_gram(),
            asked: if is_postgres {
                owners.iter().map(|owner| elements(owner, search)).collect()
            } else {
                vec![question(search)]
            },
        }
    }

    /// The table of texts, SQLite's index of it, and the column with the text.
    const fn names(&self) -> (&'static str, &'static str, &'static str) {
        match self.of {
            Of::Counter { .. } => ("product_texts", "product_grams", "shop_search"),
            Of::Shelf(_) => ("shelf_texts", "shelf_grams", "online_search"),
        }
    }
}

impl<'a> InTexts<'a> {
    /// All of them.
    pub(super) const fn new(found: Found<'a>) -> Self {
        Self { found, page: None }
    }

    /// Those of the page alone.
    pub(super) fn on_page<C: SortColumn>(self, walk: &Walk<C>) -> Self {
        let page = Some((walk.beyond(), walk.order(), walk.cut()));
        Self { page, ..self }
    }
}

impl<'a> TextCount<'a> {
    pub(super) const fn new(found: Found<'a>, most: Option<i64>) -> Self {
        Self { found, most }
    }
}

impl Expression for InTexts<'_> {
    type SqlType = Bool;
}

impl<Source: ?Sized> AppearsOnTable<Source> for InTexts<'_> {}

impl<Source: ?Sized> SelectableExpression<Source> for InTexts<'_> {}

impl<Grouping> ValidGrouping<Grouping> for InTexts<'_> {
    type IsAggregate = is_aggregate::No;
}

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

impl Query for TextCount<'_> {
    type SqlType = BigInt;
}

impl<Connection> RunQueryDsl<Connection> for TextCount<'_> {}

impl Found<'_> {
    /// The ids of those that the index names.
    fn push<'b, DB>(&'b self, pass: &mut AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        DB: Backend + HasSqlType<Text> + HasSqlType<BigInt>,
        String: ToSql<Text, DB>,
        i64: ToSql<BigInt, DB>,
    {
        let (table, grams, column) = self.names();
        pass.push_sql("SELECT products.id FROM ");
        if self.needles.is_empty() {
            pass.push_sql(table);
            pass.push_sql(" AS products WHERE TRUE");
        } else if self.is_postgres {
            pass.push_sql(table);
            self.push_elements(pass)?;
        } else {
            // Its index knows neither store nor state; it is read first, whatever the planner thinks.
            for piece in [
                grams,
                " CROSS JOIN ",
                table,
                " AS products ON products.id = ",
                grams,
                ".rowid WHERE ",
                grams,
                " MATCH ",
            ] {
                pass.push_sql(piece);
            }
            for question in &self.asked {
                pass.push_bind_param::<Text, _>(question)?;
            }
        }
        self.push_owners(pass)?;
        if self.is_told {
            return Ok(());
        }
        push_needles(pass, self.is_postgres, column, self.needles)
    }

    fn push_elements<'b, DB>(&'b self, pass: &mut AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        DB: Backend + HasSqlType<Text>,
        String: ToSql<Text, DB>,
    {
        let indexed = match self.of {
            Of::Counter { .. } => {
                "search_grams(CASE products.status WHEN 'active' THEN products.store_id ELSE -products.store_id END, \
                 products.shop_search)"
            }
            Of::Shelf(_) => "search_grams(0, products.online_search)",
        };
        pass.push_sql(" AS products WHERE (");
        for (index, elements) in self.asked.iter().enumerate() {
            pass.push_sql(if index > 0 { " OR " } else { "" });
            pass.push_sql(indexed);
            // From a subquery, so that no plan is made by how many have these three characters: making those of a row anew costs
            // more than finding it, and the planner would do so along an index that has the order.
            pass.push_sql(" COLLATE \"C\" @> (SELECT string_to_array(");
            pass.push_bind_param::<Text, _>(elements)?;
            pass.push_sql(", chr(10)))");
        }
        pass.push_sql(")");
        Ok(())
    }

    /// Whose texts they are, where the index does not know it.
    fn push_owners<'b, DB>(&'b self, pass: &mut AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        DB: Backend + HasSqlType<Text> + HasSqlType<BigInt>,
        String: ToSql<Text, DB>,
        i64: ToSql<BigInt, DB>,
    {
        match &self.of {
            Of::Counter { .. } if self.is_postgres && !self.needles.is_empty() => {}
            Of::Counter { store_id, statuses } => {
                pass.push_sql(" AND products.store_id = ");
                pass.push_bind_param::<BigInt, _>(store_id)?;
                for (index, status) in statuses.iter().enumerate() {
                    pass.push_sql(if index > 0 { ", " } else { " AND products.status IN (" });
                    pass.push_bind_param::<Text, _>(status)?;
                }
                pass.push_sql(")");
            }
            Of::Shelf(open) => {
                pass.push_sql(" AND ");
                open.push_stores(pass, true)?;
                open.push_aside(pass);
            }
        }
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
    Cut: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let (opens, closes) = ids(self.found.is_postgres);
        pass.push_sql(opens);
        self.found.push(&mut pass)?;
        if let Some((beyond, order, cut)) = &self.page {
            pass.push_sql(" AND ");
            beyond.walk_ast(pass.reborrow())?;
            pass.push_sql(" ORDER BY ");
            order.walk_ast(pass.reborrow())?;
            cut.walk_ast(pass.reborrow())?;
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
