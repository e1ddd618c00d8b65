-- The refresh tokens that a session gave back a moment ago. Whoever exchanges next throws out those past the grace.
CREATE TABLE spent_tokens (
    id INTEGER PRIMARY KEY NOT NULL,
    session_id BIGINT NOT NULL,
    token_hash TEXT NOT NULL,
    spent_at TIMESTAMP NOT NULL,

    CONSTRAINT spent_tokens_token_unique UNIQUE (session_id, token_hash),
    CONSTRAINT spent_tokens_session_fkey FOREIGN KEY (session_id) REFERENCES sessions (id)
);

ALTER TABLE sessions DROP COLUMN previous_hash;
ALTER TABLE sessions DROP COLUMN rotated_at;
