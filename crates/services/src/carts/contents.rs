//! A cart with what the catalogue says of its lines now.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use savdo_domain::cart::{CartLine, CartSummary};
use savdo_domain::ids::{CartId, StoreId};
use savdo_persistence::carts::{self, CartLineView};
use savdo_persistence::products::{self, OfferedView};
use savdo_persistence::{Error, Reader};

/// A cart as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CartContents {
    /// The cart.
    pub id: CartId,
    /// The store of its lines; none without a line.
    pub store: Option<CartStore>,
    /// The lines that a checkout would order, by id.
    pub lines: Vec<OfferedLine>,
    /// The lines parked beside them, by id.
    pub saved: Vec<OfferedLine>,
    /// What the lines come to; parked ones do not count.
    pub summary: CartSummary,
}

/// The store of a cart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CartStore {
    /// The store.
    pub id: StoreId,
    /// Its name.
    pub name: String,
}

/// A line of a cart beside its product as it is offered now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferedLine {
    /// The line at the price of now.
    pub line: CartLine,
    /// The product, visible or not.
    pub product: OfferedView,
}

impl CartContents {
    /// Every line, parked ones included.
    pub(crate) fn all_lines(&self) -> Vec<CartLine> {
        self.lines
            .iter()
            .chain(&self.saved)
            .map(|offered| offered.line)
            .collect()
    }
}

/// Reads the lines of a cart and their products.
pub(crate) fn load(reader: &mut Reader<'_>, now: DateTime<Utc>, cart_id: CartId) -> Result<CartContents, Error> {
    let lines = carts::read::lines(reader, cart_id)?;
    let product_ids: Vec<_> = lines.iter().map(|line| line.product_id).collect();
    let offered = products::offered_unscoped(reader, now, &product_ids)?;
    let mut offered: BTreeMap<_, _> = offered
        .into_iter()
        .map(|product| (product.product_id, product))
        .collect();

    let mut contents = CartContents {
        id: cart_id,
        store: None,
        lines: Vec::new(),
        saved: Vec::new(),
        summary: CartSummary::default(),
    };
    for line in lines {
        let product = offered
            .remove(&line.product_id)
            .ok_or_else(|| corrupt(cart_id, "a line is of no product"))?;
        let offered = OfferedLine {
            line: priced(&line, &product),
            product,
        };
        contents.store.get_or_insert_with(|| CartStore {
            id: offered.product.store_id,
            name: offered.product.store_name.clone(),
        });
        if line.is_saved {
            contents.saved.push(offered);
        } else {
            contents.lines.push(offered);
        }
    }
    contents.summary =
        CartSummary::of(&contents.all_lines()).ok_or_else(|| corrupt(cart_id, "its lines sum to more than fits"))?;
    Ok(contents)
}

fn priced(line: &CartLineView, product: &OfferedView) -> CartLine {
    CartLine {
        id: line.id,
        pieces: line.pieces,
        price: product.price,
        price_at_add: line.price_at_add,
        needs_prescription: product.needs_prescription,
        is_saved: line.is_saved,
    }
}

fn corrupt(cart_id: CartId, why: &str) -> Error {
    Error::Corrupt {
        table: "carts",
        id: cart_id.get(),
        why: why.to_owned(),
    }
}
