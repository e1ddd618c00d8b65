//! A product by the code that a scanner reads.

use savdo_domain::access::{Actor, Permission};
use savdo_domain::catalog::barcode;
use savdo_domain::{FieldErrors, FieldProblem, Refusal};
use savdo_persistence::products::{self, ProductView};

use crate::{Context, Result};

/// How long a code may be.
const CODE_LENGTH_MAX: usize = 100;

/// The active product of the caller's store with this barcode; without one, the product that the code names by its id, in
/// whatever state.
///
/// # Errors
/// A missing right; a problem at `code` when it is empty or too long; [`Refusal::NotFound`].
pub fn scan(context: &Context, actor: &Actor, code: String) -> Result<ProductView> {
    let seat = actor.permit(Permission::ViewCatalogue)?;
    check(&code)?;
    let store_id = seat.store_id();
    let found = context.database().read("product_scan", |reader| {
        let of_barcode = products::find_by_barcode(reader, store_id, &code)?;
        match of_barcode.or_else(|| barcode::named_product(&code)) {
            Some(id) => products::find(reader, store_id, id),
            None => Ok(None),
        }
    })?;
    found.ok_or_else(|| Refusal::NotFound.into())
}

fn check(code: &str) -> Result<()> {
    if code.is_empty() {
        return Err(Refusal::field("code", FieldProblem::Required).into());
    }
    if code.chars().count() > CODE_LENGTH_MAX {
        return Err(FieldErrors::one("code", FieldProblem::TooLong { max: CODE_LENGTH_MAX }).into());
    }
    Ok(())
}
