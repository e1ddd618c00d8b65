//! Who sells, where and when, and the sale he makes.

use chrono::{DateTime, NaiveDate, Utc};
use savdo_domain::Money;
use savdo_domain::access::{Actor, Seat};
use savdo_domain::ids::{LocationId, SaleId, ShiftId, StoreId, WorkerId};
use savdo_domain::sale::{PricedSale, SaleStatus, Settlement};
use savdo_domain::zone::Zone;
use savdo_persistence::sales::{CounterView, NewSale, SaleDetailView, SaleLineView, SaleView};

use super::sell::Sell;
use crate::audit::Author;

/// Who sells, where and when.
pub(super) struct Seller {
    pub(super) store_id: StoreId,
    pub(super) worker_id: WorkerId,
    pub(super) name: String,
    pub(super) own_branch: Option<LocationId>,
    pub(super) is_manager: bool,
    pub(super) author: Author,
    pub(super) zone: Zone,
    /// When it is told.
    pub(super) at: DateTime<Utc>,
    /// When it is sold: now, unless the client says.
    pub(super) sold_at: DateTime<Utc>,
}

impl Seller {
    pub(super) fn of(seat: &Seat<'_>, actor: &Actor, at: DateTime<Utc>, sold_at: DateTime<Utc>) -> Self {
        Self {
            store_id: seat.store_id(),
            worker_id: seat.worker_id(),
            name: actor.name.clone(),
            own_branch: seat.worker.branch,
            is_manager: seat.is_manager(),
            author: Author::from(actor),
            zone: seat.zone(),
            at,
            sold_at,
        }
    }

    /// The day of the store on which goods leave: what has expired is judged by it, whenever the sale was made.
    pub(super) fn today(&self) -> NaiveDate {
        self.zone.day(self.at)
    }

    pub(super) fn sale<'a>(
        &self,
        (counter, shift_id): (&CounterView, Option<ShiftId>),
        command: &'a Sell,
        priced: &PricedSale,
        settlement: Settlement,
    ) -> NewSale<'a> {
        NewSale {
            store_id: self.store_id,
            branch_id: counter.location_id,
            worker_id: self.worker_id,
            shift_id,
            payment_type: command.payment_type,
            total_price: priced.total_price,
            discount_amount: priced.discount_amount,
            net_total: priced.net_total,
            settlement,
            description: &command.description,
            client_id: command.client_id.as_ref(),
            sold_at: self.sold_at,
            day: self.zone.day(self.sold_at),
            at: self.at,
        }
    }

    /// The sale as it is read back: what was written is known, and reading it again would cost two more statements.
    pub(super) fn view(
        &self,
        (id, number): (SaleId, i64),
        counter: &CounterView,
        command: &Sell,
        priced: &PricedSale,
        settlement: Settlement,
    ) -> SaleView {
        SaleView {
            id,
            number,
            branch_id: counter.location_id,
            branch_name: counter.name.clone(),
            worker_id: self.worker_id,
            worker_name: self.name.clone(),
            payment_type: command.payment_type,
            total_price: priced.total_price,
            discount_amount: priced.discount_amount,
            net_total: priced.net_total,
            settlement,
            returned_amount: Money::ZERO,
            status: SaleStatus::Completed,
            sold_at: self.sold_at,
            created_at: self.at,
        }
    }
}

/// The sale with what is known of one that was just made.
pub(super) fn completed(
    sale: SaleView,
    shift_id: Option<ShiftId>,
    command: &Sell,
    lines: Vec<SaleLineView>,
) -> SaleDetailView {
    SaleDetailView {
        sale,
        shift_id,
        description: command.description.clone(),
        client_id: command.client_id.as_ref().map(ToString::to_string),
        cancelled_at: None,
        cancelled_by_name: None,
        cancel_reason: String::new(),
        refund: Settlement::default(),
        lines,
    }
}
