-- The rows of goods that come in by hand, one statement per step.
\set product :arrivals + :step * random(0, 3 * :third - 1)
\set key random(1, 1000000000000000)
SELECT users.id, sessions.revoked_at, users.is_active, users.token_version, workers.id, stores.id FROM sessions
    JOIN users ON users.id = sessions.user_id LEFT JOIN workers ON workers.user_id = users.id
    LEFT JOIN stores ON stores.id = workers.store_id WHERE sessions.id = :owner_session;
BEGIN;
SELECT pg_try_advisory_xact_lock(:key), answered.* FROM (SELECT 1) AS one LEFT JOIN (SELECT body_hash, status, headers, body
    FROM idempotency_keys WHERE user_id = :owner AND endpoint = 'POST /api/v1/warehouse/movements/' AND key = 'floor-' || :key)
    AS answered ON true;
SELECT locations.id, locations.name, store_settings.low_stock_enabled FROM locations
    JOIN store_settings ON store_settings.store_id = locations.store_id
    WHERE locations.store_id = :store AND locations.id = :branch FOR SHARE OF locations;
SELECT id, name, unit, is_medicine, status FROM products WHERE store_id = :store AND id = :product FOR SHARE;
SELECT on_hand, sellable, nearest_expiry FROM stock_levels WHERE store_id = :store AND location_id = :branch
    AND product_id = :product FOR UPDATE;
UPDATE stock_levels SET on_hand = on_hand + 10000, sellable = sellable + 10000, nearest_expiry = '2035-01-01', is_hidden = FALSE,
    updated_at = localtimestamp WHERE store_id = :store AND location_id = :branch AND product_id = :product;
INSERT INTO stock_movements (store_id, location_id, product_id, quantity, value, reason, document_type, description, actor_id, day,
    created_at) VALUES (:store, :branch, :product, 10000, 1000000, 'receipt', 'manual', '', :owner, :day, localtimestamp)
    RETURNING id AS movement \gset
INSERT INTO stock_batches (store_id, location_id, product_id, origin_movement_id, unit_cost, quantity_received, quantity_left, value_left,
    is_spent, series, expires_on, is_blocked, block_reason, received_at) VALUES (:store, :branch, :product, :movement, 100000, 10000,
    10000, 1000000, FALSE, 'BENCH-1', '2035-01-01', FALSE, '', localtimestamp) RETURNING id AS batch \gset
INSERT INTO stock_movement_parts (store_id, movement_id, batch_id, document_line, quantity, value)
    VALUES (:store, :movement, :batch, 0, 10000, 1000000);
INSERT INTO audit_entries (store_id, actor_id, actor_name, action, subject_type, subject_id, description, details, ip, user_agent,
    request_id, created_at) VALUES (:store, :owner, 'Dilshod Karimov (Ega)', 'create', 'stock_movement', :movement, :description,
    :details, '127.0.0.1', '', '2afda597-d211-4f23-b3cb-e7737d9c4b20', localtimestamp);
INSERT INTO outbox (transaction_id, store_id, event, subject_type, subject_id, payload, created_at)
    VALUES (pg_current_xact_id()::text::bigint, :store, 'stock.changed', 'stock_movement', :movement, :payload, localtimestamp);
INSERT INTO idempotency_keys (user_id, endpoint, key, day, body_hash, status, headers, body, created_at) VALUES (:owner,
    'POST /api/v1/warehouse/movements/', 'floor-' || :key, :day, 'n2CGulk73xepP0JVUiG0/orr3CRY23ULDSKP3C+ZnjA=', 201,
    '[["content-type","application/json"],["content-language","uz"]]', :answer, localtimestamp);
COMMIT;
