-- The rows of a product that is put into a cart, one statement per step. Each buyer has three turns, and an empty cart before them.
\set user :buyer + (:client_id * :each + :turn) / 3
\set session :buyer_session + (:client_id * :each + :turn) / 3
\set product :shelf + :step * (:third * (:turn % 3) + random(0, :third - 1))
\set turn :turn + 1
\set key random(1, 1000000000000000)
SELECT users.id, sessions.revoked_at, users.is_active, users.token_version, workers.id, stores.id FROM sessions
    JOIN users ON users.id = sessions.user_id LEFT JOIN workers ON workers.user_id = users.id
    LEFT JOIN stores ON stores.id = workers.store_id WHERE sessions.id = :session;
BEGIN;
SELECT pg_try_advisory_xact_lock(:key), answered.* FROM (SELECT 1) AS one LEFT JOIN (SELECT body_hash, status, headers, body
    FROM idempotency_keys WHERE user_id = :user AND endpoint = 'POST /api/v1/pharmacy/cart/items/' AND key = 'floor-' || :key)
    AS answered ON true;
SELECT id AS cart FROM carts WHERE user_id = :user FOR UPDATE \gset
SELECT cart_lines.id, cart_lines.product_id, cart_lines.quantity, cart_lines.price_at_add, products.name, products.sale_price
    FROM cart_lines JOIN products ON products.store_id = cart_lines.store_id AND products.id = cart_lines.product_id
    WHERE cart_lines.cart_id = :cart ORDER BY cart_lines.id;
SELECT products.sale_price AS price FROM products LEFT JOIN categories ON categories.store_id = products.store_id
    AND categories.id = products.category_id LEFT JOIN stock_levels ON stock_levels.store_id = products.store_id
    AND stock_levels.location_id = :branch AND stock_levels.product_id = products.id
    WHERE products.store_id = :store AND products.id = :product \gset
INSERT INTO cart_lines (cart_id, store_id, product_id, quantity, price_at_add, is_saved, created_at)
    VALUES (:cart, :store, :product, 1, :price, FALSE, localtimestamp);
UPDATE carts SET store_id = :store, updated_at = localtimestamp WHERE id = :cart;
INSERT INTO idempotency_keys (user_id, endpoint, key, day, body_hash, status, headers, body, created_at) VALUES (:user,
    'POST /api/v1/pharmacy/cart/items/', 'floor-' || :key, :day, 'n2CGulk73xepP0JVUiG0/orr3CRY23ULDSKP3C+ZnjA=', 201,
    '[["content-type","application/json"]]', :answer, localtimestamp);
COMMIT;
