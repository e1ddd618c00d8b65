//! Emptying one's cart.

use savdo_domain::access::Actor;
use savdo_persistence::carts;

use super::{CartContents, load};
use crate::{Context, Error, Result};

/// Takes every line out of the caller's cart, parked ones included.
///
/// # Errors
/// A database that cannot.
pub fn clear(context: &Context, actor: &Actor) -> Result<CartContents> {
    let (now, user_id) = (context.now(), actor.user_id);
    context.database().write("cart_clear", move |tx| {
        let cart = carts::write::lock(tx, user_id, now)?;
        carts::write::clear(tx, cart.id)?;
        carts::write::touch(tx, cart.id, None, now)?;
        load(tx, now, cart.id).map_err(Error::from)
    })
}
