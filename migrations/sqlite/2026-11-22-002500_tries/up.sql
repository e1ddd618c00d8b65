-- began_at: a try of this lease was begun; doubtful_since: a try may have arrived that nobody marked. provider, provider_id: who took
-- it and under which name; reported: what the provider said later, a hint.
ALTER TABLE outbox_dispatches ADD COLUMN began_at TIMESTAMP;
ALTER TABLE outbox_dispatches ADD COLUMN doubtful_since TIMESTAMP;
ALTER TABLE outbox_dispatches ADD COLUMN provider TEXT;
ALTER TABLE outbox_dispatches ADD COLUMN provider_id TEXT;
ALTER TABLE outbox_dispatches ADD COLUMN reported TEXT
    CONSTRAINT outbox_dispatches_reported_check CHECK (reported IN ('accepted', 'undelivered', 'delivered'));

-- What was given up, and what nobody knows the fate of: a human looks after both.
DROP INDEX outbox_dispatches_dead_index;
CREATE INDEX outbox_dispatches_dead_index ON outbox_dispatches (status, id) WHERE status IN ('dead', 'unknown');
CREATE INDEX outbox_dispatches_provider_index ON outbox_dispatches (provider, provider_id) WHERE provider_id IS NOT NULL;
