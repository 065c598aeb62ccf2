program utf8
    implicit none
    character(len=500) :: line
    read (*, '(A)') line
    print '(A)', trim(line)
    print '(A)', 'ầ😀'
end program utf8
