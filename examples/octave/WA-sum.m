% Two words joined, not two numbers added.
printf("%s\n", strrep(fgetl(stdin), " ", ""));
