//! The laws of the ledger, on a model of one location that writes down whatever the functions answer.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate};
use proptest::prelude::{Just, Strategy, prop, prop_assert_eq, prop_oneof, proptest};

use crate::ids::{BatchId, LocationId, MovementPartId, ProductId};
use crate::money::Money;
use crate::quantity::Quantity;
use crate::stock::{
    Batch, Demand, IssuedPart, Level, LocationKind, Movement, Place, Policy, Receipt, StockRefusal, Withdraw, put_back,
    receive, undo_all,
};

/// Something that happens to the stock.
#[derive(Debug, Clone)]
enum Event {
    Receive {
        product: i64,
        quantity: i64,
        unit_cost: i64,
        keeps_days: Option<u64>,
    },
    Block {
        batch: usize,
    },
    Withdraw {
        policy: usize,
        demands: Vec<(i64, i64)>,
    },
    PutBack {
        document: usize,
    },
    Wait {
        days: u64,
    },
}

fn event() -> impl Strategy<Value = Event> {
    let product = 1i64..4;
    let receive = (
        product.clone(),
        1i64..20_000,
        0i64..1_000_000,
        prop::option::of(0u64..20),
    )
        .prop_map(|(product, quantity, unit_cost, keeps_days)| Event::Receive {
            product,
            quantity,
            unit_cost,
            keeps_days,
        });
    let withdraw = (0usize..4, prop::collection::vec((product, 1i64..15_000), 1..5))
        .prop_map(|(policy, demands)| Event::Withdraw { policy, demands });
    prop_oneof![
        6 => receive,
        6 => withdraw,
        3 => (0usize..30).prop_map(|document| Event::PutBack { document }),
        1 => (0usize..30).prop_map(|batch| Event::Block { batch }),
        1 => (1u64..5).prop_map(|days| Event::Wait { days }),
        1 => Just(Event::Wait { days: 0 }),
    ]
}

struct Ledger {
    today: NaiveDate,
    batches: Vec<Batch>,
    levels: BTreeMap<ProductId, Level>,
    moved: BTreeMap<ProductId, (i64, i64)>,
    documents: Vec<Vec<IssuedPart>>,
}

