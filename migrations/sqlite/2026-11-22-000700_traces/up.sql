-- Ids are not commit order: readers stay below the oldest running transaction, which transaction_id is compared with.
-- Always 0 here, where the one writer makes ids ordered.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    store_id BIGINT,
    transaction_id BIGINT NOT NULL,
    event TEXT NOT NULL,
    subject_type TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    payload TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,

    CONSTRAINT outbox_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id)
);

CREATE INDEX outbox_store_index ON outbox (store_id, id);

CREATE TRIGGER outbox_no_update BEFORE UPDATE ON outbox
BEGIN SELECT RAISE(ABORT, 'outbox is append-only'); END;
CREATE TRIGGER outbox_no_delete BEFORE DELETE ON outbox
BEGIN SELECT RAISE(ABORT, 'outbox is append-only'); END;

-- actor_name as it was then. No store: customers' log-ins and matters of the installation.
CREATE TABLE audit_entries (
    id INTEGER PRIMARY KEY NOT NULL,
    store_id BIGINT,
    actor_id BIGINT,
    actor_name TEXT NOT NULL,
    action TEXT NOT NULL,
    subject_type TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    description TEXT NOT NULL,
    details TEXT NOT NULL,
    ip TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    request_id TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,

    CONSTRAINT audit_entries_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id),
    CONSTRAINT audit_entries_actor_fkey FOREIGN KEY (actor_id) REFERENCES users (id)
);

CREATE INDEX audit_entries_store_index ON audit_entries (store_id, id);
CREATE INDEX audit_entries_subject_index ON audit_entries (store_id, subject_type, subject_id);
CREATE INDEX audit_entries_actor_index ON audit_entries (store_id, actor_id, id);

CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'audit_entries is append-only'); END;
CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'audit_entries is append-only'); END;
