-- One row per package uploaded for a problem; the row with the highest turn is the problem's latest version.
-- Times are milliseconds since 1970 UTC.
CREATE TABLE problem_versions (
    problem       TEXT    NOT NULL,
    -- The hash of the zip, by which the blob store has it.
    sha256        TEXT    NOT NULL,
    turn          INTEGER NOT NULL,
    size          INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    -- What the package says of itself, in JSON.
    detail        TEXT    NOT NULL,
    -- Stated, or derived by the first worker that judged by the package; in milliseconds.
    time_limit_ms INTEGER,
    -- The submission that was made to have the time limit derived.
    calibration   TEXT,
    PRIMARY KEY (problem, sha256)
) STRICT, WITHOUT ROWID;

CREATE INDEX problem_versions_turn ON problem_versions (problem, turn);

-- What a submission is judged by, where that is a stored problem.
ALTER TABLE submissions ADD COLUMN problem TEXT;
ALTER TABLE submissions ADD COLUMN problem_sha256 TEXT;
