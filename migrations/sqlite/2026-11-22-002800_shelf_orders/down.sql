DROP INDEX products_shelf_category_index;
DROP INDEX products_shelf_maker_index;
DROP INDEX products_shelf_popular_index;
DROP INDEX products_shelf_price_index;
DROP INDEX products_shelf_name_index;
DROP INDEX products_shelf_newest_index;
CREATE INDEX products_online_index ON products (store_id, id)
    WHERE is_online AND status = 'active' AND archived_at IS NULL;
