turns = 0;
while turns >= 0
  turns = mod(turns + 1, 1000003);
end
printf("%d\n", turns);
