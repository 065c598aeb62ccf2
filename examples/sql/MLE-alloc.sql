CREATE TABLE blocks (block TEXT);
-- Filled, because only memory that is touched is memory in use.
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2048)
INSERT INTO blocks SELECT printf('%01048576d', i) FROM n;
SELECT count(*) FROM blocks;
