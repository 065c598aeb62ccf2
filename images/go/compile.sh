#!/bin/sh
# gavel-go-compile ENTRY: builds the package that ENTRY, a file below /app/work, belongs to into /tmp/out/main.
#
# One package of plain files, which is nearly every submission, goes straight to the compiler and the linker with
# the prebuilt standard library: 0.1 s. Whatever that cannot do - modules, build constraints, embedded files,
# assembly - and every error is left to `go build`: 0.25 s, and its own messages.
. /opt/go/env

name=${1##*/}
cd "${1%/*}" || exit 1

# The files of the package, if it is a plain one.
plain=yes
set --
for file in *; do
    case $file in
        "$name") set -- "$@" "./$file" ;;
        *_*) plain=no ;; # _test.go, _linux.go and the like are constraints too
        *.go) set -- "$@" "./$file" ;;
        *.txt | *.in | *.csv | *.json | *.dat) ;;
        *) plain=no ;;
    esac
    [ -f "$file" ] || plain=no
done
[ "$(grep -lE '^package main\b' "$@" | wc -l)" = $# ] || plain=no
grep -qE '^//(go:| ?\+build)' "$@" && plain=no

fast() {
    "$GOTOOLDIR/compile" -o /tmp/main.a -trimpath "$PWD=>main" -p main -lang=go1.24 -complete \
        -nolocalimports -importcfg /opt/go/importcfg -pack "$@" &&
        "$GOTOOLDIR/link" -o /tmp/out/main -importcfg /opt/go/importcfg -buildmode=exe -s -w /tmp/main.a
}
if [ $plain = yes ] && fast "$@" >/dev/null 2>&1; then exit 0; fi

# go build leaves out files by their names (_main.go, main_test.go, main_windows.go) and by their constraints; the
# one that was handed in as the program is meant. Messages still show its own name.
case $name in
    *_* | .*) odd=1 ;;
    *.go) odd=$(grep -cE '^//(go:build|[[:space:]]*\+build)' "./$name") ;;
    *) odd=1 ;;
esac
if [ "$odd" != 0 ]; then
    {
        printf '//line %s:1:1\n' "$name"
        sed -E -e '1s/^\xEF\xBB\xBF//' -e 's,^//(go:build|[[:space:]]*\+build).*,,' "./$name"
    } >/tmp/entry.go && rm "./$name" && mv /tmp/entry.go ./gavelentry.go || exit 1
fi

# The module is the one that was handed in, or else all of /app/work: unless the path from there to the package is
# none that Go imports.
root=$PWD
while [ ! -e "$root/go.mod" ] && [ "$root" != /app/work ]; do root=${root%/*}; done
if [ ! -e "$root/go.mod" ]; then
    case ${PWD#/app/work} in *[!A-Za-z0-9._~+/-]*) root=$PWD ;; esac
    printf 'module main\n\ngo 1.24\n' >"$root/go.mod"
fi
# GOCACHE is read-only. go build would write an index of each package folder there, and fail, unless a file of the
# folder is too young to be indexed.
find /app/work -type f -exec touch -d '+1 day' {} +
go build -buildvcs=false '-ldflags=-s -w' -o /tmp/out/main . || exit 1
# Of a package that is no program it makes an archive.
if [ ! -x /tmp/out/main ]; then
    echo 'the submission is not a program: its package is not called main' >&2
    exit 1
fi
