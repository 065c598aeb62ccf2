program zero;
var a, b: longint;
begin
  read(a, b);
  writeln(a div (b - b));
end.
