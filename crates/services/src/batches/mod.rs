//! Batches: what they hold, what is said of them, where their goods went.

mod change;
mod detail;
mod list;
mod trace;

pub use change::{ChangeBatch, change};
pub use detail::detail;
pub use list::{BatchSeen, ListBatches, list};
pub use savdo_persistence::stock::{BatchColumn, BatchView, IssuedView};
pub use trace::{BatchTrace, TraceSeries, trace};
