identification division.
program-id. sleeps.
procedure division.
    call "C$SLEEP" using 60
    display 7
    stop run.
