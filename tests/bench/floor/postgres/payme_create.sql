-- The rows of a transaction that Payme opens, one statement per step. Each order has a turn, and waits for its payment.
\set document :orders + :client_id * :each + :turn
\set turn :turn + 1
\set key random(1, 1000000000000000)
BEGIN;
SELECT store_id, order_id FROM provider_transactions WHERE provider = 'payme' AND external_id = 'floor-' || :key
    AND desk = '000000000000000000000001';
SELECT store_id FROM orders WHERE id = :document;
SELECT orders.id, orders.status, orders.payment_status, orders.total_price AS total, orders.expires_at, stores.name, stores.timezone,
    users.first_name, users.last_name, users.phone FROM orders JOIN stores ON stores.id = orders.store_id
    JOIN users ON users.id = orders.buyer_id WHERE orders.store_id = :store AND orders.id = :document FOR NO KEY UPDATE OF orders;
SELECT payments.id, payments.provider, payments.status, payments.amount, payments.is_late, provider_transactions.* FROM payments
    LEFT JOIN provider_transactions ON provider_transactions.store_id = payments.store_id
    AND provider_transactions.payment_id = payments.id WHERE payments.store_id = :store AND payments.order_id = :document
    ORDER BY payments.id;
INSERT INTO payments (store_id, order_id, public_id, provider, status, amount, is_late, created_at)
    VALUES (:store, :document, 'PAY-' || :key, 'payme', 'processing', 59350000, FALSE, localtimestamp) RETURNING id AS payment \gset
INSERT INTO provider_transactions (store_id, order_id, payment_id, provider, desk, external_id, amount, state, external_time, create_time,
    perform_time, cancel_time, open_until, account) VALUES (:store, :document, :payment, 'payme', '000000000000000000000001',
    'floor-' || :key, 59350000, 'open', 1763900000000, 1763900000001, 0, 0, 1763943200001, :document);
UPDATE orders SET payment_status = 'pending', updated_at = localtimestamp WHERE store_id = :store AND id = :document
    AND status = 'awaiting_payment' AND payment_status = 'unpaid';
INSERT INTO payment_logs (store_id, payment_id, event, request, response, error_message, created_at) VALUES
    (:store, :payment, 'created', '', '', '', localtimestamp),
    (:store, :payment, 'payme_create', :request, :response, '', localtimestamp);
COMMIT;
