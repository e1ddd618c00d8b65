//! The ledger: goods come in, go out, come back.
//!
//! Decides which batches a withdrawal takes, what each line of a document costs, and what a level keeps afterwards.
//! Value is conserved to the tiyin: what is taken and what stays always sum to what was there. Locks, rows and the
//! moment of writing are deliberately absent; every function works on the batches it is handed.

pub mod allocate;
pub mod batch;
pub mod carry;
pub mod correct;
pub mod label;
pub mod level;
pub mod location;
pub mod low;
pub mod movement;
pub mod put_back;
pub mod reason;
pub mod receive;
pub mod refusal;
mod share_out;

#[cfg(test)]
mod back_laws;
#[cfg(test)]
mod builders;
#[cfg(test)]
mod laws;

pub use allocate::{Demand, Policy, Withdraw, Withdrawal};
pub use batch::Batch;
pub use carry::{Arrival, ArrivingPart, CarriedBatch, carry};
pub use correct::{Correction, correct};
pub use label::{Label, LabelChange};
pub use level::Level;
pub use location::{LocationKind, Place};
pub use low::LowStock;
pub use movement::{BatchChange, Movement, Part};
pub use put_back::{Corrupt, IssuedPart, LineBack, PutBack, Undoing, put_back, undo_all, undo_lines};
pub use reason::{DocumentType, MovementReason, MovementType};
pub use receive::{NewBatch, Receipt, receive};
pub use refusal::{ShortLine, StockRefusal};
