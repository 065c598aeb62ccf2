-- The door that a submission came through, as a column like any other: whatever the database, it is asked for the same way.
ALTER TABLE submissions ADD COLUMN door TEXT;
UPDATE submissions SET door = json_extract(body, '$.note.door')
    WHERE CASE WHEN json_valid(body) THEN json_extract(body, '$.note.door') END IS NOT NULL;
DROP INDEX submissions_of_door;
CREATE INDEX submissions_of_door ON submissions (door, id) WHERE door IS NOT NULL;
