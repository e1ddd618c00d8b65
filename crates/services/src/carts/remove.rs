//! Taking a line out of one's cart.

use savdo_domain::Refusal;
use savdo_domain::access::Actor;
use savdo_domain::ids::CartLineId;
use savdo_persistence::carts;

use super::{CartContents, load};
use crate::{Context, Result};

/// Takes a line out of the caller's cart, parked or not. Without any line the cart is of no store again.
///
/// # Errors
/// [`Refusal::NotFound`] for any other line.
pub fn remove(context: &Context, actor: &Actor, line_id: CartLineId) -> Result<CartContents> {
    let (now, user_id) = (context.now(), actor.user_id);
    context.database().write("cart_remove", move |tx| {
        let cart = carts::write::lock(tx, user_id, now)?;
        if carts::write::delete_lines(tx, cart.id, &[line_id])? == 0 {
            return Err(Refusal::NotFound.into());
        }
        let contents = load(tx, now, cart.id)?;
        carts::write::touch(tx, cart.id, contents.store.as_ref().map(|store| store.id), now)?;
        Ok(contents)
    })
}
