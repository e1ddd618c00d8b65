CREATE TABLE outbox_dispatches_next (
    id INTEGER PRIMARY KEY NOT NULL,
    outbox_id BIGINT NOT NULL,
    sink TEXT NOT NULL,
    status TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    due_at TIMESTAMP NOT NULL,
    leased_until TIMESTAMP,
    leased_by TEXT NOT NULL,
    last_error TEXT NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    began_at TIMESTAMP,
    doubtful_since TIMESTAMP,
    provider TEXT,
    provider_id TEXT,
    reported TEXT
        CONSTRAINT outbox_dispatches_reported_check CHECK (reported IN ('accepted', 'undelivered', 'delivered')),

    CONSTRAINT outbox_dispatches_sink_unique UNIQUE (outbox_id, sink),
    CONSTRAINT outbox_dispatches_outbox_fkey FOREIGN KEY (outbox_id) REFERENCES outbox (id),
    CONSTRAINT outbox_dispatches_status_check CHECK (status IN (
        'waiting', 'leased', 'sent', 'failed', 'dead', 'dismissed', 'unknown')),
    CONSTRAINT outbox_dispatches_leased_check CHECK ((status = 'leased') = (leased_until IS NOT NULL)),

    CONSTRAINT outbox_dispatches_attempts_integer CHECK (typeof(attempts) = 'integer')
);

INSERT INTO outbox_dispatches_next (id, outbox_id, sink, status, attempts, due_at, leased_until, leased_by, last_error, updated_at, began_at, doubtful_since,
    provider, provider_id, reported)
SELECT id, outbox_id, sink, status, attempts, due_at, leased_until, leased_by, last_error, updated_at, began_at, doubtful_since,
    provider, provider_id, reported
FROM outbox_dispatches WHERE notification_id IS NULL;

DROP TABLE outbox_dispatches;
ALTER TABLE outbox_dispatches_next RENAME TO outbox_dispatches;

CREATE INDEX outbox_dispatches_due_index ON outbox_dispatches (sink, due_at, id) WHERE status IN ('waiting', 'leased');
CREATE INDEX outbox_dispatches_dead_index ON outbox_dispatches (status, id) WHERE status IN ('dead', 'unknown');
CREATE INDEX outbox_dispatches_provider_index ON outbox_dispatches (provider, provider_id) WHERE provider_id IS NOT NULL;

DROP TABLE notification_templates;
DROP TABLE notifications;
