-- Lists come by the time of the order, ties by its number.
DROP INDEX orders_status_index;
DROP INDEX orders_buyer_index;
DROP INDEX orders_courier_index;
CREATE INDEX orders_created_at_index ON orders (store_id, created_at, id);
CREATE INDEX orders_status_index ON orders (store_id, status, created_at, id);
CREATE INDEX orders_buyer_index ON orders (buyer_id, created_at, id);
CREATE INDEX orders_courier_index ON orders (store_id, courier_id, created_at, id) WHERE courier_id IS NOT NULL;
