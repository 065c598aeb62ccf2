! What a program in Fortran can try, as escapes.c does for C: what is not true is `contained`.
program escapes
  use, intrinsic :: iso_c_binding
  implicit none

  interface
    integer(c_int) function c_socket(family, kind, protocol) bind(c, name="socket")
      import c_int
      integer(c_int), value :: family, kind, protocol
    end function
    integer(c_int) function c_setuid(user) bind(c, name="setuid")
      import c_int
      integer(c_int), value :: user
    end function
    integer(c_int) function c_unshare(what) bind(c, name="unshare")
      import c_int
      integer(c_int), value :: what
    end function
  end interface

  character(len=128) :: wanted
  logical :: found = .false., through = .false.

  read (*, '(a)') wanted
  if (ATTACK("network", "tcp")) through = runs("bash -c 'exec 3<>/dev/tcp/93.184.215.14/80'")
  if (ATTACK("network", "names")) through = runs("getent hosts example.com")
  if (ATTACK("sockets", "inet stream")) through = c_socket(2, 1, 0) >= 0
  if (ATTACK("other processes", "environment of the runner")) through = tells("/proc/1/environ")
  if (ATTACK("privileges", "root by call")) through = c_setuid(0) == 0
  if (ATTACK("privileges", "a setuid program")) through = runs("su -c true")
  if (ATTACK("namespaces", "mounts")) through = c_unshare(131072) == 0
  if (ATTACK("files", "the root")) through = makes("/x")
  if (ATTACK("files", "the root by another program")) through = runs("touch /x")
  if (ATTACK("files", "users")) through = makes("/etc/passwd")
  if (ATTACK("code", "run in the working directory")) through = runs("cp /bin/true /app/work/copy && chmod +x /app/work/copy && /app/work/copy")
  if (ATTACK("what is kept secret", "in the environment")) through = runs("env | grep -iE '^[^=]*(KEY|TOKEN|SECRET|PASS|AMQP|DOCKER)'")
  if (.not. found) stop 3
  if (through) then
    print '(a)', "through: " // trim(wanted)
  else
    print '(a)', "contained"
  end if

contains
  logical function ATTACK(class, name)
    character(len=*), intent(in) :: class, name
    ATTACK = len(class) > 0 .and. name == wanted
    found = found .or. ATTACK
  end function

  logical function runs(command)
    character(len=*), intent(in) :: command
    integer :: status, failed
    call execute_command_line("(" // command // ") </dev/null >/dev/null 2>&1", exitstat=status, cmdstat=failed)
    runs = failed == 0 .and. status == 0
  end function

  logical function makes(path)
    character(len=*), intent(in) :: path
    integer :: unit, status
    open (newunit=unit, file=path, action="write", position="append", iostat=status)
    makes = status == 0
  end function

  logical function tells(path)
    character(len=*), intent(in) :: path
    integer :: unit, status
    character :: byte
    open (newunit=unit, file=path, action="read", access="stream", iostat=status)
    if (status == 0) read (unit, iostat=status) byte
    tells = status == 0
  end function
end program
