// EXPECT pair AC AC
#include <sys/xattr.h>
#include <stdio.h>
int main(){unsigned char a[4+3*8]={2,0,0,0, 1,0,0,0,255,255,255,255, 4,0,0,0,255,255,255,255, 32,0,0,0,255,255,255,255};
 setxattr("/tmp","system.posix_acl_default",a,sizeof a,0);char l[100];fgets(l,100,stdin);puts(l);fflush(stdout);}
