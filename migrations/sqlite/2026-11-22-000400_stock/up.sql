CREATE TABLE stock_levels (
    id INTEGER PRIMARY KEY NOT NULL,
    store_id BIGINT NOT NULL,
    location_id BIGINT NOT NULL,
    product_id BIGINT NOT NULL,
    on_hand BIGINT NOT NULL,
    sellable BIGINT NOT NULL,
    nearest_expiry DATE,
    is_hidden BOOLEAN NOT NULL,
    updated_at TIMESTAMP NOT NULL,

    CONSTRAINT stock_levels_tenant_unique UNIQUE (store_id, id),
    CONSTRAINT stock_levels_place_unique UNIQUE (store_id, location_id, product_id),
    CONSTRAINT stock_levels_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id),
    CONSTRAINT stock_levels_location_fkey FOREIGN KEY (store_id, location_id) REFERENCES locations (store_id, id),
    CONSTRAINT stock_levels_product_fkey FOREIGN KEY (store_id, product_id) REFERENCES products (store_id, id),
    CONSTRAINT stock_levels_on_hand_check CHECK (on_hand >= 0),
    CONSTRAINT stock_levels_sellable_check CHECK (sellable BETWEEN 0 AND on_hand),
    CONSTRAINT stock_levels_hidden_check CHECK (NOT is_hidden OR on_hand = 0),

    CONSTRAINT stock_levels_on_hand_integer CHECK (typeof(on_hand) = 'integer'),
    CONSTRAINT stock_levels_sellable_integer CHECK (typeof(sellable) = 'integer'),
    CONSTRAINT stock_levels_is_hidden_boolean CHECK (is_hidden IN (0, 1))
);

CREATE INDEX stock_levels_product_index ON stock_levels (store_id, product_id);

-- One row per document and product at a location. quantity and value carry the sign of the movement.
CREATE TABLE stock_movements (
    id INTEGER PRIMARY KEY NOT NULL,
    store_id BIGINT NOT NULL,
    location_id BIGINT NOT NULL,
    product_id BIGINT NOT NULL,
    quantity BIGINT NOT NULL,
    value BIGINT NOT NULL,
    reason TEXT NOT NULL,
    document_type TEXT NOT NULL,
    document_id BIGINT,
    supplier_id BIGINT,
    description TEXT NOT NULL,
    actor_id BIGINT,
    day DATE NOT NULL,
    created_at TIMESTAMP NOT NULL,

    CONSTRAINT stock_movements_tenant_unique UNIQUE (store_id, id),
    CONSTRAINT stock_movements_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id),
    CONSTRAINT stock_movements_location_fkey FOREIGN KEY (store_id, location_id) REFERENCES locations (store_id, id),
    CONSTRAINT stock_movements_product_fkey FOREIGN KEY (store_id, product_id) REFERENCES products (store_id, id),
    CONSTRAINT stock_movements_actor_fkey FOREIGN KEY (actor_id) REFERENCES users (id),
    CONSTRAINT stock_movements_quantity_check CHECK (quantity <> 0),
    CONSTRAINT stock_movements_value_sign_check CHECK (value = 0 OR (value > 0) = (quantity > 0)),
    CONSTRAINT stock_movements_reason_check CHECK (reason IN (
        'receipt', 'sale', 'sale_cancel', 'return', 'order', 'order_cancel', 'transfer_out', 'transfer_in', 'wastage',
        'count', 'adjustment')),
    CONSTRAINT stock_movements_reason_sign_check CHECK (
        (reason IN ('receipt', 'sale_cancel', 'return', 'order_cancel', 'transfer_in') AND quantity > 0)
        OR (reason IN ('sale', 'order', 'transfer_out', 'wastage') AND quantity < 0)
        OR reason IN ('count', 'adjustment')),
    CONSTRAINT stock_movements_document_type_check CHECK (document_type IN (
        'manual', 'sale', 'sale_return', 'order', 'transfer', 'wastage', 'stock_count')),
    CONSTRAINT stock_movements_document_check CHECK ((document_type = 'manual') = (document_id IS NULL)),

    CONSTRAINT stock_movements_quantity_integer CHECK (typeof(quantity) = 'integer'),
    CONSTRAINT stock_movements_value_integer CHECK (typeof(value) = 'integer')
);

CREATE INDEX stock_movements_product_index ON stock_movements (store_id, product_id, id);
CREATE INDEX stock_movements_location_index ON stock_movements (store_id, location_id, id);
CREATE INDEX stock_movements_document_index ON stock_movements (store_id, document_type, document_id);
CREATE INDEX stock_movements_created_at_index ON stock_movements (store_id, created_at, id);

CREATE TRIGGER stock_movements_no_update BEFORE UPDATE ON stock_movements
BEGIN SELECT RAISE(ABORT, 'stock_movements is append-only'); END;
CREATE TRIGGER stock_movements_no_delete BEFORE DELETE ON stock_movements
BEGIN SELECT RAISE(ABORT, 'stock_movements is append-only'); END;

