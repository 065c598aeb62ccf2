//! What is kept on disk, by one mechanism (`disk`): compiled artifacts and problem packages.

mod artifacts;
mod disk;
mod index;
mod packages;

pub use artifacts::{ArtifactCache, CachedArtifact};
pub use packages::{CachedPackage, PackageCache, PackageError};
