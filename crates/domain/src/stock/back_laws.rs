//! The laws of goods that come back in parts: to where they left, or elsewhere.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate};
use proptest::prelude::{Strategy, prop, prop_assert, prop_assert_eq, proptest};

use crate::ids::{BatchId, LocationId, MovementPartId, ProductId};
use crate::money::Money;
use crate::quantity::Quantity;
use crate::stock::{
    Batch, Demand, IssuedPart, Level, LineBack, LocationKind, Place, Policy, Undoing, Withdraw, carry, put_back,
    undo_lines,
};

const TODAY: NaiveDate = NaiveDate::MIN;

/// Batches of two products and a document that took some of them: what lay there, what lies there now, what was taken.
#[derive(Debug, Clone)]
struct Taken {
    before: Vec<Batch>,
    after: Vec<Batch>,
    parts: Vec<IssuedPart>,
}

fn batch(id: i64, product: i64, left: i64, value: i64) -> Batch {
    Batch {
        id: BatchId::new(id),
        product_id: ProductId::new(product),
        left: Quantity::from_thousandths(left),
        value: Money::from_tiyin(value),
        expires_on: None,
        is_blocked: false,
        received_at: DateTime::UNIX_EPOCH,
    }
}

fn taken(batches: &[(i64, i64, i64)], asked: &[(i64, i64)]) -> Option<Taken> {
    let before: Vec<Batch> = (1..)
        .zip(batches)
        .map(|(id, &(product, left, value))| batch(id, product, left, value))
        .collect();
    let place = Place {
        location_id: LocationId::new(1),
        kind: LocationKind::Branch,
    };
    let demands: Vec<Demand<'_>> = (1..)
        .zip(asked)
        .map(|(line, &(product, quantity))| Demand {
            line,
            product_id: ProductId::new(product),
            product_name: "",
            quantity: Quantity::from_thousandths(quantity),
        })
        .collect();
    let withdraw = Withdraw {
        place,
        policy: Policy::SellableOnly,
        day: TODAY,
    };
    let withdrawal = withdraw.allocate(before.clone(), &demands).ok()?;
    let (mut after, mut parts) = (before.clone(), Vec::new());
    for movement in &withdrawal.movements {
        write(
            &mut after,
            &movement
                .batches
                .iter()
                .map(|one| (one.batch_id, one.left, one.value_left))
                .collect::<Vec<_>>(),
        );
        for part in &movement.parts {
            parts.push(IssuedPart {
                id: MovementPartId::new(i64::try_from(parts.len()).unwrap()),
                product_id: movement.product_id,
                batch_id: part.batch_id,
                line: part.line,
                quantity: part.quantity,
                value: part.value,
                undone_quantity: Quantity::ZERO,
                undone_value: Money::ZERO,
            });
        }
    }
    Some(Taken { before, after, parts })
}

fn write(batches: &mut [Batch], changes: &[(BatchId, Quantity, Money)]) {
    for (id, left, value) in changes {
        let batch = batches.iter_mut().find(|batch| batch.id == *id).unwrap();
        (batch.left, batch.value) = (*left, *value);
    }
}

fn note(parts: &mut [IssuedPart], undoings: &[Undoing]) {
    for undoing in undoings {
        let part = parts.iter_mut().find(|part| part.id == undoing.part_id).unwrap();
        part.undone_quantity = part.undone_quantity.checked_add(undoing.quantity).unwrap();
        part.undone_value = part.undone_value.checked_add(undoing.value).unwrap();
    }
}

/// How much of a line is left to undo.
fn left_of(parts: &[IssuedPart], line: i64) -> Quantity {
    let left = parts.iter().filter(|part| part.line == line);
    let left = left.map(|part| {
        part.quantity
            .checked_neg()
            .unwrap()
            .checked_sub(part.undone_quantity)
            .unwrap()
    });
    Quantity::checked_sum(left).unwrap()
}

fn costs(parts: &[IssuedPart]) -> BTreeMap<i64, i64> {
    let mut costs = BTreeMap::new();
    for part in parts {
        *costs.entry(part.line).or_default() -= part.value.tiyin();
    }
    costs
}

