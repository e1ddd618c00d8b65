DROP INDEX products_online_grams_index;
DROP INDEX products_shop_grams_index;
DROP FUNCTION search_grams;
ALTER TABLE products RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor);
DROP INDEX products_unwalked_index;
DROP INDEX products_name_index;
CREATE INDEX products_name_index ON products (store_id, status, name_key, id);
ALTER TABLE products DROP COLUMN walk_search;
