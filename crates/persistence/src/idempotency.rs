//! The first answers to requests that carried an idempotency key.
//!
//! The row is written in the transaction of the effect, so that there is never one without the other. Whether the first
//! request still runs is told without waiting for it: on PostgreSQL by an advisory lock that ends with its transaction. On
//! SQLite, which has one process, that is not known here.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::backend::Backend;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Bool, Date, HasSqlType, Nullable, Text, Timestamp};
use diesel::sqlite::Sqlite;
use savdo_domain::ids::UserId;

use crate::connection::{AnyConnection, on_each};
use crate::database::{Reader, Tx};
use crate::error::Error;
use crate::prepared::{cached, statement};

/// One request, however often it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RequestKey {
    /// Who sent it.
    pub user_id: UserId,
    /// Its method and its main path.
    pub endpoint: String,
    /// The key that its sender gave it.
    pub key: String,
}

/// The answer that a request got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAnswer {
    /// The seal of the body that was sent.
    pub body_hash: String,
    /// The code of the answer.
    pub status: i64,
    /// What was said beside the body, as JSON.
    pub headers: String,
    /// The body of the answer.
    pub body: String,
}

/// What is known of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// It is the first, and nobody else answers it while this transaction runs.
    First,
    /// Another transaction is about to answer it.
    Running,
    /// It was answered.
    Answered(StoredAnswer),
}

/// Looks the request up and takes it, if nobody else has.
///
/// On PostgreSQL the look is from before the taking: a first request that ended between the two is not seen. Then the
/// insert of this one fails, and [`stored`] finds the answer.
///
/// # Errors
/// A failed statement.
pub fn take(tx: &mut Tx<'_>, request: &RequestKey, mark: i64) -> Result<Found, Error> {
    let (is_free, answered) = tx.statement("idempotency_take", |on| match on {
        AnyConnection::Sqlite(sqlite) => {
            let row = FindAnswer::to(request).get_result::<Row>(sqlite).optional()?;
            Ok((true, row.map(StoredAnswer::from)))
        }
        AnyConnection::Postgres(postgres) => {
            let find = FindAnswer::to(request);
            let (is_free, row) = TakeRequest { find, mark }.get_result::<(bool, Option<Row>)>(postgres)?;
            Ok((is_free, row.map(StoredAnswer::from)))
        }
    })?;
    Ok(match answered {
        Some(answer) => Found::Answered(answer),
        None if is_free => Found::First,
        None => Found::Running,
    })
}

/// The answer that a request got, if it was answered.
///
/// # Errors
/// A failed statement.
pub fn stored(reader: &mut Reader<'_>, request: &RequestKey) -> Result<Option<StoredAnswer>, Error> {
    let find = FindAnswer::to(request);
    let row = reader.statement("idempotency_find", |on| {
        on_each!(on, |c| find.get_result::<Row>(c).optional())
    })?;
    Ok(row.map(StoredAnswer::from))
}

/// Keeps the answer to a request.
///
/// # Errors
/// [`Constraint::IdempotencyKeyTaken`](crate::Constraint::IdempotencyKeyTaken) when it was answered meanwhile; a failed
/// statement.
pub fn insert(
    tx: &mut Tx<'_>,
    request: &RequestKey,
    answer: &StoredAnswer,
    (day, at): (NaiveDate, DateTime<Utc>),
) -> Result<(), Error> {
    let insert = InsertAnswer {
        request,
        user_id: request.user_id.get(),
        answer,
        day,
        created_at: at.naive_utc(),
    };
    tx.statement("idempotency_insert", |on| on_each!(on, |c| insert.execute(c)))?;
    Ok(())
}

/// Forgets at most `most` answers given before `day`; says how many.
///
/// # Errors
/// A failed statement.
pub fn delete_before(tx: &mut Tx<'_>, day: NaiveDate, most: i64) -> Result<usize, Error> {
    let delete = DeleteBefore { day: &day, most: &most };
    tx.statement("idempotency_delete_before", |on| on_each!(on, |c| delete.execute(c)))
}

