// EXPECT tests AC AC
#include <stdio.h>
#include <sys/xattr.h>
// What the reset makes in /tmp could not be entered.
int main() {
    int n;
    if (scanf("%d", &n) != 1) return 9;
    unsigned char a[4 + 3 * 8] = {2,0,0,0, 1,0,0,0,255,255,255,255, 4,0,0,0,255,255,255,255, 32,0,0,0,255,255,255,255};
    setxattr("/tmp", "system.posix_acl_default", a, sizeof a, 0);
    puts("ok");
}
