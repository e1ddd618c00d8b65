-- The rows of a sale of three lines, one statement per step. Each is made by any of the sellers.
\set one random(0, :sellers - 1)
\set user :seller + :one
\set session :seller_session + :one
\set cashier :worker + :one
\set p1 :shelf + :step * random(0, :third - 1)
\set p2 :shelf + :step * random(:third, 2 * :third - 1)
\set p3 :shelf + :step * random(2 * :third, 3 * :third - 1)
\set key random(1, 1000000000000000)
SELECT users.id, sessions.revoked_at, users.is_active, users.token_version, workers.id, stores.id FROM sessions
    JOIN users ON users.id = sessions.user_id LEFT JOIN workers ON workers.user_id = users.id
    LEFT JOIN stores ON stores.id = workers.store_id WHERE sessions.id = :session;
BEGIN;
SELECT pg_try_advisory_xact_lock(:key), answered.* FROM (SELECT 1) AS one LEFT JOIN (SELECT body_hash, status, headers, body
    FROM idempotency_keys WHERE user_id = :user AND endpoint = 'POST /api/v1/sales/' AND key = 'floor-' || :key)
    AS answered ON true;
SELECT locations.id, locations.name, store_settings.allow_cash, store_settings.shift_enabled FROM locations
    JOIN store_settings ON store_settings.store_id = locations.store_id
    WHERE locations.store_id = :store AND locations.id = :counter FOR SHARE OF locations;
SELECT price[1] AS r1, price[2] AS r2, price[3] AS r3, price[1] + price[2] + price[3] AS total, name[1] AS n1, name[2] AS n2,
    name[3] AS n3 FROM (SELECT array_agg(sale_price ORDER BY id) AS price, array_agg(name ORDER BY id) AS name FROM products
        WHERE store_id = :store AND id = ANY (ARRAY[:p1, :p2, :p3]::bigint[])) AS goods \gset
INSERT INTO sales (number, store_id, branch_id, worker_id, payment_type, total_price, discount_amount, net_total, cash_amount,
    card_amount, debt_amount, returned_amount, status, description, sold_at, day, cancel_reason, refund_cash, refund_card, refund_debt,
    created_at) VALUES (nextval(('sale_number_' || :store)::regclass), :store, :counter, :cashier, 'cash', :total, 0, :total, :total,
    0, 0, 0, 'completed', '', localtimestamp, :day, '', 0, 0, 0, localtimestamp) RETURNING id AS document \gset
SELECT sum(on_hand) AS on_hand FROM (SELECT on_hand FROM stock_levels WHERE store_id = :store AND location_id = :counter
    AND product_id = ANY (ARRAY[:p1, :p2, :p3]::bigint[]) ORDER BY product_id FOR UPDATE) AS levels \gset
SELECT max(id) FILTER (WHERE product_id = :p1) AS b1, max(id) FILTER (WHERE product_id = :p2) AS b2,
    max(id) FILTER (WHERE product_id = :p3) AS b3 FROM stock_batches WHERE store_id = :store AND location_id = :counter
    AND product_id = ANY (ARRAY[:p1, :p2, :p3]::bigint[]) AND NOT is_spent AND quantity_left > 1000000 \gset
UPDATE stock_levels SET on_hand = on_hand - 1000, sellable = sellable - 1000, updated_at = localtimestamp
    WHERE store_id = :store AND location_id = :counter AND product_id = :p1;
UPDATE stock_levels SET on_hand = on_hand - 1000, sellable = sellable - 1000, updated_at = localtimestamp
    WHERE store_id = :store AND location_id = :counter AND product_id = :p2;
UPDATE stock_levels SET on_hand = on_hand - 1000, sellable = sellable - 1000, updated_at = localtimestamp
    WHERE store_id = :store AND location_id = :counter AND product_id = :p3;
UPDATE stock_batches SET quantity_left = quantity_left - 1000, value_left = value_left - unit_cost WHERE store_id = :store AND id = :b1;
UPDATE stock_batches SET quantity_left = quantity_left - 1000, value_left = value_left - unit_cost WHERE store_id = :store AND id = :b2;
UPDATE stock_batches SET quantity_left = quantity_left - 1000, value_left = value_left - unit_cost WHERE store_id = :store AND id = :b3;
WITH moved AS (INSERT INTO stock_movements (store_id, location_id, product_id, quantity, value, reason, document_type, document_id,
    description, actor_id, day, created_at) VALUES
    (:store, :counter, :p1, -1000, -100000, 'sale', 'sale', :document, '', :user, :day, localtimestamp),
    (:store, :counter, :p2, -1000, -100000, 'sale', 'sale', :document, '', :user, :day, localtimestamp),
    (:store, :counter, :p3, -1000, -100000, 'sale', 'sale', :document, '', :user, :day, localtimestamp) RETURNING id, product_id)
    SELECT max(id) FILTER (WHERE product_id = :p1) AS m1, max(id) FILTER (WHERE product_id = :p2) AS m2,
    max(id) FILTER (WHERE product_id = :p3) AS m3 FROM moved \gset
INSERT INTO stock_movement_parts (store_id, movement_id, batch_id, document_line, quantity, value) VALUES
    (:store, :m1, :b1, 1, -1000, -100000), (:store, :m2, :b2, 2, -1000, -100000), (:store, :m3, :b3, 3, -1000, -100000);
INSERT INTO sale_lines (store_id, sale_id, line_number, product_id, product_name, quantity, original_price, discount_percent,
    discount_per_unit, discount_source, currency_id, line_total, total_price, cost, returned_quantity, unit) VALUES
    (:store, :document, 1, :p1, :n1, 1000, :r1, 0, 0, 'none', 1, :r1, :r1, 100000, 0, 'dona'),
    (:store, :document, 2, :p2, :n2, 1000, :r2, 0, 0, 'none', 1, :r2, :r2, 100000, 0, 'dona'),
    (:store, :document, 3, :p3, :n3, 1000, :r3, 0, 0, 'none', 1, :r3, :r3, 100000, 0, 'dona');
INSERT INTO audit_entries (store_id, actor_id, actor_name, action, subject_type, subject_id, description, details, ip, user_agent,
    request_id, created_at) VALUES (:store, :user, 'Sotuvchi 1 (Sotuvchi)', 'create', 'sale', :document, :description, '',
    '127.0.0.1', '', '2afda597-d211-4f23-b3cb-e7737d9c4b20', localtimestamp);
INSERT INTO outbox (transaction_id, store_id, event, subject_type, subject_id, payload, created_at)
    VALUES (pg_current_xact_id()::text::bigint, :store, 'sale.completed', 'sale', :document, :payload, localtimestamp);
INSERT INTO idempotency_keys (user_id, endpoint, key, day, body_hash, status, headers, body, created_at) VALUES (:user,
    'POST /api/v1/sales/', 'floor-' || :key, :day, 'n2CGulk73xepP0JVUiG0/orr3CRY23ULDSKP3C+ZnjA=', 201,
    '[["content-type","application/json"],["content-language","uz"]]', :answer, localtimestamp);
COMMIT;
