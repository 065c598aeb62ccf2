program total
    implicit none
    integer(8) :: lines, number, added
    integer :: status
    lines = 0
    added = 0
    do
        read (*, *, iostat=status) number
        if (status /= 0) exit
        lines = lines + 1
        added = added + number
    end do
    print '(I0, 1X, I0)', lines, added
end program total
