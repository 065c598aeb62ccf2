program busy
    implicit none
    integer(8), volatile :: turns
    turns = 0
    do while (turns >= 0)
        turns = mod(turns + 1, 1000003_8)
    end do
    print '(I0)', turns
end program busy
