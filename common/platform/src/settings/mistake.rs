//! What can be wrong with settings.

/// Told of every condition that settings must meet: whether it holds, the key (such as `worker.slots`), and what to
/// say when it does not.
pub type Require<'a> = dyn FnMut(bool, &str, &str) + 'a;

/// One thing wrong with the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The key, such as `worker.slots`.
    pub key: String,
    /// What is wrong with it.
    pub problem: String,
}

impl std::fmt::Display for Mistake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.key, self.problem)
    }
}

/// Settings that cannot be used; the process ends with exit code 64 (`EX_USAGE` of sysexits.h).
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file is missing or not TOML.
    #[error("settings cannot be read")]
    Read(#[from] config::ConfigError),
    /// Everything found wrong.
    #[error("settings are wrong:\n{}", list(.0))]
    Mistakes(Vec<Mistake>),
}

fn list(mistakes: &[Mistake]) -> String {
    mistakes.iter().map(|mistake| format!("  {mistake}")).collect::<Vec<_>>().join("\n")
}
