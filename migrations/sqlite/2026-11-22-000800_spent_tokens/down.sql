ALTER TABLE sessions ADD COLUMN previous_hash TEXT;
ALTER TABLE sessions ADD COLUMN rotated_at TIMESTAMP;

DROP TABLE spent_tokens;
