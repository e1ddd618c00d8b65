//! Deliveries and payments: neither says anything else than its order, and each handed over order counts at its products.

use super::Rule;

pub(super) fn rules() -> Vec<Rule> {
    vec![
        Rule::new("orders", "its active delivery stands where it stands", ACTIVE),
        Rule::new("orders", "one delivery handed it over, none unless it was", HANDED_OVER),
        Rule::new("orders", "its courier is that of its delivery", COURIER),
        Rule::new("deliveries", "its history leads to where it stands", HISTORY),
        Rule::new("orders", "one payment brought what was paid, none before", PAID),
        Rule::new(
            "orders",
            "one payment in cash is expected while its cash is",
            EXPECTED_CASH,
        ),
        Rule::new("products", "as many orders with it were handed over as it says", COUNT),
    ]
}

const ACTIVE: &str = "SELECT orders.id, CASE WHEN orders.status = 'on_the_way' THEN 'on_the_way' \
        WHEN orders.status = 'ready_for_delivery' AND orders.courier_id IS NOT NULL THEN 'ready' END AS expected, \
        delivery.status AS found \
    FROM orders LEFT JOIN deliveries AS delivery ON delivery.store_id = orders.store_id AND delivery.order_id = orders.id \
        AND delivery.status IN ('ready', 'on_the_way')";

const HANDED_OVER: &str = "SELECT orders.id, CASE orders.status WHEN 'delivered' THEN 1 ELSE 0 END AS expected, \
        COUNT(delivery.id) AS found \
    FROM orders LEFT JOIN deliveries AS delivery ON delivery.store_id = orders.store_id AND delivery.order_id = orders.id \
        AND delivery.status = 'delivered' \
    GROUP BY orders.id, orders.status";

const COURIER: &str = "SELECT orders.id, delivery.courier_id AS expected, orders.courier_id AS found \
    FROM orders JOIN deliveries AS delivery ON delivery.store_id = orders.store_id AND delivery.order_id = orders.id \
        AND delivery.status <> 'canceled'";

const HISTORY: &str = "SELECT deliveries.id, deliveries.status AS expected, (\
        SELECT step.to_status FROM delivery_history AS step WHERE step.store_id = deliveries.store_id \
            AND step.delivery_id = deliveries.id ORDER BY step.id DESC LIMIT 1) AS found \
    FROM deliveries";

/// A cancelled order may owe nothing but money that came late.
const PAID: &str = "SELECT orders.id, payment.amount AS found, CASE WHEN orders.payment_status = 'paid' \
            OR orders.payment_status = 'refund_pending' AND (payment.id IS NOT NULL OR NOT EXISTS (\
                SELECT 1 FROM payments AS late WHERE late.store_id = orders.store_id AND late.order_id = orders.id \
                    AND late.status = 'success' AND late.is_late)) \
        THEN orders.total_price END AS expected \
    FROM orders LEFT JOIN payments AS payment ON payment.store_id = orders.store_id AND payment.order_id = orders.id \
        AND payment.status = 'success' AND NOT payment.is_late";

const EXPECTED_CASH: &str = "SELECT orders.id, CASE WHEN orders.payment_method = 'cash' \
        AND orders.payment_status = 'pending' THEN orders.total_price END AS expected, payment.amount AS found \
    FROM orders LEFT JOIN payments AS payment ON payment.store_id = orders.store_id AND payment.order_id = orders.id \
        AND payment.status = 'pending' AND payment.provider = 'cash'";

const COUNT: &str = "SELECT products.id, products.order_count AS found, (\
        SELECT COUNT(DISTINCT line.order_id) FROM order_lines AS line \
        JOIN orders ON orders.store_id = line.store_id AND orders.id = line.order_id \
        WHERE line.store_id = products.store_id AND line.product_id = products.id AND orders.status = 'delivered'\
    ) AS expected FROM products";