/// `body_hash`, `status`, `headers`, `body`.
type Row = (String, i64, String, String);
type Columns = (Text, BigInt, Text, Text);

impl From<Row> for StoredAnswer {
    fn from((body_hash, status, headers, body): Row) -> Self {
        Self {
            body_hash,
            status,
            headers,
            body,
        }
    }
}

struct FindAnswer<'a> {
    request: &'a RequestKey,
    user_id: i64,
}

cached!(FindAnswer -> Columns);

impl<'a> FindAnswer<'a> {
    fn to(request: &'a RequestKey) -> Self {
        Self {
            request,
            user_id: request.user_id.get(),
        }
    }
}

impl<Db> QueryFragment<Db> for FindAnswer<'_>
where
    Db: Backend + HasSqlType<BigInt> + HasSqlType<Text>,
    i64: ToSql<BigInt, Db>,
    str: ToSql<Text, Db>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        statement!(
            out,
            "SELECT body_hash, status, headers, body FROM idempotency_keys WHERE user_id = " (BigInt, &self.user_id)
            " AND endpoint = " (Text, self.request.endpoint.as_str())
            " AND key = " (Text, self.request.key.as_str())
        )
    }
}

/// [`FindAnswer`], always one row, and whether the mark of the request was free.
struct TakeRequest<'a> {
    find: FindAnswer<'a>,
    mark: i64,
}

cached!(TakeRequest -> (Bool, Nullable<Columns>));

impl QueryFragment<Pg> for TakeRequest<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT pg_try_advisory_xact_lock(");
        out.push_bind_param::<BigInt, _>(&self.mark)?;
        out.push_sql("), answered.* FROM (SELECT 1) AS one LEFT JOIN (");
        self.find.walk_ast(out.reborrow())?;
        out.push_sql(") AS answered ON true");
        Ok(())
    }
}

struct InsertAnswer<'a> {
    request: &'a RequestKey,
    user_id: i64,
    answer: &'a StoredAnswer,
    day: NaiveDate,
    created_at: NaiveDateTime,
}

cached!(InsertAnswer);

impl<Db> QueryFragment<Db> for InsertAnswer<'_>
where
    Db: Backend + HasSqlType<BigInt> + HasSqlType<Text> + HasSqlType<Date> + HasSqlType<Timestamp>,
    i64: ToSql<BigInt, Db>,
    str: ToSql<Text, Db>,
    NaiveDate: ToSql<Date, Db>,
    NaiveDateTime: ToSql<Timestamp, Db>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        let Self { request, answer, .. } = self;
        statement!(
            out,
            "INSERT INTO idempotency_keys (user_id, endpoint, key, day, body_hash, status, headers, body, created_at) \
             VALUES (" (BigInt, &self.user_id)
            ", " (Text, request.endpoint.as_str())
            ", " (Text, request.key.as_str())
            ", " (Date, &self.day)
            ", " (Text, answer.body_hash.as_str())
            ", " (BigInt, &answer.status)
            ", " (Text, answer.headers.as_str())
            ", " (Text, answer.body.as_str())
            ", " (Timestamp, &self.created_at)
            ")"
        )
    }
}

/// Each database finds a row fastest by its place.
struct DeleteBefore<'a> {
    day: &'a NaiveDate,
    most: &'a i64,
}

cached!(DeleteBefore);

impl QueryFragment<Pg> for DeleteBefore<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        statement!(
            out,
            "DELETE FROM idempotency_keys WHERE ctid = ANY (ARRAY (SELECT ctid FROM idempotency_keys WHERE day < "
            (Date, self.day) " LIMIT " (BigInt, self.most) "))"
        )
    }
}

impl QueryFragment<Sqlite> for DeleteBefore<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        statement!(
            out,
            "DELETE FROM idempotency_keys WHERE rowid IN (SELECT rowid FROM idempotency_keys WHERE day < "
            (Date, self.day) " LIMIT " (BigInt, self.most) ")"
        )
    }
}
