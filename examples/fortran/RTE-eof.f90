program eof
    implicit none
    integer(8) :: a, b, c
    read (*, *) a, b, c
    print '(I0)', a + b + c
end program eof
