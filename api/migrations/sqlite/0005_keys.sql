-- Keys of the API, by the hash of each; times are milliseconds since 1970 UTC.
CREATE TABLE api_keys (
    id         TEXT    PRIMARY KEY NOT NULL,
    sha256     BLOB    NOT NULL UNIQUE CHECK (length(sha256) = 32),
    owner      TEXT    NOT NULL,
    -- Words with commas between them.
    scopes     TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    used_at    INTEGER,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;

-- Whose a submission is: nobody's, where it came before there were owners or was made by the service itself.
ALTER TABLE submissions ADD COLUMN owner TEXT;

CREATE INDEX submissions_unfinished_of_owner ON submissions (owner)
    WHERE state IN ('queued', 'judging');
