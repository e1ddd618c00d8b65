//! What runs low.

use savdo_domain::access::{Actor, Permission};
use savdo_domain::ids::LocationId;
use savdo_persistence::settings;
use savdo_persistence::stock::{self, LowFilter, StockView};

use crate::{Context, Result};

/// What of the store lies low.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LowStockView {
    /// Up to how many pieces a level counts as low.
    pub threshold: i64,
    /// The levels, the lowest first.
    pub levels: Vec<StockView>,
}

impl LowStockView {
    const fn nothing() -> Self {
        Self {
            threshold: 0,
            levels: Vec::new(),
        }
    }
}

/// The levels of active products that hold something, but no more than the store's threshold; none where the store watches
/// no levels.
///
/// # Errors
/// A missing right.
pub fn list_low(
    context: &Context,
    actor: &Actor,
    branch: Option<LocationId>,
    warehouse: Option<LocationId>,
) -> Result<LowStockView> {
    let Some(seat) = actor.permit_list(Permission::OverseeStock)? else {
        return Ok(LowStockView::nothing());
    };
    let (store_id, day) = (seat.store_id(), seat.zone().day(context.now()));
    context.report(actor, "stock_low", |reader| {
        let settings = settings::find(reader, store_id)?;
        let threshold = settings.low_stock_threshold;
        let Some(most) = settings.low_stock().threshold() else {
            return Ok(LowStockView::nothing());
        };
        let filter = LowFilter {
            branch,
            warehouse,
            most,
        };
        let levels = stock::low(reader, store_id, day, &filter)?;
        Ok(LowStockView { threshold, levels })
    })
}
