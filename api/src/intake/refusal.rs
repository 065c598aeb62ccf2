//! Why work is not accepted.

use gavel_model::{FileNameError, IoFileError, LimitError};

use crate::callback::CallbackUrlError;

/// A part of a request. Doors have names of their own for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// The language.
    Language,
    /// The program as one text.
    Source,
    /// The program as files.
    Files,
    /// The name of a file, by its place in the list.
    FileName(usize),
    /// What is in a file.
    FileContent(usize),
    /// All arguments.
    Args,
    /// One argument.
    Arg(usize),
    /// One word for the compiler.
    CompilerOption(usize),
    /// All limits.
    Limits,
    /// One limit, by its name in `gavel_model::LimitsRequest`.
    Limit(&'static str),
    /// What to do.
    Work,
    /// Which kind of work it is.
    WorkKind,
    /// Standard input.
    Stdin,
    /// The right output of a run.
    ExpectedOutput,
    /// The file that stands for standard input.
    InputFile,
    /// The file that stands for standard output.
    OutputFile,
    /// All tests.
    Tests,
    /// What a test is called.
    TestName(usize),
    /// A test's standard input.
    TestInput(usize),
    /// A test's right output.
    TestAnswer(usize),
    /// Whether to judge on after the first failure.
    AllTests,
    /// How outputs are compared.
    Checker,
    /// Which kind of checker it is.
    CheckerKind,
    /// One option of the checker, by its name in `gavel_model::CheckerOptions`.
    CheckerOption(&'static str),
    /// A stored problem.
    Problem,
    /// Where the client wants to be called.
    CallbackUrl,
    /// What to do where no worker takes the language.
    IfUnavailable,
    /// The bytes of a field that may be written as an object of bytes and their encoding.
    Data(Box<Field>),
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Bytes.
    Bytes,
    /// Bytes of the whole, as it is written into a message.
    MessageBytes,
    /// Entries of a list.
    Entries,
}

/// What a field does not go with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Company {
    /// Work of this kind.
    Work(&'static str),
    /// A checker of this kind.
    Checker(&'static str),
    /// A run whose output is not compared.
    NoExpectedOutput,
}

/// Why work is not accepted, and which field is to blame.
#[derive(Debug, PartialEq)]
pub enum Refusal {
    /// A field that must be there is not.
    Missing(Field),
    /// Neither of two fields is there, and one of them must be.
    Neither(Field, Field),
    /// Both of two fields are there, and only one of them may be.
    Both(Field, Field),
    /// A field that does not go with something else that was asked for.
    Misplaced(Field, Company),
    /// A list without entries.
    Empty(Field),
    /// More than there may be.
    TooLarge {
        /// What is too large.
        field: Field,
        /// How large it is.
        value: u64,
        /// How large it may be.
        max: u64,
        /// What is counted.
        unit: Unit,
    },
    /// Limits outside their bounds; one at least.
    Limits(Vec<LimitError>),
    /// Limits beside a stored problem, which decides its own.
    LimitsOfProblem,
    /// Not base64.
    NotBase64(Field, base64::DecodeError),
    /// A file cannot be called that.
    FileName(Field, FileNameError),
    /// A file for input or output cannot be called that.
    IoFile(Field, IoFileError),
    /// Two files of one name.
    SameName {
        /// The later file.
        field: Field,
        /// The name.
        name: String,
    },
    /// A file where another file needs a folder.
    FileAndFolder {
        /// The file in the folder.
        field: Field,
        /// The name of both.
        folder: String,
        /// The file's whole name.
        name: String,
    },
    /// No place to call.
    Callback(CallbackUrlError),
    /// An argument with a NUL.
    Nul(Field),
    /// A test's name that is empty or holds control characters.
    TestName(Field),
    /// A tolerance that is negative or no number.
    Tolerance {
        /// Which one.
        field: Field,
        /// What was asked for.
        value: f64,
    },
    /// No language is called that.
    UnknownLanguage {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// No language is stated, and no file tells it.
    LanguageNotTold {
        /// What there is.
        known: String,
    },
    /// The problem does not take the language.
    LanguageNotAllowed {
        /// The problem.
        problem: String,
        /// The language.
        language: String,
        /// The languages it takes, of those there are.
        allowed: Vec<String>,
        /// The languages it takes, in its package's words.
        words: Vec<String>,
    },
    /// A word for the compiler that the language does not list.
    CompilerOption {
        /// Which one.
        field: Field,
        /// The word.
        option: String,
        /// The language.
        language: String,
        /// The words it lists.
        allowed: Vec<String>,
    },
    /// A bound of the address space, for a language whose runtime reserves more than it uses.
    AddressSpace {
        /// The language.
        language: String,
    },
    /// No problem is called that.
    UnknownProblem(String),
    /// The problem has no version whose hash begins so.
    UnknownVersion {
        /// The problem.
        problem: String,
        /// The beginning of a hash.
        prefix: String,
    },
    /// The problem has several versions whose hash begins so.
    SeveralVersions {
        /// The problem.
        problem: String,
        /// The beginning of a hash.
        prefix: String,
    },
    /// What follows the problem's id is no beginning of a hash.
    VersionForm(String),
}

/// The bound of the address space, as limits are named.
const ADDRESS_SPACE: &str = "address_space_mb";

impl Refusal {
    /// The field to blame; of several the first.
    #[must_use]
    pub fn field(&self) -> Field {
        match self {
            Self::Missing(field)
            | Self::Neither(field, _)
            | Self::Both(field, _)
            | Self::Misplaced(field, _)
            | Self::Empty(field)
            | Self::TooLarge { field, .. }
            | Self::NotBase64(field, _)
            | Self::FileName(field, _)
            | Self::IoFile(field, _)
            | Self::SameName { field, .. }
            | Self::FileAndFolder { field, .. }
            | Self::Nul(field)
            | Self::TestName(field)
            | Self::Tolerance { field, .. }
            | Self::CompilerOption { field, .. } => field.clone(),
            Self::Limits(errors) => errors.first().map_or(Field::Limits, |first| Field::Limit(first.field)),
            Self::LimitsOfProblem => Field::Limits,
            Self::AddressSpace { .. } => Field::Limit(ADDRESS_SPACE),
            Self::Callback(_) => Field::CallbackUrl,
            Self::UnknownLanguage { .. } | Self::LanguageNotTold { .. } | Self::LanguageNotAllowed { .. } => {
                Field::Language
            }
            Self::UnknownProblem(_)
            | Self::UnknownVersion { .. }
            | Self::SeveralVersions { .. }
            | Self::VersionForm(_) => Field::Problem,
        }
    }

    /// More bytes than there may be.
    #[must_use]
    pub(super) fn too_many_bytes(field: Field, value: u64, max: u64) -> Self {
        Self::TooLarge { field, value, max, unit: Unit::Bytes }
    }

    /// More entries than there may be.
    #[must_use]
    pub(super) fn too_many_entries(field: Field, value: usize, max: usize) -> Self {
        Self::TooLarge { field, value: value as u64, max: max as u64, unit: Unit::Entries }
    }
}
