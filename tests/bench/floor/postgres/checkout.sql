-- The rows of a checkout of three lines, one statement per step. Each buyer has a turn, and three lines in his cart before it.
\set user :buyer + :client_id * :each + :turn
\set session :buyer_session + :client_id * :each + :turn
\set turn :turn + 1
\set key random(1, 1000000000000000)
SELECT users.id, sessions.revoked_at, users.is_active, users.token_version, workers.id, stores.id FROM sessions
    JOIN users ON users.id = sessions.user_id LEFT JOIN workers ON workers.user_id = users.id
    LEFT JOIN stores ON stores.id = workers.store_id WHERE sessions.id = :session;
BEGIN;
SELECT pg_try_advisory_xact_lock(:key), answered.* FROM (SELECT 1) AS one LEFT JOIN (SELECT body_hash, status, headers, body
    FROM idempotency_keys WHERE user_id = :user AND endpoint = 'POST /api/v1/pharmacy/orders/' AND key = 'floor-' || :key)
    AS answered ON true;
SELECT id AS cart FROM carts WHERE user_id = :user FOR UPDATE \gset
SELECT cash_enabled, online_location_id FROM store_settings WHERE store_id = :store FOR SHARE;
SELECT line[1] AS l1, line[2] AS l2, line[3] AS l3, product[1] AS p1, product[2] AS p2, product[3] AS p3, price[1] AS r1,
    price[2] AS r2, price[3] AS r3, price[1] + price[2] + price[3] AS total, name[1] AS n1, name[2] AS n2, name[3] AS n3
    FROM (SELECT array_agg(cart_lines.id ORDER BY products.id) AS line, array_agg(products.id ORDER BY products.id) AS product,
        array_agg(products.sale_price ORDER BY products.id) AS price, array_agg(products.name ORDER BY products.id) AS name
        FROM cart_lines JOIN products ON products.store_id = cart_lines.store_id AND products.id = cart_lines.product_id
        LEFT JOIN categories ON categories.store_id = products.store_id AND categories.id = products.category_id
        WHERE cart_lines.cart_id = :cart) AS lines \gset
SELECT sum(on_hand) AS on_hand FROM (SELECT on_hand FROM stock_levels WHERE store_id = :store AND location_id = :branch
    AND product_id = ANY (ARRAY[:p1, :p2, :p3]::bigint[]) ORDER BY product_id FOR UPDATE) AS levels \gset
SELECT max(id) FILTER (WHERE product_id = :p1) AS b1, max(id) FILTER (WHERE product_id = :p2) AS b2,
    max(id) FILTER (WHERE product_id = :p3) AS b3 FROM stock_batches WHERE store_id = :store AND location_id = :branch
    AND product_id = ANY (ARRAY[:p1, :p2, :p3]::bigint[]) AND NOT is_spent AND quantity_left > 1000000 \gset
INSERT INTO orders (store_id, buyer_id, location_id, status, payment_status, payment_method, total_price, delivery_address, comment,
    needs_prescription, cancel_reason, day, created_at, updated_at, search) VALUES (:store, :user, :branch, 'preparing', 'pending',
    'cash', :total, 'Toshkent, Chilonzor 9-kvartal, 14-uy', '', FALSE, '', :day, localtimestamp, localtimestamp,
    '+998908000001 xaridor 1') RETURNING id AS document \gset
INSERT INTO order_lines (store_id, order_id, line_number, product_id, product_name, quantity, price, subtotal, needs_prescription)
    VALUES (:store, :document, 1, :p1, :n1, 1, :r1, :r1, FALSE), (:store, :document, 2, :p2, :n2, 1, :r2, :r2, FALSE),
    (:store, :document, 3, :p3, :n3, 1, :r3, :r3, FALSE);
INSERT INTO order_history (store_id, order_id, from_status, to_status, actor_id, source, comment, created_at)
    VALUES (:store, :document, 'draft', 'preparing', :user, 'checkout', '', localtimestamp);
