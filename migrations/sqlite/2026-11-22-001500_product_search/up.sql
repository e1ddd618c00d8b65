-- Search of products (docs/adr/0004-product-search.md). walk_search is shop_search where it is short enough to stand in an index,
-- so that a walk along the names reads the index alone: PostgreSQL bounds the length of its entries.
ALTER TABLE products ADD COLUMN walk_search TEXT;
UPDATE products SET walk_search = shop_search
    WHERE octet_length(name_key) + octet_length(shop_search) <= 2000;

DROP INDEX products_name_index;
CREATE INDEX products_name_index ON products (store_id, status, name_key, id, walk_search);
CREATE INDEX products_unwalked_index ON products (store_id, status) WHERE walk_search IS NULL;

-- Which products have which three characters, by rowid. A space is doubled, so that the first letter of a word makes three
-- characters too. The texts themselves stand in products alone.
CREATE VIRTUAL TABLE product_grams USING fts5(
    text, content = '', contentless_delete = 1, detail = 'none', tokenize = 'trigram case_sensitive 1');
CREATE VIRTUAL TABLE product_grams_instance USING fts5vocab('product_grams', 'instance');
INSERT INTO product_grams (rowid, text) SELECT id, replace(shop_search || online_search, ' ', '  ') FROM products;

CREATE TRIGGER products_grams_insert AFTER INSERT ON products
BEGIN
    INSERT INTO product_grams (rowid, text) VALUES (new.id, replace(new.shop_search || new.online_search, ' ', '  '));
END;
CREATE TRIGGER products_grams_update AFTER UPDATE OF shop_search, online_search ON products
    WHEN old.shop_search <> new.shop_search OR old.online_search <> new.online_search
BEGIN
    UPDATE product_grams SET text = replace(new.shop_search || new.online_search, ' ', '  ') WHERE rowid = new.id;
END;
