CREATE TABLE categories (
    id INTEGER PRIMARY KEY NOT NULL,
    store_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    slug TEXT NOT NULL,
    description TEXT NOT NULL,
    icon TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,

    CONSTRAINT categories_tenant_unique UNIQUE (store_id, id),
    CONSTRAINT categories_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id),
    CONSTRAINT categories_status_check CHECK (status IN ('active', 'inactive'))
);

CREATE UNIQUE INDEX categories_name_active_unique ON categories (store_id, name_key) WHERE status = 'active';

-- One row serves the counter and the online shop: status is the counter's word, is_online and archived_at the other's.
CREATE TABLE products (
    id INTEGER PRIMARY KEY NOT NULL,
    store_id BIGINT NOT NULL,
    category_id BIGINT,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    manufacturer TEXT NOT NULL,
    manufacturer_key TEXT NOT NULL,
    sku TEXT NOT NULL,
    sku_key TEXT NOT NULL,
    slug TEXT NOT NULL,
    barcode TEXT NOT NULL,
    unit TEXT NOT NULL,
    sale_price BIGINT NOT NULL,
    first_cost BIGINT NOT NULL,
    currency_id BIGINT NOT NULL,
    description TEXT NOT NULL,
    usage TEXT NOT NULL,
    mxik_code TEXT NOT NULL,
    package_code TEXT NOT NULL,
    vat_percent BIGINT,
    image TEXT NOT NULL,
    is_medicine BOOLEAN NOT NULL,
    needs_prescription BOOLEAN NOT NULL,
    is_online BOOLEAN NOT NULL,
    archived_at TIMESTAMP,
    order_count BIGINT NOT NULL,
    shop_search TEXT NOT NULL,
    online_search TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,

    CONSTRAINT products_tenant_unique UNIQUE (store_id, id),
    CONSTRAINT products_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id),
    CONSTRAINT products_category_fkey FOREIGN KEY (store_id, category_id) REFERENCES categories (store_id, id),
    CONSTRAINT products_unit_check CHECK (unit IN ('dona', 'kg', 'g', 'litr', 'metr', 'm2', 'yashik', 'qop', 'quti')),
    CONSTRAINT products_sale_price_check CHECK (sale_price >= 0),
    CONSTRAINT products_first_cost_check CHECK (first_cost >= 0),
    CONSTRAINT products_status_check CHECK (status IN ('active', 'inactive')),

    CONSTRAINT products_sale_price_integer CHECK (typeof(sale_price) = 'integer'),
    CONSTRAINT products_first_cost_integer CHECK (typeof(first_cost) = 'integer'),
    CONSTRAINT products_vat_percent_integer CHECK (typeof(vat_percent) IN ('integer', 'null')),
    CONSTRAINT products_is_medicine_boolean CHECK (is_medicine IN (0, 1)),
    CONSTRAINT products_needs_prescription_boolean CHECK (needs_prescription IN (0, 1)),
    CONSTRAINT products_is_online_boolean CHECK (is_online IN (0, 1)),
    CONSTRAINT products_order_count_integer CHECK (typeof(order_count) = 'integer')
);

CREATE UNIQUE INDEX products_slug_unique ON products (store_id, slug) WHERE slug IS NOT NULL;
CREATE UNIQUE INDEX products_name_active_unique ON products (store_id, name_key, manufacturer_key) WHERE status = 'active';
CREATE UNIQUE INDEX products_barcode_active_unique ON products (store_id, barcode) WHERE status = 'active';
CREATE UNIQUE INDEX products_sku_unique ON products (store_id, sku_key) WHERE sku_key <> '' AND archived_at IS NULL;
CREATE INDEX products_name_index ON products (store_id, status, name_key, id);
CREATE INDEX products_online_index ON products (store_id, id)
    WHERE is_online AND status = 'active' AND archived_at IS NULL;
-- Without the store: the online shop filters by a category's id alone.
CREATE INDEX products_category_index ON products (category_id);

-- Every price with the time from which it held: sales made offline are judged by it.
CREATE TABLE product_prices (
    id INTEGER PRIMARY KEY NOT NULL,
    store_id BIGINT NOT NULL,
    product_id BIGINT NOT NULL,
    price BIGINT NOT NULL,
    currency_id BIGINT NOT NULL,
    valid_from TIMESTAMP NOT NULL,
    worker_id BIGINT,

    CONSTRAINT product_prices_tenant_unique UNIQUE (store_id, id),
    CONSTRAINT product_prices_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id),
    CONSTRAINT product_prices_product_fkey FOREIGN KEY (store_id, product_id) REFERENCES products (store_id, id),
    CONSTRAINT product_prices_worker_fkey FOREIGN KEY (store_id, worker_id) REFERENCES workers (store_id, id),

    CONSTRAINT product_prices_price_integer CHECK (typeof(price) = 'integer')
);

CREATE INDEX product_prices_valid_from_index ON product_prices (store_id, product_id, valid_from);

CREATE TRIGGER product_prices_no_update BEFORE UPDATE ON product_prices
BEGIN SELECT RAISE(ABORT, 'product_prices is append-only'); END;
CREATE TRIGGER product_prices_no_delete BEFORE DELETE ON product_prices
BEGIN SELECT RAISE(ABORT, 'product_prices is append-only'); END;
