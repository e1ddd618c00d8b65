-- Who may call as a provider, and of which orders. No store: the desk of all that have none of their own. desk is the id of the cash desk at
-- the provider, by which its transactions name it too; settings are its other ids as JSON. A secret lies under a seal that opens in this row.
CREATE TABLE payment_desks (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    store_id BIGINT,
    provider TEXT NOT NULL,
    environment TEXT NOT NULL,
    desk TEXT NOT NULL,
    settings TEXT NOT NULL,
    sealed_secret TEXT NOT NULL,
    sealed_previous_secret TEXT,
    is_active BOOLEAN NOT NULL,
    updated_at TIMESTAMP NOT NULL,

    CONSTRAINT payment_desks_desk_unique UNIQUE (provider, environment, desk),
    CONSTRAINT payment_desks_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id),
    CONSTRAINT payment_desks_provider_check CHECK (provider IN ('payme', 'click')),
    CONSTRAINT payment_desks_environment_check CHECK (environment IN ('production', 'test')),
    CONSTRAINT payment_desks_desk_check CHECK (desk <> ''),
    CONSTRAINT payment_desks_secret_check CHECK (sealed_secret <> '' AND sealed_previous_secret <> ''),

    CONSTRAINT payment_desks_is_active_boolean CHECK (is_active IN (0, 1))
);

CREATE UNIQUE INDEX payment_desks_default_unique ON payment_desks (provider, environment) WHERE store_id IS NULL;
CREATE UNIQUE INDEX payment_desks_store_unique ON payment_desks (store_id, provider, environment) WHERE store_id IS NOT NULL;

-- Money that somebody should look after; there is little of it.
CREATE INDEX payments_late_index ON payments (store_id, id) WHERE is_late;
