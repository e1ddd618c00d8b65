//! Which lines of the sale come back.
//!
//! What names a line takes of that line; what names a product takes of its lines in their order, of what the named lines left.

use crate::ids::{ProductId, SaleLineId};
use crate::money::Money;
use crate::quantity::Quantity;
use crate::sale_return::refusal::{ExceededLine, SaleReturnRefusal};
use crate::stock::StockRefusal;
use crate::{FieldErrors, FieldProblem, Refusal};

/// A line of the sale, with what of it is no longer to be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SoldLine {
    /// The line.
    pub id: SaleLineId,
    /// Its number in the sale, from 1.
    pub number: i64,
    /// Its product.
    pub product_id: ProductId,
    /// How much was sold.
    pub quantity: Quantity,
    /// What that cost the buyer, after all discounts.
    pub total: Money,
    /// How much of it came back in confirmed returns.
    pub returned: Quantity,
    /// How much of it is about to come back in other returns, which are pending.
    pub pending: Quantity,
}

/// What somebody brings back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AskedBack {
    /// What he names.
    pub of: BackOf,
    /// How much.
    pub quantity: Quantity,
}

/// What a returned item names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BackOf {
    /// A product, on whichever lines it was sold.
    Product(ProductId),
    /// A line; with the product that it must be of, where that was named too.
    Line(SaleLineId, Option<ProductId>),
    /// Neither.
    Nothing,
}

/// What of one line comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReturnedLine {
    /// The line.
    pub line: SoldLine,
    /// How much of it.
    pub quantity: Quantity,
}

/// Finds the lines of what is `asked` back among those of the sale, given in the order of their numbers; answers them in that
/// order, each once.
///
/// # Errors
/// Problems at `items`; [`SaleReturnRefusal::ExceedsSold`] with every product of which too much is asked.
pub fn fill(sold: &[SoldLine], asked: &[AskedBack]) -> Result<Vec<ReturnedLine>, Refusal> {
    let mut errors = FieldErrors::new();
    errors.add_elements("items", asked.iter().map(|asked| judge(sold, asked)).collect());
    errors.into_result()?;
    let (mut back, mut exceeded) = (Vec::with_capacity(sold.len()), Vec::new());
    for line in sold {
        let named = asked
            .iter()
            .filter(|asked| matches!(asked.of, BackOf::Line(id, _) if id == line.id));
        let quantity = sum(named)?;
        exceeded.extend(excess(&[*line], quantity)?);
        back.push(ReturnedLine { line: *line, quantity });
    }
    for product_id in products(asked) {
        let wanted = sum(asked.iter().filter(|asked| asked.of == BackOf::Product(product_id)))?;
        let of_product = |back: &&ReturnedLine| back.line.product_id == product_id;
        let lines: Vec<SoldLine> = back.iter().filter(of_product).map(|back| back.line).collect();
        let named = back.iter().filter(of_product).map(|back| back.quantity);
        let requested = total(named.chain([wanted]))?;
        if exceeded.iter().all(|line: &ExceededLine| line.product_id != product_id) {
            exceeded.extend(excess(&lines, requested)?);
            let lines = back.iter_mut().filter(|back| back.line.product_id == product_id);
            pour(wanted, lines)?;
        }
    }
    if !exceeded.is_empty() {
        return Err(SaleReturnRefusal::ExceedsSold(exceeded).into());
    }
    back.retain(|back| back.quantity.is_positive());
    Ok(back)
}

/// Judges once more what was found before: as much may come back as was sold and is not spoken for by others.
///
/// # Errors
/// [`SaleReturnRefusal::ExceedsSold`] with every line of which too much comes back.
pub fn check(back: &[ReturnedLine]) -> Result<(), Refusal> {
    let mut exceeded = Vec::new();
    for ReturnedLine { line, quantity } in back {
        exceeded.extend(excess(&[*line], *quantity)?);
    }
    if exceeded.is_empty() {
        Ok(())
    } else {
        Err(SaleReturnRefusal::ExceedsSold(exceeded).into())
    }
}

