-- Lists walk in the order of time and id, so an index that narrows a list goes on with these.
DROP INDEX stock_movements_product_index;
DROP INDEX stock_movements_location_index;
CREATE INDEX stock_movements_product_index ON stock_movements (store_id, product_id, created_at, id);
CREATE INDEX stock_movements_location_index ON stock_movements (store_id, location_id, created_at, id);
CREATE INDEX stock_movements_actor_index ON stock_movements (store_id, actor_id, created_at, id);

CREATE INDEX stock_batches_blocked_index ON stock_batches (store_id, received_at, id) WHERE is_blocked;

DROP INDEX sales_branch_index;
DROP INDEX sales_worker_index;
CREATE INDEX sales_branch_index ON sales (store_id, branch_id, sold_at, id);
CREATE INDEX sales_worker_index ON sales (store_id, worker_id, sold_at, id);
CREATE INDEX sales_cancelled_index ON sales (store_id, sold_at, id) WHERE status = 'cancelled';

CREATE INDEX shifts_branch_index ON shifts (store_id, branch_id, opened_at, id);

CREATE INDEX expenses_active_index ON expenses (store_id, category_id) WHERE status = 'active';
