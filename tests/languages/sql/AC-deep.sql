CREATE TABLE input (line INTEGER);
.import /dev/stdin input
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < (SELECT line FROM input))
SELECT max(i) FROM n;
