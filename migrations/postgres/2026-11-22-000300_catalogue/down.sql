DROP TABLE product_prices;
DROP TABLE products;
DROP TABLE categories;
DROP FUNCTION refuse_change_of_append_only();
