DROP INDEX orders_courier_index;
DROP INDEX orders_buyer_index;
DROP INDEX orders_status_index;
DROP INDEX orders_created_at_index;
CREATE INDEX orders_status_index ON orders (store_id, status, id);
CREATE INDEX orders_buyer_index ON orders (buyer_id, id);
CREATE INDEX orders_courier_index ON orders (store_id, courier_id, id) WHERE courier_id IS NOT NULL;
