// EXPECT pair AC AC
#include <stdio.h>
#include <fcntl.h>
int main(){open("/app/pipes/down2",O_CREAT|O_RDWR,0666);char l[100];fgets(l,100,stdin);puts(l);fflush(stdout);}
