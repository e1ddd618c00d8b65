-- A device that can be told of news. Its token is as long as its maker likes, so that the hash is what is unique.
CREATE TABLE devices (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    user_id BIGINT NOT NULL,
    token TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    platform TEXT NOT NULL,
    updated_at TIMESTAMP NOT NULL,

    CONSTRAINT devices_token_hash_unique UNIQUE (token_hash),
    CONSTRAINT devices_platform_check CHECK (platform IN ('android', 'ios', 'web')),
    CONSTRAINT devices_user_fkey FOREIGN KEY (user_id) REFERENCES users (id)
);

CREATE INDEX devices_user_index ON devices (user_id);
