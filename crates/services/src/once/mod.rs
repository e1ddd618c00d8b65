//! Work that has one effect however often it is asked for (shop.md 1.6).
//!
//! A use-case that honours idempotency keys takes `&impl Once<View>` and opens its transaction through it. [`Unkeyed`] is the
//! plain transaction; [`Rendered`] comes from a request, and where that carried a key looks it up, does the work, renders
//! the answer and keeps it, all in the one transaction. So there is never an effect without its answer, nor the reverse.
//! A refused request keeps nothing.

mod forget;
mod in_flight;
mod key;
mod rendered;

use savdo_domain::access::Actor;
use savdo_persistence::Tx;

use crate::{Context, Result};

pub use forget::forget_old;
pub(crate) use in_flight::InFlight;
pub(crate) use key::Sealer;
pub use key::{InvalidKey, Key};
pub use rendered::{Answer, Rendered};

/// The way in which a use-case opens its transaction, whose outcome is `V`.
pub trait Once<V> {
    /// What the caller gets.
    type Answer;

    /// The answer that was given already, if it was: for who would do dear work before the transaction. The caller's right to it
    /// has been judged.
    ///
    /// # Errors
    /// Those of the database; [`KeyReused`](crate::Error::KeyReused).
    fn earlier(&self, context: &Context, actor: &Actor) -> Result<Option<Self::Answer>>;

    /// Does `work` in one transaction, as [`Database::write`](crate::Database::write) does. The caller's right to it has
    /// been judged.
    ///
    /// # Errors
    /// Those of `work` and of the database; [`KeyReused`](crate::Error::KeyReused),
    /// [`KeyInFlight`](crate::Error::KeyInFlight).
    fn write<F>(&self, context: &Context, actor: &Actor, name: &'static str, work: F) -> Result<Self::Answer>
    where
        F: Fn(&mut Tx<'_>) -> Result<V> + Send + 'static;
}

/// Work that nobody asks for twice: of demo data, of tests, of whoever calls without a key.
#[derive(Debug, Clone, Copy)]
pub struct Unkeyed;

impl<V: Send + 'static> Once<V> for Unkeyed {
    type Answer = V;

    fn earlier(&self, _: &Context, _: &Actor) -> Result<Option<V>> {
        Ok(None)
    }

    fn write<F>(&self, context: &Context, _: &Actor, name: &'static str, work: F) -> Result<V>
    where
        F: Fn(&mut Tx<'_>) -> Result<V> + Send + 'static,
    {
        context.database().write(name, work)
    }
}
