//! The ledger: levels, batches, movements and their parts tell the same story.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Date};
use savdo_domain::ids::StoreId;

use super::{Mismatch, MismatchRow, Rule};
use crate::connection::on_each;
use crate::database::Reader;
use crate::error::Error;

pub(super) fn rules() -> Vec<Rule> {
    let rule = |table, says, sql: &'static str| Rule::new(table, says, sql);
    vec![
        rule(
            "stock_levels",
            "on hand is what its movements sum to",
            LEVEL_AND_MOVEMENTS,
        ),
        rule(
            "stock_levels",
            "on hand is what is left in its batches",
            LEVEL_AND_BATCHES,
        ),
        rule(
            "stock_levels",
            "its batches are worth what its movements brought",
            LEVEL_VALUES,
        ),
        rule("stock_levels", "on hand is never below zero", LEVEL_NEGATIVE),
        rule("stock_levels", "what is hidden is empty", LEVEL_HIDDEN),
        rule("stock_levels", "sellable lies between zero and on hand", LEVEL_SELLABLE),
        rule("stock_movements", "there is a level where goods moved", MOVEMENT_LEVEL),
        rule("stock_movements", "its parts sum to its quantity", MOVEMENT_QUANTITY),
        rule("stock_movements", "its parts sum to its value", MOVEMENT_VALUE),
        rule("stock_batches", "what is left is what its parts sum to", BATCH_LEFT),
        rule(
            "stock_batches",
            "what the rest is worth is what its parts sum to",
            BATCH_VALUE,
        ),
        rule(
            "stock_batches",
            "as much came by the movement that it names",
            BATCH_RECEIVED,
        ),
        rule(
            "stock_batches",
            "what is left lies between zero and what came",
            BATCH_BOUNDS,
        ),
        rule(
            "stock_batches",
            "what the rest is worth is never below zero",
            BATCH_WORTH,
        ),
        rule("stock_batches", "it is spent when nothing is left", BATCH_SPENT),
        rule(
            "stock_movement_parts",
            "its batch lies where the goods moved",
            PART_PLACE,
        ),
        rule(
            "stock_movement_parts",
            "its batch is of the product that moved",
            PART_PRODUCT,
        ),
        rule(
            "stock_movement_parts",
            "goods come back into the batch they left",
            PART_UNDONE_BATCH,
        ),
        rule("stock_movement_parts", "no more comes back than left", PART_UNDONE),
    ]
}

const LEVEL_AND_MOVEMENTS: &str = "SELECT level.id, COALESCE(moved.quantity, 0) AS expected, level.on_hand AS found \
    FROM stock_levels AS level LEFT JOIN (\
        SELECT store_id, location_id, product_id, SUM(quantity) AS quantity FROM stock_movements \
        GROUP BY store_id, location_id, product_id\
    ) AS moved USING (store_id, location_id, product_id)";

const LEVEL_AND_BATCHES: &str = "SELECT level.id, COALESCE(batch.quantity, 0) AS expected, level.on_hand AS found \
    FROM stock_levels AS level LEFT JOIN (\
        SELECT store_id, location_id, product_id, SUM(quantity_left) AS quantity FROM stock_batches \
        GROUP BY store_id, location_id, product_id\
    ) AS batch USING (store_id, location_id, product_id)";

const LEVEL_VALUES: &str = "SELECT level.id, COALESCE(moved.value, 0) AS expected, COALESCE(batch.value, 0) AS found \
    FROM stock_levels AS level LEFT JOIN (\
        SELECT store_id, location_id, product_id, SUM(value) AS value FROM stock_movements \
        GROUP BY store_id, location_id, product_id\
    ) AS moved USING (store_id, location_id, product_id) LEFT JOIN (\
        SELECT store_id, location_id, product_id, SUM(value_left) AS value FROM stock_batches \
        GROUP BY store_id, location_id, product_id\
    ) AS batch USING (store_id, location_id, product_id)";

