#!/bin/sh
# Lets programs begin with `#pragma GCC target(...)`, as thousands of contest programs do.
#
# GCC 14.2 then refuses the standard headers ("inlining failed in call to 'always_inline' ...: target specific option
# mismatch"), because std::allocator's members must be inlined and belong to another target than what is after the
# pragma. Without the attribute they are inlined all the same at -O2: the image is not built unless an ordinary
# program (ordinary.cpp) becomes the same instructions before and after, and a program with pragmas compiles.
set -e
cd "$(dirname "$0")"
bits=$(dirname "$(echo '#include <bits/allocator.h>' | g++ -x c++ -M - | tr ' ' '\n' | grep -m1 'bits/allocator\.h$')")
instructions() { g++ -std=gnu++20 -O2 -S ordinary.cpp -o -; }

instructions >/tmp/before.s
sed -i -E \
    -e 's/__attribute__\(\(__always_inline__\)\)//' \
    -e 's/\[\[__gnu__::__always_inline__\]\]//' \
    -e 's/, *__gnu__::__always_inline__\]\]/]]/' \
    "$bits/allocator.h" "$bits/new_allocator.h"
instructions >/tmp/after.s
cmp /tmp/before.s /tmp/after.s
# Its targets are those of x86.
if [ "$(uname -m)" = x86_64 ]; then g++ -std=gnu++20 -O2 -S pragma.cpp -o /dev/null; fi
rm /tmp/before.s /tmp/after.s
