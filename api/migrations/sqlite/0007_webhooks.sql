-- Calls to clients when something of theirs is final. Times are milliseconds since 1970 UTC.
ALTER TABLE submissions ADD COLUMN callback_url TEXT;
ALTER TABLE batches ADD COLUMN callback_url TEXT;

-- One row per call that is owed: written in the transaction that makes its submission or batch final.
CREATE TABLE webhooks (
    id         TEXT    PRIMARY KEY NOT NULL,
    owner      TEXT,
    -- What it tells of: one of the two.
    submission TEXT,
    batch      TEXT,
    url        TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    state      TEXT    NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'failed')),
    attempts   INTEGER NOT NULL DEFAULT 0,
    -- When it is tried next, or, while somebody is at it, when that counts as lost.
    next_at    INTEGER NOT NULL,
    CHECK ((submission IS NULL) <> (batch IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX webhooks_due ON webhooks (next_at) WHERE state = 'waiting';
CREATE INDEX webhooks_of_owner ON webhooks (owner, id);
CREATE INDEX webhooks_of_submission ON webhooks (submission) WHERE submission IS NOT NULL;
CREATE INDEX webhooks_of_batch ON webhooks (batch) WHERE batch IS NOT NULL;

-- What came of each try.
CREATE TABLE webhook_attempts (
    webhook TEXT    NOT NULL,
    number  INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    ms      INTEGER NOT NULL,
    -- The status that was answered, or else why there was none.
    status  INTEGER,
    error   TEXT,
    PRIMARY KEY (webhook, number)
) STRICT, WITHOUT ROWID;

-- What must be the same in every process and is in no settings.
CREATE TABLE secrets (
    name  TEXT PRIMARY KEY NOT NULL,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
