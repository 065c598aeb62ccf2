#!/bin/sh
# Makes the test data that is too large for the repository: every generators/generate.pl beside it is run, unless its
# newest result is there already. Needs a POSIX shell and perl-base only. `generate.sh --force` makes all of it again.
set -eu
cd "$(dirname "$0")"
for generator in */generators/generate.pl; do
    package=${generator%%/*}
    last=$package/data/secret/2-twenty-megabytes
    if [ "${1-}" != --force ] && [ -s "$last.in" ] && [ -s "$last.ans" ] && [ "$last.in" -nt "$generator" ]; then
        continue
    fi
    echo "generating $package" >&2
    perl "$generator" "$package"
done
