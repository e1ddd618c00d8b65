-- The row is the lock of its lines.
CREATE TABLE carts (
    id INTEGER PRIMARY KEY NOT NULL,
    user_id BIGINT NOT NULL,
    store_id BIGINT,
    updated_at TIMESTAMP NOT NULL,

    CONSTRAINT carts_user_id_unique UNIQUE (user_id),
    CONSTRAINT carts_user_fkey FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT carts_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id)
);

CREATE TABLE cart_lines (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    cart_id BIGINT NOT NULL,
    store_id BIGINT NOT NULL,
    product_id BIGINT NOT NULL,
    quantity BIGINT NOT NULL,
    price_at_add BIGINT NOT NULL,
    is_saved BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL,

    CONSTRAINT cart_lines_product_unique UNIQUE (cart_id, product_id),
    CONSTRAINT cart_lines_cart_fkey FOREIGN KEY (cart_id) REFERENCES carts (id),
    CONSTRAINT cart_lines_product_fkey FOREIGN KEY (store_id, product_id) REFERENCES products (store_id, id),
    -- Whole pieces, not thousandths.
    CONSTRAINT cart_lines_quantity_check CHECK (quantity BETWEEN 1 AND 100),

    CONSTRAINT cart_lines_quantity_integer CHECK (typeof(quantity) = 'integer'),
    CONSTRAINT cart_lines_price_at_add_integer CHECK (typeof(price_at_add) = 'integer'),
    CONSTRAINT cart_lines_is_saved_boolean CHECK (is_saved IN (0, 1))
);

-- An archived product leaves all carts.
CREATE INDEX cart_lines_product_index ON cart_lines (store_id, product_id);

CREATE TABLE orders (
    id INTEGER PRIMARY KEY NOT NULL,
    store_id BIGINT NOT NULL,
    buyer_id BIGINT NOT NULL,
    location_id BIGINT NOT NULL,
    status TEXT NOT NULL,
    payment_status TEXT NOT NULL,
    payment_method TEXT NOT NULL,
    total_price BIGINT NOT NULL,
    delivery_address TEXT NOT NULL,
    comment TEXT NOT NULL,
    needs_prescription BOOLEAN NOT NULL,
    courier_id BIGINT,
    cancel_reason TEXT NOT NULL,
    day DATE NOT NULL,
    expires_at TIMESTAMP,
    paid_at TIMESTAMP,
    delivered_at TIMESTAMP,
    cancelled_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    search TEXT NOT NULL,

    CONSTRAINT orders_tenant_unique UNIQUE (store_id, id),
    CONSTRAINT orders_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id),
    CONSTRAINT orders_buyer_fkey FOREIGN KEY (buyer_id) REFERENCES users (id),
    CONSTRAINT orders_location_fkey FOREIGN KEY (store_id, location_id) REFERENCES locations (store_id, id),
    CONSTRAINT orders_courier_fkey FOREIGN KEY (store_id, courier_id) REFERENCES workers (store_id, id),
    CONSTRAINT orders_status_check CHECK (status IN (
        'draft', 'awaiting_prescription', 'awaiting_payment', 'paid', 'preparing', 'ready_for_delivery', 'on_the_way',
        'delivered', 'cancelled')),
    CONSTRAINT orders_payment_status_check CHECK (payment_status IN (
        'unpaid', 'pending', 'paid', 'refund_pending', 'refunded')),
    CONSTRAINT orders_payment_method_check CHECK (payment_method IN ('online', 'cash')),
    CONSTRAINT orders_total_price_check CHECK (total_price > 0),
    CONSTRAINT orders_cancelled_check CHECK ((status = 'cancelled') = (cancelled_at IS NOT NULL)),

    CONSTRAINT orders_total_price_integer CHECK (typeof(total_price) = 'integer'),
    CONSTRAINT orders_needs_prescription_boolean CHECK (needs_prescription IN (0, 1))
);

CREATE INDEX orders_status_index ON orders (store_id, status, id);
CREATE INDEX orders_buyer_index ON orders (buyer_id, id);
CREATE INDEX orders_courier_index ON orders (store_id, courier_id, id) WHERE courier_id IS NOT NULL;
CREATE INDEX orders_expires_at_index ON orders (expires_at) WHERE status IN ('awaiting_prescription', 'awaiting_payment');

-- Name, price and the need of a prescription as they were at checkout. quantity in whole pieces.
CREATE TABLE order_lines (
    id INTEGER PRIMARY KEY NOT NULL,
    store_id BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    line_number BIGINT NOT NULL,
    product_id BIGINT NOT NULL,
    product_name TEXT NOT NULL,
    quantity BIGINT NOT NULL,
    price BIGINT NOT NULL,
    subtotal BIGINT NOT NULL,
    needs_prescription BOOLEAN NOT NULL,

    CONSTRAINT order_lines_tenant_unique UNIQUE (store_id, id),
    CONSTRAINT order_lines_line_number_unique UNIQUE (store_id, order_id, line_number),
    CONSTRAINT order_lines_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id),
    CONSTRAINT order_lines_order_fkey FOREIGN KEY (store_id, order_id) REFERENCES orders (store_id, id),
    CONSTRAINT order_lines_product_fkey FOREIGN KEY (store_id, product_id) REFERENCES products (store_id, id),
    CONSTRAINT order_lines_quantity_check CHECK (quantity > 0),

    CONSTRAINT order_lines_line_number_integer CHECK (typeof(line_number) = 'integer'),
    CONSTRAINT order_lines_quantity_integer CHECK (typeof(quantity) = 'integer'),
    CONSTRAINT order_lines_price_integer CHECK (typeof(price) = 'integer'),
    CONSTRAINT order_lines_subtotal_integer CHECK (typeof(subtotal) = 'integer'),
    CONSTRAINT order_lines_needs_prescription_boolean CHECK (needs_prescription IN (0, 1))
);

CREATE INDEX order_lines_product_index ON order_lines (store_id, product_id);

CREATE TABLE order_history (
    id INTEGER PRIMARY KEY NOT NULL,
    store_id BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    from_status TEXT NOT NULL,
    to_status TEXT NOT NULL,
    actor_id BIGINT,
    source TEXT NOT NULL,
    comment TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,

    CONSTRAINT order_history_tenant_unique UNIQUE (store_id, id),
    CONSTRAINT order_history_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id),
    CONSTRAINT order_history_order_fkey FOREIGN KEY (store_id, order_id) REFERENCES orders (store_id, id),
    CONSTRAINT order_history_actor_fkey FOREIGN KEY (actor_id) REFERENCES users (id),
    CONSTRAINT order_history_from_status_check CHECK (from_status IN (
        'draft', 'awaiting_prescription', 'awaiting_payment', 'paid', 'preparing', 'ready_for_delivery', 'on_the_way',
        'delivered', 'cancelled')),
    CONSTRAINT order_history_to_status_check CHECK (to_status IN (
        'draft', 'awaiting_prescription', 'awaiting_payment', 'paid', 'preparing', 'ready_for_delivery', 'on_the_way',
        'delivered', 'cancelled')),
    CONSTRAINT order_history_source_check CHECK (source IN (
        'checkout', 'user', 'payment', 'prescription', 'delivery', 'job'))
);

CREATE INDEX order_history_order_index ON order_history (store_id, order_id, id);

CREATE TRIGGER order_history_no_update BEFORE UPDATE ON order_history
BEGIN SELECT RAISE(ABORT, 'order_history is append-only'); END;
CREATE TRIGGER order_history_no_delete BEFORE DELETE ON order_history
BEGIN SELECT RAISE(ABORT, 'order_history is append-only'); END;
