#!/bin/sh
# gavel-validator-build: makes /tmp/out/run of a validator's folder in /app/work, by its `build` if it has one.
set -e
cp -R /app/work/. /tmp/out/
cd /tmp/out
# Sources travel without modes, so that all of it is made executable: helpers of `run` among them.
chmod -R a+x .
if [ -f build ]; then ./build; fi
if [ ! -f run ]; then
    echo "the validator has no file named run, and its build made none" >&2
    exit 1
fi
chmod a+x run
