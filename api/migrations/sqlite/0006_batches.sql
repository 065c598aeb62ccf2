-- Many submissions that are taken, followed and canceled as one. Times are milliseconds since 1970 UTC.
CREATE TABLE batches (
    id          TEXT    PRIMARY KEY NOT NULL,
    owner       TEXT,
    created_at  INTEGER NOT NULL,
    -- When something of it last came, while it is received; null once it is whole.
    touched_at  INTEGER,
    -- How many entries were sent, and how many of them became submissions.
    entries     INTEGER NOT NULL DEFAULT 0,
    accepted    INTEGER NOT NULL DEFAULT 0,
    -- How many of its submissions are final.
    finished    INTEGER NOT NULL DEFAULT 0,
    canceled_at INTEGER,
    CHECK (finished <= accepted AND accepted <= entries)
) STRICT, WITHOUT ROWID;

CREATE INDEX batches_received ON batches (touched_at) WHERE touched_at IS NOT NULL;

-- Entries of batches that became no submission, with the error that the client was told.
CREATE TABLE batch_refusals (
    batch TEXT    NOT NULL,
    place INTEGER NOT NULL,
    error TEXT    NOT NULL,
    PRIMARY KEY (batch, place)
) STRICT, WITHOUT ROWID;

-- The batch it came with, and where in it, from 0.
ALTER TABLE submissions ADD COLUMN batch TEXT;
ALTER TABLE submissions ADD COLUMN place INTEGER;
-- As which of its batch it became final, from 1: the order in which a batch's events are told.
ALTER TABLE submissions ADD COLUMN turn INTEGER;
-- 1 while its batch is still received: it is nobody's business until the batch is whole.
ALTER TABLE submissions ADD COLUMN held INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1));
-- Whoever publishes it has until then; after that another one may take it.
ALTER TABLE submissions ADD COLUMN ready_at INTEGER NOT NULL DEFAULT 0;

DROP INDEX submissions_unpublished;
DROP INDEX submissions_unfinished;
DROP INDEX submissions_unfinished_of_owner;

-- What waits to be handed over, by whose it is: an owner's single submissions, then its batches by age.
CREATE INDEX submissions_waiting ON submissions (lane, coalesce(owner, ''), batch, created_at, id)
    WHERE published_at IS NULL AND state IN ('queued', 'judging') AND held = 0;

-- What was handed over and is not final.
CREATE INDEX submissions_handed_over ON submissions (lane, coalesce(owner, ''))
    WHERE published_at IS NOT NULL AND state IN ('queued', 'judging') AND held = 0;

CREATE INDEX submissions_unfinished ON submissions (lane, created_at)
    WHERE state IN ('queued', 'judging') AND held = 0;

CREATE INDEX submissions_unfinished_of_owner ON submissions (owner, batch)
    WHERE state IN ('queued', 'judging');

CREATE INDEX submissions_of_batch ON submissions (batch, place) WHERE batch IS NOT NULL;
CREATE INDEX submissions_of_batch_by_turn ON submissions (batch, turn) WHERE turn IS NOT NULL;
CREATE INDEX submissions_of_batch_by_verdict ON submissions (batch, state, verdict) WHERE batch IS NOT NULL;
CREATE INDEX submissions_of_owner ON submissions (owner, id);
CREATE INDEX submissions_of_problem ON submissions (problem, id) WHERE problem IS NOT NULL;

-- What was asked for under a key of the client's own, so that a call that is sent twice counts once.
CREATE TABLE idempotency_keys (
    owner      TEXT    NOT NULL,
    key        TEXT    NOT NULL,
    -- The SHA-256 of the call and its body; null while the body is still received.
    sha256     BLOB    CHECK (length(sha256) = 32),
    -- What was made: the id of a submission or of a batch.
    made       TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (owner, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
CREATE INDEX idempotency_keys_by_thing ON idempotency_keys (made);
