//! What all movements by hand have in common: who makes them, when, and at which place.

use chrono::{DateTime, NaiveDate, Utc};
use savdo_domain::access::{Actor, Permission, RowStatus};
use savdo_domain::coded::Coded;
use savdo_domain::ids::{LocationId, ProductId, StoreId};
use savdo_domain::stock::{DocumentType, LocationKind, MovementReason, Place};
use savdo_domain::{FieldErrors, FieldProblem};
use savdo_persistence::sales::{self, CounterView, GoodsView};
use savdo_persistence::{Tx, products};

use crate::audit::Author;
use crate::stock::ledger::Document;
use crate::{Context, Result};

/// Who moves goods, and when.
#[derive(Debug, Clone)]
pub(super) struct Mover {
    pub(super) store_id: StoreId,
    pub(super) author: Author,
    pub(super) day: NaiveDate,
    pub(super) at: DateTime<Utc>,
}

impl Mover {
    pub(super) fn new(context: &Context, actor: &Actor, permission: Permission) -> Result<Self> {
        let seat = actor.permit(permission)?;
        let at = context.now();
        Ok(Self {
            store_id: seat.store_id(),
            author: Author::from(actor),
            day: seat.zone().day(at),
            at,
        })
    }

    /// The active place that is named, held as it is; a problem at its key, or across the two of them.
    pub(super) fn find_place(
        &self,
        tx: &mut Tx<'_>,
        branch: Option<LocationId>,
        warehouse: Option<LocationId>,
        errors: &mut FieldErrors,
    ) -> Result<Option<CounterView>> {
        let (id, kind) = match (branch, warehouse) {
            (Some(branch), None) => (branch, LocationKind::Branch),
            (None, Some(warehouse)) => (warehouse, LocationKind::Warehouse),
            (Some(_), Some(_)) | (None, None) => {
                errors.add(FieldErrors::NON_FIELD, FieldProblem::ExactlyOnePlace);
                return Ok(None);
            }
        };
        let place = sales::hold_counter(tx, self.store_id, id)?;
        let place = place.filter(|place| place.kind == kind && place.status == RowStatus::Active);
        Ok(errors.keep(kind.code(), place.ok_or(FieldProblem::UnknownObject)))
    }

    /// A product of the store in whatever status, held as it is.
    pub(super) fn hold_goods(&self, tx: &mut Tx<'_>, id: ProductId) -> Result<Option<GoodsView>> {
        products::hold(tx, self.store_id, id)?;
        Ok(sales::goods(tx, self.store_id, &[id])?.pop())
    }

    /// The document by which goods move at a place: the movement itself.
    pub(super) const fn document<'a>(
        &self,
        place: Place,
        reason: MovementReason,
        description: &'a str,
    ) -> Document<'a> {
        Document {
            store_id: self.store_id,
            place,
            document_type: DocumentType::Manual,
            document_id: None,
            reason,
            actor_id: self.author.user_id,
            day: self.day,
            at: self.at,
            description,
        }
    }
}
