program deep
    implicit none
    integer :: depth
    read (*, *) depth
    print '(I0)', down(depth)
contains
    recursive function down(n) result(calls)
        integer, intent(in) :: n
        integer :: calls
        if (n == 0) then
            calls = 0
        else
            calls = 1 + down(n - 1)
        end if
    end function down
end program deep
