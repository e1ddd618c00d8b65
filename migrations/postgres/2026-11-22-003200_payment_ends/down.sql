ALTER TABLE payments DROP COLUMN fiscal_owner;
ALTER TABLE payments DROP COLUMN refunded_at;
ALTER TABLE payments DROP COLUMN refund_reason;
ALTER TABLE payments DROP COLUMN refund_reference;
ALTER TABLE payments DROP COLUMN error_message;
