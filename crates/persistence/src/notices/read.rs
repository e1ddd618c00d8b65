//! Messages as their owner reads them.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use savdo_domain::access::Scope;
use savdo_domain::coded::Coded;
use savdo_domain::coded_enum;
use savdo_domain::ids::{NoticeId, StoreId, UserId};
use savdo_domain::notice::{Channel, NoticeStatus, NoticeType};
use savdo_domain::zone::Zone;

use crate::columns;
use crate::database::Reader;
use crate::error::Error;
use crate::fragments::fragments;
use crate::paging::{Cutting, Key, Listed, SortBy, SortColumn, Walk, Wanted, counted};
use crate::schema::{notifications, stores};

const TABLE: &str = "notifications";

/// A message to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeView {
    /// The message.
    pub id: NoticeId,
    /// Whose it is.
    pub user_id: UserId,
    /// The store that tells it.
    pub store_id: Option<StoreId>,
    /// The time zone of that store, or of the installation.
    pub zone: Zone,
    /// What it tells.
    pub notice: NoticeType,
    /// Over which channel.
    pub channel: Channel,
    /// Where it stands.
    pub status: NoticeStatus,
    /// What it says.
    pub message: String,
    /// A JSON object of ids.
    pub metadata: String,
    /// How often somebody let it be sent again.
    pub retries: i64,
    /// When that was last.
    pub retried_at: Option<DateTime<Utc>>,
    /// Whether its owner read it.
    pub is_read: bool,
    /// When.
    pub read_at: Option<DateTime<Utc>>,
    /// When it went out.
    pub sent_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last moved.
    pub updated_at: DateTime<Utc>,
}

/// Which messages are wanted.
#[derive(Debug, Clone)]
pub struct NoticeFilter {
    /// Over this channel.
    pub channel: Channel,
    /// Read ones, or others.
    pub is_read: Option<bool>,
    /// That tell this.
    pub notice: Option<NoticeType>,
}

coded_enum! {
    /// A column that the list is sorted by.
    pub enum NoticeColumn {
        /// The id.
        Id = "id",
    }
}

impl SortColumn for NoticeColumn {
    const ID: Self = Self::Id;

    fn expression(self) -> &'static str {
        match self {
            Self::Id => "notifications.id",
        }
    }
}

fragments! {
    /// What did not go out; as text, so that the planner knows the partial index to fit.
    IsFailed: Bool = "notifications.status = 'failed'";
}

/// Messages beside the stores that tell them.
macro_rules! told {
    () => {
        notifications::table.left_join(stores::table.on(notifications::store_id.eq(stores::id.nullable())))
    };
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = notifications)]
struct NoticeRow {
    id: i64,
    user_id: i64,
    store_id: Option<i64>,
    notice_type: String,
    channel: String,
    status: String,
    message: String,
    metadata: String,
    retries: i64,
    retried_at: Option<NaiveDateTime>,
    is_read: bool,
    read_at: Option<NaiveDateTime>,
    sent_at: Option<NaiveDateTime>,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
}

type Row = (NoticeRow, Option<String>);

/// A page of somebody's messages, the newest first.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn list(
    reader: &mut Reader<'_>,
    user_id: UserId,
    filter: &NoticeFilter,
    wanted: Wanted<'_>,
) -> Result<Listed<NoticeView>, Error> {
    macro_rules! filtered {
        () => {{
            let mut query = told!()
                .filter(notifications::user_id.eq(user_id.get()))
                .filter(notifications::channel.eq(filter.channel.code()))
                .into_boxed();
            if let Some(is_read) = filter.is_read {
                query = query.filter(notifications::is_read.eq(is_read));
            }
            if let Some(notice) = filter.notice {
                query = query.filter(notifications::notice_type.eq(notice.code()));
            }
            query
        }};
    }
    let total = wanted.count(reader, "notices_count", (user_id, filter), |on, up_to| {
        counted!(on, up_to, filtered!())
    })?;
    let walk = Walk::new(&[], SortBy::descending(NoticeColumn::Id), wanted);
    let rows: Vec<Row> = reader.statement("notices_list", |on| {
        filtered!()
            .filter(walk.beyond())
            .order(walk.order())
            .select((NoticeRow::as_select(), stores::timezone.nullable()))
            .cut_to(walk.cut())
            .load(on)
    })?;
    let listed = walk.listed(rows, total, |column, row| match column {
        NoticeColumn::Id => Key::Number(row.0.id),
    });
    listed.try_map_rows(|rows| rows.into_iter().map(view).collect())
}

