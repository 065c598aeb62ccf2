identification division.
program-id. busy.
data division.
working-storage section.
01 turns pic s9(9) usage binary.
procedure division.
    perform until turns < 0
        add 1 to turns
        if turns > 1000003 move 0 to turns end-if
    end-perform
    display turns
    stop run.
