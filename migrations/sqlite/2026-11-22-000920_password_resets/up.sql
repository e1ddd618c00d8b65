-- A link for a new password: only the hash of its token is kept.
CREATE TABLE password_resets (
    id INTEGER PRIMARY KEY NOT NULL,
    user_id BIGINT NOT NULL,
    token_hash TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP,

    CONSTRAINT password_resets_token_hash_unique UNIQUE (token_hash),
    CONSTRAINT password_resets_user_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);

CREATE INDEX password_resets_user_index ON password_resets (user_id);
