// EXPECT late MLE MLE
#include <stdlib.h>
#include <string.h>
int main(){for(;;){char*p=malloc(1<<24);for(volatile char*q=p;q<p+(1<<24);q+=4096)*q=1;}}
// Its interactor waits before it answers.
