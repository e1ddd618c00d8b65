//! Writes of carts. Whoever changes a line holds the lock of its cart.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::backend::Backend;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::serialize::ToSql;
use diesel::sql_types::{Array, BigInt, HasSqlType, Nullable, Timestamp};
use savdo_domain::Money;
use savdo_domain::ids::{CartId, CartLineId, ProductId, StoreId, UserId};

use super::CartView;
use super::rows::CartRow;
use crate::connection::{AnyConnection, on_each};
use crate::database::Tx;
use crate::error::Error;
use crate::prepared::{cached, statement};
use crate::schema::{cart_lines, carts};

/// A line about to be written.
#[derive(Debug, Clone, Copy)]
pub struct NewCartLine {
    /// The cart.
    pub cart_id: CartId,
    /// The store of the product.
    pub store_id: StoreId,
    /// The product.
    pub product_id: ProductId,
    /// How many pieces, 1 to 100.
    pub pieces: i64,
    /// The price of one piece now.
    pub price: Money,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Locks the cart of a user until the transaction ends; makes it on first use.
///
/// # Errors
/// A failed statement.
pub fn lock(tx: &mut Tx<'_>, user_id: UserId, now: DateTime<Utc>) -> Result<CartView, Error> {
    if let Some(cart) = find_locked(tx, user_id)? {
        return Ok(cart);
    }
    tx.statement("cart_insert", |on| {
        on_each!(on, |c| diesel::insert_into(carts::table)
            .values((carts::user_id.eq(user_id.get()), carts::updated_at.eq(now.naive_utc())))
            .on_conflict(carts::user_id)
            .do_nothing()
            .execute(c))
    })?;
    find_locked(tx, user_id)?.ok_or_else(|| Error::Corrupt {
        table: "carts",
        id: user_id.get(),
        why: "the cart just made for this user is not there".to_owned(),
    })
}

/// `None` without a cart. SQLite has one writer, who needs no lock.
fn find_locked(tx: &mut Tx<'_>, user_id: UserId) -> Result<Option<CartView>, Error> {
    let cart = tx.statement("cart_lock", |on| {
        let cart = carts::table
            .filter(carts::user_id.eq(user_id.get()))
            .select((carts::id, carts::store_id));
        match on {
            AnyConnection::Sqlite(sqlite) => cart.first::<CartRow>(sqlite).optional(),
            AnyConnection::Postgres(postgres) => cart.for_update().first::<CartRow>(postgres).optional(),
        }
    })?;
    Ok(cart.map(CartView::from))
}

/// Notes that the cart changed, and which store its lines are of from now on.
///
/// # Errors
/// A failed statement.
pub fn touch(tx: &mut Tx<'_>, cart_id: CartId, store_id: Option<StoreId>, now: DateTime<Utc>) -> Result<(), Error> {
    let id = cart_id.get();
    let touch = Touch {
        cart_id: &id,
        store_id: store_id.map(StoreId::get),
        at: now.naive_utc(),
    };
    tx.statement("cart_touch", |on| on_each!(on, |c| touch.execute(c)))?;
    Ok(())
}

/// Puts a line into a cart.
///
/// # Errors
/// [`Constraint::CartLineExists`](crate::Constraint) when the product has a line there, or a failed statement.
pub fn insert_line(tx: &mut Tx<'_>, line: &NewCartLine) -> Result<CartLineId, Error> {
    tx.statement("cart_line_insert", |on| {
        diesel::insert_into(cart_lines::table)
            .values((
                cart_lines::cart_id.eq(line.cart_id.get()),
                cart_lines::store_id.eq(line.store_id.get()),
                cart_lines::product_id.eq(line.product_id.get()),
                cart_lines::quantity.eq(line.pieces),
                cart_lines::price_at_add.eq(line.price.tiyin()),
                cart_lines::is_saved.eq(false),
                cart_lines::created_at.eq(line.created_at.naive_utc()),
            ))
            .returning(cart_lines::id)
            .get_result::<i64>(on)
    })
    .map(CartLineId::new)
}

/// Sets the pieces of a line, and whether it is parked.
///
/// # Errors
/// A failed statement.
pub fn set_line(
    tx: &mut Tx<'_>,
    cart_id: CartId,
    line_id: CartLineId,
    pieces: i64,
    is_saved: bool,
) -> Result<(), Error> {
    tx.statement("cart_line_update", |on| {
        diesel::update(
            cart_lines::table
                .filter(cart_lines::cart_id.eq(cart_id.get()))
                .filter(cart_lines::id.eq(line_id.get())),
        )
        .set((cart_lines::quantity.eq(pieces), cart_lines::is_saved.eq(is_saved)))
        .execute(on)
    })?;
    Ok(())
}

/// Parks lines, or brings them back.
///
/// # Errors
/// A failed statement.
pub fn park(tx: &mut Tx<'_>, cart_id: CartId, line_ids: &[CartLineId], is_saved: bool) -> Result<(), Error> {
    let line_ids: Vec<i64> = line_ids.iter().copied().map(CartLineId::get).collect();
    tx.statement("cart_lines_park", |on| {
        diesel::update(
            cart_lines::table
                .filter(cart_lines::cart_id.eq(cart_id.get()))
                .filter(cart_lines::id.eq_any(line_ids)),
        )
        .set(cart_lines::is_saved.eq(is_saved))
        .execute(on)
    })?;
    Ok(())
}

/// Brings every parked line of a cart back.
///
/// # Errors
/// A failed statement.
pub fn unpark(tx: &mut Tx<'_>, cart_id: CartId) -> Result<(), Error> {
    tx.statement("cart_lines_unpark", |on| {
        diesel::update(
            cart_lines::table
                .filter(cart_lines::cart_id.eq(cart_id.get()))
                .filter(cart_lines::is_saved),
        )
        .set(cart_lines::is_saved.eq(false))
        .execute(on)
    })?;
    Ok(())
}

/// Drops lines of a cart and says how many there were.
///
/// # Errors
/// A failed statement.
pub fn delete_lines(tx: &mut Tx<'_>, cart_id: CartId, line_ids: &[CartLineId]) -> Result<usize, Error> {
    let line_ids = ids_of(line_ids);
    tx.statement("cart_lines_delete", |on| {
        diesel::delete(
            cart_lines::table
                .filter(cart_lines::cart_id.eq(cart_id.get()))
                .filter(cart_lines::id.eq_any(line_ids)),
        )
        .execute(on)
    })
}

/// Takes lines out of a cart that was locked, and notes which store what is left there is of.
///
/// # Errors
/// A failed statement.
pub fn take_out(
    tx: &mut Tx<'_>,
    cart_id: CartId,
    line_ids: &[CartLineId],
    store_id: Option<StoreId>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let take_out = TakeOut {
        line_ids: &ids_of(line_ids),
        touch: Touch {
            cart_id: &cart_id.get(),
            store_id: store_id.map(StoreId::get),
            at: now.naive_utc(),
        },
    };
    let at_once = tx.on_postgres("cart_take_out", |on| take_out.get_result::<i64>(on))?;
    let taken = match at_once {
        Some(taken) => usize::try_from(taken).unwrap_or_default(),
        None => {
            touch(tx, cart_id, store_id, now)?;
            delete_lines(tx, cart_id, line_ids)?
        }
    };
    if taken != line_ids.len() {
        return Err(Error::Corrupt {
            table: "carts",
            id: cart_id.get(),
            why: format!("{taken} of {} lines were there to be taken out", line_ids.len()),
        });
    }
    Ok(())
}

fn ids_of(lines: &[CartLineId]) -> Vec<i64> {
    lines.iter().copied().map(CartLineId::get).collect()
}

/// Drops every line of a cart, parked ones included.
///
/// # Errors
/// A failed statement.
pub fn clear(tx: &mut Tx<'_>, cart_id: CartId) -> Result<(), Error> {
    tx.statement("cart_clear", |on| {
        diesel::delete(cart_lines::table.filter(cart_lines::cart_id.eq(cart_id.get()))).execute(on)
    })?;
    Ok(())
}

/// Locks every cart that has the product in it, in the order of their ids. Carts belong to their customers: whoever takes a product
/// out of the catalogue takes it out of all.
///
/// # Errors
/// A failed statement.
pub fn lock_with_unscoped(tx: &mut Tx<'_>, store_id: StoreId, product_id: ProductId) -> Result<Vec<CartId>, Error> {
    let ids: Vec<i64> = tx.statement("carts_with_product_lock", |on| {
        let holding = cart_lines::table
            .filter(cart_lines::store_id.eq(store_id.get()))
            .filter(cart_lines::product_id.eq(product_id.get()))
            .select(cart_lines::cart_id);
        let carts = carts::table
            .filter(carts::id.eq_any(holding))
            .order(carts::id)
            .select(carts::id);
        match on {
            AnyConnection::Sqlite(sqlite) => carts.load(sqlite),
            AnyConnection::Postgres(postgres) => carts.for_update().load(postgres),
        }
    })?;
    Ok(ids.into_iter().map(CartId::new).collect())
}

/// Drops the lines of a product from carts locked before; one that is empty then is of no store.
///
/// # Errors
/// A failed statement.
pub fn forget_product_unscoped(
    tx: &mut Tx<'_>,
    (store_id, product_id): (StoreId, ProductId),
    cart_ids: &[CartId],
) -> Result<(), Error> {
    if cart_ids.is_empty() {
        return Ok(());
    }
    let ids: Vec<i64> = cart_ids.iter().map(|id| id.get()).collect();
    tx.statement("cart_lines_forget", |on| {
        diesel::delete(
            cart_lines::table
                .filter(cart_lines::cart_id.eq_any(&ids))
                .filter(cart_lines::store_id.eq(store_id.get()))
                .filter(cart_lines::product_id.eq(product_id.get())),
        )
        .execute(on)
    })?;
    tx.statement("carts_settle", |on| {
        let filled = cart_lines::table.select(cart_lines::cart_id);
        diesel::update(
            carts::table
                .filter(carts::id.eq_any(&ids))
                .filter(carts::id.ne_all(filled.filter(cart_lines::cart_id.eq_any(&ids)))),
        )
        .set(carts::store_id.eq(None::<i64>))
        .execute(on)
    })?;
    Ok(())
}

struct Touch<'a> {
    cart_id: &'a i64,
    store_id: Option<i64>,
    at: NaiveDateTime,
}

