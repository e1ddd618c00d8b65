ALTER TABLE expenses DROP CONSTRAINT expenses_shift_fkey;
ALTER TABLE sales
    DROP CONSTRAINT sales_cancel_shift_check,
    DROP CONSTRAINT sales_shift_fkey,
    DROP COLUMN cancel_shift_id;
DROP TABLE shifts;
