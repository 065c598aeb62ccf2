// Acts out a script: words such as `say=ok`, in the file of the first of several arguments (an interactor) or in the
// only one (a program). worker/tests/it/pairs/table.rs says what the words mean.
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char script[1 << 16], line[1 << 16];

static long now(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void flood(FILE *to, long kib) {
    memset(line, 'x', 1023);
    line[1023] = '\n';
    for (long i = 0; kib < 0 || i < kib; i++) fwrite(line, 1, 1024, to);
    fflush(to);
}

int main(int argc, char **argv) {
    if (argc > 2) {
        FILE *file = fopen(argv[1], "r");
        if (fread(script, 1, sizeof script - 1, file) == 0) return 99;
    } else {
        strncpy(script, argv[1], sizeof script - 1);
    }
    for (char *op = strtok(script, " \n"); op; op = strtok(NULL, " \n")) {
        char *arg = strchr(op, '=');
        if (arg) *arg++ = 0;
        else arg = "";
        if (!strcmp(op, "say")) { puts(arg); fflush(stdout); }
        else if (!strcmp(op, "mutter")) puts(arg);
        else if (!strcmp(op, "flood")) flood(stdout, *arg ? atol(arg) : -1);
        else if (!strcmp(op, "hear")) { if (fgets(line, sizeof line, stdin)) {} }
        else if (!strcmp(op, "want")) {
            char *code = strchr(arg, ':');
            *code++ = 0;
            if (!fgets(line, sizeof line, stdin)) exit(atoi(code));
            line[strcspn(line, "\n")] = 0;
            if (strcmp(line, arg)) exit(atoi(code));
        }
        else if (!strcmp(op, "eof")) while (fgets(line, sizeof line, stdin)) {}
        else if (!strcmp(op, "nap")) usleep(1000 * (*arg ? atol(arg) : 600000));
        else if (!strcmp(op, "spin")) for (long end = *arg ? now(CLOCK_PROCESS_CPUTIME_ID) + atol(arg) : 1l << 60; now(CLOCK_PROCESS_CPUTIME_ID) < end;) {}
        else if (!strcmp(op, "hush")) fclose(stdout);
        else if (!strcmp(op, "deaf")) fclose(stdin);
        else if (!strcmp(op, "bomb")) for (;;) memset(malloc(1 << 20), 1, 1 << 20);
        else if (!strcmp(op, "crash")) abort();
        else if (!strcmp(op, "kill")) kill(getpid(), atoi(arg));
        else if (!strcmp(op, "exit")) exit(atoi(arg));
        else return 98;
    }
    return 97;
}