cached!(Touch);

impl<Db> QueryFragment<Db> for Touch<'_>
where
    Db: Backend + HasSqlType<BigInt> + HasSqlType<Timestamp>,
    i64: ToSql<BigInt, Db>,
    Option<i64>: ToSql<Nullable<BigInt>, Db>,
    NaiveDateTime: ToSql<Timestamp, Db>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        statement!(
            out,
            "UPDATE carts SET store_id = " (Nullable<BigInt>, &self.store_id)
            ", updated_at = " (Timestamp, &self.at)
            " WHERE id = " (BigInt, self.cart_id)
        )
    }
}

struct TakeOut<'a> {
    line_ids: &'a [i64],
    touch: Touch<'a>,
}

cached!(TakeOut -> BigInt);

impl QueryFragment<Pg> for TakeOut<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        statement!(
            out,
            "WITH taken AS (DELETE FROM cart_lines USING unnest((SELECT " (Array<BigInt>, self.line_ids)
            ")) AS asked (id) WHERE cart_lines.id = asked.id AND cart_lines.cart_id = " (BigInt, self.touch.cart_id)
            " RETURNING 1), touched AS ("
        )
        .and_then(|()| self.touch.walk_ast(out.reborrow()))?;
        out.push_sql(") SELECT count(*) FROM taken");
        Ok(())
    }
}
