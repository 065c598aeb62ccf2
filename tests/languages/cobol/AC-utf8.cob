identification division.
program-id. utf8.
data division.
working-storage section.
01 line-read pic x(200).
procedure division.
    accept line-read
    display function trim(line-read)
    display "ầ😀"
    stop run.
