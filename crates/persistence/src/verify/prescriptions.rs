//! Prescriptions: whose they are, how many an order has, and that order and prescription say the same.

use super::Rule;

pub(super) fn rules() -> Vec<Rule> {
    vec![
        Rule::new("prescriptions", "its order waits for it while it is pending", PENDING),
        Rule::new("prescriptions", "it is of whoever placed its order", PATIENT),
        Rule::new("prescriptions", "it has one to five pictures", PICTURES),
        Rule::new("orders", "one prescription of it is pending at most", ONE_PENDING),
        Rule::new("orders", "it has five prescriptions at most", FIVE),
        Rule::new(
            "orders",
            "it waits for a prescription without an end while one is pending",
            CLOCK,
        ),
        Rule::new(
            "orders",
            "it went on from waiting by an approved prescription, and by no other way",
            APPROVED,
        ),
    ]
}

const PENDING: &str = "SELECT p.id, 'awaiting_prescription' AS expected, o.status AS found FROM prescriptions p \
    JOIN orders o ON o.store_id = p.store_id AND o.id = p.order_id WHERE p.status = 'pending'";

const PATIENT: &str = "SELECT p.id, CAST(o.buyer_id AS TEXT) AS expected, CAST(p.user_id AS TEXT) AS found FROM prescriptions p \
    JOIN orders o ON o.store_id = p.store_id AND o.id = p.order_id";

const PICTURES: &str = "SELECT p.id, '1 to 5' AS expected, \
        CASE WHEN COUNT(i.id) BETWEEN 1 AND 5 THEN '1 to 5' ELSE CAST(COUNT(i.id) AS TEXT) END AS found \
    FROM prescriptions p LEFT JOIN prescription_images i ON i.store_id = p.store_id AND i.prescription_id = p.id GROUP BY p.id";

const ONE_PENDING: &str = "SELECT p.order_id AS id, '1' AS expected, CAST(COUNT(*) AS TEXT) AS found FROM prescriptions p \
    WHERE p.status = 'pending' AND p.order_id IS NOT NULL GROUP BY p.order_id";

const FIVE: &str = "SELECT p.order_id AS id, 'up to 5' AS expected, \
        CASE WHEN COUNT(*) <= 5 THEN 'up to 5' ELSE CAST(COUNT(*) AS TEXT) END AS found FROM prescriptions p \
    WHERE p.order_id IS NOT NULL GROUP BY p.order_id";

const CLOCK: &str = "SELECT o.id, \
        CASE WHEN EXISTS (SELECT 1 FROM prescriptions p WHERE p.store_id = o.store_id AND p.order_id = o.id \
            AND p.status = 'pending') THEN 'without' ELSE 'with' END AS expected, \
        CASE WHEN o.expires_at IS NULL THEN 'without' ELSE 'with' END AS found \
    FROM orders o WHERE o.status = 'awaiting_prescription'";

const APPROVED: &str = "SELECT o.id, \
        CAST((SELECT COUNT(*) FROM prescriptions p WHERE p.store_id = o.store_id AND p.order_id = o.id \
            AND p.status = 'approved') AS TEXT) AS expected, \
        CAST((SELECT COUNT(*) FROM order_history h WHERE h.store_id = o.store_id AND h.order_id = o.id \
            AND h.from_status = 'awaiting_prescription' AND h.to_status <> 'cancelled') AS TEXT) AS found \
    FROM orders o WHERE o.needs_prescription";
