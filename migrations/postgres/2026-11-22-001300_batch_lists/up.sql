-- The order that a list of batches has when none is asked for. No sale changes the columns.
CREATE INDEX stock_batches_received_at_index ON stock_batches (store_id, received_at, id);
