pause(60);
printf("7\n");
