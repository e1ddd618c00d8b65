CREATE TABLE expense_categories (
    id INTEGER PRIMARY KEY NOT NULL,
    store_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    search TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,

    CONSTRAINT expense_categories_tenant_unique UNIQUE (store_id, id),
    CONSTRAINT expense_categories_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id),
    CONSTRAINT expense_categories_status_check CHECK (status IN ('active', 'inactive'))
);

CREATE UNIQUE INDEX expense_categories_name_active_unique ON expense_categories (store_id, name_key) WHERE status = 'active';
CREATE INDEX expense_categories_name_index ON expense_categories (store_id, status, name_key, id);

-- The receipt lies as a file; here stands its name, empty without one.
CREATE TABLE expenses (
    id INTEGER PRIMARY KEY NOT NULL,
    store_id BIGINT NOT NULL,
    category_id BIGINT NOT NULL,
    branch_id BIGINT NOT NULL,
    worker_id BIGINT NOT NULL,
    shift_id BIGINT,
    amount BIGINT NOT NULL,
    payment_type TEXT NOT NULL,
    day DATE NOT NULL,
    description TEXT NOT NULL,
    search TEXT NOT NULL,
    receipt_file TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,

    CONSTRAINT expenses_tenant_unique UNIQUE (store_id, id),
    CONSTRAINT expenses_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id),
    CONSTRAINT expenses_category_fkey FOREIGN KEY (store_id, category_id) REFERENCES expense_categories (store_id, id),
    CONSTRAINT expenses_branch_fkey FOREIGN KEY (store_id, branch_id) REFERENCES locations (store_id, id),
    CONSTRAINT expenses_worker_fkey FOREIGN KEY (store_id, worker_id) REFERENCES workers (store_id, id),
    CONSTRAINT expenses_amount_check CHECK (amount > 0),
    CONSTRAINT expenses_payment_type_check CHECK (payment_type IN ('cash', 'card', 'transfer')),
    CONSTRAINT expenses_status_check CHECK (status IN ('active', 'inactive')),

    CONSTRAINT expenses_amount_integer CHECK (typeof(amount) = 'integer')
);

CREATE INDEX expenses_day_index ON expenses (store_id, day, created_at, id);
CREATE INDEX expenses_category_index ON expenses (store_id, category_id, day);
CREATE INDEX expenses_branch_index ON expenses (store_id, branch_id, day);
CREATE INDEX expenses_worker_index ON expenses (store_id, worker_id, day);
CREATE INDEX expenses_shift_index ON expenses (store_id, shift_id) WHERE shift_id IS NOT NULL;
CREATE INDEX expenses_receipt_index ON expenses (receipt_file) WHERE receipt_file <> '';
