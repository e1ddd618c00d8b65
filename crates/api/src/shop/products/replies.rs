//! What is answered about products. Keys of parts that are not built yet are null.

use savdo_domain::Money;
use savdo_domain::access::RowStatus;
use savdo_domain::account::Language;
use savdo_domain::catalog::Unit;
use savdo_domain::ids::{CategoryId, ProductId};
use savdo_domain::zone::Zone;
use savdo_services::products::{Product, ProductRowView, ProductView, StoredProduct};
use serde::Serialize;
use utoipa::ToSchema;

use crate::media::Pictures;
use crate::messages;
use crate::reply::{Absent, JsonNumber};

/// A product in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProductRowReply {
    #[schema(value_type = i64)]
    id: ProductId,
    name: String,
    category_name: Option<String>,
    #[schema(value_type = Option<String>)]
    subcategory_name: Absent,
    #[schema(value_type = String)]
    unit: Unit,
    unit_display: String,
    #[schema(value_type = String)]
    sale_price: Money,
    /// Null is UZS.
    #[schema(value_type = Option<String>)]
    currency_code: Absent,
    #[schema(value_type = Option<String>)]
    active_promotion: Absent,
    barcode: String,
    #[schema(value_type = Option<String>)]
    barcode_image_url: Absent,
    #[schema(value_type = String)]
    status: RowStatus,
    status_display: String,
    /// The address of its picture.
    image: Option<String>,
}

/// A product.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProductReply {
    #[schema(value_type = i64)]
    id: ProductId,
    name: String,
    description: String,
    #[schema(value_type = Option<i64>)]
    category_id: Option<CategoryId>,
    category_name: Option<String>,
    #[schema(value_type = Option<i64>)]
    subcategory_id: Absent,
    #[schema(value_type = Option<String>)]
    subcategory_name: Absent,
    #[schema(value_type = String)]
    unit: Unit,
    unit_display: String,
    /// The average cost of what lies in stock, as of now.
    #[schema(value_type = String)]
    purchase_price: Money,
    #[schema(value_type = String)]
    sale_price: Money,
    /// Null is UZS.
    #[schema(value_type = Option<i64>)]
    currency_id: Absent,
    #[schema(value_type = Option<String>)]
    currency_code: Absent,
    #[schema(value_type = Option<String>)]
    currency_symbol: Absent,
    /// The price now in UZS.
    #[schema(value_type = String)]
    sale_price_uzs: Money,
    #[schema(value_type = Option<String>)]
    active_promotion: Absent,
    barcode: String,
    #[schema(value_type = Option<String>)]
    barcode_image_url: Absent,
    /// The address of its picture.
    image: Option<String>,
    mxik_code: Option<String>,
    is_medicine: bool,
    store_name: String,
    #[schema(value_type = String)]
    status: RowStatus,
    status_display: String,
    /// All that lies in the store.
    stock_total: JsonNumber,
    created_on: String,
}

impl ProductRowReply {
    pub(super) fn new(view: ProductRowView, pictures: &Pictures, language: Language) -> Self {
        Self {
            id: view.id,
            name: view.name,
            category_name: view.category_name,
            subcategory_name: Absent,
            unit: view.unit,
            unit_display: messages::label(language, "unit", view.unit),
            sale_price: view.sale_price,
            currency_code: Absent,
            active_promotion: Absent,
            barcode: view.barcode,
            barcode_image_url: Absent,
            status: view.status,
            status_display: messages::label(language, "row_status", view.status),
            image: pictures.address(&view.image),
        }
    }
}

impl ProductReply {
    /// The product with its times in the store's zone.
    pub(super) fn of(view: ProductView, pictures: &Pictures, zone: Zone, language: Language) -> Self {
        let ProductView {
            stored,
            category_name,
            store_name,
            purchase_price,
            left: _,
            stock_total,
        } = view;
        let StoredProduct {
            id,
            store_id: _,
            product,
            created_at,
        } = stored;
        let Product {
            category_id,
            name,
            barcode,
            unit,
            sale_price,
            description,
            mxik_code,
            image,
            is_medicine,
            status,
            ..
        } = product;
        Self {
            id,
            name,
            description,
            category_id,
            category_name,
            subcategory_id: Absent,
            subcategory_name: Absent,
            unit,
            unit_display: messages::label(language, "unit", unit),
            purchase_price,
            sale_price,
            currency_id: Absent,
            currency_code: Absent,
            currency_symbol: Absent,
            sale_price_uzs: sale_price,
            active_promotion: Absent,
            barcode,
            barcode_image_url: Absent,
            image: pictures.address(&image),
            mxik_code: Some(mxik_code).filter(|code| !code.is_empty()),
            is_medicine,
            store_name,
            status,
            status_display: messages::label(language, "row_status", status),
            stock_total: JsonNumber::of_quantity(stock_total),
            created_on: zone.write(created_at),
        }
    }
}
