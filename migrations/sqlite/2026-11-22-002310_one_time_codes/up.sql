-- A code that proves a phone: only its hash is kept. What was typed at registration lies beside it and becomes the account's when
-- this very code is proven.
CREATE TABLE one_time_codes (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    phone TEXT NOT NULL,
    purpose TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    closed_at TIMESTAMP,

    CONSTRAINT one_time_codes_purpose_check CHECK (purpose IN ('register', 'password_reset')),
    CONSTRAINT one_time_codes_attempts_check CHECK (attempts >= 0),
    CONSTRAINT one_time_codes_attempts_integer CHECK (typeof(attempts) = 'integer'),
    CONSTRAINT one_time_codes_phone_check CHECK (phone <> '')
);

CREATE UNIQUE INDEX one_time_codes_open_unique ON one_time_codes (phone, purpose) WHERE closed_at IS NULL;
CREATE INDEX one_time_codes_phone_index ON one_time_codes (phone, purpose, id);
CREATE INDEX one_time_codes_expires_at_index ON one_time_codes (expires_at);

-- What a phone asked for and tried, whether or not anybody has an account with it: its row is the lock of all that goes by code.
-- The times are in microseconds, the oldest first, by comma.
CREATE TABLE code_phones (
    phone TEXT PRIMARY KEY NOT NULL,
    asked TEXT NOT NULL,
    tried TEXT NOT NULL,
    reset_tried TEXT NOT NULL,
    told_at TIMESTAMP,
    updated_at TIMESTAMP NOT NULL,

    CONSTRAINT code_phones_phone_check CHECK (phone <> '')
);

CREATE INDEX code_phones_updated_at_index ON code_phones (updated_at);
