#!/bin/sh
# gavel-racket-compile ENTRY: compiles the program, and what it requires of its folder, into /tmp/out/compiled.
mkdir -p /tmp/out && cp -r /app/work/. /tmp/out/ && mv "/tmp/out/${1#/app/work/}" /tmp/out/gavel-main.rkt || exit 1
exec raco make /tmp/out/gavel-main.rkt
