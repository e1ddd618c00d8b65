-- Money for an order, a row for each way it was tried. received_by is who took it in cash.
CREATE TABLE payments (
    id INTEGER PRIMARY KEY NOT NULL,
    store_id BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    public_id TEXT NOT NULL,
    provider TEXT NOT NULL,
    status TEXT NOT NULL,
    amount BIGINT NOT NULL,
    is_late BOOLEAN NOT NULL,
    received_by BIGINT,
    created_at TIMESTAMP NOT NULL,
    completed_at TIMESTAMP,
    cancelled_at TIMESTAMP,

    CONSTRAINT payments_tenant_unique UNIQUE (store_id, id),
    CONSTRAINT payments_public_id_unique UNIQUE (public_id),
    CONSTRAINT payments_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id),
    CONSTRAINT payments_order_fkey FOREIGN KEY (store_id, order_id) REFERENCES orders (store_id, id),
    CONSTRAINT payments_received_by_fkey FOREIGN KEY (received_by) REFERENCES users (id),
    CONSTRAINT payments_provider_check CHECK (provider IN ('payme', 'click', 'cash')),
    CONSTRAINT payments_status_check CHECK (status IN (
        'pending', 'processing', 'success', 'failed', 'cancelled', 'refunded')),
    CONSTRAINT payments_amount_check CHECK (amount > 0),
    CONSTRAINT payments_completed_check CHECK ((status IN ('success', 'refunded')) = (completed_at IS NOT NULL)),
    CONSTRAINT payments_cancelled_check CHECK ((status = 'cancelled') = (cancelled_at IS NOT NULL)),

    CONSTRAINT payments_amount_integer CHECK (typeof(amount) = 'integer'),
    CONSTRAINT payments_is_late_boolean CHECK (is_late IN (0, 1))
);

CREATE UNIQUE INDEX payments_processing_unique ON payments (store_id, order_id) WHERE status = 'processing';
CREATE UNIQUE INDEX payments_success_unique ON payments (store_id, order_id) WHERE status = 'success' AND NOT is_late;
CREATE UNIQUE INDEX payments_open_unique ON payments (store_id, order_id, provider) WHERE status IN ('pending', 'processing');
