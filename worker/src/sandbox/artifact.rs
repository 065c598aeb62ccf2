//! What a compiler made of a submission.

use bytes::Bytes;
use gavel_runner::Root;
use serde::{Deserialize, Serialize};

use super::files::SourceBytes;

/// Files that a run sandbox is loaded with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Artifact {
    /// The files.
    pub files: Vec<ArtifactFile>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArtifactFile {
    /// Below which folder.
    pub root: Place,
    /// Its path there.
    pub path: String,
    /// Permission bits.
    pub mode: u32,
    /// What is in it.
    pub bytes: Bytes,
}

/// A folder of the sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// `/app/work`.
    Work,
    /// `/tmp`.
    Tmp,
}

impl From<Place> for Root {
    fn from(place: Place) -> Self {
        match place {
            Place::Work => Self::Work,
            Place::Tmp => Self::Tmp,
        }
    }
}

impl Artifact {
    /// Sources as they are, for a language whose programs are run from them.
    #[must_use]
    pub fn of_sources(files: &[SourceBytes]) -> Self {
        let file = |source: &SourceBytes| ArtifactFile {
            root: Place::Work,
            path: source.name.as_str().to_owned(),
            mode: 0o644,
            bytes: source.bytes.clone(),
        };
        Self { files: files.iter().map(file).collect() }
    }

    /// Bytes of all files.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.files.iter().map(|file| file.bytes.len() as u64).sum()
    }
}
