//! A product as the public catalogue shows it, in a list, alone and among alternatives.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use savdo_domain::ids::CategoryId;

use crate::columns;
use crate::database::Reader;
use crate::error::Error;
use crate::products::online::{OfferedRow, OfferedView, as_of};
use crate::substances::{self, ActiveSubstance};

/// A product as the public catalogue shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShelfView {
    /// What a cart would know of it.
    pub offered: OfferedView,
    /// Its address part.
    pub slug: String,
    /// Its category; none only for products that customers do not see.
    pub category: Option<ShelfCategory>,
    /// What it acts by, in the order of ids.
    pub substances: Vec<ActiveSubstance>,
    /// The number of the article.
    pub sku: String,
    /// What it is.
    pub description: String,
    /// How it is used.
    pub usage: String,
    /// Pieces delivered online.
    pub order_count: i64,
    /// Whether it is offered online.
    pub is_online: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// A category beside its product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShelfCategory {
    /// The category.
    pub id: CategoryId,
    /// Its name.
    pub name: String,
    /// Its address part.
    pub slug: String,
}

#[derive(Queryable)]
pub(super) struct ShelfRow {
    slug: String,
    category_id: Option<i64>,
    category_name: Option<String>,
    category_slug: Option<String>,
    sku: String,
    description: String,
    usage: String,
    order_count: i64,
    is_online: bool,
    created_at: NaiveDateTime,
    name_key: String,
}

macro_rules! shelf_columns {
    () => {
        (
            offered_columns!(),
            (
                products::slug,
                categories::id.nullable(),
                categories::name.nullable(),
                categories::slug.nullable(),
                products::sku,
                products::description,
                products::usage,
                products::order_count,
                products::is_online,
                products::created_at,
                products::name_key,
            ),
        )
    };
}

pub(super) use shelf_columns;

/// The rows as views, with their stock of today and their substances.
pub(super) fn views(
    reader: &mut Reader<'_>,
    now: DateTime<Utc>,
    rows: Vec<(OfferedRow, ShelfRow)>,
) -> Result<Vec<ShelfView>, Error> {
    let (offered, rest): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
    let offered = as_of(reader, now, offered)?;
    let keys: Vec<_> = offered.iter().map(|view| (view.store_id, view.product_id)).collect();
    let mut active = substances::of_products(reader, &keys)?;
    let view = |(offered, row): (OfferedView, ShelfRow)| {
        let substances = active.remove(&offered.product_id).unwrap_or_default();
        row.into_view(offered, substances)
    };
    Ok(offered.into_iter().zip(rest).map(view).collect())
}

impl ShelfRow {
    pub(super) const fn order_count(&self) -> i64 {
        self.order_count
    }

    pub(super) fn name_key(&self) -> &str {
        &self.name_key
    }

    fn into_view(self, offered: OfferedView, substances: Vec<ActiveSubstance>) -> ShelfView {
        let Self {
            slug,
            category_id,
            category_name,
            category_slug,
            sku,
            description,
            usage,
            order_count,
            is_online,
            created_at,
            name_key: _,
        } = self;
        let category = category_id.map(|id| ShelfCategory {
            id: CategoryId::new(id),
            name: category_name.unwrap_or_default(),
            slug: category_slug.unwrap_or_default(),
        });
        ShelfView {
            offered,
            slug,
            category,
            substances,
            sku,
            description,
            usage,
            order_count,
            is_online,
            created_at: columns::time(created_at),
        }
    }
}
