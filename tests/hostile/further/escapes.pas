{ What a program in Pascal can try, as escapes.c does for C: what is not true is `contained`. }
program Escapes;
{$mode objfpc}{$H+}{$I-}
uses BaseUnix, Unix, Sockets, Syscall;

var
  Wanted: string;
  Found, Through: boolean;

function ATTACK(const AClass, AName: string): boolean;
begin
  Result := (AClass <> '') and (AName = Wanted);
  Found := Found or Result;
end;

function Runs(const Command: string): boolean;
begin
  Result := fpSystem('(' + Command + ') </dev/null >/dev/null 2>&1') = 0;
end;

function Opens(const Path: string; Flags: longint): boolean;
begin
  Result := fpOpen(Path, Flags, &600) >= 0;
end;

function Tells(const Path: string): boolean;
var
  Descriptor: longint;
  Letter: char;
begin
  Descriptor := fpOpen(Path, O_RDONLY);
  Result := (Descriptor >= 0) and (fpRead(Descriptor, Letter, 1) = 1);
end;

function Connects(const Host: string; Port: word): boolean;
var
  Address: TInetSockAddr;
begin
  FillChar(Address, SizeOf(Address), 0);
  Address.sin_family := AF_INET;
  Address.sin_port := htons(Port);
  Address.sin_addr := StrToNetAddr(Host);
  Result := fpConnect(fpSocket(AF_INET, SOCK_STREAM, 0), @Address, SizeOf(Address)) = 0;
end;

begin
  ReadLn(Wanted);
  if ATTACK('network', 'tcp') then Through := Connects('93.184.215.14', 80);
  if ATTACK('network', 'names') then Through := Runs('getent hosts example.com');
  if ATTACK('sockets', 'inet datagram') then Through := fpSocket(AF_INET, SOCK_DGRAM, 0) >= 0;
  if ATTACK('other processes', 'environment of the runner') then Through := Tells('/proc/1/environ');
  if ATTACK('privileges', 'root by call') then Through := fpSetUid(0) = 0;
  if ATTACK('privileges', 'a setuid program') then Through := Runs('su -c true');
  if ATTACK('namespaces', 'mounts') then Through := Do_SysCall(272, $20000) = 0;
  if ATTACK('files', 'the root') then Through := Opens('/x', O_WRONLY or O_CREAT);
  if ATTACK('files', 'the root by another program') then Through := Runs('touch /x');
  if ATTACK('files', 'modes of the root') then Through := fpChmod('/etc/passwd', &666) = 0;
  if ATTACK('code', 'run in the working directory') then Through := Runs('cp /bin/true /app/work/copy && chmod +x /app/work/copy && /app/work/copy');
  if ATTACK('what is kept secret', 'in the environment') then Through := Runs('env | grep -iE ''^[^=]*(KEY|TOKEN|SECRET|PASS|AMQP|DOCKER)''');
  if not Found then Halt(3);
  if Through then WriteLn('through: ', Wanted) else WriteLn('contained');
end.
