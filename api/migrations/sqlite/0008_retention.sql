-- What is final, by when it became so: how long it is kept is a setting.
CREATE INDEX submissions_by_end ON submissions (finished_at) WHERE finished_at IS NOT NULL AND batch IS NULL;
CREATE INDEX batches_by_age ON batches (created_at);
CREATE INDEX webhooks_by_age ON webhooks (created_at) WHERE state <> 'waiting';
