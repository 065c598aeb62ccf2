program alloc
    implicit none
    type block
        character(len=1), allocatable :: text(:)
    end type block
    type(block) :: blocks(2048)
    integer :: i
    do i = 1, 2048
        allocate (blocks(i)%text(1048576))
        ! Filled, because only memory that is touched is memory in use.
        blocks(i)%text = char(97 + mod(i, 26))
    end do
    print '(I0)', count([(blocks(i)%text(i) == 'x', i=1, 2048)])
end program alloc