/// What is wrong with one item, whatever the others are.
fn judge(sold: &[SoldLine], asked: &AskedBack) -> FieldErrors {
    let mut errors = FieldErrors::new();
    match asked.of {
        BackOf::Nothing => errors.add("product", FieldProblem::Required),
        BackOf::Product(id) if sold.iter().all(|line| line.product_id != id) => {
            errors.add("product", FieldProblem::UnknownObject);
        }
        BackOf::Line(id, product) => match sold.iter().find(|line| line.id == id) {
            None => errors.add("sale_item", FieldProblem::UnknownObject),
            Some(line) if product.is_some_and(|product| product != line.product_id) => {
                errors.add("product", FieldProblem::Contradiction);
            }
            Some(_) => {}
        },
        BackOf::Product(_) => {}
    }
    if !asked.quantity.is_positive() {
        errors.add("quantity", FieldProblem::NotPositive);
    }
    errors
}

/// Gives what was asked of a product to its lines in their order.
fn pour<'a>(mut wanted: Quantity, lines: impl Iterator<Item = &'a mut ReturnedLine>) -> Result<(), Refusal> {
    for back in lines {
        let taken = total([back.line.returned, back.line.pending, back.quantity])?;
        let free = back.line.quantity.checked_sub(taken).ok_or_else(too_much)?;
        let share = wanted.min(free).max(Quantity::ZERO);
        back.quantity = total([back.quantity, share])?;
        wanted = wanted.checked_sub(share).ok_or_else(too_much)?;
    }
    Ok(())
}

/// The refusal of these lines of one product, if more is requested than they have left.
fn excess(lines: &[SoldLine], requested: Quantity) -> Result<Option<ExceededLine>, Refusal> {
    let sold = total(lines.iter().map(|line| line.quantity))?;
    let returned = total(lines.iter().flat_map(|line| [line.returned, line.pending]))?;
    let is_exceeded = requested.is_positive() && total([returned, requested])? > sold;
    let first = lines.first().filter(|_| is_exceeded);
    Ok(first.map(|line| ExceededLine {
        product_id: line.product_id,
        sold,
        returned,
        requested,
    }))
}

/// The products that are named, each once, in the order of naming.
fn products(asked: &[AskedBack]) -> Vec<ProductId> {
    let mut products = Vec::new();
    for asked in asked {
        match asked.of {
            BackOf::Product(id) if !products.contains(&id) => products.push(id),
            BackOf::Product(_) | BackOf::Line(..) | BackOf::Nothing => {}
        }
    }
    products
}

fn sum<'a>(asked: impl Iterator<Item = &'a AskedBack>) -> Result<Quantity, Refusal> {
    total(asked.map(|asked| asked.quantity))
}

fn total(quantities: impl IntoIterator<Item = Quantity>) -> Result<Quantity, Refusal> {
    Quantity::checked_sum(quantities).ok_or_else(too_much)
}

fn too_much() -> Refusal {
    StockRefusal::AmountOutOfRange.into()
}

#[cfg(test)]
mod tests {
    use super::{AskedBack, BackOf, ReturnedLine, SoldLine, check, fill};
    use crate::ids::{ProductId, SaleLineId};
    use crate::money::Money;
    use crate::quantity::Quantity;
    use crate::sale_return::refusal::{ExceededLine, SaleReturnRefusal};
    use crate::{FieldErrors, FieldProblem, Refusal};

    const TEA: ProductId = ProductId::new(7);
    const SUGAR: ProductId = ProductId::new(8);

    fn pieces(pieces: i64) -> Quantity {
        Quantity::from_pieces(pieces).unwrap()
    }

    fn line(number: i64, product_id: ProductId, sold: i64, returned: i64, pending: i64) -> SoldLine {
        SoldLine {
            id: SaleLineId::new(number + 100),
            number,
            product_id,
            quantity: pieces(sold),
            total: Money::from_tiyin(100),
            returned: pieces(returned),
            pending: pieces(pending),
        }
    }

    /// Tea on two lines, 3 and 4 pieces, one of the first back already; sugar between them, one piece spoken for.
    fn sold() -> Vec<SoldLine> {
        vec![line(1, TEA, 3, 1, 0), line(2, SUGAR, 2, 0, 1), line(3, TEA, 4, 0, 0)]
    }

