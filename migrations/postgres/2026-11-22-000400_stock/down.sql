DROP TABLE stock_movement_parts;
DROP TABLE stock_batches;
DROP TABLE stock_movements;
DROP TABLE stock_levels;
