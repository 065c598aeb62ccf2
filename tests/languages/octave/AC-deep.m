% A hundred times a hundredth: a call of Octave takes kilobytes.
1;
function calls = down(n)
  if n == 0
    calls = 0;
  else
    calls = 1 + down(n - 1);
  end
end
max_recursion_depth(2000);
depth = fscanf(stdin, "%d");
calls = 0;
for i = 1:100
  calls += down(depth / 100);
end
printf("%d\n", calls);