CREATE TABLE stock_batches (
    id INTEGER PRIMARY KEY NOT NULL,
    store_id BIGINT NOT NULL,
    location_id BIGINT NOT NULL,
    product_id BIGINT NOT NULL,
    origin_movement_id BIGINT NOT NULL,
    unit_cost BIGINT NOT NULL,
    quantity_received BIGINT NOT NULL,
    quantity_left BIGINT NOT NULL,
    value_left BIGINT NOT NULL,
    is_spent BOOLEAN NOT NULL,
    series TEXT NOT NULL,
    expires_on DATE,
    is_blocked BOOLEAN NOT NULL,
    block_reason TEXT NOT NULL,
    supplier_id BIGINT,
    received_at TIMESTAMP NOT NULL,

    CONSTRAINT stock_batches_tenant_unique UNIQUE (store_id, id),
    CONSTRAINT stock_batches_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id),
    CONSTRAINT stock_batches_location_fkey FOREIGN KEY (store_id, location_id) REFERENCES locations (store_id, id),
    CONSTRAINT stock_batches_product_fkey FOREIGN KEY (store_id, product_id) REFERENCES products (store_id, id),
    CONSTRAINT stock_batches_origin_movement_fkey FOREIGN KEY (store_id, origin_movement_id)
        REFERENCES stock_movements (store_id, id),
    CONSTRAINT stock_batches_unit_cost_check CHECK (unit_cost >= 0),
    CONSTRAINT stock_batches_quantity_left_check CHECK (quantity_left BETWEEN 0 AND quantity_received),
    CONSTRAINT stock_batches_value_left_check CHECK (value_left >= 0),
    CONSTRAINT stock_batches_empty_value_check CHECK (quantity_left > 0 OR value_left = 0),
    CONSTRAINT stock_batches_spent_check CHECK (is_spent = (quantity_left = 0)),

    CONSTRAINT stock_batches_unit_cost_integer CHECK (typeof(unit_cost) = 'integer'),
    CONSTRAINT stock_batches_quantity_received_integer CHECK (typeof(quantity_received) = 'integer'),
    CONSTRAINT stock_batches_quantity_left_integer CHECK (typeof(quantity_left) = 'integer'),
    CONSTRAINT stock_batches_value_left_integer CHECK (typeof(value_left) = 'integer'),
    CONSTRAINT stock_batches_is_spent_boolean CHECK (is_spent IN (0, 1)),
    CONSTRAINT stock_batches_is_blocked_boolean CHECK (is_blocked IN (0, 1))
);

-- What a withdrawal allocates from; it sorts the rows itself.
CREATE INDEX stock_batches_unspent_index ON stock_batches (store_id, location_id, product_id) WHERE NOT is_spent;
CREATE INDEX stock_batches_product_index ON stock_batches (store_id, product_id, id);
CREATE INDEX stock_batches_series_index ON stock_batches (store_id, series) WHERE series <> '';
CREATE INDEX stock_batches_expires_on_index ON stock_batches (store_id, expires_on) WHERE NOT is_spent;

-- Which batch a movement touched, for which line of its document; goods that come back name the part they undo.
CREATE TABLE stock_movement_parts (
    id INTEGER PRIMARY KEY NOT NULL,
    store_id BIGINT NOT NULL,
    movement_id BIGINT NOT NULL,
    batch_id BIGINT NOT NULL,
    document_line BIGINT NOT NULL,
    quantity BIGINT NOT NULL,
    value BIGINT NOT NULL,
    undoes_id BIGINT,

    CONSTRAINT stock_movement_parts_tenant_unique UNIQUE (store_id, id),
    CONSTRAINT stock_movement_parts_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id),
    CONSTRAINT stock_movement_parts_movement_fkey FOREIGN KEY (store_id, movement_id)
        REFERENCES stock_movements (store_id, id),
    CONSTRAINT stock_movement_parts_batch_fkey FOREIGN KEY (store_id, batch_id) REFERENCES stock_batches (store_id, id),
    CONSTRAINT stock_movement_parts_undoes_fkey FOREIGN KEY (store_id, undoes_id)
        REFERENCES stock_movement_parts (store_id, id),
    CONSTRAINT stock_movement_parts_document_line_check CHECK (document_line >= 0),
    CONSTRAINT stock_movement_parts_quantity_check CHECK (quantity <> 0),
    CONSTRAINT stock_movement_parts_value_sign_check CHECK (value = 0 OR (value > 0) = (quantity > 0)),

    CONSTRAINT stock_movement_parts_document_line_integer CHECK (typeof(document_line) = 'integer'),
    CONSTRAINT stock_movement_parts_quantity_integer CHECK (typeof(quantity) = 'integer'),
    CONSTRAINT stock_movement_parts_value_integer CHECK (typeof(value) = 'integer')
);

CREATE INDEX stock_movement_parts_movement_index ON stock_movement_parts (store_id, movement_id);
CREATE INDEX stock_movement_parts_batch_index ON stock_movement_parts (store_id, batch_id);
CREATE INDEX stock_movement_parts_undoes_index ON stock_movement_parts (store_id, undoes_id) WHERE undoes_id IS NOT NULL;

CREATE TRIGGER stock_movement_parts_no_update BEFORE UPDATE ON stock_movement_parts
BEGIN SELECT RAISE(ABORT, 'stock_movement_parts is append-only'); END;
CREATE TRIGGER stock_movement_parts_no_delete BEFORE DELETE ON stock_movement_parts
BEGIN SELECT RAISE(ABORT, 'stock_movement_parts is append-only'); END;
