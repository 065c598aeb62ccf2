identification division.
program-id. nothing.
procedure division.
    call "nobody-wrote-this"
    stop run.
