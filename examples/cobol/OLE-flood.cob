identification division.
program-id. flood.
data division.
working-storage section.
01 line-written pic x(1023) value all "7".
procedure division.
    perform until exit
        display line-written
    end-perform.
