DROP INDEX products_stock_name_index;
DROP INDEX locations_name_index;
DROP INDEX categories_name_index;
ALTER TABLE locations DROP COLUMN search;
ALTER TABLE categories DROP COLUMN search;
