DROP TABLE sale_return_lines;
DROP TABLE sale_returns;
