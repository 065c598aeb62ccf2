program exit3;
begin
  halt(3);
end.
