DROP INDEX sale_returns_sale_index;
DROP INDEX sale_returns_branch_index;
DROP INDEX sale_returns_shift_index;
CREATE INDEX sale_returns_sale_index ON sale_returns (store_id, sale_id);
CREATE INDEX sale_returns_branch_index ON sale_returns (store_id, branch_id, created_at);
CREATE INDEX sale_returns_shift_index ON sale_returns (store_id, shift_id) WHERE shift_id IS NOT NULL;
