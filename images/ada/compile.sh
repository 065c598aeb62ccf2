#!/bin/sh
# gavel-ada-compile ENTRY OPTION...: splits the sources into a file for each unit, as GNAT wants them, and builds the last
# procedure of ENTRY into /tmp/out/main.
entry=$1
shift
mkdir /tmp/units
find /app/work -type f -name '*.ad[abs]' ! -path "$entry" -exec gnatchop -q -w {} /tmp/units + >/dev/null 2>&1
main=$(gnatchop -w "$entry" /tmp/units 2>/dev/null | sed -n 's/^ *\([^ ]*\.adb\)$/\1/p' | tail -n 1)
# What cannot be split has errors, which the compiler tells better.
[ -n "$main" ] || main=$entry
cd /tmp/units || exit 1
exec gnatmake -q -O2 "$@" -D /tmp -o /tmp/out/main "$main"
