DROP TRIGGER products_texts_update ON products;
DROP TRIGGER products_texts_insert ON products;
DROP FUNCTION product_texts_update;
DROP FUNCTION product_texts_insert;
DROP TABLE product_texts;
CREATE INDEX products_shop_grams_index ON products USING gin (search_grams(store_id, shop_search)) WITH (fastupdate = off);
DROP INDEX products_online_grams_index;
CREATE INDEX products_online_grams_index ON products USING gin (search_grams(0, online_search)) WITH (fastupdate = off)
    WHERE is_online AND status = 'active' AND archived_at IS NULL;
