program deep;
var depth: longint;
function down(n: longint): longint;
begin
  if n = 0 then down := 0 else down := 1 + down(n - 1);
end;
begin
  read(depth);
  writeln(down(depth));
end.
