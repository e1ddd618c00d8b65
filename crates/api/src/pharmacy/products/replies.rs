//! What is answered about the public catalogue.

use savdo_domain::Money;
use savdo_domain::ids::{CategoryId, ProductId, StoreId, SubstanceId};
use savdo_services::catalogue::{OfferedView, ShelfCategory, ShelfView};
use savdo_services::substances::ActiveSubstance;
use serde::Serialize;
use utoipa::ToSchema;

use crate::media::Pictures;

/// A product as the public catalogue shows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShelfReply {
    #[schema(value_type = i64)]
    id: ProductId,
    name: String,
    slug: String,
    /// Null only for staff.
    #[schema(value_type = Option<i64>)]
    category: Option<CategoryId>,
    category_detail: Option<ShelfCategoryReply>,
    #[schema(value_type = String)]
    price: Money,
    /// Whole pieces that can be sold today.
    stock: i64,
    is_available: bool,
    is_prescription_required: bool,
    /// The same as `is_prescription_required`.
    requires_prescription: bool,
    manufacturer: String,
    sku: String,
    description: String,
    usage: String,
    /// The address of its picture.
    image: Option<String>,
    /// The earliest expiry day of what can be sold.
    expiry_date: Option<String>,
    active_substances: Vec<SubstanceReply>,
    /// Pieces delivered online.
    order_count: i64,
    is_active: bool,
    store: ShelfStoreReply,
    created_at: String,
}

/// The category of a product.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShelfCategoryReply {
    #[schema(value_type = i64)]
    id: CategoryId,
    name: String,
    slug: String,
}

/// The store of a product.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShelfStoreReply {
    #[schema(value_type = i64)]
    id: StoreId,
    name: String,
}

/// An active substance of a product.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubstanceReply {
    #[schema(value_type = i64)]
    id: SubstanceId,
    name: String,
}

impl ShelfReply {
    pub(super) fn of(view: ShelfView, pictures: &Pictures) -> Self {
        let ShelfView {
            offered,
            slug,
            category,
            substances,
            sku,
            description,
            usage,
            order_count,
            is_online,
            created_at,
        } = view;
        let (stock, is_available) = (offered.stock(), offered.is_available());
        let OfferedView {
            product_id,
            store_id,
            store_name,
            zone,
            name,
            manufacturer,
            image,
            price,
            needs_prescription,
            location_id: _,
            sellable: _,
            nearest_expiry,
            is_store_open: _,
            is_visible: _,
        } = offered;
        Self {
            id: product_id,
            name,
            slug,
            category: category.as_ref().map(|category| category.id),
            category_detail: category.map(ShelfCategoryReply::from),
            price,
            stock,
            is_available,
            is_prescription_required: needs_prescription,
            requires_prescription: needs_prescription,
            manufacturer,
            sku,
            description,
            usage,
            image: pictures.address(&image),
            expiry_date: nearest_expiry.map(|day| day.to_string()),
            active_substances: substances.into_iter().map(SubstanceReply::from).collect(),
            order_count,
            is_active: is_online,
            store: ShelfStoreReply {
                id: store_id,
                name: store_name,
            },
            created_at: zone.write(created_at),
        }
    }
}

impl From<ActiveSubstance> for SubstanceReply {
    fn from(substance: ActiveSubstance) -> Self {
        let ActiveSubstance { id, name } = substance;
        Self { id, name }
    }
}

impl From<ShelfCategory> for ShelfCategoryReply {
    fn from(category: ShelfCategory) -> Self {
        Self {
            id: category.id,
            name: category.name,
            slug: category.slug,
        }
    }
}
