identification division.
program-id. total.
procedure division.
    displai "seven"
    stop run.
