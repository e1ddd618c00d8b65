-- A chain of hashes over ranges of audit_entries: one for each store, one for entries without a store. A range of one store never
-- ends where that of another does, so last_id is unique in all. digests: entry by entry its number and the first bytes of its hash.
CREATE TABLE audit_seals (
    id INTEGER PRIMARY KEY NOT NULL,
    store_id BIGINT,
    first_id BIGINT NOT NULL,
    last_id BIGINT NOT NULL,
    row_count BIGINT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    digests TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,

    CONSTRAINT audit_seals_last_id_unique UNIQUE (last_id),
    CONSTRAINT audit_seals_store_fkey FOREIGN KEY (store_id) REFERENCES stores (id),
    CONSTRAINT audit_seals_range_check CHECK (first_id <= last_id AND row_count > 0),

    CONSTRAINT audit_seals_row_count_integer CHECK (typeof(row_count) = 'integer')
);

CREATE INDEX audit_seals_store_index ON audit_seals (store_id, last_id);
CREATE INDEX audit_entries_created_at_index ON audit_entries (store_id, created_at, id);

CREATE TRIGGER audit_seals_no_update BEFORE UPDATE ON audit_seals
BEGIN SELECT RAISE(ABORT, 'audit_seals is append-only'); END;
CREATE TRIGGER audit_seals_no_delete BEFORE DELETE ON audit_seals
BEGIN SELECT RAISE(ABORT, 'audit_seals is append-only'); END;
