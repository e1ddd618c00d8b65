-- The rows of a sale of three lines, one statement per step. Sellers take turns.
SELECT users.id, sessions.revoked_at, users.is_active, users.token_version, workers.id, stores.id FROM sessions
    JOIN users ON users.id = sessions.user_id LEFT JOIN workers ON workers.user_id = users.id
    LEFT JOIN stores ON stores.id = workers.store_id WHERE sessions.id = :session;
BEGIN IMMEDIATE;
SELECT body_hash, status, headers, body FROM idempotency_keys WHERE user_id = :user AND endpoint = 'POST /api/v1/sales/' AND key = 'floor-' || :key;
SELECT locations.id, locations.name, store_settings.allow_cash, store_settings.shift_enabled FROM locations
    JOIN store_settings ON store_settings.store_id = locations.store_id
    WHERE locations.store_id = :store AND locations.id = :counter;
SELECT sale_price AS r1, name AS n1 FROM products WHERE store_id = :store AND id = :p1;
SELECT sale_price AS r2, name AS n2 FROM products WHERE store_id = :store AND id = :p2;
SELECT sale_price AS r3, name AS n3 FROM products WHERE store_id = :store AND id = :p3;
UPDATE store_counters SET next = next + 1 WHERE store_id = :store AND name = 'sale_number' RETURNING next - 1 AS number;
INSERT INTO sales (number, store_id, branch_id, worker_id, payment_type, total_price, discount_amount, net_total, cash_amount,
    card_amount, debt_amount, returned_amount, status, description, sold_at, day, cancel_reason, refund_cash, refund_card, refund_debt,
    created_at) VALUES (:number, :store, :counter, :worker, 'cash', :r1 + :r2 + :r3, 0, :r1 + :r2 + :r3, :r1 + :r2 + :r3,
    0, 0, 0, 'completed', '', :now, :day, '', 0, 0, 0, :now) RETURNING id AS document;
SELECT on_hand, sellable, nearest_expiry FROM stock_levels WHERE store_id = :store AND location_id = :counter AND product_id = :p1;
SELECT on_hand, sellable, nearest_expiry FROM stock_levels WHERE store_id = :store AND location_id = :counter AND product_id = :p2;
SELECT on_hand, sellable, nearest_expiry FROM stock_levels WHERE store_id = :store AND location_id = :counter AND product_id = :p3;
SELECT max(id) AS b1 FROM stock_batches WHERE store_id = :store AND location_id = :counter AND product_id = :p1
    AND NOT is_spent AND quantity_left > 1000000;
SELECT max(id) AS b2 FROM stock_batches WHERE store_id = :store AND location_id = :counter AND product_id = :p2
    AND NOT is_spent AND quantity_left > 1000000;
SELECT max(id) AS b3 FROM stock_batches WHERE store_id = :store AND location_id = :counter AND product_id = :p3
    AND NOT is_spent AND quantity_left > 1000000;
UPDATE stock_levels SET on_hand = on_hand - 1000, sellable = sellable - 1000, updated_at = :now
    WHERE store_id = :store AND location_id = :counter AND product_id = :p1;
UPDATE stock_batches SET quantity_left = quantity_left - 1000, value_left = value_left - unit_cost WHERE store_id = :store AND id = :b1;
INSERT INTO stock_movements (store_id, location_id, product_id, quantity, value, reason, document_type, document_id, description, actor_id,
    day, created_at) VALUES (:store, :counter, :p1, -1000, -100000, 'sale', 'sale', :document, '', :user, :day, :now) RETURNING id AS m1;
INSERT INTO stock_movement_parts (store_id, movement_id, batch_id, document_line, quantity, value)
    VALUES (:store, :m1, :b1, 1, -1000, -100000);
UPDATE stock_levels SET on_hand = on_hand - 1000, sellable = sellable - 1000, updated_at = :now
    WHERE store_id = :store AND location_id = :counter AND product_id = :p2;
UPDATE stock_batches SET quantity_left = quantity_left - 1000, value_left = value_left - unit_cost WHERE store_id = :store AND id = :b2;
INSERT INTO stock_movements (store_id, location_id, product_id, quantity, value, reason, document_type, document_id, description, actor_id,
    day, created_at) VALUES (:store, :counter, :p2, -1000, -100000, 'sale', 'sale', :document, '', :user, :day, :now) RETURNING id AS m2;
INSERT INTO stock_movement_parts (store_id, movement_id, batch_id, document_line, quantity, value)
    VALUES (:store, :m2, :b2, 2, -1000, -100000);
UPDATE stock_levels SET on_hand = on_hand - 1000, sellable = sellable - 1000, updated_at = :now
    WHERE store_id = :store AND location_id = :counter AND product_id = :p3;
UPDATE stock_batches SET quantity_left = quantity_left - 1000, value_left = value_left - unit_cost WHERE store_id = :store AND id = :b3;
INSERT INTO stock_movements (store_id, location_id, product_id, quantity, value, reason, document_type, document_id, description, actor_id,
    day, created_at) VALUES (:store, :counter, :p3, -1000, -100000, 'sale', 'sale', :document, '', :user, :day, :now) RETURNING id AS m3;
INSERT INTO stock_movement_parts (store_id, movement_id, batch_id, document_line, quantity, value)
    VALUES (:store, :m3, :b3, 3, -1000, -100000);
INSERT INTO sale_lines (store_id, sale_id, line_number, product_id, product_name, quantity, original_price, discount_percent,
    discount_per_unit, discount_source, currency_id, line_total, total_price, cost, returned_quantity, unit)
    VALUES (:store, :document, 1, :p1, :n1, 1000, :r1, 0, 0, 'none', 1, :r1, :r1, 100000, 0, 'dona');
INSERT INTO sale_lines (store_id, sale_id, line_number, product_id, product_name, quantity, original_price, discount_percent,
    discount_per_unit, discount_source, currency_id, line_total, total_price, cost, returned_quantity, unit)
    VALUES (:store, :document, 2, :p2, :n2, 1000, :r2, 0, 0, 'none', 1, :r2, :r2, 100000, 0, 'dona');
INSERT INTO sale_lines (store_id, sale_id, line_number, product_id, product_name, quantity, original_price, discount_percent,
    discount_per_unit, discount_source, currency_id, line_total, total_price, cost, returned_quantity, unit)
    VALUES (:store, :document, 3, :p3, :n3, 1000, :r3, 0, 0, 'none', 1, :r3, :r3, 100000, 0, 'dona');
INSERT INTO audit_entries (store_id, actor_id, actor_name, action, subject_type, subject_id, description, details, ip, user_agent,
    request_id, created_at) VALUES (:store, :user, 'Sotuvchi 1 (Sotuvchi)', 'create', 'sale', :document, :description, '', '127.0.0.1', '',
    '2afda597-d211-4f23-b3cb-e7737d9c4b20', :now);
INSERT INTO outbox (transaction_id, store_id, event, subject_type, subject_id, payload, created_at)
    VALUES (0, :store, 'sale.completed', 'sale', :document, :payload, :now) RETURNING id AS message;
INSERT INTO idempotency_keys (user_id, endpoint, key, day, body_hash, status, headers, body, created_at) VALUES (:user,
    'POST /api/v1/sales/', 'floor-' || :key, :day, 'n2CGulk73xepP0JVUiG0/orr3CRY23ULDSKP3C+ZnjA=', 201,
    '[["content-type","application/json"],["content-language","uz"]]', :answer, :now);
COMMIT;
