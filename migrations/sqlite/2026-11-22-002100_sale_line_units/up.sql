-- A line keeps the unit in which it was sold, as it keeps the name: a product may change both afterwards.
ALTER TABLE sale_lines ADD COLUMN unit TEXT NOT NULL DEFAULT 'dona' CONSTRAINT sale_lines_unit_check CHECK (unit IN ('dona', 'kg', 'g', 'litr', 'metr', 'm2', 'yashik', 'qop', 'quti'));
UPDATE sale_lines SET unit = (SELECT products.unit FROM products WHERE products.id = sale_lines.product_id);
