//! Whole-system tests: `tests/it`. This library holds nothing; `problems` are packages for tests to judge.
