program sleeps;
uses sysutils;
begin
  sleep(60000);
  writeln(7);
end.
