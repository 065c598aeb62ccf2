program utf8;
var line: ansistring;
begin
  readln(line);
  writeln(line);
  writeln('ầ😀');
end.
