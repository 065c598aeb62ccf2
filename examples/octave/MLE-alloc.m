blocks = {};
for i = 1:2048
  % Filled, because only memory that is touched is memory in use.
  blocks{i} = repmat(double(i), 1, 131072);
end
printf("%d\n", numel(blocks));
