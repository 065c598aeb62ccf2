//! What is kept on disk: compiled artifacts and problem packages.

mod artifacts;
mod index;
mod packages;

pub use artifacts::{ArtifactCache, CachedArtifact};
pub use packages::{CachedPackage, PackageCache, PackageError};
