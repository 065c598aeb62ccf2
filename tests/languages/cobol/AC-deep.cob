identification division.
program-id. deep.
data division.
working-storage section.
01 depth pic 9(9).
01 calls pic 9(9) value 0.
01 shown pic z(8)9.
procedure division.
    accept depth
    call "down" using depth calls
    move calls to shown
    display function trim(shown)
    stop run.
end program deep.

identification division.
program-id. down is recursive.
data division.
local-storage section.
01 lower-n pic 9(9).
linkage section.
01 n pic 9(9).
01 calls pic 9(9).
procedure division using n calls.
    if n > 0
        subtract 1 from n giving lower-n
        call "down" using lower-n calls
        add 1 to calls
    end-if
    goback.
end program down.
