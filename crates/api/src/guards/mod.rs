//! Who is calling: extractors that a handler asks for by naming them.

mod origin;
mod signed_in;

pub use origin::{RequestId, RequestOrigin};
pub(crate) use signed_in::Entrance;
pub use signed_in::{MaybeSignedIn, SignedIn};
