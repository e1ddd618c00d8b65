//! Who is calling: extractors that a handler asks for by naming them.

pub(crate) mod entrance;
mod origin;
mod signed_in;

pub use origin::{RequestId, RequestOrigin};
pub use signed_in::{MaybeSignedIn, SignedIn};
