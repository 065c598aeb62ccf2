-- Times are milliseconds since 1970 UTC. Ids and names are compared byte by byte, whatever the database's language.

-- Many submissions that are taken, followed and canceled as one.
CREATE TABLE batches (
    id           TEXT COLLATE "C" PRIMARY KEY,
    owner        TEXT COLLATE "C",
    created_at   BIGINT NOT NULL,
    -- When something of it last came, while it is received; null once it is whole; 0 while it is forgotten.
    touched_at   BIGINT,
    -- How many entries were sent, and how many of them became submissions.
    entries      BIGINT NOT NULL DEFAULT 0,
    accepted     BIGINT NOT NULL DEFAULT 0,
    -- How many of its submissions are final.
    finished     BIGINT NOT NULL DEFAULT 0,
    canceled_at  BIGINT,
    callback_url TEXT,
    CHECK (finished <= accepted AND accepted <= entries)
);

CREATE INDEX batches_received ON batches (touched_at) WHERE touched_at IS NOT NULL;
CREATE INDEX batches_by_age ON batches (created_at);

-- Entries of batches that became no submission, with the error that the client was told.
CREATE TABLE batch_refusals (
    batch TEXT COLLATE "C" NOT NULL,
    place BIGINT NOT NULL,
    error TEXT   NOT NULL,
    PRIMARY KEY (batch, place)
);

-- Where a submission is: queued -> judging -> done, or canceled before it is done.
CREATE TABLE submissions (
    id             TEXT COLLATE "C" PRIMARY KEY,
    lane           TEXT COLLATE "C" NOT NULL,
    language       TEXT COLLATE "C" NOT NULL,
    created_at     BIGINT NOT NULL,
    state          TEXT COLLATE "C" NOT NULL DEFAULT 'queued'
                   CHECK (state IN ('queued', 'judging', 'done', 'canceled')),
    -- The submission as it travels, in JSON. Not of a type that is: those know no NUL, which a source may hold.
    body           TEXT   NOT NULL,
    -- What it is judged by, where that is a stored problem.
    problem        TEXT COLLATE "C",
    problem_sha256 TEXT COLLATE "C",
    -- Whose it is: nobody's, where the service itself made it.
    owner          TEXT COLLATE "C",
    -- The batch it came with, and where in it, from 0.
    batch          TEXT COLLATE "C",
    place          BIGINT,
    -- As which of its batch it became final, from 1: the order in which a batch's events are told.
    turn           BIGINT,
    -- 1 while its batch is still received: it is nobody's business until the batch is whole.
    held           BIGINT NOT NULL DEFAULT 0 CHECK (held IN (0, 1)),
    -- Whoever publishes it has until then; after that another one may take it.
    ready_at       BIGINT NOT NULL DEFAULT 0,
    published_at   BIGINT,
    finished_at    BIGINT,
    verdict        TEXT COLLATE "C",
    -- The final result as it came, in JSON.
    result         TEXT,
    callback_url   TEXT,
    -- The door of another system that it came through.
    door           TEXT COLLATE "C",
    -- What is final has its answer; what is not has none. No other submission than a canceled one has the verdict CANCELED.
    CHECK ((state IN ('done', 'canceled')) = (result IS NOT NULL)),
    CHECK ((state = 'canceled') = (verdict IS NOT DISTINCT FROM 'CANCELED'))
);

-- What waits to be handed over, by whose it is: an owner's single submissions, then its batches by age.
CREATE INDEX submissions_waiting ON submissions (lane, coalesce(owner, ''), batch NULLS FIRST, created_at, id)
    WHERE published_at IS NULL AND state IN ('queued', 'judging') AND held = 0;

-- What was handed over and is not final.
CREATE INDEX submissions_handed_over ON submissions (lane, coalesce(owner, ''))
    WHERE published_at IS NOT NULL AND state IN ('queued', 'judging') AND held = 0;

CREATE INDEX submissions_unfinished ON submissions (lane, created_at)
    WHERE state IN ('queued', 'judging') AND held = 0;

CREATE INDEX submissions_unfinished_of_owner ON submissions (owner, batch) WHERE state IN ('queued', 'judging');

CREATE INDEX submissions_of_batch ON submissions (batch, place) WHERE batch IS NOT NULL;
CREATE INDEX submissions_of_batch_by_turn ON submissions (batch, turn) WHERE turn IS NOT NULL;
CREATE INDEX submissions_of_batch_by_verdict ON submissions (batch, state, verdict) WHERE batch IS NOT NULL;
CREATE INDEX submissions_of_owner ON submissions (owner, id);
CREATE INDEX submissions_of_problem ON submissions (problem, id) WHERE problem IS NOT NULL;
CREATE INDEX submissions_of_door ON submissions (door, id) WHERE door IS NOT NULL;
CREATE INDEX submissions_by_end ON submissions (finished_at) WHERE finished_at IS NOT NULL AND batch IS NULL;

