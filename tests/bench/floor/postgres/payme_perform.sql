-- The rows of a payment that Payme confirms, one statement per step. Each order has a turn, and its transaction is open.
\set document :orders + :client_id * :each + :turn
\set turn :turn + 1
BEGIN;
SELECT store_id, order_id FROM provider_transactions WHERE provider = 'payme' AND external_id = lpad('3' || lpad(:document::text, 9, '0'), 24, '0')
    AND desk = '000000000000000000000001';
SELECT orders.id, orders.status, orders.payment_status, orders.total_price AS total, orders.expires_at, stores.name, stores.timezone,
    users.first_name, users.last_name, users.phone FROM orders JOIN stores ON stores.id = orders.store_id
    JOIN users ON users.id = orders.buyer_id WHERE orders.store_id = :store AND orders.id = :document FOR NO KEY UPDATE OF orders;
SELECT payments.id AS payment, payments.provider, payments.status, payments.amount, payments.is_late, provider_transactions.id AS attempt,
    provider_transactions.external_id, provider_transactions.state, provider_transactions.reason, provider_transactions.create_time,
    provider_transactions.open_until, provider_transactions.paydoc_id FROM payments
    LEFT JOIN provider_transactions ON provider_transactions.store_id = payments.store_id
    AND provider_transactions.payment_id = payments.id WHERE payments.store_id = :store AND payments.order_id = :document
    ORDER BY payments.id \gset
UPDATE payments SET status = 'success', completed_at = localtimestamp WHERE store_id = :store AND id = :payment AND status = 'processing'
    RETURNING public_id;
UPDATE provider_transactions SET state = 'performed', perform_time = 1763900000002 WHERE store_id = :store AND id = :attempt AND state = 'open';
UPDATE orders SET status = 'paid', payment_status = 'paid', cancel_reason = '', expires_at = NULL, paid_at = localtimestamp,
    updated_at = localtimestamp WHERE store_id = :store AND id = :document AND status = 'awaiting_payment' AND payment_status = 'pending';
INSERT INTO order_history (store_id, order_id, from_status, to_status, source, comment, created_at)
    VALUES (:store, :document, 'awaiting_payment', 'paid', 'payment', '', localtimestamp);
INSERT INTO audit_entries (store_id, actor_name, action, subject_type, subject_id, description, details, ip, user_agent, request_id,
    created_at) VALUES (:store, 'Tizim', 'status', 'order', :document, :description, :details, '', '', '', localtimestamp);
INSERT INTO payment_logs (store_id, payment_id, event, request, response, error_message, created_at) VALUES
    (:store, :payment, 'completed', '', '', '', localtimestamp),
    (:store, :payment, 'payme_perform', :request, :response, '', localtimestamp);
WITH told AS (INSERT INTO outbox (transaction_id, store_id, event, subject_type, subject_id, payload, created_at) VALUES
    (pg_current_xact_id()::text::bigint, :store, 'order.paid', 'order', :document, :payload, localtimestamp),
    (pg_current_xact_id()::text::bigint, :store, 'payment.succeeded', 'payment', :payment, :payload, localtimestamp)
    RETURNING id, event) SELECT id AS message FROM told WHERE event = 'order.paid' \gset
INSERT INTO outbox_dispatches (outbox_id, sink, status, attempts, due_at, leased_by, last_error, updated_at)
    VALUES (:message, 'notices', 'waiting', 0, localtimestamp, '', '', localtimestamp);
COMMIT;
