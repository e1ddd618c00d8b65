//! What the customer is handed for a sale.
//!
//! The settings are those of now: a sale does not keep the ones it was made under.

use anyhow::Context as _;
use savdo_domain::access::{Actor, Permission};
use savdo_domain::ids::SaleId;
use savdo_domain::sale::tax;
use savdo_domain::{Money, Percent};
use savdo_persistence::sales::SaleDetailView;
use savdo_persistence::{locations, settings};

use super::view;
use crate::{Context, Result};

/// A sale with all that its receipt says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptView {
    /// The name of the store.
    pub store_name: String,
    /// The address of the branch, possibly empty.
    pub branch_address: String,
    /// The phone of the branch as it is shown, possibly empty.
    pub branch_phone: String,
    /// What the store says first, possibly empty.
    pub header: String,
    /// What it says last, possibly empty.
    pub footer: String,
    /// Whether the seller is named.
    pub names_seller: bool,
    /// The tax in what is to be paid; none where the store does not show it.
    pub tax: Option<IncludedTax>,
    /// The sale.
    pub sale: SaleDetailView,
}

/// The tax that a price holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IncludedTax {
    /// How much of the price without it.
    pub percent: Percent,
    /// How much that is.
    pub amount: Money,
}

/// The receipt of a sale of the caller's store, in whatever status.
///
/// # Errors
/// A missing right; [`Refusal::NotFound`](savdo_domain::Refusal::NotFound) for an unknown sale or another store's.
pub fn receipt(context: &Context, actor: &Actor, id: SaleId) -> Result<ReceiptView> {
    let seat = actor.permit(Permission::ViewSales)?;
    let store_id = seat.store_id();
    let (sale, settings, branch) = context.database().read_consistent("sale_receipt", |reader| {
        let sale = view::find(reader, store_id, id)?;
        let settings = settings::find(reader, store_id)?;
        let branch = locations::find(reader, store_id, sale.sale.branch_id)?;
        Ok::<_, crate::Error>((sale, settings, branch))
    })?;
    let branch = branch.with_context(|| format!("sale {id} is of a branch that its store has not"))?;
    let tax = settings.tax_enabled.then(|| {
        let amount = tax::included(sale.sale.net_total, settings.tax_percent);
        let amount = amount.with_context(|| format!("the tax of sale {id} does not fit"))?;
        Ok::<_, anyhow::Error>(IncludedTax {
            percent: settings.tax_percent,
            amount,
        })
    });
    Ok(ReceiptView {
        store_name: seat.store.name.clone(),
        branch_address: branch.address,
        branch_phone: branch.phone,
        header: settings.receipt_header,
        footer: settings.receipt_footer,
        names_seller: settings.show_worker_name,
        tax: tax.transpose()?,
        sale,
    })
}
