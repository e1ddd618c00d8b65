//! Putting a product into one's cart.

use chrono::{DateTime, Utc};
use savdo_domain::access::Actor;
use savdo_domain::cart::limits;
use savdo_domain::ids::ProductId;
use savdo_domain::{FieldErrors, FieldProblem};
use savdo_persistence::carts::write::NewCartLine;
use savdo_persistence::carts::{self, CartLineView, CartView};
use savdo_persistence::products::{self, OfferedView};
use savdo_persistence::{Reader, Tx};

use super::{CartContents, load};
use crate::once::Once;
use crate::{Context, Result};

/// More of a product for the cart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddToCart {
    /// The product.
    pub product_id: ProductId,
    /// How many pieces more.
    pub pieces: i64,
}

/// Puts the product into the caller's cart, or adds the pieces to the line it has; a parked line comes back with them.
///
/// # Errors
/// `product_id` of a product that customers do not see and `quantity` not 1 to 100, the sum too; then
/// [`CartRefusal`](savdo_domain::cart::CartRefusal) of another store, a problem across fields when the cart is full, and
/// a shortage.
pub fn add<O: Once<CartContents>>(context: &Context, actor: &Actor, command: AddToCart, once: &O) -> Result<O::Answer> {
    let (now, user_id) = (context.now(), actor.user_id);
    once.write(context, actor, "cart_add", move |tx| {
        let cart = carts::write::lock(tx, user_id, now)?;
        let lines = carts::read::lines(tx, cart.id)?;
        let held = lines.iter().find(|line| line.product_id == command.product_id);
        let (product, pieces) = judge(tx, now, command, held)?;
        limits::check_store(cart.store_id, product.store_id)?;
        if held.is_none() {
            limits::check_room(lines.len())?;
        }
        limits::check_stock(product.sellable, pieces)?;

        put(tx, cart, held, &product, pieces, now)?;
        carts::write::touch(tx, cart.id, Some(product.store_id), now)?;
        Ok(load(tx, now, cart.id)?)
    })
}

/// The product that is meant, and the pieces that its line will hold.
fn judge(
    reader: &mut Reader<'_>,
    now: DateTime<Utc>,
    command: AddToCart,
    held: Option<&CartLineView>,
) -> Result<(OfferedView, i64)> {
    let product = products::offered_unscoped(reader, now, &[command.product_id])?;
    let product = product.into_iter().find(|product| product.is_visible);
    let pieces = limits::add_pieces(held.map_or(0, |line| line.pieces), command.pieces);
    match (product, pieces) {
        (Some(product), Ok(pieces)) => Ok((product, pieces)),
        (Some(_), Err(errors)) => Err(errors.into()),
        (None, pieces) => {
            let mut errors = pieces.err().unwrap_or_default();
            errors.merge(FieldErrors::one("product_id", FieldProblem::UnknownObject));
            Err(errors.into())
        }
    }
}

fn put(
    tx: &mut Tx<'_>,
    cart: CartView,
    held: Option<&CartLineView>,
    product: &OfferedView,
    pieces: i64,
    now: DateTime<Utc>,
) -> Result<()> {
    match held {
        Some(line) => carts::write::set_line(tx, cart.id, line.id, pieces, false)?,
        None => {
            let line = NewCartLine {
                cart_id: cart.id,
                store_id: product.store_id,
                product_id: product.product_id,
                pieces,
                price: product.price,
                created_at: now,
            };
            carts::write::insert_line(tx, &line)?;
        }
    }
    Ok(())
}
