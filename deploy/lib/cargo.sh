# A Rust toolchain, and what is built with it. Sourced, never run.
# shellcheck shell=bash

ensure_cargo() {
    command -v cargo >/dev/null || PATH=$HOME/.cargo/bin:$PATH
    command -v cargo >/dev/null || die "no cargo: install Rust from https://rustup.rs, then run this again"
    # The linker, and the headers it needs.
    if ! command -v cc >/dev/null; then apt_install gcc libc6-dev; fi
    note "$(cargo --version)"
}

# build_gavel PROFILE: `release`, or `quick` to try it out. Where it is: GAVEL.
build_gavel() {
    CARGO_INCREMENTAL=0 cargo build --profile "$1" --locked --package gavel
    GAVEL=target/$1/gavel
}
