//! What whoever watches the installation is told of money: of all stores, in figures alone.

use savdo_domain::payment::Provider;
use savdo_persistence::payments::{late_unscoped, transactions};

use crate::{Context, Result};

/// Where the money of the installation stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoneyStanding {
    /// How many transactions of each provider may still be performed; those without any are not there.
    pub open: Vec<(Provider, i64)>,
    /// How many payments came late and were not given back.
    pub late: i64,
}

/// Where the money stands now. Two partial indexes answer it.
///
/// # Errors
/// A database that is busy.
pub fn standing(context: &Context) -> Result<MoneyStanding> {
    context.database().read("payments_standing", |reader| {
        Ok(MoneyStanding {
            open: transactions::open_unscoped(reader)?,
            late: late_unscoped(reader)?,
        })
    })
}