/// One of somebody's messages.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn find(reader: &mut Reader<'_>, user_id: UserId, id: NoticeId) -> Result<Option<NoticeView>, Error> {
    let row: Option<Row> = reader.statement("notice_find", |on| {
        told!()
            .filter(notifications::user_id.eq(user_id.get()))
            .filter(notifications::id.eq(id.get()))
            .select((NoticeRow::as_select(), stores::timezone.nullable()))
            .first(on)
            .optional()
    })?;
    row.map(view).transpose()
}

/// A message that somebody wants sent again: his own, or one that the store of his scope told.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn find_to_retry(
    reader: &mut Reader<'_>,
    scope: &Scope,
    user_id: UserId,
    id: NoticeId,
) -> Result<Option<NoticeView>, Error> {
    let row: Option<Row> = reader.statement("notice_find_to_retry", |on| {
        told!()
            .filter(notifications::id.eq(id.get()))
            .select((NoticeRow::as_select(), stores::timezone.nullable()))
            .first(on)
            .optional()
    })?;
    let is_seen = |view: &NoticeView| {
        view.user_id == user_id
            || match scope {
                Scope::All => true,
                Scope::Store(store) | Scope::StoreOrOwn { store, buyer: _ } => view.store_id == Some(*store),
                Scope::Own(_) | Scope::Assigned { .. } => false,
            }
    };
    Ok(row.map(view).transpose()?.filter(is_seen))
}

/// How many of his list somebody has not read.
///
/// # Errors
/// A failed statement.
pub fn count_unread(reader: &mut Reader<'_>, user_id: UserId) -> Result<i64, Error> {
    reader.statement("notices_unread", |on| {
        notifications::table
            .filter(notifications::user_id.eq(user_id.get()))
            .filter(notifications::channel.eq(Channel::System.code()))
            .filter(diesel::dsl::not(notifications::is_read))
            .count()
            .get_result(on)
    })
}

/// How many messages to somebody did not go out.
///
/// # Errors
/// A failed statement.
pub fn count_failed(reader: &mut Reader<'_>, user_id: UserId) -> Result<i64, Error> {
    reader.statement("notices_failed", |on| {
        notifications::table
            .filter(notifications::user_id.eq(user_id.get()))
            .filter(IsFailed)
            .count()
            .get_result(on)
    })
}

fn view((row, timezone): Row) -> Result<NoticeView, Error> {
    let id = row.id;
    let zone = match (row.store_id, timezone) {
        (Some(store_id), Some(name)) => columns::zone(store_id, &name)?,
        (Some(_) | None, _) => Zone::default(),
    };
    Ok(NoticeView {
        id: NoticeId::new(id),
        user_id: UserId::new(row.user_id),
        store_id: row.store_id.map(StoreId::new),
        zone,
        notice: columns::coded(TABLE, id, &row.notice_type)?,
        channel: columns::coded(TABLE, id, &row.channel)?,
        status: columns::coded(TABLE, id, &row.status)?,
        message: row.message,
        metadata: row.metadata,
        retries: row.retries,
        retried_at: row.retried_at.map(columns::time),
        is_read: row.is_read,
        read_at: row.read_at.map(columns::time),
        sent_at: row.sent_at.map(columns::time),
        created_at: columns::time(row.created_at),
        updated_at: columns::time(row.updated_at),
    })
}
