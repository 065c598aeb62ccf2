// EXPECT pair WA WA
#include <unistd.h>
#include <string.h>
int main(){static char b[65536];memset(b,'x',sizeof b);for(;;)write(1,b,sizeof b);}