const LEVEL_NEGATIVE: &str =
    "SELECT id, CASE WHEN on_hand < 0 THEN 0 ELSE on_hand END AS expected, on_hand AS found FROM stock_levels";

const LEVEL_HIDDEN: &str = "SELECT id, CASE WHEN is_hidden THEN 0 ELSE on_hand END AS expected, on_hand AS found \
    FROM stock_levels";

const LEVEL_SELLABLE: &str = "SELECT id, \
    CASE WHEN sellable < 0 THEN 0 WHEN sellable > on_hand THEN on_hand ELSE sellable END AS expected, \
    sellable AS found FROM stock_levels";

const MOVEMENT_LEVEL: &str = "SELECT MIN(movement.id) AS id, 1 AS expected, COUNT(DISTINCT level.id) AS found \
    FROM stock_movements AS movement LEFT JOIN stock_levels AS level \
        ON level.store_id = movement.store_id AND level.location_id = movement.location_id \
        AND level.product_id = movement.product_id \
    GROUP BY movement.store_id, movement.location_id, movement.product_id";

const MOVEMENT_QUANTITY: &str = "SELECT movement.id, movement.quantity AS expected, COALESCE(SUM(part.quantity), 0) AS found \
    FROM stock_movements AS movement LEFT JOIN stock_movement_parts AS part \
        ON part.store_id = movement.store_id AND part.movement_id = movement.id \
    GROUP BY movement.id, movement.quantity";

const MOVEMENT_VALUE: &str = "SELECT movement.id, movement.value AS expected, COALESCE(SUM(part.value), 0) AS found \
    FROM stock_movements AS movement LEFT JOIN stock_movement_parts AS part \
        ON part.store_id = movement.store_id AND part.movement_id = movement.id \
    GROUP BY movement.id, movement.value";

const BATCH_LEFT: &str = "SELECT batch.id, COALESCE(SUM(part.quantity), 0) AS expected, batch.quantity_left AS found \
    FROM stock_batches AS batch LEFT JOIN stock_movement_parts AS part \
        ON part.store_id = batch.store_id AND part.batch_id = batch.id \
    GROUP BY batch.id, batch.quantity_left";

const BATCH_VALUE: &str = "SELECT batch.id, COALESCE(SUM(part.value), 0) AS expected, batch.value_left AS found \
    FROM stock_batches AS batch LEFT JOIN stock_movement_parts AS part \
        ON part.store_id = batch.store_id AND part.batch_id = batch.id \
    GROUP BY batch.id, batch.value_left";

/// What comes back into a batch later came with it before.
const BATCH_RECEIVED: &str = "SELECT batch.id, COALESCE(SUM(part.quantity), 0) AS expected, batch.quantity_received AS found \
    FROM stock_batches AS batch LEFT JOIN stock_movement_parts AS part ON part.store_id = batch.store_id \
        AND part.movement_id = batch.origin_movement_id AND part.batch_id = batch.id \
    GROUP BY batch.id, batch.quantity_received";

const BATCH_BOUNDS: &str = "SELECT id, CASE WHEN quantity_left < 0 THEN 0 \
    WHEN quantity_left > quantity_received THEN quantity_received ELSE quantity_left END AS expected, \
    quantity_left AS found FROM stock_batches";

const BATCH_WORTH: &str = "SELECT id, \
    CASE WHEN value_left < 0 OR quantity_left = 0 THEN 0 ELSE value_left END AS expected, \
    value_left AS found FROM stock_batches";

const BATCH_SPENT: &str = "SELECT id, CASE WHEN quantity_left = 0 THEN 1 ELSE 0 END AS expected, \
    CASE WHEN is_spent THEN 1 ELSE 0 END AS found FROM stock_batches";

const PART_PLACE: &str = "SELECT part.id, movement.location_id AS expected, batch.location_id AS found \
    FROM stock_movement_parts AS part \
    JOIN stock_movements AS movement ON movement.store_id = part.store_id AND movement.id = part.movement_id \
    JOIN stock_batches AS batch ON batch.store_id = part.store_id AND batch.id = part.batch_id";

