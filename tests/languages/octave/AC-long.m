numbers = fscanf(stdin, "%d");
printf("%d %d\n", numel(numbers), sum(numbers));