-- The fence under every statement, of whatever version: a state never goes backwards, and a final row stays as it is.
CREATE FUNCTION submission_never_goes_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a submission never goes back';
END
$$;

CREATE TRIGGER submissions_state_goes_forward BEFORE UPDATE OF state, result, verdict, finished_at ON submissions
    FOR EACH ROW
    WHEN (OLD.state IN ('done', 'canceled') OR (OLD.state = 'judging' AND NEW.state = 'queued'))
    EXECUTE FUNCTION submission_never_goes_back();

-- Tells every process what has become final, with its batch, in the moment in which that is stored for good.
CREATE FUNCTION tell_final_submission() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('gavel_final', NEW.id || coalesce(' ' || NEW.batch, ''));
    RETURN NULL;
END
$$;

CREATE TRIGGER submissions_final AFTER UPDATE OF state ON submissions
    FOR EACH ROW
    WHEN (NEW.state IN ('done', 'canceled'))
    EXECUTE FUNCTION tell_final_submission();

-- One row per package uploaded for a problem; the row with the highest turn is the problem's latest version.
CREATE TABLE problem_versions (
    problem       TEXT COLLATE "C" NOT NULL,
    -- The hash of the zip, by which the blob store has it.
    sha256        TEXT COLLATE "C" NOT NULL,
    turn          BIGINT NOT NULL,
    size          BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    -- What the package says of itself, in JSON.
    detail        TEXT   NOT NULL,
    -- Stated, or derived by the first worker that judged by the package; in milliseconds.
    time_limit_ms BIGINT,
    -- The submission that was made to have the time limit derived.
    calibration   TEXT COLLATE "C",
    PRIMARY KEY (problem, sha256)
);

CREATE UNIQUE INDEX problem_versions_turn ON problem_versions (problem, turn);

-- Keys of the API, by the hash of each.
CREATE TABLE api_keys (
    id         TEXT COLLATE "C" PRIMARY KEY,
    sha256     BYTEA  NOT NULL UNIQUE CHECK (length(sha256) = 32),
    owner      TEXT COLLATE "C" NOT NULL,
    -- Words with commas between them.
    scopes     TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    used_at    BIGINT,
    revoked_at BIGINT
);

-- What was asked for under a key of the client's own, so that a call that is sent twice counts once.
CREATE TABLE idempotency_keys (
    owner      TEXT COLLATE "C" NOT NULL,
    key        TEXT COLLATE "C" NOT NULL,
    -- The SHA-256 of the call and its body; null while the body is still received.
    sha256     BYTEA  CHECK (length(sha256) = 32),
    -- What was made: the id of a submission or of a batch.
    made       TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (owner, key)
);

CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
CREATE INDEX idempotency_keys_by_thing ON idempotency_keys (made);

-- One row per call that is owed: written in the transaction that makes its submission or batch final.
CREATE TABLE webhooks (
    id         TEXT COLLATE "C" PRIMARY KEY,
    owner      TEXT COLLATE "C",
    -- What it tells of: one of the two.
    submission TEXT COLLATE "C",
    batch      TEXT COLLATE "C",
    url        TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    state      TEXT COLLATE "C" NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'failed')),
    attempts   BIGINT NOT NULL DEFAULT 0,
    -- When it is tried next, or, while somebody is at it, when that counts as lost.
    next_at    BIGINT NOT NULL,
    CHECK ((submission IS NULL) <> (batch IS NULL))
);

CREATE INDEX webhooks_due ON webhooks (next_at) WHERE state = 'waiting';
CREATE INDEX webhooks_of_owner ON webhooks (owner, id);
CREATE INDEX webhooks_of_submission ON webhooks (submission) WHERE submission IS NOT NULL;
CREATE INDEX webhooks_of_batch ON webhooks (batch) WHERE batch IS NOT NULL;
CREATE INDEX webhooks_by_age ON webhooks (created_at) WHERE state <> 'waiting';

-- What came of each try.
CREATE TABLE webhook_attempts (
    webhook TEXT COLLATE "C" NOT NULL,
    number  BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    ms      BIGINT NOT NULL,
    -- The status that was answered, or else why there was none.
    status  BIGINT,
    error   TEXT,
    PRIMARY KEY (webhook, number)
);

-- What must be the same in every process and is in no settings.
CREATE TABLE secrets (
    name  TEXT COLLATE "C" PRIMARY KEY,
    value BYTEA NOT NULL
);
