-- One active delivery per order; each assignment to another courier is the same row.
CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY NOT NULL,
    store_id BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    courier_id BIGINT NOT NULL,
    status TEXT NOT NULL,
    note TEXT NOT NULL,
    day DATE NOT NULL,
    courier_assigned_at TIMESTAMP NOT NULL,
    delivered_at TIMESTAMP,
    canceled_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL,

    CONSTRAINT deliveries_tenant_unique UNIQUE (store_id, id),
    CONSTRAINT deliveries_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id),
    CONSTRAINT deliveries_order_fkey FOREIGN KEY (store_id, order_id) REFERENCES orders (store_id, id),
    CONSTRAINT deliveries_courier_fkey FOREIGN KEY (store_id, courier_id) REFERENCES workers (store_id, id),
    CONSTRAINT deliveries_status_check CHECK (status IN ('ready', 'on_the_way', 'delivered', 'canceled')),
    CONSTRAINT deliveries_delivered_check CHECK ((status = 'delivered') = (delivered_at IS NOT NULL)),
    CONSTRAINT deliveries_canceled_check CHECK ((status = 'canceled') = (canceled_at IS NOT NULL))
);

CREATE UNIQUE INDEX deliveries_active_unique ON deliveries (store_id, order_id) WHERE status IN ('ready', 'on_the_way');
CREATE INDEX deliveries_order_index ON deliveries (store_id, order_id, id);
CREATE INDEX deliveries_created_at_index ON deliveries (store_id, created_at, id);
CREATE INDEX deliveries_courier_index ON deliveries (store_id, courier_id, created_at, id);
CREATE INDEX deliveries_status_index ON deliveries (store_id, status, created_at, id);

-- from_status is null where the delivery began.
CREATE TABLE delivery_history (
    id INTEGER PRIMARY KEY NOT NULL,
    store_id BIGINT NOT NULL,
    delivery_id BIGINT NOT NULL,
    from_status TEXT,
    to_status TEXT NOT NULL,
    actor_id BIGINT,
    comment TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,

    CONSTRAINT delivery_history_tenant_unique UNIQUE (store_id, id),
    CONSTRAINT delivery_history_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id),
    CONSTRAINT delivery_history_delivery_fkey FOREIGN KEY (store_id, delivery_id) REFERENCES deliveries (store_id, id),
    CONSTRAINT delivery_history_actor_fkey FOREIGN KEY (actor_id) REFERENCES users (id),
    CONSTRAINT delivery_history_from_status_check CHECK (from_status IN ('ready', 'on_the_way', 'delivered', 'canceled')),
    CONSTRAINT delivery_history_to_status_check CHECK (to_status IN ('ready', 'on_the_way', 'delivered', 'canceled'))
);

CREATE INDEX delivery_history_delivery_index ON delivery_history (store_id, delivery_id, id);

CREATE TRIGGER delivery_history_no_update BEFORE UPDATE ON delivery_history
BEGIN SELECT RAISE(ABORT, 'delivery_history is append-only'); END;
CREATE TRIGGER delivery_history_no_delete BEFORE DELETE ON delivery_history
BEGIN SELECT RAISE(ABORT, 'delivery_history is append-only'); END;
