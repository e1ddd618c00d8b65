//! What is sent about a cart.

use savdo_domain::cart::CartPart;
use savdo_domain::ids::{CartLineId, ProductId};
use savdo_domain::{FieldErrors, FieldProblem, Refusal};
use savdo_services::carts::{AddToCart, ChangeCartLine};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::extract::{CodeInput, IdInput, Patch, PiecesInput};
use crate::problem::Problem;

/// A product for the cart.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct AddToCartBody {
    /// The product.
    #[validate(required)]
    #[schema(required, nullable = false)]
    product_id: Option<IdInput>,
    /// How many pieces more: 1 to 100, 1 when not sent.
    #[serde(default)]
    quantity: Patch<PiecesInput>,
}

/// Other pieces for a line.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct CartLineBody {
    /// How many pieces: 1 to 100.
    #[validate(required)]
    #[schema(required, nullable = false)]
    quantity: Option<PiecesInput>,
}

/// Which part of the cart stays.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct SplitBody {
    /// `without_prescription` parks the prescription lines, `all` brings them back.
    #[validate(required)]
    #[schema(required, schema_with = CodeInput::<CartPart>::schema)]
    part: Option<CodeInput<CartPart>>,
}

impl AddToCartBody {
    pub(super) fn into_command(self) -> Result<AddToCart, Problem> {
        let required = || Problem::Refused(Refusal::field("product_id", FieldProblem::Required));
        let IdInput(product_id) = self.product_id.ok_or_else(required)?;
        let mut errors = FieldErrors::new();
        let pieces = self
            .quantity
            .not_null("quantity", &mut errors)
            .map_or(1, |pieces| pieces.0);
        errors.into_result().map_err(|errors| Problem::Refused(errors.into()))?;
        Ok(AddToCart {
            product_id: ProductId::new(product_id),
            pieces,
        })
    }
}

impl CartLineBody {
    pub(super) fn into_command(self, line_id: i64) -> Result<ChangeCartLine, Problem> {
        let required = || Problem::Refused(Refusal::field("quantity", FieldProblem::Required));
        let PiecesInput(pieces) = self.quantity.ok_or_else(required)?;
        let line_id = CartLineId::new(line_id);
        Ok(ChangeCartLine { line_id, pieces })
    }
}

impl SplitBody {
    pub(super) fn into_part(self) -> Result<CartPart, Problem> {
        let required = || Problem::Refused(Refusal::field("part", FieldProblem::Required));
        self.part.map(|part| part.0).ok_or_else(required)
    }
}
