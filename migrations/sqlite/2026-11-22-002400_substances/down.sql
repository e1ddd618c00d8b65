DROP TABLE product_substances;
DROP TABLE substances;
