CREATE TABLE input (line TEXT);
.import /dev/stdin input
SELECT substr(line, 1, instr(line, ' ') - 1) + substr(line, instr(line, ' ') + 1) FROM input;
