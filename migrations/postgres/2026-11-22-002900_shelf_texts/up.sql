-- What a search of the public catalogue compares, of those products alone that customers may see, apart from all else that is said of
-- them (docs/adr/0004-product-search.md): counted, and walked from the newest on, without any other table. Triggers keep it by the rule of
-- visibility, so that it never differs from its products; whether store and category are open is looked up beside it.
-- Nobody changes a product between the copy and the triggers.
LOCK TABLE products IN SHARE ROW EXCLUSIVE MODE;
CREATE TABLE shelf_texts (
    id BIGINT NOT NULL,
    store_id BIGINT NOT NULL,
    category_id BIGINT NOT NULL,
    online_search TEXT COLLATE "C" NOT NULL,
    CONSTRAINT shelf_texts_pkey PRIMARY KEY (id),
    CONSTRAINT shelf_texts_tenant_unique UNIQUE (store_id, id),
    CONSTRAINT shelf_texts_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id),
    CONSTRAINT shelf_texts_category_fkey FOREIGN KEY (store_id, category_id) REFERENCES categories (store_id, id)
);
INSERT INTO shelf_texts SELECT id, store_id, category_id, online_search FROM products
    WHERE is_online AND status = 'active' AND archived_at IS NULL AND sale_price <> 0 AND currency_id = 1 AND unit IN ('dona', 'yashik', 'qop', 'quti') AND category_id IS NOT NULL ORDER BY id;

CREATE FUNCTION shelf_texts_keep() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF new.is_online AND new.status = 'active' AND new.archived_at IS NULL AND new.sale_price <> 0 AND new.currency_id = 1 AND new.unit IN ('dona', 'yashik', 'qop', 'quti') AND new.category_id IS NOT NULL THEN
        INSERT INTO shelf_texts VALUES (new.id, new.store_id, new.category_id, new.online_search)
            ON CONFLICT (id) DO UPDATE SET category_id = excluded.category_id, online_search = excluded.online_search;
    ELSE
        DELETE FROM shelf_texts WHERE id = new.id;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER products_shelf_insert AFTER INSERT ON products FOR EACH ROW WHEN (new.is_online) EXECUTE FUNCTION shelf_texts_keep();
CREATE TRIGGER products_shelf_update
    AFTER UPDATE OF is_online, status, archived_at, sale_price, currency_id, unit, category_id, online_search ON products FOR EACH ROW
    WHEN (old.is_online <> new.is_online OR old.status <> new.status OR (old.archived_at IS NULL) <> (new.archived_at IS NULL)
        OR (old.sale_price = 0) <> (new.sale_price = 0) OR old.currency_id <> new.currency_id OR old.unit <> new.unit
        OR old.category_id IS DISTINCT FROM new.category_id OR old.online_search <> new.online_search)
    EXECUTE FUNCTION shelf_texts_keep();

DROP INDEX products_online_grams_index;
CREATE INDEX shelf_texts_grams_index ON shelf_texts USING gin ((search_grams(0, online_search)) COLLATE "C") WITH (fastupdate = off);
-- As products: their pages are read by the index alone where vacuum has been.
ALTER TABLE shelf_texts SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);
