//! Whether what keeps programs in is there. An engine may take a request and not do all of it: so each protection is
//! tried out in a real sandbox, as a program would try it.

mod calibration;
mod evidence;
mod probe;

pub use evidence::Absent;
pub use probe::{Found, Probe};
