ALTER TABLE sale_lines DROP COLUMN unit;
