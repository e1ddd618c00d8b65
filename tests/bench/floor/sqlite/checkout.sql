-- The rows of a checkout of three lines, one statement per step. Each buyer has a turn, and three lines in his cart before it.
SELECT users.id, sessions.revoked_at, users.is_active, users.token_version, workers.id, stores.id FROM sessions
    JOIN users ON users.id = sessions.user_id LEFT JOIN workers ON workers.user_id = users.id
    LEFT JOIN stores ON stores.id = workers.store_id WHERE sessions.id = :session;
BEGIN IMMEDIATE;
SELECT body_hash, status, headers, body FROM idempotency_keys WHERE user_id = :user AND endpoint = 'POST /api/v1/pharmacy/orders/' AND key = 'floor-' || :key;
SELECT id AS cart FROM carts WHERE user_id = :user;
SELECT cash_enabled, online_location_id FROM store_settings WHERE store_id = :store;
SELECT cart_lines.id AS l1, products.id AS p1, products.sale_price AS r1, products.name AS n1 FROM cart_lines
    JOIN products ON products.store_id = cart_lines.store_id AND products.id = cart_lines.product_id
    LEFT JOIN categories ON categories.store_id = products.store_id AND categories.id = products.category_id
    WHERE cart_lines.cart_id = :cart ORDER BY products.id LIMIT 1 OFFSET 0;
SELECT cart_lines.id AS l2, products.id AS p2, products.sale_price AS r2, products.name AS n2 FROM cart_lines
    JOIN products ON products.store_id = cart_lines.store_id AND products.id = cart_lines.product_id
    LEFT JOIN categories ON categories.store_id = products.store_id AND categories.id = products.category_id
    WHERE cart_lines.cart_id = :cart ORDER BY products.id LIMIT 1 OFFSET 1;
SELECT cart_lines.id AS l3, products.id AS p3, products.sale_price AS r3, products.name AS n3 FROM cart_lines
    JOIN products ON products.store_id = cart_lines.store_id AND products.id = cart_lines.product_id
    LEFT JOIN categories ON categories.store_id = products.store_id AND categories.id = products.category_id
    WHERE cart_lines.cart_id = :cart ORDER BY products.id LIMIT 1 OFFSET 2;
SELECT on_hand, sellable, nearest_expiry FROM stock_levels WHERE store_id = :store AND location_id = :branch AND product_id = :p1;
SELECT on_hand, sellable, nearest_expiry FROM stock_levels WHERE store_id = :store AND location_id = :branch AND product_id = :p2;
SELECT on_hand, sellable, nearest_expiry FROM stock_levels WHERE store_id = :store AND location_id = :branch AND product_id = :p3;
SELECT max(id) AS b1 FROM stock_batches WHERE store_id = :store AND location_id = :branch AND product_id = :p1
    AND NOT is_spent AND quantity_left > 1000000;
SELECT max(id) AS b2 FROM stock_batches WHERE store_id = :store AND location_id = :branch AND product_id = :p2
    AND NOT is_spent AND quantity_left > 1000000;
SELECT max(id) AS b3 FROM stock_batches WHERE store_id = :store AND location_id = :branch AND product_id = :p3
    AND NOT is_spent AND quantity_left > 1000000;
INSERT INTO orders (store_id, buyer_id, location_id, status, payment_status, payment_method, total_price, delivery_address, comment,
    needs_prescription, cancel_reason, day, created_at, updated_at, search) VALUES (:store, :user, :branch, 'preparing', 'pending',
    'cash', :r1 + :r2 + :r3, 'Toshkent, Chilonzor 9-kvartal, 14-uy', '', FALSE, '', :day, :now, :now, '+998908000001 xaridor 1')
    RETURNING id AS document;
INSERT INTO order_lines (store_id, order_id, line_number, product_id, product_name, quantity, price, subtotal, needs_prescription)
    VALUES (:store, :document, 1, :p1, :n1, 1, :r1, :r1, FALSE);
INSERT INTO order_lines (store_id, order_id, line_number, product_id, product_name, quantity, price, subtotal, needs_prescription)
    VALUES (:store, :document, 2, :p2, :n2, 1, :r2, :r2, FALSE);
INSERT INTO order_lines (store_id, order_id, line_number, product_id, product_name, quantity, price, subtotal, needs_prescription)
    VALUES (:store, :document, 3, :p3, :n3, 1, :r3, :r3, FALSE);
INSERT INTO order_history (store_id, order_id, from_status, to_status, actor_id, source, comment, created_at)
    VALUES (:store, :document, 'draft', 'preparing', :user, 'checkout', '', :now);
