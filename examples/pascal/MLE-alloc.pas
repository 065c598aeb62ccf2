program alloc;
var
  block: pchar;
  i: longint;
begin
  for i := 1 to 2048 do
  begin
    getmem(block, 1048576);
    { Filled, because only memory that is touched is memory in use. }
    fillchar(block^, 1048576, 'x');
  end;
  writeln(i);
end.
