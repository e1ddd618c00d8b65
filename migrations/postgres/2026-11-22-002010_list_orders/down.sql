DROP INDEX expenses_active_index;

DROP INDEX shifts_branch_index;

DROP INDEX sales_cancelled_index;
DROP INDEX sales_worker_index;
DROP INDEX sales_branch_index;
CREATE INDEX sales_branch_index ON sales (store_id, branch_id, day);
CREATE INDEX sales_worker_index ON sales (store_id, worker_id, day);

DROP INDEX stock_batches_blocked_index;

DROP INDEX stock_movements_actor_index;
DROP INDEX stock_movements_location_index;
DROP INDEX stock_movements_product_index;
CREATE INDEX stock_movements_product_index ON stock_movements (store_id, product_id, id);
CREATE INDEX stock_movements_location_index ON stock_movements (store_id, location_id, id);
