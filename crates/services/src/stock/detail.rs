//! One level.

use savdo_domain::Refusal;
use savdo_domain::access::{Actor, Permission};
use savdo_domain::ids::LevelId;
use savdo_persistence::stock::{self, StockView};

use crate::{Context, Result};

/// What lies of one product at one place today, also where an empty level was put aside.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`] for another store's.
pub fn detail(context: &Context, actor: &Actor, id: LevelId) -> Result<StockView> {
    let seat = actor.permit(Permission::ViewStock)?;
    let (store_id, day) = (seat.store_id(), seat.zone().day(context.now()));
    context.database().read_consistent("stock_detail", |reader| {
        let found = stock::find_stock(reader, store_id, day, id)?;
        Ok(found.ok_or(Refusal::NotFound)?)
    })
}
