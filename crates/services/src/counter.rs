//! The branch at whose counter something is done: the one that is named, else that of who does it.

use savdo_domain::FieldProblem;
use savdo_domain::access::RowStatus;
use savdo_domain::ids::{LocationId, StoreId};
use savdo_domain::stock::LocationKind;
use savdo_persistence::Tx;
use savdo_persistence::sales::{self, CounterView};

use crate::Result;

/// The branch with the store's rules, held in use until the end of the transaction; what is wrong with it where none is named,
/// or one that is none of the store's branches in use.
///
/// # Errors
/// A failed statement, or a corrupt row.
pub(crate) fn hold(
    tx: &mut Tx<'_>,
    store_id: StoreId,
    named: Option<LocationId>,
) -> Result<std::result::Result<CounterView, FieldProblem>> {
    let Some(branch) = named else {
        return Ok(Err(FieldProblem::Required));
    };
    let place = sales::hold_counter(tx, store_id, branch)?;
    let counter = place.filter(|place| place.kind == LocationKind::Branch && place.status == RowStatus::Active);
    Ok(counter.ok_or(FieldProblem::UnknownObject))
}