INSERT INTO payments (store_id, order_id, public_id, provider, status, amount, is_late, created_at)
    VALUES (:store, :document, 'PAY-F' || :key, 'cash', 'pending', :total, FALSE, localtimestamp) RETURNING id AS payment \gset
INSERT INTO payment_logs (store_id, payment_id, event, request, response, error_message, created_at)
    VALUES (:store, :payment, 'created', '', '', '', localtimestamp);
UPDATE stock_levels SET on_hand = on_hand - 1000, sellable = sellable - 1000, updated_at = localtimestamp
    WHERE store_id = :store AND location_id = :branch AND product_id = :p1;
UPDATE stock_levels SET on_hand = on_hand - 1000, sellable = sellable - 1000, updated_at = localtimestamp
    WHERE store_id = :store AND location_id = :branch AND product_id = :p2;
UPDATE stock_levels SET on_hand = on_hand - 1000, sellable = sellable - 1000, updated_at = localtimestamp
    WHERE store_id = :store AND location_id = :branch AND product_id = :p3;
UPDATE stock_batches SET quantity_left = quantity_left - 1000, value_left = value_left - unit_cost WHERE store_id = :store AND id = :b1;
UPDATE stock_batches SET quantity_left = quantity_left - 1000, value_left = value_left - unit_cost WHERE store_id = :store AND id = :b2;
UPDATE stock_batches SET quantity_left = quantity_left - 1000, value_left = value_left - unit_cost WHERE store_id = :store AND id = :b3;
WITH moved AS (INSERT INTO stock_movements (store_id, location_id, product_id, quantity, value, reason, document_type, document_id,
    description, actor_id, day, created_at) VALUES
    (:store, :branch, :p1, -1000, -100000, 'order', 'order', :document, '', :user, :day, localtimestamp),
    (:store, :branch, :p2, -1000, -100000, 'order', 'order', :document, '', :user, :day, localtimestamp),
    (:store, :branch, :p3, -1000, -100000, 'order', 'order', :document, '', :user, :day, localtimestamp) RETURNING id, product_id)
    SELECT max(id) FILTER (WHERE product_id = :p1) AS m1, max(id) FILTER (WHERE product_id = :p2) AS m2,
    max(id) FILTER (WHERE product_id = :p3) AS m3 FROM moved \gset
INSERT INTO stock_movement_parts (store_id, movement_id, batch_id, document_line, quantity, value) VALUES
    (:store, :m1, :b1, 1, -1000, -100000), (:store, :m2, :b2, 2, -1000, -100000), (:store, :m3, :b3, 3, -1000, -100000);
DELETE FROM cart_lines WHERE cart_id = :cart AND id = ANY (ARRAY[:l1, :l2, :l3]::bigint[]);
UPDATE carts SET store_id = NULL, updated_at = localtimestamp WHERE id = :cart;
INSERT INTO audit_entries (store_id, actor_id, actor_name, action, subject_type, subject_id, description, details, ip, user_agent,
    request_id, created_at) VALUES (:store, :user, 'Xaridor 1 (Mijoz)', 'create', 'order', :document, :description, '', '127.0.0.1',
    '', '2afda597-d211-4f23-b3cb-e7737d9c4b20', localtimestamp);
INSERT INTO outbox (transaction_id, store_id, event, subject_type, subject_id, payload, created_at)
    VALUES (pg_current_xact_id()::text::bigint, :store, 'order.created', 'order', :document, :payload, localtimestamp)
    RETURNING id AS message \gset
INSERT INTO outbox_dispatches (outbox_id, sink, status, attempts, due_at, leased_by, last_error, updated_at)
    VALUES (:message, 'notices', 'waiting', 0, localtimestamp, '', '', localtimestamp);
INSERT INTO idempotency_keys (user_id, endpoint, key, day, body_hash, status, headers, body, created_at) VALUES (:user,
    'POST /api/v1/pharmacy/orders/', 'floor-' || :key, :day, 'n2CGulk73xepP0JVUiG0/orr3CRY23ULDSKP3C+ZnjA=', 201,
    '[["content-type","application/json"],["content-language","uz"]]', :answer, localtimestamp);
COMMIT;
