program sleeps
    implicit none
    call sleep(60)
    print '(I0)', 7
end program sleeps
