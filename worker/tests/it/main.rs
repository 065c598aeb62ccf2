//! Real programs in real containers: every test here needs Docker and the images of `images/build.sh`.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test says what is wrong by panicking")]
mod attacks;
mod bounds;
mod busy;
mod compile_attacks;
mod cpp;
mod exact;
mod file_io;
mod hygiene;
mod input;
mod inside;
mod isolation;
mod java;
mod languages;
mod limits;
mod memory;
mod memory_words;
mod options;
mod output;
mod package_cache;
mod pairs;
mod recursion;
mod rig;
mod sources;
mod toolchain;
