#!/bin/sh
# Makes long.in, which is too large for the repository - a million numbers, 10 MB - and long.ans: how many, and their sum.
# Needs a POSIX shell and awk.
set -eu
cd "$(dirname "$0")"
if [ -s long.in ] && [ -s long.ans ] && [ long.ans -nt generate.sh ]; then exit; fi
awk -v answer=long.ans 'BEGIN {
    for (i = 0; i < 1000000; i++) {
        number = 100000000 + (i * 7919 + 104729) % 899999963
        sum += number
        printf "%d\n", number
    }
    printf "1000000 %.0f\n", sum > answer
}' >long.in
