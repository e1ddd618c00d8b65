//! Reading the audit log.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::Connection;
use diesel::prelude::*;
use savdo_domain::access::AuditScope;
use savdo_domain::coded_enum;
use savdo_domain::ids::{AuditEntryId, StoreId, UserId, WorkerId};

use crate::columns;
use crate::connection::AnyConnection;
use crate::database::Reader;
use crate::error::Error;
use crate::paging::{Cutting, Key, Listed, SortBy, SortColumn, Walk, Wanted, counted};
use crate::schema::{audit_entries, workers};

/// An entry of the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntryView {
    /// The entry.
    pub id: AuditEntryId,
    /// The store it concerns; none for matters that no store sees.
    pub store_id: Option<StoreId>,
    /// Who did it; none for a job.
    pub actor_id: Option<UserId>,
    /// The name and role of the actor as they were then.
    pub actor_name: String,
    /// What was done.
    pub action: String,
    /// What kind of thing it was done to.
    pub subject_type: String,
    /// Which one.
    pub subject_id: i64,
    /// One sentence for a reader.
    pub description: String,
    /// A JSON object, or nothing.
    pub details: String,
    /// The address the request came from.
    pub ip: String,
    /// The program it came from, as it named itself.
    pub user_agent: String,
    /// The request.
    pub request_id: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Which entries are wanted; nothing set shows all of the scope.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Of things of this kind.
    pub subject_type: Option<String>,
    /// Of the thing with this number.
    pub subject_id: Option<i64>,
    /// With one of these actions; empty: with any.
    pub actions: Vec<&'static str>,
    /// By this account.
    pub actor_id: Option<UserId>,
    /// At this instant or later.
    pub from: Option<DateTime<Utc>>,
    /// Before this instant.
    pub before: Option<DateTime<Utc>>,
    /// Whether the oldest comes first.
    pub is_oldest_first: bool,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = audit_entries)]
pub(super) struct AuditEntryRow {
    pub(super) id: i64,
    store_id: Option<i64>,
    actor_id: Option<i64>,
    actor_name: String,
    action: String,
    subject_type: String,
    subject_id: i64,
    description: String,
    details: String,
    ip: String,
    user_agent: String,
    request_id: String,
    created_at: NaiveDateTime,
}

coded_enum! {
    /// A column that the log is sorted by.
    pub enum AuditColumn {
        /// The id.
        Id = "id",
        /// When it was written.
        CreatedAt = "created_at",
    }
}

impl SortColumn for AuditColumn {
    const ID: Self = Self::Id;

    fn expression(self) -> &'static str {
        match self {
            Self::Id => "audit_entries.id",
            Self::CreatedAt => "audit_entries.created_at",
        }
    }
}

impl AuditEntryRow {
    fn key(&self, column: AuditColumn) -> Key {
        match column {
            AuditColumn::Id => Key::Number(self.id),
            AuditColumn::CreatedAt => Key::Time(self.created_at),
        }
    }
}

type Entries = audit_entries::BoxedQuery<'static, <AnyConnection as Connection>::Backend>;

/// An entry of the scope; `None` for any other.
///
/// # Errors
/// A failed statement.
pub fn find(reader: &mut Reader<'_>, scope: AuditScope, id: AuditEntryId) -> Result<Option<AuditEntryView>, Error> {
    let row = reader.statement("audit_find", |on| {
        within(scope)
            .filter(audit_entries::id.eq(id.get()))
            .select(AuditEntryRow::as_select())
            .first(on)
            .optional()
    })?;
    Ok(row.map(AuditEntryView::from))
}

/// A page of the entries of the scope.
///
/// # Errors
/// A failed statement.
pub fn list(
    reader: &mut Reader<'_>,
    scope: AuditScope,
    filter: &AuditFilter,
    wanted: Wanted<'_>,
) -> Result<Listed<AuditEntryView>, Error> {
    let wanted = wanted.whole(*filter == AuditFilter::default());
    let total = wanted.count(reader, "audit_count", (scope, filter), |on, up_to| {
        counted!(on, up_to, filtered(scope, filter))
    })?;
    let sort = SortBy {
        column: AuditColumn::CreatedAt,
        is_descending: !filter.is_oldest_first,
    };
    let walk = Walk::new(&[], sort, wanted);
    let rows: Vec<AuditEntryRow> = reader.statement("audit_list", |on| {
        filtered(scope, filter)
            .filter(walk.beyond())
            .order(walk.order())
            .select(AuditEntryRow::as_select())
            .cut_to(walk.cut())
            .load(on)
    })?;
    let listed = walk.listed(rows, total, |column, row| row.key(column));
    Ok(listed.map(AuditEntryView::from))
}

/// The account of a worker of the store, whether he still works there or not.
///
/// # Errors
/// A failed statement.
pub fn account_of(reader: &mut Reader<'_>, store_id: StoreId, worker_id: WorkerId) -> Result<Option<UserId>, Error> {
    let user_id: Option<i64> = reader.statement("audit_worker", |on| {
        workers::table
            .filter(workers::store_id.eq(store_id.get()))
            .filter(workers::id.eq(worker_id.get()))
            .select(workers::user_id)
            .first(on)
            .optional()
    })?;
    Ok(user_id.map(UserId::new))
}

pub(super) fn within(scope: AuditScope) -> Entries {
    let entries = audit_entries::table.into_boxed();
    match scope {
        AuditScope::Store(store) => entries.filter(audit_entries::store_id.eq(store.get())),
        AuditScope::Installation => entries.filter(audit_entries::store_id.is_null()),
    }
}

fn filtered(scope: AuditScope, filter: &AuditFilter) -> Entries {
    let mut entries = within(scope);
    if let Some(subject_type) = &filter.subject_type {
        entries = entries.filter(audit_entries::subject_type.eq(subject_type.clone()));
    }
    if let Some(subject_id) = filter.subject_id {
        entries = entries.filter(audit_entries::subject_id.eq(subject_id));
    }
    if !filter.actions.is_empty() {
        entries = entries.filter(audit_entries::action.eq_any(filter.actions.clone()));
    }
    if let Some(actor_id) = filter.actor_id {
        entries = entries.filter(audit_entries::actor_id.eq(actor_id.get()));
    }
    if let Some(from) = filter.from {
        entries = entries.filter(audit_entries::created_at.ge(from.naive_utc()));
    }
    if let Some(before) = filter.before {
        entries = entries.filter(audit_entries::created_at.lt(before.naive_utc()));
    }
    entries
}

impl From<AuditEntryRow> for AuditEntryView {
    fn from(row: AuditEntryRow) -> Self {
        let AuditEntryRow {
            id,
            store_id,
            actor_id,
            actor_name,
            action,
            subject_type,
            subject_id,
            description,
            details,
            ip,
            user_agent,
            request_id,
            created_at,
        } = row;
        Self {
            id: AuditEntryId::new(id),
            store_id: store_id.map(StoreId::new),
            actor_id: actor_id.map(UserId::new),
            actor_name,
            action,
            subject_type,
            subject_id,
            description,
            details,
            ip,
            user_agent,
            request_id,
            created_at: columns::time(created_at),
        }
    }
}
