identification division.
program-id. total.
environment division.
input-output section.
file-control.
    select number-file assign to keyboard organization is line sequential.
data division.
file section.
fd number-file.
01 number-read pic 9(9).
working-storage section.
01 at-end pic 9 value 0.
01 lines-read pic 9(9) usage binary value 0.
01 total-read pic 9(18) usage binary value 0.
01 shown-lines pic z(8)9.
01 shown-total pic z(17)9.
procedure division.
    open input number-file
    perform until at-end = 1
        read number-file
            at end move 1 to at-end
            not at end
                add 1 to lines-read
                add number-read to total-read
        end-read
    end-perform
    close number-file
    move lines-read to shown-lines
    move total-read to shown-total
    display function trim(shown-lines) " " function trim(shown-total)
    stop run.
