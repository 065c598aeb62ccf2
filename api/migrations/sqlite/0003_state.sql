-- Where a submission is: queued -> judging -> done, or canceled before it is done. Rows without a result become queued,
-- rows with one done. The table is made anew, since a check over several columns cannot be added to one that exists.
CREATE TABLE submissions_with_state (
    id             TEXT    PRIMARY KEY NOT NULL,
    lane           TEXT    NOT NULL,
    language       TEXT    NOT NULL,
    created_at     INTEGER NOT NULL,
    state          TEXT    NOT NULL DEFAULT 'queued'
                   CHECK (state IN ('queued', 'judging', 'done', 'canceled')),
    -- The submission as it travels, in JSON.
    body           TEXT    NOT NULL,
    -- What it is judged by, where that is a stored problem.
    problem        TEXT,
    problem_sha256 TEXT,
    published_at   INTEGER,
    finished_at    INTEGER,
    verdict        TEXT,
    -- The final result as it came, in JSON.
    result         TEXT,
    -- What is done has its result; what is not final has none.
    CHECK (state <> 'done' OR result IS NOT NULL),
    CHECK (state NOT IN ('queued', 'judging') OR result IS NULL)
) STRICT, WITHOUT ROWID;

INSERT INTO submissions_with_state
    (id, lane, language, created_at, state, body, problem, problem_sha256, published_at, finished_at, verdict, result)
SELECT id, lane, language, created_at, CASE WHEN result IS NULL THEN 'queued' ELSE 'done' END,
       body, problem, problem_sha256, published_at, finished_at, verdict, result
FROM submissions;

DROP TABLE submissions;
ALTER TABLE submissions_with_state RENAME TO submissions;

CREATE INDEX submissions_unpublished ON submissions (lane, created_at)
    WHERE published_at IS NULL AND state IN ('queued', 'judging');

CREATE INDEX submissions_unfinished ON submissions (lane, created_at)
    WHERE state IN ('queued', 'judging');

-- The fence under every statement, of whatever version: a state never goes backwards, and a final row stays as it is.
CREATE TRIGGER submissions_state_goes_forward BEFORE UPDATE OF state, result, verdict, finished_at ON submissions
WHEN OLD.state IN ('done', 'canceled') OR (OLD.state = 'judging' AND NEW.state = 'queued')
BEGIN
    SELECT RAISE(ABORT, 'a submission never goes back');
END;
