-- Categories and places are searched by a column of search keys, as products are.
ALTER TABLE categories ADD COLUMN search TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE locations ADD COLUMN search TEXT COLLATE "C" NOT NULL DEFAULT '';

-- The orders that lists have when none is asked for.
CREATE INDEX categories_name_index ON categories (store_id, status, name_key, id);
CREATE INDEX locations_name_index ON locations (store_id, kind, status, name_key, id);
CREATE INDEX products_stock_name_index ON products (store_id, name_key, id);
