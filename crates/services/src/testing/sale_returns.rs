//! Returns of a test.

use savdo_domain::access::Actor;
use savdo_domain::ids::{ProductId, SaleId, SaleReturnId};
use savdo_domain::sale_return::{AskedBack, BackOf};

use super::World;
use super::people::done;
use super::stock::quantity;
use crate::once::Unkeyed;
use crate::sale_returns::{self, CreateSaleReturn, SaleReturnDetailView};

/// Goods of a sale, brought back to where they were sold.
#[must_use]
pub fn back(sale: SaleId, items: &[(ProductId, &str)]) -> CreateSaleReturn {
    let item = |(product_id, pieces): &(ProductId, &str)| AskedBack {
        of: BackOf::Product(*product_id),
        quantity: quantity(pieces),
    };
    CreateSaleReturn {
        sale,
        items: items.iter().map(item).collect(),
        branch: None,
        reason: String::new(),
        refund_method: None,
    }
}

impl World {
    /// A return that somebody wrote down.
    pub fn bring_back(&self, worker: &Actor, command: CreateSaleReturn) -> SaleReturnDetailView {
        done(sale_returns::create(&self.context, worker, command, &Unkeyed))
    }

    /// A return that somebody confirmed.
    pub fn confirm_return(&self, worker: &Actor, id: SaleReturnId) -> SaleReturnDetailView {
        done(sale_returns::confirm(&self.context, worker, id, &Unkeyed))
    }
}
