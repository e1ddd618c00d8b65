-- Links that are over leave by this index, a bounded number at a time, as sessions do by theirs.
CREATE INDEX password_resets_expires_at_index ON password_resets (expires_at);
