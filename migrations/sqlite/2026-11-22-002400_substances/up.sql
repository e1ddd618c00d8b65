-- What medicines act by. Each store has its own list.
CREATE TABLE substances (
    id INTEGER PRIMARY KEY NOT NULL,
    store_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    description TEXT NOT NULL,
    search TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,

    CONSTRAINT substances_tenant_unique UNIQUE (store_id, id),
    CONSTRAINT substances_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id)
);

CREATE UNIQUE INDEX substances_name_unique ON substances (store_id, name_key);
-- Without the store: the public list walks the names of all stores that are open online.
CREATE INDEX substances_name_index ON substances (name_key, id);

CREATE TABLE product_substances (
    store_id BIGINT NOT NULL,
    product_id BIGINT NOT NULL,
    substance_id BIGINT NOT NULL,

    CONSTRAINT product_substances_pkey PRIMARY KEY (store_id, product_id, substance_id),
    CONSTRAINT product_substances_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id),
    CONSTRAINT product_substances_product_fkey FOREIGN KEY (store_id, product_id) REFERENCES products (store_id, id),
    CONSTRAINT product_substances_substance_fkey FOREIGN KEY (store_id, substance_id) REFERENCES substances (store_id, id)
);

CREATE INDEX product_substances_substance_index ON product_substances (store_id, substance_id, product_id);
