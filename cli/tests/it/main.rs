//! The real program at real packages: every test here needs Docker and the images of `images/build.sh`.

mod judge;
mod rig;
mod verify;
