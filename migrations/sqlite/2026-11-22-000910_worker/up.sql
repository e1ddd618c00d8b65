-- What an event has to tell that nobody may read: sealed, and deleted once it was told. So the outbox itself is never changed.
CREATE TABLE outbox_secrets (
    outbox_id BIGINT PRIMARY KEY NOT NULL,
    sealed TEXT NOT NULL,

    CONSTRAINT outbox_secrets_outbox_fkey FOREIGN KEY (outbox_id) REFERENCES outbox (id)
);

-- One message of an event to one sink. due_at of a leased one is the end of its lease: then it is anybody's again.
CREATE TABLE outbox_dispatches (
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

    CONSTRAINT outbox_dispatches_sink_unique UNIQUE (outbox_id, sink),
    CONSTRAINT outbox_dispatches_outbox_fkey FOREIGN KEY (outbox_id) REFERENCES outbox (id),
    CONSTRAINT outbox_dispatches_status_check CHECK (status IN (
        'waiting', 'leased', 'sent', 'failed', 'dead', 'dismissed', 'unknown')),
    CONSTRAINT outbox_dispatches_leased_check CHECK ((status = 'leased') = (leased_until IS NOT NULL)),

    CONSTRAINT outbox_dispatches_attempts_integer CHECK (typeof(attempts) = 'integer')
);

CREATE INDEX outbox_dispatches_due_index ON outbox_dispatches (sink, due_at, id) WHERE status IN ('waiting', 'leased');
CREATE INDEX outbox_dispatches_dead_index ON outbox_dispatches (status, id) WHERE status = 'dead';

-- When a job last began, on whichever server, and until when nobody else may begin it.
CREATE TABLE job_runs (
    name TEXT PRIMARY KEY NOT NULL,
    last_run_at TIMESTAMP NOT NULL,
    locked_until TIMESTAMP
);
