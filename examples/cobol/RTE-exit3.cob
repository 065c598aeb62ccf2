identification division.
program-id. exit3.
procedure division.
    stop run 3.