    fn of_product(product_id: ProductId, quantity: i64) -> AskedBack {
        AskedBack {
            of: BackOf::Product(product_id),
            quantity: pieces(quantity),
        }
    }

    fn of_line(number: i64, quantity: i64) -> AskedBack {
        AskedBack {
            of: BackOf::Line(SaleLineId::new(number + 100), None),
            quantity: pieces(quantity),
        }
    }

    fn told(back: Result<Vec<ReturnedLine>, Refusal>) -> Vec<(i64, String)> {
        let back = back.unwrap().into_iter();
        back.map(|back| (back.line.number, back.quantity.to_string())).collect()
    }

    fn exceeded(product_id: ProductId, sold: i64, returned: i64, requested: i64) -> ExceededLine {
        ExceededLine {
            product_id,
            sold: pieces(sold),
            returned: pieces(returned),
            requested: pieces(requested),
        }
    }

    #[test]
    fn a_product_on_several_lines_is_filled_in_line_order() {
        let told = told(fill(
            &sold(),
            &[of_product(SUGAR, 1), of_product(TEA, 3), of_product(TEA, 1)],
        ));

        let expected = [(1, "2.000"), (2, "1.000"), (3, "2.000")].map(|(line, back)| (line, back.to_owned()));
        assert_eq!(told, expected);
    }

    #[test]
    fn a_named_line_comes_before_what_names_its_product() {
        let told = told(fill(&sold(), &[of_product(TEA, 4), of_line(1, 1), of_line(1, 1)]));

        assert_eq!(told, [(1, "2.000".to_owned()), (3, "4.000".to_owned())]);
    }

    #[test]
    fn every_product_of_which_too_much_is_asked_is_named() {
        let by_product = fill(&sold(), &[of_product(TEA, 7), of_product(SUGAR, 2)]);
        let by_line = fill(&sold(), &[of_line(1, 3), of_product(TEA, 1), of_line(3, 4)]);

        let both = vec![exceeded(TEA, 7, 1, 7), exceeded(SUGAR, 2, 1, 2)];
        assert_eq!(by_product, Err(SaleReturnRefusal::ExceedsSold(both).into()));
        let one = vec![exceeded(TEA, 3, 1, 3)];
        assert_eq!(by_line, Err(SaleReturnRefusal::ExceedsSold(one).into()));
    }

    #[test]
    fn everything_wrong_with_the_items_is_named_at_once() {
        let asked = [
            of_product(TEA, 1),
            of_product(ProductId::new(9), 0),
            of_line(9, 1),
            AskedBack {
                of: BackOf::Line(SaleLineId::new(101), Some(SUGAR)),
                quantity: pieces(1),
            },
            AskedBack {
                of: BackOf::Nothing,
                quantity: pieces(-1),
            },
        ];

        let refused = fill(&sold(), &asked);

        let mut unknown = FieldErrors::one("product", FieldProblem::UnknownObject);
        unknown.add("quantity", FieldProblem::NotPositive);
        let mut nothing = FieldErrors::one("product", FieldProblem::Required);
        nothing.add("quantity", FieldProblem::NotPositive);
        let mut errors = FieldErrors::new();
        errors.add_elements(
            "items",
            vec![
                FieldErrors::new(),
                unknown,
                FieldErrors::one("sale_item", FieldProblem::UnknownObject),
                FieldErrors::one("product", FieldProblem::Contradiction),
                nothing,
            ],
        );
        assert_eq!(refused, Err(Refusal::Fields(errors)));
    }

    #[test]
    fn what_was_found_is_judged_again_against_what_others_return() {
        let back = |quantity| ReturnedLine {
            line: line(1, TEA, 3, 1, 1),
            quantity: pieces(quantity),
        };

        assert_eq!(check(&[back(1)]), Ok(()));
        let refusal = SaleReturnRefusal::ExceedsSold(vec![exceeded(TEA, 3, 2, 2)]);
        assert_eq!(check(&[back(2)]), Err(refusal.into()));
    }
}
