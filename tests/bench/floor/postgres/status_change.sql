-- The rows of an order that is packed, one statement per step. Each order has a turn, and waits for it.
\set document :orders + :client_id * :each + :turn
\set turn :turn + 1
\set key random(1, 1000000000000000)
SELECT users.id, sessions.revoked_at, users.is_active, users.token_version, workers.id, stores.id FROM sessions
    JOIN users ON users.id = sessions.user_id LEFT JOIN workers ON workers.user_id = users.id
    LEFT JOIN stores ON stores.id = workers.store_id WHERE sessions.id = :operator_session;
BEGIN;
SELECT pg_try_advisory_xact_lock(:key), answered.* FROM (SELECT 1) AS one LEFT JOIN (SELECT body_hash, status, headers, body
    FROM idempotency_keys WHERE user_id = :operator AND endpoint = 'POST /api/v1/pharmacy/orders/1594/status/'
    AND key = 'floor-' || :key) AS answered ON true;
SELECT orders.id, orders.status, orders.payment_status, orders.total_price, orders.courier_id, stores.timezone, users.phone
    FROM orders JOIN stores ON stores.id = orders.store_id JOIN users ON users.id = orders.buyer_id
    WHERE orders.store_id = :store AND orders.id = :document;
UPDATE orders SET status = 'ready_for_delivery', updated_at = localtimestamp WHERE store_id = :store AND id = :document
    AND status = 'preparing' AND payment_status = 'pending';
INSERT INTO order_history (store_id, order_id, from_status, to_status, actor_id, source, comment, created_at)
    VALUES (:store, :document, 'preparing', 'ready_for_delivery', :operator, 'user', '', localtimestamp);
INSERT INTO audit_entries (store_id, actor_id, actor_name, action, subject_type, subject_id, description, details, ip, user_agent,
    request_id, created_at) VALUES (:store, :operator, 'Jasur Tursunov (Operator)', 'status', 'order', :document, :description,
    :details, '127.0.0.1', '', '2afda597-d211-4f23-b3cb-e7737d9c4b20', localtimestamp);
INSERT INTO outbox (transaction_id, store_id, event, subject_type, subject_id, payload, created_at)
    VALUES (pg_current_xact_id()::text::bigint, :store, 'order.status_changed', 'order', :document, :payload, localtimestamp)
    RETURNING id AS message \gset
INSERT INTO outbox_dispatches (outbox_id, sink, status, attempts, due_at, leased_by, last_error, updated_at)
    VALUES (:message, 'notices', 'waiting', 0, localtimestamp, '', '', localtimestamp);
INSERT INTO idempotency_keys (user_id, endpoint, key, day, body_hash, status, headers, body, created_at) VALUES (:operator,
    'POST /api/v1/pharmacy/orders/1594/status/', 'floor-' || :key, :day, 'n2CGulk73xepP0JVUiG0/orr3CRY23ULDSKP3C+ZnjA=', 200,
    '[["content-type","application/json"],["content-language","uz"]]', :answer, localtimestamp);
COMMIT;
