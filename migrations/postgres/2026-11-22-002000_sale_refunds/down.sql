ALTER TABLE sales
    DROP CONSTRAINT sales_refund_split_check,
    DROP CONSTRAINT sales_refund_debt_check,
    DROP CONSTRAINT sales_refund_card_check,
    DROP CONSTRAINT sales_refund_cash_check;
