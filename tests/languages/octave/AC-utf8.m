printf("%s\n", fgetl(stdin));
printf("ầ😀\n");
