DROP TABLE sale_lines;
DROP TABLE sales;
