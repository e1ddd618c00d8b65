-- All that was paid goes back when a sale is undone, and nothing before. SQLite adds no constraint to a table: it is made anew.
CREATE TABLE sales_next (
    id INTEGER PRIMARY KEY NOT NULL,
    store_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    branch_id BIGINT NOT NULL,
    worker_id BIGINT NOT NULL,
    shift_id BIGINT,
    customer_id BIGINT,
    payment_type TEXT NOT NULL,
    total_price BIGINT NOT NULL,
    discount_amount BIGINT NOT NULL,
    net_total BIGINT NOT NULL,
    cash_amount BIGINT NOT NULL,
    card_amount BIGINT NOT NULL,
    debt_amount BIGINT NOT NULL,
    returned_amount BIGINT NOT NULL,
    status TEXT NOT NULL,
    description TEXT NOT NULL,
    client_id TEXT,
    client_body_hash TEXT,
    sold_at TIMESTAMP NOT NULL,
    day DATE NOT NULL,
    cancelled_at TIMESTAMP,
    cancelled_by BIGINT,
    cancel_reason TEXT NOT NULL,
    refund_cash BIGINT NOT NULL,
    refund_card BIGINT NOT NULL,
    refund_debt BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    cancel_shift_id BIGINT,

    CONSTRAINT sales_tenant_unique UNIQUE (store_id, id),
    CONSTRAINT sales_number_unique UNIQUE (store_id, number),
    CONSTRAINT sales_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id),
    CONSTRAINT sales_branch_fkey FOREIGN KEY (store_id, branch_id) REFERENCES locations (store_id, id),
    CONSTRAINT sales_worker_fkey FOREIGN KEY (store_id, worker_id) REFERENCES workers (store_id, id),
    CONSTRAINT sales_cancelled_by_fkey FOREIGN KEY (store_id, cancelled_by) REFERENCES workers (store_id, id),
    CONSTRAINT sales_shift_fkey FOREIGN KEY (store_id, shift_id) REFERENCES shifts (store_id, id),
    CONSTRAINT sales_cancel_shift_fkey FOREIGN KEY (store_id, cancel_shift_id) REFERENCES shifts (store_id, id),
    CONSTRAINT sales_payment_type_check CHECK (payment_type IN ('cash', 'card', 'mixed', 'debt')),
    CONSTRAINT sales_net_total_check CHECK (net_total = total_price - discount_amount),
    CONSTRAINT sales_net_total_positive_check CHECK (net_total > 0),
    CONSTRAINT sales_discount_amount_check CHECK (discount_amount >= 0),
    CONSTRAINT sales_payment_split_check CHECK (cash_amount + card_amount + debt_amount = net_total),
    CONSTRAINT sales_cash_amount_check CHECK (cash_amount >= 0),
    CONSTRAINT sales_card_amount_check CHECK (card_amount >= 0),
    CONSTRAINT sales_debt_amount_check CHECK (debt_amount >= 0),
    CONSTRAINT sales_returned_amount_check CHECK (returned_amount >= 0),
    CONSTRAINT sales_status_check CHECK (status IN ('completed', 'cancelled')),
    CONSTRAINT sales_cancelled_check CHECK ((status = 'cancelled') = (cancelled_at IS NOT NULL)),
    CONSTRAINT sales_cancel_shift_check CHECK (cancel_shift_id IS NULL OR status = 'cancelled'),
    CONSTRAINT sales_refund_cash_check CHECK (refund_cash >= 0),
    CONSTRAINT sales_refund_card_check CHECK (refund_card >= 0),
    CONSTRAINT sales_refund_debt_check CHECK (refund_debt >= 0),
    CONSTRAINT sales_refund_split_check
        CHECK (refund_cash + refund_card + refund_debt = CASE status WHEN 'cancelled' THEN net_total ELSE 0 END),

    CONSTRAINT sales_number_integer CHECK (typeof(number) = 'integer'),
    CONSTRAINT sales_total_price_integer CHECK (typeof(total_price) = 'integer'),
    CONSTRAINT sales_discount_amount_integer CHECK (typeof(discount_amount) = 'integer'),
    CONSTRAINT sales_net_total_integer CHECK (typeof(net_total) = 'integer'),
    CONSTRAINT sales_cash_amount_integer CHECK (typeof(cash_amount) = 'integer'),
    CONSTRAINT sales_card_amount_integer CHECK (typeof(card_amount) = 'integer'),
    CONSTRAINT sales_debt_amount_integer CHECK (typeof(debt_amount) = 'integer'),
    CONSTRAINT sales_returned_amount_integer CHECK (typeof(returned_amount) = 'integer'),
    CONSTRAINT sales_refund_cash_integer CHECK (typeof(refund_cash) = 'integer'),
    CONSTRAINT sales_refund_card_integer CHECK (typeof(refund_card) = 'integer'),
    CONSTRAINT sales_refund_debt_integer CHECK (typeof(refund_debt) = 'integer')
);

INSERT INTO sales_next (
    id, store_id, number, branch_id, worker_id, shift_id, customer_id, payment_type, total_price, discount_amount,
    net_total, cash_amount, card_amount, debt_amount, returned_amount, status, description, client_id, client_body_hash,
    sold_at, day, cancelled_at, cancelled_by, cancel_shift_id, cancel_reason, refund_cash, refund_card, refund_debt,
    created_at
)
SELECT
    id, store_id, number, branch_id, worker_id, shift_id, customer_id, payment_type, total_price, discount_amount,
    net_total, cash_amount, card_amount, debt_amount, returned_amount, status, description, client_id, client_body_hash,
    sold_at, day, cancelled_at, cancelled_by, cancel_shift_id, cancel_reason, refund_cash, refund_card, refund_debt,
    created_at
FROM sales;

DROP TABLE sales;
ALTER TABLE sales_next RENAME TO sales;

CREATE UNIQUE INDEX sales_client_id_unique ON sales (store_id, client_id) WHERE client_id IS NOT NULL;
CREATE INDEX sales_sold_at_index ON sales (store_id, sold_at, id);
CREATE INDEX sales_branch_index ON sales (store_id, branch_id, day);
CREATE INDEX sales_worker_index ON sales (store_id, worker_id, day);
CREATE INDEX sales_shift_index ON sales (store_id, shift_id) WHERE shift_id IS NOT NULL;
CREATE INDEX sales_cancel_shift_index ON sales (store_id, cancel_shift_id) WHERE cancel_shift_id IS NOT NULL;
