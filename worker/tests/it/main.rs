//! Real programs in real containers: every test here needs Docker and the images of `images/build.sh`.

mod hygiene;
mod inside;
mod languages;
mod limits;
mod rig;