fn document() -> impl Strategy<Value = Taken> {
    let batches = prop::collection::vec((1i64..3, 1i64..9_999, 0i64..999_999), 1..6);
    let asked = prop::collection::vec((1i64..3, 1i64..6_000), 1..5);
    (batches, asked).prop_filter_map("a shortage", |(batches, asked)| taken(&batches, &asked))
}

proptest! {
    // Law: what comes back in parts, of whichever lines in whatever order, restores every batch once all is back; each line
    // brings back exactly what it had cost, what was taken last comes first, and the level is right after each step.
    #[test]
    fn goods_that_come_back_in_parts_restore_every_batch(
        document in document(),
        steps in prop::collection::vec((1i64..5, 1i64..4_000), 0..12),
    ) {
        let Taken { before, mut after, mut parts } = document;
        let whole = costs(&parts);
        let mut came: BTreeMap<i64, i64> = whole.keys().map(|line| (*line, 0)).collect();
        let rest: Vec<(i64, i64)> = whole.keys().map(|line| (*line, i64::MAX)).collect();
        for (line, quantity) in steps.into_iter().chain(rest) {
            let quantity = Quantity::from_thousandths(quantity).min(left_of(&parts, line));
            if !quantity.is_positive() {
                continue;
            }
            let back = LineBack { undone_line: line, line: 1, quantity };

            let undoings = undo_lines(&parts, &[back]).unwrap();
            let moved = put_back(&undoings, after.clone(), TODAY).unwrap();

            note(&mut parts, &undoings);
            let untouched = parts.iter().filter(|part| part.line == line && part.undone_quantity.is_zero());
            let begun = parts.iter().filter(|part| part.line == line && part.undone_quantity.is_positive());
            let (last_untouched, first_begun) = (untouched.map(|part| part.id).max(), begun.map(|part| part.id).min());
            prop_assert!(last_untouched < first_begun);
            for movement in &moved.movements {
                let changes: Vec<_> =
                    movement.batches.iter().map(|one| (one.batch_id, one.left, one.value_left)).collect();
                write(&mut after, &changes);
                let of_product: Vec<Batch> =
                    after.iter().filter(|batch| batch.product_id == movement.product_id).cloned().collect();
                prop_assert_eq!(Some(movement.level), Level::of(&of_product, TODAY));
                *came.get_mut(&line).unwrap() += movement.value.tiyin();
            }
        }
        prop_assert_eq!(after, before);
        prop_assert_eq!(came, whole);
    }

    // Law: goods that come back elsewhere bring what they had cost, no batch there is a mixture of two, and nothing changes
    // where they had lain.
    #[test]
    fn goods_that_come_back_elsewhere_keep_their_cost(document in document(), share in 1i64..=10) {
        let Taken { before, parts, .. } = document;
        let lines: Vec<LineBack> = costs(&parts)
            .into_keys()
            .map(|line| {
                let thousandths = left_of(&parts, line).thousandths() * share / 10;
                LineBack { undone_line: line, line, quantity: Quantity::from_thousandths(thousandths) }
            })
            .filter(|back| back.quantity.is_positive())
            .collect();
        let undoings = undo_lines(&parts, &lines).unwrap();

        let arrivals = carry(&undoings, &before, &before, TODAY).unwrap();

        let worth = Money::checked_sum(undoings.iter().map(|undoing| undoing.value));
        prop_assert_eq!(Money::checked_sum(arrivals.iter().map(|arrival| arrival.value)), worth);
        for arrival in &arrivals {
            let lay = Quantity::checked_sum(
                before.iter().filter(|batch| batch.product_id == arrival.product_id).map(|batch| batch.left),
            );
            prop_assert_eq!(lay.unwrap().checked_add(arrival.quantity), Some(arrival.level.on_hand));
            prop_assert_eq!(Quantity::checked_sum(arrival.batches.iter().map(|one| one.quantity)), Some(arrival.quantity));
            for batch in &arrival.batches {
                let of_parts = Quantity::checked_sum(batch.parts.iter().map(|part| part.quantity));
                prop_assert_eq!(of_parts, Some(batch.quantity));
                let value = Money::checked_sum(batch.parts.iter().map(|part| part.value));
                prop_assert_eq!(value, Some(batch.value));
                prop_assert_eq!(batch.origin.product_id, arrival.product_id);
            }
        }
    }
}
