//! Why a transaction was cancelled, in Payme's numbers (Payme Merchant API; contract 2.3); ours are kept for Click too.

/// The transaction failed: the order it was for was given up or paid another way.
pub const FAILED: i64 = 3;
/// It was open for longer than it may.
pub const TIME_OVER: i64 = 4;
