-- Submissions by the door they came through, where that door keeps a note: its clients list and count them. A damaged
-- body came through none.
CREATE INDEX submissions_of_door ON submissions (CASE WHEN json_valid(body) THEN json_extract(body, '$.note.door') END, id)
    WHERE CASE WHEN json_valid(body) THEN json_extract(body, '$.note.door') END IS NOT NULL;
