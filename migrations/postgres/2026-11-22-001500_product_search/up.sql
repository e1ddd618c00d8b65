-- Search of products (docs/adr/0004-product-search.md). walk_search is shop_search where it is short enough to stand in an index,
-- so that a walk along the names reads the index alone. shop_search may hold 300 letters of four bytes, and an index entry 2700 bytes.
ALTER TABLE products ADD COLUMN walk_search TEXT COLLATE "C";
UPDATE products SET walk_search = shop_search WHERE octet_length(name_key) + octet_length(shop_search) <= 2000;

DROP INDEX products_name_index;
CREATE INDEX products_name_index ON products (store_id, status, name_key, id) INCLUDE (walk_search);
CREATE INDEX products_unwalked_index ON products (store_id, status) WHERE walk_search IS NULL;

-- The index is read alone only where a page of the table is known to be seen by all.
ALTER TABLE products SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);

-- Every three characters of a text, each after the number of its store. A space is doubled, so that the first letter of a word makes
-- three characters too; none go across the line breaks between columns.
CREATE FUNCTION search_grams(store_id BIGINT, text TEXT) RETURNS TEXT[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array_agg(DISTINCT store_id || ':' || gram)
    FROM (
        SELECT substr(wide, place, 3) AS gram
        FROM (SELECT replace(text, ' ', '  ') AS wide) AS widened, generate_series(1, length(wide) - 2) AS place
    ) AS grams
    WHERE strpos(gram, chr(10)) = 0
$$;

-- Without a list of what is still to be put in order: a search would have to read all of it.
CREATE INDEX products_shop_grams_index ON products USING gin (search_grams(store_id, shop_search)) WITH (fastupdate = off);
CREATE INDEX products_online_grams_index ON products USING gin (search_grams(0, online_search)) WITH (fastupdate = off)
    WHERE is_online AND status = 'active' AND archived_at IS NULL;
