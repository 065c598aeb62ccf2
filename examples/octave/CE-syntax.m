function s = add(a, b)
  s = a + ;
end
printf("%d\n", add(3, 4));
