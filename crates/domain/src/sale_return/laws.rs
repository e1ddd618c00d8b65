//! The laws behind returns, on random sales that come back in random steps.

use proptest::prelude::{Strategy, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};

use crate::Refusal;
use crate::coded::Coded;
use crate::ids::{ProductId, SaleLineId};
use crate::money::Money;
use crate::quantity::Quantity;
use crate::sale::PaymentType;
use crate::sale_return::{
    AskedBack, BackOf, Refund, RefundMethod, SalePaid, SaleReturnRefusal, SoldLine, amount, fill,
};

fn sold() -> impl Strategy<Value = Vec<SoldLine>> {
    let quantity = prop_oneof![1i64..5, (1i64..6).prop_map(|pieces| pieces * 1_000), 1i64..9_999];
    let line = (1i64..4, quantity, prop_oneof![0i64..7, 0i64..9_999_999]);
    prop::collection::vec(line, 1..6).prop_map(|lines| {
        let lines = (1..).zip(lines);
        lines
            .map(|(number, (product, quantity, total))| SoldLine {
                id: SaleLineId::new(number),
                number,
                product_id: ProductId::new(product),
                quantity: Quantity::from_thousandths(quantity),
                total: Money::from_tiyin(total),
                returned: Quantity::ZERO,
                pending: Quantity::ZERO,
            })
            .collect()
    })
}

/// By line or by product, and how much.
fn asked() -> impl Strategy<Value = (bool, usize, i64)> {
    (prop::bool::ANY, 0usize..6, prop_oneof![1i64..6, 1i64..9_999])
}

fn resolve(lines: &[SoldLine], (by_line, index, quantity): (bool, usize, i64)) -> AskedBack {
    let line = lines[index % lines.len()];
    AskedBack {
        of: if by_line {
            BackOf::Line(line.id, None)
        } else {
            BackOf::Product(line.product_id)
        },
        quantity: Quantity::from_thousandths(quantity),
    }
}

proptest! {
    // Law: returns in any order never take more of a line than was sold, and all of the sale that came back is worth exactly
    // what the sale cost; a refusal changes nothing and is told only where too much was asked.
    #[test]
    fn returns_never_exceed_the_sale_and_sum_to_it(
        mut lines in sold(),
        steps in prop::collection::vec(prop::collection::vec(asked(), 1..4), 1..12),
    ) {
        let mut worth = vec![Money::ZERO; lines.len()];
        // Whatever the random steps leave comes back in the end.
        let rest = (0..lines.len()).map(|index| vec![(true, index, 0)]);
        for step in steps.into_iter().chain(rest) {
            let asked: Vec<AskedBack> = step
                .into_iter()
                .map(|(by_line, index, quantity)| match quantity {
                    0 => {
                        let line = &lines[index];
                        let left = line.quantity.checked_sub(line.returned).unwrap();
                        AskedBack { of: BackOf::Line(line.id, None), quantity: left }
                    }
                    _ => resolve(&lines, (by_line, index, quantity)),
                })
                .filter(|asked| asked.quantity.is_positive())
                .collect();
            let all = Quantity::checked_sum(asked.iter().map(|asked| asked.quantity)).unwrap();
            match fill(&lines, &asked) {
                Ok(back) => {
                    let found = Quantity::checked_sum(back.iter().map(|back| back.quantity));
                    prop_assert_eq!(found, Some(all));
                    for back in back {
                        let index = usize::try_from(back.line.number - 1).unwrap();
                        let line = &mut lines[index];
                        let amount = amount(line.total, line.quantity, line.returned, back.quantity).unwrap();
                        prop_assert!(!amount.is_negative());
                        worth[index] = worth[index].checked_add(amount).unwrap();
                        line.returned = line.returned.checked_add(back.quantity).unwrap();
                        prop_assert!(line.returned <= line.quantity);
                    }
                }
                Err(Refusal::SaleReturn(SaleReturnRefusal::ExceedsSold(exceeded))) => {
                    prop_assert!(!exceeded.is_empty());
                    for line in exceeded {
                        let needed = line.returned.checked_add(line.requested).unwrap();
                        prop_assert!(needed > line.sold);
                    }
                }
                Err(other) => prop_assert!(false, "{:?}", other),
            }
        }
        for (line, worth) in lines.iter().zip(worth) {
            prop_assert_eq!(line.returned, line.quantity);
            prop_assert_eq!(worth, line.total);
        }
    }

    // Law: the parts of a refund sum to its amount, none is below zero; over all returns of a sale no more debt is struck out
    // than there was, and of a mixed sale no more cash goes back by itself than came.
    #[test]
    fn refunds_sum_to_their_amounts(
        way in 0..PaymentType::ALL.len(),
        cash in 0i64..900,
        debt in 0i64..900,
        balance in 0i64..900,
        steps in prop::collection::vec((1i64..400, prop::option::of(prop::bool::ANY)), 1..8),
    ) {
        let paid = SalePaid {
            payment_type: PaymentType::ALL[way],
            cash: Money::from_tiyin(cash),
            debt: Money::from_tiyin(debt),
        };
        let (mut earlier, mut balance) = (Refund::default(), Money::from_tiyin(balance));
        let mut is_by_itself = true;
        for (amount, method) in steps {
            let method = method.map(|is_cash| if is_cash { RefundMethod::Cash } else { RefundMethod::Card });
            is_by_itself &= method.is_none();
            let amount = Money::from_tiyin(amount);

            let Refund { cash, card, debt } = Refund::split(amount, paid, earlier, balance, method).unwrap();

            prop_assert_eq!(Money::checked_sum([cash, card, debt]), Some(amount));
            prop_assert!([cash, card, debt].iter().all(|part| !part.is_negative()));
            earlier = Refund {
                cash: earlier.cash.checked_add(cash).unwrap(),
                card: earlier.card.checked_add(card).unwrap(),
                debt: earlier.debt.checked_add(debt).unwrap(),
            };
            balance = balance.checked_sub(debt).unwrap();
            prop_assert!(!balance.is_negative() && earlier.debt <= paid.debt);
            if is_by_itself && paid.payment_type == PaymentType::Mixed {
                prop_assert!(earlier.cash <= paid.cash);
            }
        }
    }
}
