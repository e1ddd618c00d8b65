DROP TRIGGER products_shelf_category;
DROP TRIGGER products_shelf_update;
DROP TRIGGER products_shelf_insert;
DROP TABLE shelf_grams_instance;
DROP TABLE shelf_texts;
DROP TABLE shelf_grams;

DROP TRIGGER products_grams_update;
DROP TRIGGER products_grams_insert;
DROP TABLE product_grams_instance;
DROP TABLE product_grams;
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
