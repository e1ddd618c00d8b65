//! Transactions of providers: each agrees with its payment, and all of them with the money of their order.

use super::Rule;

pub(super) fn rules() -> Vec<Rule> {
    vec![
        Rule::new("provider_transactions", "it is about as much as its payment", AMOUNT),
        Rule::new("provider_transactions", "its payment stands where it says", STATE),
        Rule::new("payments", "one transaction brought what a provider took", BROUGHT),
        Rule::new("payments", "one transaction is open while its provider takes it", OPEN),
        Rule::new(
            "orders",
            "one transaction holds it while a provider takes its money",
            HELD,
        ),
        Rule::new("orders", "it goes on once it is paid online", GOES_ON),
    ]
}

const AMOUNT: &str = "SELECT own.id, payment.amount AS expected, own.amount AS found \
    FROM provider_transactions AS own JOIN payments AS payment \
        ON payment.store_id = own.store_id AND payment.id = own.payment_id";

/// A performed one stays so when its money went back by hand; of a cancelled one, the payment may have come another way.
const STATE: &str = "SELECT own.id, payment.status AS found, CASE \
        WHEN own.state = 'open' THEN 'processing' \
        WHEN own.state = 'reversed' THEN 'refunded' \
        WHEN own.state = 'performed' AND payment.status <> 'refunded' THEN 'success' \
        ELSE payment.status END AS expected \
    FROM provider_transactions AS own JOIN payments AS payment \
        ON payment.store_id = own.store_id AND payment.id = own.payment_id";

const BROUGHT: &str = "SELECT payments.id, CASE WHEN payments.provider IN ('payme', 'click') \
        AND payments.status IN ('success', 'refunded') THEN 1 ELSE 0 END AS expected, (\
        SELECT COUNT(*) FROM provider_transactions AS own WHERE own.store_id = payments.store_id \
            AND own.payment_id = payments.id AND own.state IN ('performed', 'reversed')) AS found \
    FROM payments";

const OPEN: &str = "SELECT payments.id, CASE WHEN payments.status = 'processing' THEN 1 ELSE 0 END AS expected, (\
        SELECT COUNT(*) FROM provider_transactions AS own WHERE own.store_id = payments.store_id \
            AND own.payment_id = payments.id AND own.state = 'open') AS found \
    FROM payments";

const HELD: &str = "SELECT orders.id, CASE WHEN orders.payment_method = 'online' AND orders.payment_status = 'pending' \
        THEN 1 ELSE 0 END AS expected, (\
        SELECT COUNT(*) FROM provider_transactions AS own WHERE own.store_id = orders.store_id \
            AND own.order_id = orders.id AND own.state = 'open') AS found \
    FROM orders";

const GOES_ON: &str = "SELECT orders.id, 'paid' AS expected, orders.payment_status AS found FROM orders \
    WHERE orders.payment_method = 'online' \
        AND orders.status IN ('paid', 'preparing', 'ready_for_delivery', 'on_the_way', 'delivered')";
