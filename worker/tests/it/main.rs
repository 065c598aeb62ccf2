//! Real programs in real containers: every test here needs Docker and the images of `images/build.sh`.

mod hygiene;
mod isolation;
mod languages;
mod limits;
mod problems;
mod rig;
