-- One try of a payer, as Payme and Click count them; times in milliseconds since 1970, 0 where not reached. desk is the id of the cash desk
-- at the provider, account what Payme sent to name the order.
CREATE TABLE provider_transactions (
    id INTEGER PRIMARY KEY NOT NULL,
    store_id BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    payment_id BIGINT NOT NULL,
    provider TEXT NOT NULL,
    desk TEXT NOT NULL,
    external_id TEXT NOT NULL,
    amount BIGINT NOT NULL,
    state TEXT NOT NULL,
    reason BIGINT,
    external_time BIGINT NOT NULL,
    create_time BIGINT NOT NULL,
    perform_time BIGINT NOT NULL,
    cancel_time BIGINT NOT NULL,
    open_until BIGINT NOT NULL,
    paydoc_id BIGINT,
    account TEXT NOT NULL,

    CONSTRAINT provider_transactions_tenant_unique UNIQUE (store_id, id),
    CONSTRAINT provider_transactions_external_unique UNIQUE (provider, external_id),
    CONSTRAINT provider_transactions_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id),
    CONSTRAINT provider_transactions_order_fkey FOREIGN KEY (store_id, order_id) REFERENCES orders (store_id, id),
    CONSTRAINT provider_transactions_payment_fkey FOREIGN KEY (store_id, payment_id) REFERENCES payments (store_id, id),
    CONSTRAINT provider_transactions_provider_check CHECK (provider IN ('payme', 'click')),
    CONSTRAINT provider_transactions_state_check CHECK (state IN (
        'open', 'taken_over', 'performed', 'cancelled', 'reversed')),
    CONSTRAINT provider_transactions_amount_check CHECK (amount > 0),
    CONSTRAINT provider_transactions_account_check CHECK (provider <> 'payme' OR account <> ''),
    CONSTRAINT provider_transactions_perform_time_check CHECK (state NOT IN ('performed', 'reversed') OR perform_time > 0),
    CONSTRAINT provider_transactions_cancel_time_check CHECK (state NOT IN ('cancelled', 'reversed') OR cancel_time > 0),

    CONSTRAINT provider_transactions_amount_integer CHECK (typeof(amount) = 'integer'),
    CONSTRAINT provider_transactions_reason_integer CHECK (typeof(reason) IN ('integer', 'null')),
    CONSTRAINT provider_transactions_external_time_integer CHECK (typeof(external_time) = 'integer'),
    CONSTRAINT provider_transactions_create_time_integer CHECK (typeof(create_time) = 'integer'),
    CONSTRAINT provider_transactions_perform_time_integer CHECK (typeof(perform_time) = 'integer'),
    CONSTRAINT provider_transactions_cancel_time_integer CHECK (typeof(cancel_time) = 'integer'),
    CONSTRAINT provider_transactions_open_until_integer CHECK (typeof(open_until) = 'integer')
);

CREATE UNIQUE INDEX provider_transactions_open_unique ON provider_transactions (store_id, order_id) WHERE state = 'open';
CREATE INDEX provider_transactions_order_index ON provider_transactions (store_id, order_id, id);
CREATE INDEX provider_transactions_payment_index ON provider_transactions (store_id, payment_id);
CREATE INDEX provider_transactions_desk_index ON provider_transactions (provider, desk, external_time, id);
CREATE INDEX provider_transactions_open_until_index ON provider_transactions (open_until, id) WHERE state IN ('open', 'taken_over');

-- The receipts that a provider registered for a transaction, of its sale and of its cancel; receipt_time is in the operator's own zone.
CREATE TABLE fiscal_records (
    id INTEGER PRIMARY KEY NOT NULL,
    store_id BIGINT NOT NULL,
    transaction_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    receipt_id TEXT,
    status_code BIGINT,
    message TEXT,
    terminal_id TEXT,
    fiscal_sign TEXT,
    qr_code_url TEXT,
    receipt_time TIMESTAMP,
    updated_at TIMESTAMP NOT NULL,

    CONSTRAINT fiscal_records_tenant_unique UNIQUE (store_id, id),
    CONSTRAINT fiscal_records_kind_unique UNIQUE (store_id, transaction_id, kind),
    CONSTRAINT fiscal_records_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id),
    CONSTRAINT fiscal_records_transaction_fkey FOREIGN KEY (store_id, transaction_id)
        REFERENCES provider_transactions (store_id, id),
    CONSTRAINT fiscal_records_kind_check CHECK (kind IN ('PERFORM', 'CANCEL')),

    CONSTRAINT fiscal_records_status_code_integer CHECK (typeof(status_code) IN ('integer', 'null'))
);
