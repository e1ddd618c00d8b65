-- The first answer to a request that carried a key, for whoever sends it again. The key must be one for good, so it has no day in
-- it and the table no partitions: those of old days leave by their index, a bounded number at a time.
CREATE TABLE idempotency_keys (
    user_id BIGINT NOT NULL,
    endpoint TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    day DATE NOT NULL,
    body_hash TEXT NOT NULL,
    status BIGINT NOT NULL,
    headers TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,

    PRIMARY KEY (user_id, endpoint, key),
    CONSTRAINT idempotency_keys_user_fkey FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT idempotency_keys_status_check CHECK (status BETWEEN 200 AND 299)
);

CREATE INDEX idempotency_keys_day_index ON idempotency_keys (day);
