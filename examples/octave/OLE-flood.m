line = repmat("7", 1, 1023);
while true
  puts([line "\n"]);
end
