program flood
    implicit none
    do
        print '(A)', repeat('7', 1023)
    end do
end program flood
