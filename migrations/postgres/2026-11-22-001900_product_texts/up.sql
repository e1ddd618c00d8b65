-- What a search at the counter compares, apart from all else that is said of a product (docs/adr/0004-product-search.md): a word that
-- many have is counted and sorted in rows of a quarter of the length. Triggers keep it, so that it never differs from its product.
CREATE TABLE product_texts (
    id BIGINT NOT NULL,
    store_id BIGINT NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    shop_search TEXT COLLATE "C" NOT NULL,
    CONSTRAINT product_texts_pkey PRIMARY KEY (id),
    CONSTRAINT product_texts_tenant_unique UNIQUE (store_id, id),
    CONSTRAINT product_texts_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id)
);
INSERT INTO product_texts SELECT id, store_id, status, name_key, shop_search FROM products ORDER BY id;

CREATE FUNCTION product_texts_insert() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO product_texts VALUES (new.id, new.store_id, new.status, new.name_key, new.shop_search);
    RETURN NULL;
END
$$;
CREATE TRIGGER products_texts_insert AFTER INSERT ON products FOR EACH ROW EXECUTE FUNCTION product_texts_insert();

CREATE FUNCTION product_texts_update() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    UPDATE product_texts SET status = new.status, name_key = new.name_key, shop_search = new.shop_search WHERE id = new.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER products_texts_update AFTER UPDATE OF status, name_key, shop_search ON products FOR EACH ROW
    WHEN (old.status <> new.status OR old.name_key <> new.name_key OR old.shop_search <> new.shop_search)
    EXECUTE FUNCTION product_texts_update();

-- As before, and compared by their bytes: by the rules of a language it takes three times as long.
CREATE OR REPLACE FUNCTION search_grams(store_id BIGINT, text TEXT) RETURNS TEXT[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    COST 10000 AS $$
    SELECT array_agg(DISTINCT (store_id || ':' || gram) COLLATE "C")
    FROM (
        SELECT substr(wide, place, 3) AS gram
        FROM (SELECT replace(text, ' ', '  ') AS wide) AS widened, generate_series(1, length(wide) - 2) AS place
    ) AS grams
    WHERE strpos(gram, chr(10)) = 0
$$;

-- Products that are put aside stand under the negative number of their store: what the index names has the state that is looked for.
DROP INDEX products_shop_grams_index;
CREATE INDEX product_texts_grams_index ON product_texts
    USING gin ((search_grams(CASE status WHEN 'active' THEN store_id ELSE -store_id END, shop_search)) COLLATE "C")
    WITH (fastupdate = off);
DROP INDEX products_online_grams_index;
CREATE INDEX products_online_grams_index ON products USING gin ((search_grams(0, online_search)) COLLATE "C") WITH (fastupdate = off)
    WHERE is_online AND status = 'active' AND archived_at IS NULL;