impl Ledger {
    fn new() -> Self {
        let (batches, levels, moved, documents) = (Vec::new(), BTreeMap::new(), BTreeMap::new(), Vec::new());
        Self {
            today: NaiveDate::from_ymd_opt(2026, 3, 1).unwrap(),
            batches,
            levels,
            moved,
            documents,
        }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Receive {
                product,
                quantity,
                unit_cost,
                keeps_days,
            } => {
                self.receive(ProductId::new(product), quantity, unit_cost, keeps_days);
            }
            Event::Block { batch } => self.block(batch),
            Event::Withdraw { policy, demands } => self.withdraw(policy, &demands),
            Event::PutBack { document } => self.put_back(document),
            Event::Wait { days } => self.today = self.today + Days::new(days),
        }
    }

    fn receive(&mut self, product_id: ProductId, quantity: i64, unit_cost: i64, keeps_days: Option<u64>) {
        let expires_on = keeps_days.map(|days| NaiveDate::from_ymd_opt(2026, 2, 25).unwrap() + Days::new(days));
        let receipt = Receipt {
            quantity: Quantity::from_thousandths(quantity),
            unit_cost: Money::from_tiyin(unit_cost),
            series: String::new(),
            expires_on,
            must_be_traceable: false,
        };
        let batch = receive(receipt).unwrap();
        let level = self.levels.entry(product_id).or_default();
        *level = level.after_receipt(batch.quantity, expires_on, self.today).unwrap();
        self.batches.push(Batch {
            id: BatchId::new(i64::try_from(self.batches.len()).unwrap()),
            product_id,
            left: batch.quantity,
            value: batch.value,
            expires_on,
            is_blocked: false,
            received_at: DateTime::UNIX_EPOCH,
        });
        self.book(product_id, batch.quantity, batch.value);
    }

    fn block(&mut self, batch: usize) {
        let Some(blocked) = self.batches.get_mut(batch) else {
            return;
        };
        blocked.is_blocked = !blocked.is_blocked;
        let product_id = blocked.product_id;
        self.levels
            .insert(product_id, Level::of(&self.of_product(product_id), self.today).unwrap());
    }

    fn withdraw(&mut self, policy: usize, demands: &[(i64, i64)]) {
        let named = BatchId::new(demands[0].1 % 10);
        let policies = [
            Policy::SellableOnly,
            Policy::SellableOnly,
            Policy::UnsellableFirst,
            Policy::ThisBatch(named),
        ];
        let place = Place {
            location_id: LocationId::new(1),
            kind: LocationKind::Warehouse,
        };
        let withdraw = Withdraw {
            place,
            policy: policies[policy],
            day: self.today,
        };
        let demands: Vec<Demand<'_>> = (1..)
            .zip(demands)
            .map(|(line, &(product, quantity))| Demand {
                line,
                product_id: ProductId::new(product),
                product_name: "",
                quantity: Quantity::from_thousandths(quantity),
            })
            .collect();
        let shuffled = self.batches.iter().rev().cloned().collect();

        match withdraw.allocate(shuffled, &demands) {
            Ok(withdrawal) => {
                self.check_lines(&withdrawal.movements, &demands);
                let before = self.batches.clone();
                self.write(&withdrawal.movements);
                self.check_order(&before, withdraw);
            }
            Err(refusal) => self.check_shortage(withdraw, &demands, &refusal),
        }
    }

    fn put_back(&mut self, document: usize) {
        let Some(parts) = self.documents.get_mut(document) else {
            return;
        };
        let back = put_back(&undo_all(parts).unwrap(), self.batches.clone(), self.today).unwrap();
        for part in parts.iter_mut() {
            part.undone_quantity = part.quantity.checked_neg().unwrap();
            part.undone_value = part.value.checked_neg().unwrap();
        }
        assert_eq!(undo_all(parts), Ok(Vec::new()));
        self.write(&back.movements);
    }

    /// Writes movements down, and checks that parts and batches sum to them.
    fn write(&mut self, movements: &[Movement]) {
        let mut document = Vec::new();
        for movement in movements {
            let sum_of = |amounts: Vec<(Quantity, Money)>| {
                let quantity = Quantity::checked_sum(amounts.iter().map(|(quantity, _)| *quantity));
                (
                    quantity.unwrap(),
                    Money::checked_sum(amounts.iter().map(|(_, value)| *value)).unwrap(),
                )
            };
            let whole = (movement.quantity, movement.value);
            assert_eq!(
                sum_of(movement.parts.iter().map(|part| (part.quantity, part.value)).collect()),
                whole
            );
            assert_eq!(
                sum_of(
                    movement
                        .batches
                        .iter()
                        .map(|batch| (batch.quantity, batch.value))
                        .collect()
                ),
                whole
            );
            for change in &movement.batches {
                let batch = self
                    .batches
                    .iter_mut()
                    .find(|batch| batch.id == change.batch_id)
                    .unwrap();
                assert_eq!(batch.left.checked_add(change.quantity), Some(change.left));
                assert_eq!(batch.value.checked_add(change.value), Some(change.value_left));
                (batch.left, batch.value) = (change.left, change.value_left);
            }
            for part in movement.parts.iter().filter(|part| part.undoes.is_none()) {
                document.push(IssuedPart {
                    id: MovementPartId::new(i64::try_from(document.len()).unwrap()),
                    product_id: movement.product_id,
                    batch_id: part.batch_id,
                    line: part.line,
                    quantity: part.quantity,
                    value: part.value,
                    undone_quantity: Quantity::ZERO,
                    undone_value: Money::ZERO,
                });
            }
            self.levels.insert(movement.product_id, movement.level);
            self.book(movement.product_id, movement.quantity, movement.value);
        }
        if !document.is_empty() {
            self.documents.push(document);
        }
    }

    fn book(&mut self, product_id: ProductId, quantity: Quantity, value: Money) {
        let (moved, worth) = self.moved.entry(product_id).or_default();
        *moved += quantity.thousandths();
        *worth += value.tiyin();
    }

    fn of_product(&self, product_id: ProductId) -> Vec<Batch> {
        self.batches
            .iter()
            .filter(|batch| batch.product_id == product_id)
            .cloned()
            .collect()
    }

    /// Law: each line gets exactly what it asked for.
    fn check_lines(&self, movements: &[Movement], demands: &[Demand<'_>]) {
        for demand in demands {
            let parts = movements
                .iter()
                .filter(|movement| movement.product_id == demand.product_id);
            let got = parts
                .flat_map(|movement| &movement.parts)
                .filter(|part| part.line == demand.line);
            let got = Quantity::checked_sum(got.map(|part| part.quantity)).unwrap();
            assert_eq!(got.checked_neg(), Some(demand.quantity));
        }
    }

    /// Law: a sale never takes an expired or blocked batch, and no policy skips a batch that comes before one it took.
    fn check_order(&self, before: &[Batch], withdraw: Withdraw) {
        let is_sellable = |batch: &Batch| batch.is_sellable_on(withdraw.day);
        let place_in_queue = |batch: &Batch| {
            let waits = withdraw.policy == Policy::UnsellableFirst && is_sellable(batch);
            (waits, batch.expires_on.unwrap_or(NaiveDate::MAX), batch.id)
        };
        for (taken, after) in before
            .iter()
            .zip(&self.batches)
            .filter(|(before, after)| after.left < before.left)
        {
            match withdraw.policy {
                Policy::SellableOnly => assert!(is_sellable(taken)),
                Policy::UnsellableFirst => {}
                Policy::ThisBatch(id) => {
                    assert_eq!(taken.id, id);
                    continue;
                }
            }
            let skipped = self.batches.iter().find(|batch| {
                batch.product_id == after.product_id
                    && batch.left.is_positive()
                    && (withdraw.policy == Policy::UnsellableFirst || is_sellable(batch))
                    && place_in_queue(batch) < place_in_queue(after)
            });
            assert_eq!(skipped, None);
        }
    }

    /// Law: a refusal tells the truth, about every short product and no other.
    fn check_shortage(&self, withdraw: Withdraw, demands: &[Demand<'_>], refusal: &StockRefusal) {
        let short: Vec<(i64, i64, i64)> = (1..4)
            .map(|product| {
                let requested = demands.iter().filter(|demand| demand.product_id.get() == product);
                let requested = requested.map(|demand| demand.quantity.thousandths()).sum();
                let available =
                    self.of_product(ProductId::new(product))
                        .into_iter()
                        .filter(|batch| match withdraw.policy {
                            Policy::SellableOnly => batch.is_sellable_on(withdraw.day),
                            Policy::UnsellableFirst => true,
                            Policy::ThisBatch(id) => batch.id == id,
                        });
                (
                    product,
                    available.map(|batch| batch.left.thousandths()).sum(),
                    requested,
                )
            })
            .filter(|(_, available, requested)| available < requested)
            .collect();
        let told: Vec<(i64, i64, i64)> = match refusal {
            StockRefusal::Insufficient(lines) => lines
                .iter()
                .map(|line| {
                    (
                        line.product_id.get(),
                        line.available.thousandths(),
                        line.requested.thousandths(),
                    )
                })
                .collect(),
            StockRefusal::BatchShort {
                available, requested, ..
            } => vec![(short[0].0, available.thousandths(), requested.thousandths())],
            StockRefusal::Changed { .. }
            | StockRefusal::LocationInactive
            | StockRefusal::ProductInactive
            | StockRefusal::AmountOutOfRange => Vec::new(),
        };
        match withdraw.policy {
            Policy::ThisBatch(_) => assert_eq!(told, short[..1]),
            Policy::SellableOnly | Policy::UnsellableFirst => assert_eq!(told, short),
        }
    }
}

proptest! {
    // Law: whatever comes and goes, what moved is what lies there, in quantity and in value, and nothing is below zero.
    #[test]
    fn any_sequence_conserves_stock_to_the_tiyin(events in prop::collection::vec(event(), 1..60)) {
        let mut ledger = Ledger::new();
        for event in events {
            ledger.happen(event);
            for (product_id, level) in &ledger.levels {
                let batches = ledger.of_product(*product_id);
                let true_level = Level::of(&batches, ledger.today).unwrap();
                let worth: i64 = batches.iter().map(|batch| batch.value.tiyin()).sum();

                prop_assert_eq!(ledger.moved.get(product_id), Some(&(level.on_hand.thousandths(), worth)));
                prop_assert_eq!(level.on_hand, true_level.on_hand);
                if level.is_current_on(ledger.today) {
                    prop_assert_eq!(*level, true_level);
                }
            }
            for batch in &ledger.batches {
                assert!(batch.left >= Quantity::ZERO && !batch.value.is_negative());
                assert!(batch.left.is_positive() || batch.value.is_zero());
            }
        }
    }

    // Law: a document and its cancel leave the batches as they were.
    #[test]
    fn putting_back_restores_every_batch(
        receipts in prop::collection::vec((1i64..20_000, 0i64..1_000_000), 1..6),
        share in 1i64..=1_000,
    ) {
        let mut ledger = Ledger::new();
        for (quantity, unit_cost) in &receipts {
            ledger.receive(ProductId::new(1), *quantity, *unit_cost, None);
        }
        let before = ledger.batches.clone();
        let all: i64 = receipts.iter().map(|(quantity, _)| quantity).sum();

        ledger.withdraw(0, &[(1, all * share / 2_000 + 1), (1, all * share / 4_000 + 1)]);
        ledger.put_back(0);

        prop_assert_eq!(ledger.batches, before);
    }
}
