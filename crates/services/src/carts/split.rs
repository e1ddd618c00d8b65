//! Parking the prescription lines of a mixed cart, and bringing them back.

use savdo_domain::access::Actor;
use savdo_domain::cart::{CartPart, Split};
use savdo_persistence::carts;

use super::{CartContents, load};
use crate::{Context, Result};

/// Leaves `part` in the caller's cart: without prescription parks the lines that need one, all brings every parked line
/// back.
///
/// # Errors
/// [`CartRefusal::NothingToSplit`](savdo_domain::cart::CartRefusal::NothingToSplit) when the cart is not mixed, or
/// nothing is parked.
pub fn split(context: &Context, actor: &Actor, part: CartPart) -> Result<CartContents> {
    let (now, user_id) = (context.now(), actor.user_id);
    context.database().write("cart_split", move |tx| {
        let cart = carts::write::lock(tx, user_id, now)?;
        let contents = load(tx, now, cart.id)?;
        let Split { line_ids, is_saved } = part.split(&contents.all_lines())?;
        carts::write::park(tx, cart.id, &line_ids, is_saved)?;
        carts::write::touch(tx, cart.id, cart.store_id, now)?;
        Ok(load(tx, now, cart.id)?)
    })
}
