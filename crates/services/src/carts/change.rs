//! Setting the pieces of a line.

use savdo_domain::access::Actor;
use savdo_domain::cart::limits;
use savdo_domain::ids::CartLineId;
use savdo_domain::{FieldProblem, Refusal};
use savdo_persistence::carts;

use super::{CartContents, OfferedLine, load};
use crate::{Context, Result};

/// Another number of pieces for a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeCartLine {
    /// The line.
    pub line_id: CartLineId,
    /// How many pieces it holds from now on.
    pub pieces: i64,
}

/// Sets the pieces of a line of the caller's cart, parked or not.
///
/// # Errors
/// [`Refusal::NotFound`] for any other line; `quantity` not 1 to 100; `product_id` when customers do not see the product
/// any more; a shortage.
pub fn change(context: &Context, actor: &Actor, command: ChangeCartLine) -> Result<CartContents> {
    let (now, user_id) = (context.now(), actor.user_id);
    context.database().write("cart_change", move |tx| {
        let cart = carts::write::lock(tx, user_id, now)?;
        let contents = load(tx, now, cart.id)?;
        let mut lines = contents.lines.iter().chain(&contents.saved);
        let OfferedLine { line, product } = lines
            .find(|offered| offered.line.id == command.line_id)
            .ok_or(Refusal::NotFound)?;
        let pieces = limits::set_pieces(command.pieces)?;
        if !product.is_visible {
            return Err(Refusal::field("product_id", FieldProblem::UnknownObject).into());
        }
        limits::check_stock(product.sellable, pieces)?;

        carts::write::set_line(tx, cart.id, line.id, pieces, line.is_saved)?;
        carts::write::touch(tx, cart.id, cart.store_id, now)?;
        Ok(load(tx, now, cart.id)?)
    })
}
