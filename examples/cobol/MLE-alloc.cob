identification division.
program-id. alloc.
data division.
working-storage section.
01 i pic 9(9).
01 area-at usage pointer.
linkage section.
01 text-of-block pic x(1048576).
procedure division.
    perform varying i from 1 by 1 until i > 2048
        allocate 1048576 characters returning area-at
        set address of text-of-block to area-at
*>      Filled, because only memory that is touched is memory in use.
        move all "x" to text-of-block
    end-perform
    display i
    stop run.
