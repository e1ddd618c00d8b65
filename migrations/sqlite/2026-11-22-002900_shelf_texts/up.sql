-- What a search of the public catalogue compares, of those products alone that customers may see, apart from all else that is said of
-- them (docs/adr/0004-product-search.md): counted, and walked from the newest on, without any other table. Triggers keep it by the rule of
-- visibility, so that it never differs from its products; whether store and category are open is looked up beside it.
CREATE TABLE shelf_texts (
    id INTEGER PRIMARY KEY NOT NULL,
    store_id BIGINT NOT NULL,
    category_id BIGINT NOT NULL,
    online_search TEXT NOT NULL,
    CONSTRAINT shelf_texts_tenant_unique UNIQUE (store_id, id),
    CONSTRAINT shelf_texts_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id),
    CONSTRAINT shelf_texts_category_fkey FOREIGN KEY (store_id, category_id) REFERENCES categories (store_id, id)
);
INSERT INTO shelf_texts SELECT id, store_id, category_id, online_search FROM products
    WHERE is_online AND status = 'active' AND archived_at IS NULL AND sale_price <> 0 AND currency_id = 1 AND unit IN ('dona', 'yashik', 'qop', 'quti') AND category_id IS NOT NULL ORDER BY id;

-- An index of its own: in one with the texts of the counter, a piece of a barcode would name every product.
CREATE VIRTUAL TABLE shelf_grams USING fts5(
    text, content = '', contentless_delete = 1, detail = 'none', tokenize = 'trigram case_sensitive 1');
CREATE VIRTUAL TABLE shelf_grams_instance USING fts5vocab('shelf_grams', 'instance');
INSERT INTO shelf_grams (rowid, text) SELECT id, replace(online_search, ' ', '  ') FROM shelf_texts;
CREATE TRIGGER shelf_grams_insert AFTER INSERT ON shelf_texts
BEGIN
    INSERT INTO shelf_grams (rowid, text) VALUES (new.id, replace(new.online_search, ' ', '  '));
END;
CREATE TRIGGER shelf_grams_update AFTER UPDATE OF online_search ON shelf_texts
BEGIN
    UPDATE shelf_grams SET text = replace(new.online_search, ' ', '  ') WHERE rowid = new.id;
END;
CREATE TRIGGER shelf_grams_delete AFTER DELETE ON shelf_texts
BEGIN
    DELETE FROM shelf_grams WHERE rowid = old.id;
END;

CREATE TRIGGER products_shelf_insert AFTER INSERT ON products
    WHEN new.is_online AND new.status = 'active' AND new.archived_at IS NULL AND new.sale_price <> 0 AND new.currency_id = 1 AND new.unit IN ('dona', 'yashik', 'qop', 'quti') AND new.category_id IS NOT NULL
BEGIN
    INSERT INTO shelf_texts (id, store_id, category_id, online_search)
    VALUES (new.id, new.store_id, new.category_id, new.online_search);
END;
CREATE TRIGGER products_shelf_update
    AFTER UPDATE OF is_online, status, archived_at, sale_price, currency_id, unit, category_id, online_search ON products
    WHEN old.is_online <> new.is_online OR old.status <> new.status OR (old.archived_at IS NULL) <> (new.archived_at IS NULL)
        OR (old.sale_price = 0) <> (new.sale_price = 0) OR old.currency_id <> new.currency_id OR old.unit <> new.unit
        OR (old.category_id IS NULL) <> (new.category_id IS NULL) OR old.online_search <> new.online_search
BEGIN
    DELETE FROM shelf_texts WHERE id = new.id;
    INSERT INTO shelf_texts (id, store_id, category_id, online_search)
    SELECT new.id, new.store_id, new.category_id, new.online_search
    WHERE new.is_online AND new.status = 'active' AND new.archived_at IS NULL AND new.sale_price <> 0 AND new.currency_id = 1 AND new.unit IN ('dona', 'yashik', 'qop', 'quti') AND new.category_id IS NOT NULL;
END;
-- The text stays where only the category is another.
CREATE TRIGGER products_shelf_category AFTER UPDATE OF category_id ON products WHEN old.category_id <> new.category_id
BEGIN
    UPDATE shelf_texts SET category_id = new.category_id WHERE id = new.id;
END;

DROP TRIGGER products_grams_update;
DROP TRIGGER products_grams_insert;
DROP TABLE product_grams_instance;
DROP TABLE product_grams;
CREATE VIRTUAL TABLE product_grams USING fts5(
    text, content = '', contentless_delete = 1, detail = 'none', tokenize = 'trigram case_sensitive 1');
CREATE VIRTUAL TABLE product_grams_instance USING fts5vocab('product_grams', 'instance');
INSERT INTO product_grams (rowid, text) SELECT id, replace(shop_search, ' ', '  ') FROM products;
CREATE TRIGGER products_grams_insert AFTER INSERT ON products
BEGIN
    INSERT INTO product_grams (rowid, text) VALUES (new.id, replace(new.shop_search, ' ', '  '));
END;
CREATE TRIGGER products_grams_update AFTER UPDATE OF shop_search ON products WHEN old.shop_search <> new.shop_search
BEGIN
    UPDATE product_grams SET text = replace(new.shop_search, ' ', '  ') WHERE rowid = new.id;
END;
