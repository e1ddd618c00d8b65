-- The public catalogue walks its orders: a page reads its own rows and not all of the catalogue. The same condition in every index, in
-- the words of the rule of visibility; no sale at the counter changes any of it. Without the store, since the list is of all that
-- are open online.
-- The newest first, in place of an index that led with the store.
DROP INDEX products_online_index;
CREATE INDEX products_shelf_newest_index ON products (id)
    WHERE is_online AND status = 'active' AND archived_at IS NULL AND sale_price <> 0 AND currency_id = 1 AND unit IN ('dona', 'yashik', 'qop', 'quti');
CREATE INDEX products_shelf_name_index ON products (name_key, id)
    WHERE is_online AND status = 'active' AND archived_at IS NULL AND sale_price <> 0 AND currency_id = 1 AND unit IN ('dona', 'yashik', 'qop', 'quti');
-- Also where only a range of prices is asked for.
CREATE INDEX products_shelf_price_index ON products (sale_price, id)
    WHERE is_online AND status = 'active' AND archived_at IS NULL AND sale_price <> 0 AND currency_id = 1 AND unit IN ('dona', 'yashik', 'qop', 'quti');
CREATE INDEX products_shelf_popular_index ON products (order_count, id)
    WHERE is_online AND status = 'active' AND archived_at IS NULL AND sale_price <> 0 AND currency_id = 1 AND unit IN ('dona', 'yashik', 'qop', 'quti');
CREATE INDEX products_shelf_maker_index ON products (manufacturer_key, id)
    WHERE is_online AND status = 'active' AND archived_at IS NULL AND sale_price <> 0 AND currency_id = 1 AND unit IN ('dona', 'yashik', 'qop', 'quti');
-- Lists of a category, and how many products each has: counted in the index alone.
CREATE INDEX products_shelf_category_index ON products (category_id, store_id, id)
    WHERE is_online AND status = 'active' AND archived_at IS NULL AND sale_price <> 0 AND currency_id = 1 AND unit IN ('dona', 'yashik', 'qop', 'quti');
