//! The words of messages: those of the installation, and those of stores in their place.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use savdo_domain::access::Scope;
use savdo_domain::account::Language;
use savdo_domain::coded::Coded;
use savdo_domain::coded_enum;
use savdo_domain::ids::{StoreId, TemplateId};
use savdo_domain::notice::{Channel, NoticeType};
use savdo_domain::zone::Zone;

use crate::columns;
use crate::connection::AnyConnection;
use crate::database::{Reader, Tx};
use crate::error::Error;
use crate::paging::{Cutting, Key, Listed, SortBy, SortColumn, Walk, Wanted, counted};
use crate::schema::{notification_templates, stores};

const TABLE: &str = "notification_templates";

/// The words of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateView {
    /// The words.
    pub id: TemplateId,
    /// The store whose they are; none for those of the installation.
    pub store_id: Option<StoreId>,
    /// The time zone of that store, or of the installation.
    pub zone: Zone,
    /// What they tell.
    pub notice: NoticeType,
    /// Over which channel.
    pub channel: Channel,
    /// In which language.
    pub language: Language,
    /// What they say, with places.
    pub text: String,
    /// Whether anybody is told so.
    pub is_active: bool,
    /// When they were made.
    pub created_at: DateTime<Utc>,
    /// When they last changed.
    pub updated_at: DateTime<Utc>,
}

/// Words about to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTemplate {
    /// The store whose they are; none for those of the installation.
    pub store_id: Option<StoreId>,
    /// What they tell.
    pub notice: NoticeType,
    /// Over which channel.
    pub channel: Channel,
    /// In which language.
    pub language: Language,
    /// What they say, with places.
    pub text: String,
    /// Whether anybody is told so.
    pub is_active: bool,
}

coded_enum! {
    /// A column that the list is sorted by.
    pub enum TemplateColumn {
        /// The id.
        Id = "id",
        /// What they tell.
        Type = "notification_type",
    }
}

impl SortColumn for TemplateColumn {
    const ID: Self = Self::Id;

    fn expression(self) -> &'static str {
        match self {
            Self::Id => "notification_templates.id",
            Self::Type => "notification_templates.notice_type",
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = notification_templates)]
struct TemplateRow {
    id: i64,
    store_id: Option<i64>,
    notice_type: String,
    channel: String,
    language: String,
    text: String,
    is_active: bool,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
}

/// Words beside the stores whose they are.
macro_rules! told {
    () => {
        notification_templates::table
            .left_join(stores::table.on(notification_templates::store_id.eq(stores::id.nullable())))
    };
}

/// The words that the scope may write: those of the installation for who administers it, of a store for its owner and managers.
macro_rules! in_scope {
    ($scope:expr) => {{
        let query = told!().into_boxed();
        match $scope {
            Scope::All => query,
            Scope::Store(store) | Scope::StoreOrOwn { store, buyer: _ } => {
                query.filter(notification_templates::store_id.eq(store.get()))
            }
            Scope::Own(_) | Scope::Assigned { .. } => query.filter(notification_templates::id.eq(0)),
        }
    }};
}

type Row = (TemplateRow, Option<String>);

/// A page of words by what they tell, of one store when it is wanted.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn list(
    reader: &mut Reader<'_>,
    scope: &Scope,
    store: Option<StoreId>,
    wanted: Wanted<'_>,
) -> Result<Listed<TemplateView>, Error> {
    macro_rules! filtered {
        () => {{
            let query = in_scope!(scope);
            match store {
                Some(store) => query.filter(notification_templates::store_id.eq(store.get())),
                None => query,
            }
        }};
    }
    let total = wanted.count(reader, "templates_count", (scope, store), |on, up_to| {
        counted!(on, up_to, filtered!())
    })?;
    let walk = Walk::new(&[], SortBy::ascending(TemplateColumn::Type), wanted);
    let rows: Vec<Row> = reader.statement("templates_list", |on| {
        filtered!()
            .filter(walk.beyond())
            .order(walk.order())
            .select((TemplateRow::as_select(), stores::timezone.nullable()))
            .cut_to(walk.cut())
            .load(on)
    })?;
    let listed = walk.listed(rows, total, |column, row| match column {
        TemplateColumn::Id => Key::Number(row.0.id),
        TemplateColumn::Type => Key::Text(row.0.notice_type.clone()),
    });
    listed.try_map_rows(|rows| rows.into_iter().map(view).collect())
}

