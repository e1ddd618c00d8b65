-- While a return is pending its total is what it is worth after all returns that were written down before it; what it is worth in
-- the end, the money that goes back, and the shift out of whose drawer, are known when it is confirmed.
CREATE TABLE sale_returns (
    id INTEGER PRIMARY KEY NOT NULL,
    store_id BIGINT NOT NULL,
    sale_id BIGINT NOT NULL,
    branch_id BIGINT NOT NULL,
    worker_id BIGINT NOT NULL,
    shift_id BIGINT,
    refund_method TEXT,
    total_amount BIGINT NOT NULL,
    refund_cash BIGINT NOT NULL,
    refund_card BIGINT NOT NULL,
    refund_debt BIGINT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT NOT NULL,
    confirmed_by BIGINT,
    cancelled_by BIGINT,
    confirmed_day DATE,
    confirmed_at TIMESTAMP,
    cancelled_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL,

    CONSTRAINT sale_returns_tenant_unique UNIQUE (store_id, id),
    CONSTRAINT sale_returns_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id),
    CONSTRAINT sale_returns_sale_fkey FOREIGN KEY (store_id, sale_id) REFERENCES sales (store_id, id),
    CONSTRAINT sale_returns_branch_fkey FOREIGN KEY (store_id, branch_id) REFERENCES locations (store_id, id),
    CONSTRAINT sale_returns_worker_fkey FOREIGN KEY (store_id, worker_id) REFERENCES workers (store_id, id),
    CONSTRAINT sale_returns_shift_fkey FOREIGN KEY (store_id, shift_id) REFERENCES shifts (store_id, id),
    CONSTRAINT sale_returns_confirmed_by_fkey FOREIGN KEY (store_id, confirmed_by) REFERENCES workers (store_id, id),
    CONSTRAINT sale_returns_cancelled_by_fkey FOREIGN KEY (store_id, cancelled_by) REFERENCES workers (store_id, id),
    CONSTRAINT sale_returns_refund_method_check CHECK (refund_method IN ('cash', 'card')),
    CONSTRAINT sale_returns_status_check CHECK (status IN ('pending', 'confirmed', 'cancelled')),
    CONSTRAINT sale_returns_total_amount_check CHECK (total_amount >= 0),
    CONSTRAINT sale_returns_refund_cash_check CHECK (refund_cash >= 0),
    CONSTRAINT sale_returns_refund_card_check CHECK (refund_card >= 0),
    CONSTRAINT sale_returns_refund_debt_check CHECK (refund_debt >= 0),
    CONSTRAINT sale_returns_refund_split_check
        CHECK (refund_cash + refund_card + refund_debt = CASE status WHEN 'confirmed' THEN total_amount ELSE 0 END),
    CONSTRAINT sale_returns_confirmed_at_check CHECK ((status = 'confirmed') = (confirmed_at IS NOT NULL)),
    CONSTRAINT sale_returns_confirmed_day_check CHECK ((status = 'confirmed') = (confirmed_day IS NOT NULL)),
    CONSTRAINT sale_returns_confirmed_by_check CHECK ((status = 'confirmed') = (confirmed_by IS NOT NULL)),
    CONSTRAINT sale_returns_cancelled_at_check CHECK ((status = 'cancelled') = (cancelled_at IS NOT NULL)),
    CONSTRAINT sale_returns_cancelled_by_check CHECK ((status = 'cancelled') = (cancelled_by IS NOT NULL)),
    CONSTRAINT sale_returns_shift_check CHECK (shift_id IS NULL OR status = 'confirmed'),

    CONSTRAINT sale_returns_total_amount_integer CHECK (typeof(total_amount) = 'integer'),
    CONSTRAINT sale_returns_refund_cash_integer CHECK (typeof(refund_cash) = 'integer'),
    CONSTRAINT sale_returns_refund_card_integer CHECK (typeof(refund_card) = 'integer'),
    CONSTRAINT sale_returns_refund_debt_integer CHECK (typeof(refund_debt) = 'integer')
);

CREATE INDEX sale_returns_created_at_index ON sale_returns (store_id, created_at, id);
CREATE INDEX sale_returns_sale_index ON sale_returns (store_id, sale_id);
CREATE INDEX sale_returns_branch_index ON sale_returns (store_id, branch_id, created_at);
CREATE INDEX sale_returns_shift_index ON sale_returns (store_id, shift_id) WHERE shift_id IS NOT NULL;

-- cost is what the goods that came back are worth: nothing until they do.
CREATE TABLE sale_return_lines (
    id INTEGER PRIMARY KEY NOT NULL,
    store_id BIGINT NOT NULL,
    return_id BIGINT NOT NULL,
    line_number BIGINT NOT NULL,
    sale_line_id BIGINT NOT NULL,
    quantity BIGINT NOT NULL,
    total_price BIGINT NOT NULL,
    cost BIGINT NOT NULL,

    CONSTRAINT sale_return_lines_tenant_unique UNIQUE (store_id, id),
    CONSTRAINT sale_return_lines_line_number_unique UNIQUE (store_id, return_id, line_number),
    CONSTRAINT sale_return_lines_sale_line_unique UNIQUE (store_id, return_id, sale_line_id),
    CONSTRAINT sale_return_lines_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id),
    CONSTRAINT sale_return_lines_return_fkey FOREIGN KEY (store_id, return_id) REFERENCES sale_returns (store_id, id),
    CONSTRAINT sale_return_lines_sale_line_fkey FOREIGN KEY (store_id, sale_line_id) REFERENCES sale_lines (store_id, id),
    CONSTRAINT sale_return_lines_quantity_check CHECK (quantity > 0),
    CONSTRAINT sale_return_lines_total_price_check CHECK (total_price >= 0),
    CONSTRAINT sale_return_lines_cost_check CHECK (cost >= 0),

    CONSTRAINT sale_return_lines_line_number_integer CHECK (typeof(line_number) = 'integer'),
    CONSTRAINT sale_return_lines_quantity_integer CHECK (typeof(quantity) = 'integer'),
    CONSTRAINT sale_return_lines_total_price_integer CHECK (typeof(total_price) = 'integer'),
    CONSTRAINT sale_return_lines_cost_integer CHECK (typeof(cost) = 'integer')
);

CREATE INDEX sale_return_lines_sale_line_index ON sale_return_lines (store_id, sale_line_id);
