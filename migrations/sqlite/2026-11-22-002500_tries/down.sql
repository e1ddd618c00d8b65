DROP INDEX outbox_dispatches_provider_index;
DROP INDEX outbox_dispatches_dead_index;
CREATE INDEX outbox_dispatches_dead_index ON outbox_dispatches (status, id) WHERE status = 'dead';

ALTER TABLE outbox_dispatches DROP COLUMN reported;
ALTER TABLE outbox_dispatches DROP COLUMN provider_id;
ALTER TABLE outbox_dispatches DROP COLUMN provider;
ALTER TABLE outbox_dispatches DROP COLUMN doubtful_since;
ALTER TABLE outbox_dispatches DROP COLUMN began_at;
