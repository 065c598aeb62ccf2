//! Paths that cross the boundary of a sandbox: relative, short, and unable to leave their root by name.
//!
//! The check is made where a frame is encoded and again where it is decoded. It says nothing about symbolic
//! links: the runner never follows one (`O_NOFOLLOW` on every component).

use std::fmt;

/// Longest name of one component, in bytes (`NAME_MAX` of Linux).
pub const MAX_COMPONENT: usize = 255;

/// Most components of a path.
pub const MAX_DEPTH: usize = 16;

/// Why a path is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathError {
    /// No name at all, or an empty component (`a//b`, `a/`).
    Empty,
    /// Begins with a slash.
    Absolute,
    /// Contains a `.` or `..` component.
    Dots,
    /// Contains a NUL byte.
    Nul,
    /// A component is longer than [`MAX_COMPONENT`].
    LongName,
    /// More than [`MAX_DEPTH`] components.
    Deep,
}

impl PathError {
    /// A fixed name, fit for a label.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Absolute => "absolute",
            Self::Dots => "dots",
            Self::Nul => "nul",
            Self::LongName => "long_name",
            Self::Deep => "deep",
        }
    }
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "empty name in path",
            Self::Absolute => "path is not relative",
            Self::Dots => "path contains . or ..",
            Self::Nul => "path contains a NUL byte",
            Self::LongName => "a name in the path is longer than 255 bytes",
            Self::Deep => "path is deeper than 16",
        })
    }
}

impl std::error::Error for PathError {}

/// Checks a path relative to a root of the sandbox.
///
/// # Errors
/// Says which rule is broken; the rules are the variants of [`PathError`].
pub fn check_path(path: &str) -> Result<(), PathError> {
    if path.is_empty() {
        return Err(PathError::Empty);
    }
    if path.starts_with('/') {
        return Err(PathError::Absolute);
    }
    if path.contains('\0') {
        return Err(PathError::Nul);
    }
    for (depth, name) in path.split('/').enumerate() {
        match name {
            "" => return Err(PathError::Empty),
            "." | ".." => return Err(PathError::Dots),
            _ if name.len() > MAX_COMPONENT => return Err(PathError::LongName),
            _ if depth >= MAX_DEPTH => return Err(PathError::Deep),
            _ => {}
        }
    }
    Ok(())
}
