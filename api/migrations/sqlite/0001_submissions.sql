-- One row per submission. A row without a result is unfinished; one without published_at waits for the reconciler.
-- Times are milliseconds since 1970 UTC.
CREATE TABLE submissions (
    id           TEXT    PRIMARY KEY NOT NULL,
    lane         TEXT    NOT NULL,
    language     TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    -- The submission as it travels, in JSON.
    body         TEXT    NOT NULL,
    published_at INTEGER,
    finished_at  INTEGER,
    verdict      TEXT,
    -- The final result as it came, in JSON.
    result       TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX submissions_unpublished ON submissions (lane, created_at)
    WHERE published_at IS NULL AND result IS NULL;

CREATE INDEX submissions_unfinished ON submissions (lane, created_at)
    WHERE result IS NULL;
