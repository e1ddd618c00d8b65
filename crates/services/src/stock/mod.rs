//! Stock: goods come in, go out and come back, all through the one ledger.

pub(crate) mod ledger;
