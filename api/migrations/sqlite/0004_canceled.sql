-- A canceled submission has its final answer, as one that is done has, and no other submission has the verdict CANCELED.
CREATE TRIGGER submissions_canceled_is_whole BEFORE UPDATE OF state, result, verdict ON submissions
WHEN (NEW.state = 'canceled') <> (NEW.verdict IS 'CANCELED') OR (NEW.state = 'canceled' AND NEW.result IS NULL)
BEGIN
    SELECT RAISE(ABORT, 'a submission is canceled with its final answer, or not at all');
END;
