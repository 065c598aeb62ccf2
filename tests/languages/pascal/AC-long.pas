program total;
var count, sum, number: int64;
begin
  count := 0;
  sum := 0;
  while not seekeof do
  begin
    read(number);
    inc(count);
    sum := sum + number;
  end;
  writeln(count, ' ', sum);
end.
