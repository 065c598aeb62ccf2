# A library that gives a process a wall clock of its own, for the tests in which it jumps. Sourced, never run.
# shellcheck shell=bash

# shellcheck source=deploy/lib/package.sh
source "$(dirname "${BASH_SOURCE[0]}")/package.sh"

ensure_clock() {
    local folder=$PWD/target/faketime
    if [[ ! -d $folder ]]; then
        note "unpacking the distribution's package libfaketime"
        fetch_package libfaketime "$folder"
    fi
    GAVEL_TEST_FAKETIME=$(find "$folder" -name libfaketimeMT.so.1)
    [[ -n $GAVEL_TEST_FAKETIME ]] || die "the package libfaketime has no libfaketimeMT.so.1 in $folder"
    export GAVEL_TEST_FAKETIME
}
