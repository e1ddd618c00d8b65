//! Transactions of providers: each agrees with its payment, and all of them with the money of their order.

use super::Rule;

pub(super) fn rules() -> Vec<Rule> {
    vec![
        Rule::new("provider_transactions", "it is about as much as its payment", AMOUNT),
        Rule::new("provider_transactions", "its payment stands where it says", STATE),
        Rule::new(
            "provider_transactions",
            "its payment is of its own order and provider",
            PLACE,
        ),
        Rule::new(
            "provider_transactions",
            "Click was asked once for money that is to go back, never for other",
            ASKED_BACK,
        ),
        Rule::new("payments", "a refund has one cause, nothing else has any", CAUSE),
        Rule::new("payments", "it came late to an order that is cancelled or paid", LATE),
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

const PLACE: &str = "SELECT own.id, payment.order_id || ' ' || payment.provider AS expected, own.order_id || ' ' || own.provider AS found \
    FROM provider_transactions AS own JOIN payments AS payment \
        ON payment.store_id = own.store_id AND payment.id = own.payment_id";

/// One that is reversed needs no other trace. An order that was paid is cancelled for good, so that what was asked for stays right when the
/// money goes back by hand.
const ASKED_BACK: &str = "SELECT own.id, CASE WHEN payment.is_late OR orders.status = 'cancelled' THEN 1 ELSE 0 END AS expected, \
        COUNT(told.id) AS found \
    FROM provider_transactions AS own \
        JOIN payments AS payment ON payment.store_id = own.store_id AND payment.id = own.payment_id \
        JOIN orders ON orders.store_id = own.store_id AND orders.id = own.order_id \
        LEFT JOIN outbox AS told ON told.store_id = own.store_id AND told.subject_type = 'provider_transaction' \
            AND told.subject_id = own.id AND told.event = 'payment.reversal_requested' \
    WHERE own.provider = 'click' AND own.state = 'performed' \
    GROUP BY own.id, payment.is_late, orders.status";

/// The provider gave it back (Payme by its Cancel, Click by a reversal), or somebody did, who says why.
const CAUSE: &str = "SELECT payments.id, CASE WHEN payments.status = 'refunded' THEN 1 ELSE 0 END AS expected, (\
        SELECT COUNT(*) FROM provider_transactions AS own WHERE own.store_id = payments.store_id \
            AND own.payment_id = payments.id AND own.state = 'reversed') \
        + CASE WHEN payments.refund_reason <> '' THEN 1 ELSE 0 END AS found \
    FROM payments";

const LATE: &str = "SELECT late.id, 1 AS expected, CASE WHEN orders.status = 'cancelled' OR EXISTS (\
        SELECT 1 FROM payments AS paid WHERE paid.store_id = late.store_id AND paid.order_id = late.order_id \
            AND paid.status = 'success' AND NOT paid.is_late) THEN 1 ELSE 0 END AS found \
    FROM payments AS late JOIN orders ON orders.store_id = late.store_id AND orders.id = late.order_id \
    WHERE late.is_late";

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
