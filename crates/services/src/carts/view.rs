//! Looking into one's cart.

use savdo_domain::access::Actor;
use savdo_persistence::carts;

use super::{CartContents, load};
use crate::{Context, Error, Result};

/// The caller's cart, made on first use.
///
/// # Errors
/// A database that cannot.
pub fn view(context: &Context, actor: &Actor) -> Result<CartContents> {
    let (now, user_id) = (context.now(), actor.user_id);
    let found = context.database().read("cart_view", |reader| {
        let cart = carts::read::of_user(reader, user_id)?;
        cart.map(|cart| load(reader, now, cart.id)).transpose()
    })?;
    match found {
        Some(contents) => Ok(contents),
        None => context.database().write("cart_open", move |tx| {
            let cart = carts::write::lock(tx, user_id, now)?;
            load(tx, now, cart.id).map_err(Error::from)
        }),
    }
}
