-- Two words joined, not two numbers added.
CREATE TABLE input (line TEXT);
.import /dev/stdin input
SELECT replace(line, ' ', '') FROM input;
