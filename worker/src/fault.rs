//! What keeps a submission from being judged, and is not its own doing.

use gavel_blobs::PayloadError;
use gavel_model::OutOfBounds;

use crate::cache::PackageError;
use crate::container::ContainerError;
use crate::sandbox::SandboxError;

/// An infrastructure fault: the submission is tried again, elsewhere if possible, and ends as `JE`.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A sandbox could not be had.
    #[error("container")]
    Container(#[from] ContainerError),
    /// A sandbox broke.
    #[error("sandbox")]
    Sandbox(#[from] SandboxError),
    /// A source, input or answer could not be read.
    #[error("payload")]
    Payload(#[from] PayloadError),
    /// No such language here.
    #[error("this worker does not know the language {0:?}")]
    UnknownLanguage(String),
    /// A compiler option that the language does not allow here: it came without the API, or this worker's languages are
    /// of another version.
    #[error("the language {language:?} does not allow the compiler option {option:?}")]
    Option {
        /// The language's id.
        language: String,
        /// The option.
        option: String,
    },
    /// A bound of the address space, in a language whose programs may have none: it came as such an option does.
    #[error("the language {0:?} does not allow a bound of the address space")]
    AddressSpace(String),
    /// The language's images are not on this machine.
    #[error("this worker has no images for the language {0:?}")]
    NoImage(String),
    /// A compiler or interpreter of ours cannot be started at all.
    #[error("{language}: {program} cannot be started: {why}")]
    Toolchain {
        /// The language.
        language: String,
        /// The tool.
        program: String,
        /// The runner's words.
        why: String,
    },
    /// The answer could not be read while outputs were compared.
    #[error("checker")]
    Check(#[from] gavel_problem::checker::CheckError),
    /// No client of the API could have sent it: it came without, and is refused as the API would have refused it.
    #[error("refused")]
    Refused(#[from] OutOfBounds),
    /// The problem package cannot be judged, whoever tries.
    #[error("problem package: {0}")]
    Package(String),
    /// The problem package could not be fetched.
    #[error("problem package")]
    Fetch(#[from] PackageError),
    /// A file of the worker's own could not be read or written.
    #[error("{what}")]
    File {
        /// Which.
        what: String,
        /// Why.
        source: std::io::Error,
    },
}

/// Who can do something about a fault. The author of a submission is not among them: what a program does, and what its
/// sources do to a compiler, ends as a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The owner of the problem: the package is broken, or its validator is.
    Package,
    /// Who published the message, past the API or to a worker of another version.
    Publisher,
    /// Who runs the workers.
    Operator,
}

impl Owner {
    /// A fixed word for logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Package => "package",
            Self::Publisher => "publisher",
            Self::Operator => "operator",
        }
    }
}

impl Fault {
    /// A fixed word for labels and stored errors.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Container(error) => error.kind(),
            Self::Sandbox(error) => error.kind(),
            Self::Payload(_) => "payload",
            Self::UnknownLanguage(_) => "unknown_language",
            Self::Option { .. } => "compiler_option",
            Self::AddressSpace(_) => "address_space",
            Self::NoImage(_) => "no_image",
            Self::Toolchain { .. } => "toolchain",
            Self::Check(_) => "checker",
            Self::Refused(_) => "refused",
            Self::Package(_) => "package",
            Self::Fetch(_) => "fetch",
            Self::File { .. } => "file",
        }
    }

    /// Who can do something about it.
    #[must_use]
    pub const fn owner(&self) -> Owner {
        match self {
            Self::Package(_) => Owner::Package,
            Self::Fetch(PackageError::Archive { .. } | PackageError::Invalid { .. }) => Owner::Package,
            Self::UnknownLanguage(_)
            | Self::Option { .. }
            | Self::AddressSpace(_)
            | Self::Refused(_)
            | Self::Payload(PayloadError::Base64(_)) => Owner::Publisher,
            Self::Payload(PayloadError::Blob { .. })
            | Self::Container(_)
            | Self::Sandbox(_)
            | Self::NoImage(_)
            | Self::Toolchain { .. }
            | Self::Check(_)
            | Self::Fetch(_)
            | Self::File { .. } => Owner::Operator,
        }
    }

    /// Whether trying again elsewhere would change nothing.
    #[must_use]
    pub const fn is_permanent(&self) -> bool {
        matches!(self, Self::Package(_) | Self::Refused(_))
    }
}

#[cfg(test)]
mod tests;
