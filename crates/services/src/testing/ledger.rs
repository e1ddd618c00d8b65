//! What the ledger holds, for tests that compare it.

use std::sync::Barrier;

use super::World;

impl World {
    /// Every batch: id, what is left and its value in tiyin.
    #[must_use]
    pub fn batches(&self) -> Vec<String> {
        self.database
            .lines("SELECT id || ': ' || quantity_left || ' ' || value_left AS line FROM stock_batches ORDER BY id")
    }

    /// Every level: product, on hand, sellable, nearest expiry.
    #[must_use]
    pub fn levels(&self) -> Vec<String> {
        self.database.lines(
            "SELECT product_id || ': ' || on_hand || ' ' || sellable || ' ' || coalesce(CAST(nearest_expiry AS TEXT), '-') \
             AS line FROM stock_levels ORDER BY location_id, product_id",
        )
    }

    /// Checks the laws of the ledger: levels = movements = batches, values too, parts sum to their movements.
    ///
    /// # Panics
    /// When one is broken.
    pub fn check_ledger(&self) {
        let broken = self.database.lines(
            "SELECT 'level ' || l.id AS line FROM stock_levels AS l WHERE l.on_hand <> (SELECT CAST(coalesce(sum(m.quantity), \
             0) AS BIGINT) FROM stock_movements AS m WHERE m.store_id = l.store_id AND m.location_id = l.location_id AND \
             m.product_id = l.product_id) OR l.on_hand <> (SELECT CAST(coalesce(sum(b.quantity_left), 0) AS BIGINT) FROM \
             stock_batches AS b WHERE b.store_id = l.store_id AND b.location_id = l.location_id AND b.product_id = \
             l.product_id) OR (SELECT CAST(coalesce(sum(m.value), 0) AS BIGINT) FROM stock_movements AS m WHERE m.store_id = \
             l.store_id AND m.location_id = l.location_id AND m.product_id = l.product_id) <> (SELECT \
             CAST(coalesce(sum(b.value_left), 0) AS BIGINT) FROM stock_batches AS b WHERE b.store_id = l.store_id AND \
             b.location_id = l.location_id AND b.product_id = l.product_id) \
             UNION ALL SELECT 'movement ' || m.id FROM stock_movements AS m WHERE m.quantity <> (SELECT \
             CAST(coalesce(sum(p.quantity), 0) AS BIGINT) FROM stock_movement_parts AS p WHERE p.movement_id = m.id) OR \
             m.value <> (SELECT CAST(coalesce(sum(p.value), 0) AS BIGINT) FROM stock_movement_parts AS p WHERE p.movement_id \
             = m.id)",
        );
        assert_eq!(broken, [""; 0], "the ledger contradicts itself");
    }
}

/// Runs the same work on many threads that start together.
///
/// # Panics
/// When one of them does.
pub fn at_once<T: Send>(threads: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let start = Barrier::new(threads);
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads)
            .map(|number| {
                let (start, work) = (&start, &work);
                scope.spawn(move || {
                    start.wait();
                    work(number)
                })
            })
            .collect();
        running
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}
