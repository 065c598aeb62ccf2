CREATE TABLE input (line INTEGER);
.import /dev/stdin input
SELECT count(*) || ' ' || sum(line) FROM input;
