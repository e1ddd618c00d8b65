-- SQLite stores what is bound, whatever the column's type: each number that is not an id, and each boolean, has a check
-- of its own here and in the migrations after this one. PostgreSQL's types do that work there.

-- Staff and customers share this table but not their phones: (kind, phone) lets one number be both.
CREATE TABLE users (
    id INTEGER PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    username TEXT,
    username_key TEXT,
    phone TEXT NOT NULL,
    phone2 TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    address TEXT NOT NULL,
    language TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    is_superuser BOOLEAN NOT NULL,
    is_verified BOOLEAN NOT NULL,
    is_active BOOLEAN NOT NULL,
    token_version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    last_login_at TIMESTAMP,

    CONSTRAINT users_kind_check CHECK (kind IN ('staff', 'customer')),
    CONSTRAINT users_language_check CHECK (language IN ('uz', 'ru', 'en')),
    CONSTRAINT users_phone_check CHECK (phone <> ''),
    CONSTRAINT users_username_check CHECK ((kind = 'staff') = (username IS NOT NULL)),
    CONSTRAINT users_username_key_check CHECK ((username IS NULL) = (username_key IS NULL)),
    CONSTRAINT users_superuser_check CHECK (NOT is_superuser OR kind = 'staff'),

    CONSTRAINT users_is_superuser_boolean CHECK (is_superuser IN (0, 1)),
    CONSTRAINT users_is_verified_boolean CHECK (is_verified IN (0, 1)),
    CONSTRAINT users_is_active_boolean CHECK (is_active IN (0, 1)),
    CONSTRAINT users_token_version_integer CHECK (typeof(token_version) = 'integer')
);

CREATE UNIQUE INDEX users_kind_phone_unique ON users (kind, phone) WHERE phone IS NOT NULL;
CREATE UNIQUE INDEX users_username_key_unique ON users (username_key) WHERE username_key IS NOT NULL;
CREATE UNIQUE INDEX users_email_key_unique ON users (email_key) WHERE kind = 'staff' AND email_key <> '';

-- One row is one family of refresh tokens.
CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    user_id BIGINT NOT NULL,
    token_version BIGINT NOT NULL,
    refresh_hash TEXT NOT NULL,
    previous_hash TEXT,
    rotated_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    revoked_at TIMESTAMP,
    ip TEXT NOT NULL,
    user_agent TEXT NOT NULL,

    CONSTRAINT sessions_user_fkey FOREIGN KEY (user_id) REFERENCES users (id),

    CONSTRAINT sessions_token_version_integer CHECK (typeof(token_version) = 'integer')
);

CREATE INDEX sessions_user_index ON sessions (user_id) WHERE revoked_at IS NULL;
CREATE INDEX sessions_expires_at_index ON sessions (expires_at);
