-- What was paid and is expected for an order is looked for in every state: no index of one state alone answers that, and SQLite would
-- read all payments of the store.
CREATE INDEX payments_order_index ON payments (store_id, order_id, id);
