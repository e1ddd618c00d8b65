-- What a search at the counter compares, apart from all else that is said of a product (docs/adr/0004-product-search.md): a word that
-- many have is counted and sorted in rows of a quarter of the length. Triggers keep it, so that it never differs from its product.
CREATE TABLE product_texts (
    id INTEGER PRIMARY KEY NOT NULL,
    store_id BIGINT NOT NULL,
    status TEXT NOT NULL,
    name_key TEXT NOT NULL,
    shop_search TEXT NOT NULL,
    CONSTRAINT product_texts_tenant_unique UNIQUE (store_id, id),
    CONSTRAINT product_texts_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id)
);
INSERT INTO product_texts SELECT id, store_id, status, name_key, shop_search FROM products ORDER BY id;

CREATE TRIGGER products_texts_insert AFTER INSERT ON products
BEGIN
    INSERT INTO product_texts (id, store_id, status, name_key, shop_search)
    VALUES (new.id, new.store_id, new.status, new.name_key, new.shop_search);
END;
CREATE TRIGGER products_texts_update AFTER UPDATE OF status, name_key, shop_search ON products
    WHEN old.status <> new.status OR old.name_key <> new.name_key OR old.shop_search <> new.shop_search
BEGIN
    UPDATE product_texts SET status = new.status, name_key = new.name_key, shop_search = new.shop_search WHERE id = new.id;
END;
