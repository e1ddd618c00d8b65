DROP TRIGGER products_shelf_update ON products;
DROP TRIGGER products_shelf_insert ON products;
DROP FUNCTION shelf_texts_keep;
DROP TABLE shelf_texts;
CREATE INDEX products_online_grams_index ON products USING gin ((search_grams(0, online_search)) COLLATE "C") WITH (fastupdate = off)
    WHERE is_online AND status = 'active' AND archived_at IS NULL;
