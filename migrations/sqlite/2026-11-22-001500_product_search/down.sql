DROP TRIGGER products_grams_update;
DROP TRIGGER products_grams_insert;
DROP TABLE product_grams_instance;
DROP TABLE product_grams;
DROP INDEX products_unwalked_index;
DROP INDEX products_name_index;
CREATE INDEX products_name_index ON products (store_id, status, name_key, id);
ALTER TABLE products DROP COLUMN walk_search;
