//! Places: what happens at a counter happens in a branch; from those put aside nothing is served, and nothing comes there that
//! was not there before.

use super::Rule;

pub(super) fn rules() -> Vec<Rule> {
    vec![
        Rule::new(
            "stock_levels",
            "what lies in a closed place came back with a cancelled sale",
            LYING,
        ),
        Rule::new("orders", "an unfinished one is served from an open branch", SERVED),
        Rule::new(
            "store_settings",
            "the branch chosen for online orders is an open one",
            CHOSEN,
        ),
        in_a_branch("shifts"),
        in_a_branch("expenses"),
        in_a_branch("sale_returns"),
    ]
}

/// What happens at a counter happens in no warehouse.
fn in_a_branch(table: &'static str) -> Rule {
    let sql = format!(
        "SELECT document.id, 'branch' AS expected, place.kind AS found FROM {table} AS document \
         LEFT JOIN locations AS place ON place.store_id = document.store_id AND place.id = document.branch_id"
    );
    Rule::new(table, "its place is a branch", sql)
}

/// A place is closed empty and takes nothing in afterwards, but the goods of an older sale return where they lay.
const LYING: &str = "SELECT level.id, 'sale_cancel' AS expected, \
        (SELECT movement.reason FROM stock_movements AS movement \
         WHERE movement.store_id = level.store_id AND movement.location_id = level.location_id \
            AND movement.product_id = level.product_id ORDER BY movement.id DESC LIMIT 1) AS found \
    FROM stock_levels AS level JOIN locations AS place ON place.store_id = level.store_id AND place.id = level.location_id \
    WHERE place.status = 'inactive' AND level.on_hand > 0";

const SERVED: &str = "SELECT placed.id, 'active branch' AS expected, place.status || ' ' || place.kind AS found \
    FROM orders AS placed JOIN locations AS place ON place.store_id = placed.store_id AND place.id = placed.location_id \
    WHERE placed.status NOT IN ('delivered', 'cancelled')";

const CHOSEN: &str = "SELECT setting.store_id AS id, 'active branch' AS expected, place.status || ' ' || place.kind AS found \
    FROM store_settings AS setting JOIN locations AS place \
        ON place.store_id = setting.store_id AND place.id = setting.online_location_id";