const PART_PRODUCT: &str = "SELECT part.id, movement.product_id AS expected, batch.product_id AS found \
    FROM stock_movement_parts AS part \
    JOIN stock_movements AS movement ON movement.store_id = part.store_id AND movement.id = part.movement_id \
    JOIN stock_batches AS batch ON batch.store_id = part.store_id AND batch.id = part.batch_id";

/// Goods that come back at another place are a batch of their own there.
const PART_UNDONE_BATCH: &str = "SELECT part.id, \
        CASE WHEN origin.location_id = batch.location_id THEN undone.batch_id ELSE part.batch_id END AS expected, \
        part.batch_id AS found \
    FROM stock_movement_parts AS part \
    JOIN stock_batches AS batch ON batch.store_id = part.store_id AND batch.id = part.batch_id \
    JOIN stock_movement_parts AS undone ON undone.store_id = part.store_id AND undone.id = part.undoes_id \
    JOIN stock_batches AS origin ON origin.store_id = undone.store_id AND origin.id = undone.batch_id";

/// What is left of a part after all that came back of it lies between nothing and the part.
const PART_UNDONE: &str = "SELECT id, \
    CASE WHEN quantity > 0 AND rest < 0 OR quantity < 0 AND rest > 0 THEN 0 \
    WHEN quantity > 0 AND rest > quantity OR quantity < 0 AND rest < quantity THEN quantity ELSE rest END AS expected, \
    rest AS found FROM (\
        SELECT part.id, part.quantity, part.quantity + SUM(undoing.quantity) AS rest \
        FROM stock_movement_parts AS part JOIN stock_movement_parts AS undoing \
            ON undoing.store_id = part.store_id AND undoing.undoes_id = part.id \
        GROUP BY part.id, part.quantity\
    ) AS remaining";

/// What of the unspent batches may be sold on a day. A summary that has passed its nearest expiry is stale and known to be:
/// readers sum the batches, so it is not compared.
const SUMMARY: &str = "FROM stock_levels AS level LEFT JOIN (\
        SELECT store_id, location_id, product_id, SUM(quantity_left) AS quantity, MIN(expires_on) AS nearest_expiry \
        FROM stock_batches WHERE store_id = $1 AND NOT is_spent AND NOT is_blocked \
            AND (expires_on IS NULL OR expires_on >= $2) \
        GROUP BY store_id, location_id, product_id\
    ) AS fit USING (store_id, location_id, product_id) \
    WHERE store_id = $1 AND (level.nearest_expiry IS NULL OR level.nearest_expiry >= $2)";

/// Levels of a store whose summary of what can be sold on `day` is wrong, unless it is marked as stale.
///
/// # Errors
/// A failed statement.
pub fn summaries(reader: &mut Reader<'_>, store_id: StoreId, day: NaiveDate) -> Result<Vec<Mismatch>, Error> {
    let rules = [
        Rule::new(
            "stock_levels",
            "sellable is what is left unexpired and unblocked",
            format!("SELECT level.id, COALESCE(fit.quantity, 0) AS expected, level.sellable AS found {SUMMARY}"),
        ),
        Rule::new(
            "stock_levels",
            "the nearest expiry is the earliest of what can be sold",
            format!("SELECT level.id, fit.nearest_expiry AS expected, level.nearest_expiry AS found {SUMMARY}"),
        ),
    ];
    let mut mismatches = Vec::new();
    for rule in rules {
        let rows = reader.statement(rule.says, |on| {
            on_each!(on, |c| sql_query(rule.differing())
                .bind::<BigInt, _>(store_id.get())
                .bind::<Date, _>(day)
                .load::<MismatchRow>(c))
        })?;
        mismatches.extend(rule.mismatches(rows));
    }
    Ok(mismatches)
}