INSERT INTO payments (store_id, order_id, public_id, provider, status, amount, is_late, created_at)
    VALUES (:store, :document, 'PAY-F' || :key, 'cash', 'pending', :r1 + :r2 + :r3, FALSE, :now) RETURNING id AS payment;
INSERT INTO payment_logs (store_id, payment_id, event, request, response, error_message, created_at)
    VALUES (:store, :payment, 'created', '', '', '', :now);
UPDATE stock_levels SET on_hand = on_hand - 1000, sellable = sellable - 1000, updated_at = :now
    WHERE store_id = :store AND location_id = :branch AND product_id = :p1;
UPDATE stock_batches SET quantity_left = quantity_left - 1000, value_left = value_left - unit_cost WHERE store_id = :store AND id = :b1;
INSERT INTO stock_movements (store_id, location_id, product_id, quantity, value, reason, document_type, document_id, description, actor_id,
    day, created_at) VALUES (:store, :branch, :p1, -1000, -100000, 'order', 'order', :document, '', :user, :day, :now) RETURNING id AS m1;
INSERT INTO stock_movement_parts (store_id, movement_id, batch_id, document_line, quantity, value)
    VALUES (:store, :m1, :b1, 1, -1000, -100000);
UPDATE stock_levels SET on_hand = on_hand - 1000, sellable = sellable - 1000, updated_at = :now
    WHERE store_id = :store AND location_id = :branch AND product_id = :p2;
UPDATE stock_batches SET quantity_left = quantity_left - 1000, value_left = value_left - unit_cost WHERE store_id = :store AND id = :b2;
INSERT INTO stock_movements (store_id, location_id, product_id, quantity, value, reason, document_type, document_id, description, actor_id,
    day, created_at) VALUES (:store, :branch, :p2, -1000, -100000, 'order', 'order', :document, '', :user, :day, :now) RETURNING id AS m2;
INSERT INTO stock_movement_parts (store_id, movement_id, batch_id, document_line, quantity, value)
    VALUES (:store, :m2, :b2, 2, -1000, -100000);
UPDATE stock_levels SET on_hand = on_hand - 1000, sellable = sellable - 1000, updated_at = :now
    WHERE store_id = :store AND location_id = :branch AND product_id = :p3;
UPDATE stock_batches SET quantity_left = quantity_left - 1000, value_left = value_left - unit_cost WHERE store_id = :store AND id = :b3;
INSERT INTO stock_movements (store_id, location_id, product_id, quantity, value, reason, document_type, document_id, description, actor_id,
    day, created_at) VALUES (:store, :branch, :p3, -1000, -100000, 'order', 'order', :document, '', :user, :day, :now) RETURNING id AS m3;
INSERT INTO stock_movement_parts (store_id, movement_id, batch_id, document_line, quantity, value)
    VALUES (:store, :m3, :b3, 3, -1000, -100000);
DELETE FROM cart_lines WHERE cart_id = :cart AND id = :l1;
DELETE FROM cart_lines WHERE cart_id = :cart AND id = :l2;
DELETE FROM cart_lines WHERE cart_id = :cart AND id = :l3;
UPDATE carts SET store_id = NULL, updated_at = :now WHERE id = :cart;
INSERT INTO audit_entries (store_id, actor_id, actor_name, action, subject_type, subject_id, description, details, ip, user_agent,
    request_id, created_at) VALUES (:store, :user, 'Xaridor 1 (Mijoz)', 'create', 'order', :document, :description, '', '127.0.0.1', '',
    '2afda597-d211-4f23-b3cb-e7737d9c4b20', :now);
INSERT INTO outbox (transaction_id, store_id, event, subject_type, subject_id, payload, created_at)
    VALUES (0, :store, 'order.created', 'order', :document, :payload, :now) RETURNING id AS message;
INSERT INTO outbox_dispatches (outbox_id, sink, status, attempts, due_at, leased_by, last_error, updated_at)
    VALUES (:message, 'notices', 'waiting', 0, :now, '', '', :now);
INSERT INTO idempotency_keys (user_id, endpoint, key, day, body_hash, status, headers, body, created_at) VALUES (:user,
    'POST /api/v1/pharmacy/orders/', 'floor-' || :key, :day, 'n2CGulk73xepP0JVUiG0/orr3CRY23ULDSKP3C+ZnjA=', 201,
    '[["content-type","application/json"],["content-language","uz"]]', :answer, :now);
COMMIT;
