//! Reads of carts.

use diesel::prelude::*;
use savdo_domain::ids::{CartId, UserId};

use super::rows::{CartLineRow, CartRow};
use super::{CartLineView, CartView};
use crate::database::Reader;
use crate::error::Error;
use crate::schema::{cart_lines, carts};

/// The cart of a user, if he ever had one.
///
/// # Errors
/// A failed statement.
pub fn of_user(reader: &mut Reader<'_>, user_id: UserId) -> Result<Option<CartView>, Error> {
    let cart = reader.statement("cart_find", |on| {
        carts::table
            .filter(carts::user_id.eq(user_id.get()))
            .select(CartRow::as_select())
            .first::<CartRow>(on)
            .optional()
    })?;
    Ok(cart.map(CartView::from))
}

/// The lines of a cart, parked ones included, in the order of their ids.
///
/// # Errors
/// A failed statement.
pub fn lines(reader: &mut Reader<'_>, cart_id: CartId) -> Result<Vec<CartLineView>, Error> {
    let lines = reader.statement("cart_lines", |on| {
        cart_lines::table
            .filter(cart_lines::cart_id.eq(cart_id.get()))
            .order(cart_lines::id)
            .select(CartLineRow::as_select())
            .load::<CartLineRow>(on)
    })?;
    Ok(lines.into_iter().map(CartLineView::from).collect())
}
