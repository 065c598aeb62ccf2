//! Real packages in real containers: every test here needs Docker and the images of `images/build.sh`.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test says what is wrong by panicking")]
mod problems;
mod rig;
