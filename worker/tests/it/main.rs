//! Real programs in real containers: every test here needs Docker and the images of `images/build.sh`.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test says what is wrong by panicking")]
mod attacks;
mod busy;
mod compile_attacks;
mod exact;
mod hygiene;
mod input;
mod inside;
mod isolation;
mod languages;
mod limits;
mod memory;
mod options;
mod output;
mod package_cache;
mod pairs;
mod rig;
mod toolchain;
