identification division.
program-id. total.
data division.
working-storage section.
01 line-read pic x(80).
01 a pic 9(9).
01 b pic 9(9).
01 result pic 9(10).
01 shown pic z(9)9.
procedure division.
    accept line-read
    unstring line-read delimited by all space into a b
    add a b giving result
    move result to shown
    display function trim(shown)
    stop run.
