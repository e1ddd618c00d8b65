DELETE FROM outbox_dispatches WHERE notification_id IS NOT NULL;
DROP INDEX outbox_dispatches_notification_unique;
DROP INDEX outbox_dispatches_sink_unique;
ALTER TABLE outbox_dispatches
    DROP COLUMN notification_id,
    ADD CONSTRAINT outbox_dispatches_sink_unique UNIQUE (outbox_id, sink);

DROP TABLE notification_templates;
DROP TABLE notifications;
