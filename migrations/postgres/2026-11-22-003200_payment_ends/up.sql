-- How a payment ended: what its provider said when it failed, and how its money went back. fiscal_owner is who registers the sale.
ALTER TABLE payments ADD COLUMN error_message TEXT;
ALTER TABLE payments ADD COLUMN refund_reference TEXT;
ALTER TABLE payments ADD COLUMN refund_reason TEXT;
ALTER TABLE payments ADD COLUMN refunded_at TIMESTAMP
    CONSTRAINT payments_refunded_check CHECK ((status = 'refunded') = (refunded_at IS NOT NULL));
ALTER TABLE payments ADD COLUMN fiscal_owner TEXT
    CONSTRAINT payments_fiscal_owner_check CHECK (fiscal_owner IN ('payme', 'click', 'own'));
