//! Problem packages: fetched by hash, judged with their own validators, interactors and groups.

mod cache;
mod feedback;
mod index;
mod package;
mod protocol;
mod script;
mod trial;
mod validator;

pub use cache::{Cached, PackageCache, PackageError};
pub(crate) use package::{entry_first, with_included};
pub use package::{prepare_tests, program_of};
pub use trial::{Trial, Tried};
pub use validator::{Validators, compile_validators};
