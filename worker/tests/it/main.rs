//! Real programs in real containers: every test here needs Docker and the images of `images/build.sh`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod hygiene;
mod isolation;
mod languages;
mod limits;
mod problems;
mod rig;
