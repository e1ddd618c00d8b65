//! The rows of prescriptions, and what a reader sees of them.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use savdo_domain::ids::{OrderId, OrderLineId, PrescriptionId, PrescriptionImageId, ProductId, StoreId, UserId};
use savdo_domain::prescription::PrescriptionStatus;
use savdo_domain::zone::Zone;

use crate::columns;
use crate::error::Error;
use crate::schema::{order_lines, prescription_images, prescriptions, users};

#[derive(Queryable, Selectable)]
#[diesel(table_name = prescriptions)]
pub(super) struct PrescriptionRow {
    pub(super) id: i64,
    store_id: i64,
    order_id: Option<i64>,
    status: String,
    rejection_reason: String,
    reviewed_by: Option<i64>,
    reviewed_at: Option<NaiveDateTime>,
    created_at: NaiveDateTime,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
pub(super) struct PatientRow {
    id: i64,
    first_name: String,
    last_name: String,
    phone: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = prescription_images)]
pub(super) struct ImageRow {
    id: i64,
    store_id: i64,
    prescription_id: i64,
    file: String,
    sealed_key: Option<String>,
    key_id: String,
    uploaded_at: NaiveDateTime,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = order_lines)]
pub(super) struct LineRow {
    id: i64,
    order_id: i64,
    product_id: i64,
    product_name: String,
    quantity: i64,
}

/// A prescription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrescriptionView {
    /// The prescription.
    pub id: PrescriptionId,
    /// The store that it was shown to.
    pub store_id: StoreId,
    /// The zone of that store.
    pub zone: Zone,
    /// The order that it is for.
    pub order_id: Option<OrderId>,
    /// Whose it is.
    pub patient: PatientView,
    /// Where it stands.
    pub status: PrescriptionStatus,
    /// Why it was rejected; nothing otherwise.
    pub rejection_reason: String,
    /// Who judged it; nobody where its order was cancelled first.
    pub reviewer: Option<ReviewerView>,
    /// When it was judged or closed.
    pub reviewed_at: Option<DateTime<Utc>>,
    /// When it came.
    pub created_at: DateTime<Utc>,
}

/// Whose prescription it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatientView {
    /// The account.
    pub id: UserId,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Phone, E.164.
    pub phone: String,
}

/// Who judged a prescription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewerView {
    /// The account.
    pub id: UserId,
    /// First name.
    pub first_name: String,
}

/// A picture of a prescription. Its key is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct PrescriptionImageView {
    /// The picture.
    pub id: PrescriptionImageId,
    /// The store.
    pub store_id: StoreId,
    /// The prescription.
    pub prescription_id: PrescriptionId,
    /// The name of its file.
    pub file: String,
    /// Its key under seal; none once it is erased.
    pub sealed_key: Option<String>,
    /// Under which key of the installation.
    pub key_id: String,
    /// When it came.
    pub uploaded_at: DateTime<Utc>,
}

/// A line of the order that needs the prescription, as it was frozen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrescriptionLineView {
    /// The line.
    pub id: OrderLineId,
    /// The order.
    pub order_id: OrderId,
    /// The product.
    pub product_id: ProductId,
    /// Its name at checkout.
    pub product_name: String,
    /// How many pieces.
    pub pieces: i64,
}

impl std::fmt::Debug for PrescriptionImageView {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "PrescriptionImageView({})", self.id)
    }
}

impl PrescriptionRow {
    pub(super) const fn reviewer_id(&self) -> Option<i64> {
        self.reviewed_by
    }

    pub(super) fn view(
        self,
        timezone: &str,
        patient: PatientRow,
        reviewer: Option<ReviewerView>,
    ) -> Result<PrescriptionView, Error> {
        let Self {
            id,
            store_id,
            order_id,
            status,
            rejection_reason,
            reviewed_by: _,
            reviewed_at,
            created_at,
        } = self;
        Ok(PrescriptionView {
            id: PrescriptionId::new(id),
            store_id: StoreId::new(store_id),
            zone: columns::zone(store_id, timezone)?,
            order_id: order_id.map(OrderId::new),
            patient: PatientView {
                id: UserId::new(patient.id),
                first_name: patient.first_name,
                last_name: patient.last_name,
                phone: patient.phone,
            },
            status: columns::coded("prescriptions", id, &status)?,
            rejection_reason,
            reviewer,
            reviewed_at: reviewed_at.map(columns::time),
            created_at: columns::time(created_at),
        })
    }
}

impl From<ImageRow> for PrescriptionImageView {
    fn from(row: ImageRow) -> Self {
        let ImageRow {
            id,
            store_id,
            prescription_id,
            file,
            sealed_key,
            key_id,
            uploaded_at,
        } = row;
        Self {
            id: PrescriptionImageId::new(id),
            store_id: StoreId::new(store_id),
            prescription_id: PrescriptionId::new(prescription_id),
            file,
            sealed_key,
            key_id,
            uploaded_at: columns::time(uploaded_at),
        }
    }
}

impl From<LineRow> for PrescriptionLineView {
    fn from(row: LineRow) -> Self {
        let LineRow {
            id,
            order_id,
            product_id,
            product_name,
            quantity,
        } = row;
        Self {
            id: OrderLineId::new(id),
            order_id: OrderId::new(order_id),
            product_id: ProductId::new(product_id),
            product_name,
            pieces: quantity,
        }
    }
}
