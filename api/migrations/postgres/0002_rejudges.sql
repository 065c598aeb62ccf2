-- Rejudging. A rejudge is a batch whose submissions are copies of others: they are judged like any other, and what comes
-- out becomes the others' result once the rejudge is applied.

-- What was asked for, in JSON; null of any other batch.
ALTER TABLE batches ADD COLUMN rejudge TEXT;
-- When its results became those of the submissions, and of how many.
ALTER TABLE batches ADD COLUMN applied_at BIGINT;
ALTER TABLE batches ADD COLUMN applied BIGINT;

-- The submission that it is a copy of.
ALTER TABLE submissions ADD COLUMN copy_of TEXT COLLATE "C";
-- How often its result was replaced.
ALTER TABLE submissions ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
-- The score of its result as it is written there, so that two can be compared.
ALTER TABLE submissions ADD COLUMN score TEXT COLLATE "C";
-- As text: the operators of JSON refuse the whole where a string of it holds a NUL. The fields have always had this order.
UPDATE submissions SET score = nullif(substring(result from '"verdict":"[A-Z]+","score":([^,]+),'), 'null')
    WHERE problem IS NOT NULL AND result IS NOT NULL;

CREATE INDEX submissions_copies ON submissions (copy_of) WHERE copy_of IS NOT NULL;

-- Results that were replaced, each by a rejudge.
CREATE TABLE replaced_results (
    submission     TEXT COLLATE "C" NOT NULL REFERENCES submissions (id) ON DELETE CASCADE,
    -- As which result of its submission it came, from 0.
    revision       BIGINT NOT NULL,
    verdict        TEXT COLLATE "C" NOT NULL,
    score          TEXT COLLATE "C",
    problem_sha256 TEXT COLLATE "C",
    result         TEXT   NOT NULL,
    -- The rejudge that replaced it.
    rejudge        TEXT COLLATE "C" NOT NULL,
    replaced_at    BIGINT NOT NULL,
    PRIMARY KEY (submission, revision)
);

CREATE INDEX replaced_results_of_rejudge ON replaced_results (rejudge, submission);

-- A final row stays as it is, unless its result is replaced on purpose: then it is counted.
DROP TRIGGER submissions_state_goes_forward ON submissions;
CREATE TRIGGER submissions_state_goes_forward BEFORE UPDATE OF state, result, verdict, finished_at ON submissions
    FOR EACH ROW
    WHEN ((OLD.state IN ('done', 'canceled')
           AND NOT (OLD.state = 'done' AND NEW.state = 'done' AND NEW.revision = OLD.revision + 1 AND NEW.result IS NOT NULL))
       OR (OLD.state = 'judging' AND NEW.state = 'queued'))
    EXECUTE FUNCTION submission_never_goes_back();
