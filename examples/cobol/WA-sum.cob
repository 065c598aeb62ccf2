identification division.
program-id. total.
data division.
working-storage section.
01 line-read pic x(80).
procedure division.
*>  Two words joined, not two numbers added.
    accept line-read
    display function trim(function substitute(line-read, " ", ""))
    stop run.
