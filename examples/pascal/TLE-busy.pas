program busy;
var turns: int64;
begin
  turns := 0;
  while turns >= 0 do
    turns := (turns + 1) mod 1000003;
  writeln(turns);
end.
