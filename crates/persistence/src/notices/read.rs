//! Messages as their owner reads them.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use savdo_domain::access::Scope;
use savdo_domain::coded::Coded;
use savdo_domain::coded_enum;
use savdo_domain::ids::{NoticeId, StoreId, UserId};
use savdo_domain::notice::{Channel, NoticeStatus, NoticeType};

use crate::columns;
use crate::database::Reader;
use crate::error::Error;
use crate::paging::{Key, Listed, SortBy, SortColumn, Walk, Wanted, counted};
use crate::schema::notifications;

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
            let mut query = notifications::table
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
    let walk = Walk::new(&[], SortBy::descending(NoticeColumn::Id), wanted.page);
    let rows: Vec<NoticeRow> = reader.statement("notices_list", |on| {
        filtered!()
            .filter(walk.beyond())
            .order(walk.order())
            .select(NoticeRow::as_select())
            .limit(walk.limit())
            .offset(walk.offset())
            .load(on)
    })?;
    let listed = walk.listed(rows, total, |column, row| match column {
        NoticeColumn::Id => Key::Number(row.id),
    });
    listed.try_map_rows(|rows| rows.into_iter().map(NoticeRow::view).collect())
}

/// One of somebody's messages.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn find(reader: &mut Reader<'_>, user_id: UserId, id: NoticeId) -> Result<Option<NoticeView>, Error> {
    let row: Option<NoticeRow> = reader.statement("notice_find", |on| {
        notifications::table
            .filter(notifications::user_id.eq(user_id.get()))
            .filter(notifications::id.eq(id.get()))
            .select(NoticeRow::as_select())
            .first(on)
            .optional()
    })?;
    row.map(NoticeRow::view).transpose()
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
    let row: Option<NoticeRow> = reader.statement("notice_find_to_retry", |on| {
        notifications::table
            .filter(notifications::id.eq(id.get()))
            .select(NoticeRow::as_select())
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
    Ok(row.map(NoticeRow::view).transpose()?.filter(is_seen))
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
            .filter(notifications::status.eq(NoticeStatus::Failed.code()))
            .count()
            .get_result(on)
    })
}

impl NoticeRow {
    fn view(self) -> Result<NoticeView, Error> {
        let id = self.id;
        Ok(NoticeView {
            id: NoticeId::new(id),
            user_id: UserId::new(self.user_id),
            store_id: self.store_id.map(StoreId::new),
            notice: columns::coded(TABLE, id, &self.notice_type)?,
            channel: columns::coded(TABLE, id, &self.channel)?,
            status: columns::coded(TABLE, id, &self.status)?,
            message: self.message,
            metadata: self.metadata,
            retries: self.retries,
            retried_at: self.retried_at.map(columns::time),
            is_read: self.is_read,
            read_at: self.read_at.map(columns::time),
            sent_at: self.sent_at.map(columns::time),
            created_at: columns::time(self.created_at),
            updated_at: columns::time(self.updated_at),
        })
    }
}
