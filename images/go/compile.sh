#!/bin/sh
# Builds the package in /app/work into /tmp/out/main.
#
# One package of plain files, which is nearly every submission, goes straight to the compiler and the linker with
# the prebuilt standard library: 0.1 s. Whatever that cannot do - modules, build constraints, embedded files,
# assembly - and every error is left to `go build`: 0.25 s, and its own messages.
. /opt/go/env

plain() {
    for name in *; do
        case $name in
            *_*) return 1 ;; # _test.go, _linux.go and the like are constraints too
            *.go) [ -f "$name" ] || return 1 ;;
            *) return 1 ;;
        esac
    done
    [ "$(grep -lE '^package main\b' ./*.go | wc -l)" = "$(ls | wc -l)" ] && ! grep -qE '^//(go:| ?\+build)' ./*.go
}

fast() {
    "$GOTOOLDIR/compile" -o /tmp/main.a -trimpath '/app/work=>main' -p main -lang=go1.24 -complete \
        -nolocalimports -importcfg /opt/go/importcfg -pack ./*.go &&
        "$GOTOOLDIR/link" -o /tmp/out/main -importcfg /opt/go/importcfg -buildmode=exe -s -w /tmp/main.a
}

if plain && fast >/dev/null 2>&1; then exit 0; fi

[ -e go.mod ] || printf 'module main\n\ngo 1.24\n' >go.mod
# GOCACHE is read-only. go build would write an index of each package folder there, and fail, unless a file of the
# folder is too young to be indexed.
find . -type f -exec touch -d '+1 day' {} +
go build -buildvcs=false '-ldflags=-s -w' -o /tmp/out/main . || exit 1
# Of a package that is no program it makes an archive.
if [ ! -x /tmp/out/main ]; then
    echo 'the submission is not a program: its package is not called main' >&2
    exit 1
fi