/// Words of the scope.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn find(reader: &mut Reader<'_>, scope: &Scope, id: TemplateId) -> Result<Option<TemplateView>, Error> {
    let row: Option<Row> = reader.statement("template_find", |on| {
        in_scope!(scope)
            .filter(notification_templates::id.eq(id.get()))
            .select((TemplateRow::as_select(), stores::timezone.nullable()))
            .first(on)
            .optional()
    })?;
    row.map(view).transpose()
}

/// As [`find`], for who is about to change them: nobody else does meanwhile.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn lock(tx: &mut Tx<'_>, scope: &Scope, id: TemplateId) -> Result<Option<TemplateView>, Error> {
    let locked: Option<i64> = tx.statement("template_lock", |on| {
        let row = notification_templates::table
            .filter(notification_templates::id.eq(id.get()))
            .select(notification_templates::id);
        match on {
            // SQLite's one writer is the lock.
            AnyConnection::Sqlite(on) => row.first(on).optional(),
            AnyConnection::Postgres(on) => row.for_update().first(on).optional(),
        }
    })?;
    match locked {
        Some(_) => find(tx, scope, id),
        None => Ok(None),
    }
}

/// The words in force of a type: of the store and of the installation, those switched off included.
///
/// # Errors
/// A failed statement or a corrupt row.
pub fn of_type(
    reader: &mut Reader<'_>,
    store_id: Option<StoreId>,
    notice: NoticeType,
) -> Result<Vec<TemplateView>, Error> {
    let rows: Vec<Row> = reader.statement("templates_of_type", |on| {
        told!()
            .filter(notification_templates::notice_type.eq(notice.code()))
            .filter(
                notification_templates::store_id
                    .is_null()
                    .or(notification_templates::store_id.eq(store_id.map_or(0, StoreId::get))),
            )
            .select((TemplateRow::as_select(), stores::timezone.nullable()))
            .load(on)
    })?;
    rows.into_iter().map(view).collect()
}

/// Makes words.
///
/// # Errors
/// [`Constraint::TemplateExists`](crate::Constraint::TemplateExists) and
/// [`Constraint::DefaultTemplateExists`](crate::Constraint::DefaultTemplateExists), a failed statement.
pub fn insert(tx: &mut Tx<'_>, new: &NewTemplate, at: DateTime<Utc>) -> Result<TemplateId, Error> {
    tx.statement("template_insert", |on| {
        diesel::insert_into(notification_templates::table)
            .values((
                notification_templates::store_id.eq(new.store_id.map(StoreId::get)),
                notification_templates::notice_type.eq(new.notice.code()),
                notification_templates::channel.eq(new.channel.code()),
                notification_templates::language.eq(new.language.code()),
                notification_templates::text.eq(&new.text),
                notification_templates::is_active.eq(new.is_active),
                notification_templates::created_at.eq(at.naive_utc()),
                notification_templates::updated_at.eq(at.naive_utc()),
            ))
            .returning(notification_templates::id)
            .get_result::<i64>(on)
    })
    .map(TemplateId::new)
}

/// Writes words locked before.
///
/// # Errors
/// A failed statement.
pub fn update(
    tx: &mut Tx<'_>,
    id: TemplateId,
    (text, is_active): (&str, bool),
    at: DateTime<Utc>,
) -> Result<(), Error> {
    tx.statement("template_update", |on| {
        diesel::update(notification_templates::table.filter(notification_templates::id.eq(id.get())))
            .set((
                notification_templates::text.eq(text),
                notification_templates::is_active.eq(is_active),
                notification_templates::updated_at.eq(at.naive_utc()),
            ))
            .execute(on)
    })?;
    Ok(())
}

/// Takes away words of a store locked before.
///
/// # Errors
/// A failed statement.
pub fn delete(tx: &mut Tx<'_>, id: TemplateId) -> Result<(), Error> {
    tx.statement("template_delete", |on| {
        diesel::delete(notification_templates::table.filter(notification_templates::id.eq(id.get()))).execute(on)
    })?;
    Ok(())
}

fn view((row, timezone): Row) -> Result<TemplateView, Error> {
    let id = row.id;
    let zone = match (row.store_id, timezone) {
        (Some(store_id), Some(name)) => columns::zone(store_id, &name)?,
        (Some(_) | None, _) => Zone::default(),
    };
    Ok(TemplateView {
        id: TemplateId::new(id),
        store_id: row.store_id.map(StoreId::new),
        zone,
        notice: columns::coded(TABLE, id, &row.notice_type)?,
        channel: columns::coded(TABLE, id, &row.channel)?,
        language: columns::coded(TABLE, id, &row.language)?,
        text: row.text,
        is_active: row.is_active,
        created_at: columns::time(row.created_at),
        updated_at: columns::time(row.updated_at),
    })
}
