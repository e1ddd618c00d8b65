DROP TRIGGER products_texts_update;
DROP TRIGGER products_texts_insert;
DROP TABLE product_texts;
