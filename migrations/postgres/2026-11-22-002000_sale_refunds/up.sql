-- All that was paid goes back when a sale is undone, and nothing before.
ALTER TABLE sales
    ADD CONSTRAINT sales_refund_cash_check CHECK (refund_cash >= 0),
    ADD CONSTRAINT sales_refund_card_check CHECK (refund_card >= 0),
    ADD CONSTRAINT sales_refund_debt_check CHECK (refund_debt >= 0),
    ADD CONSTRAINT sales_refund_split_check
        CHECK (refund_cash + refund_card + refund_debt = CASE status WHEN 'cancelled' THEN net_total ELSE 0 END);
