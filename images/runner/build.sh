#!/usr/bin/env bash
# Builds gavel-runner as a static binary and prints its path.
#
# A sandbox may hold no libc, or an older one. `--target` keeps the flag away from build scripts and proc macros,
# which cannot be static; a target folder of its own keeps it from rebuilding everything else.
set -euo pipefail
cd "$(dirname "$0")/../.."
host=$(rustc -vV | sed -n 's/^host: //p')
target=${1:-$host}
out=${CARGO_TARGET_DIR:-target}/static
RUSTFLAGS="${RUSTFLAGS:-} -C target-feature=+crt-static" \
  cargo build --quiet --profile runner --package gavel-runner --bin gavel-runner \
  --target "$target" --target-dir "$out" >&2
echo "$(realpath "$out")/$target/runner/gavel-runner"
