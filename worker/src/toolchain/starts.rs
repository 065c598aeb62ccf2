//! Whose fault it is that a program never began.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use gavel_runner::Ending;

use crate::fault::Fault;

/// Compilers and interpreters of ours that could not be started when they were last wanted.
#[derive(Clone, Debug, Default)]
pub struct Starts(Arc<Mutex<BTreeMap<Tool, String>>>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Tool {
    language: String,
    program: String,
}

/// The step of the runner that becomes the program (`images/runner/src/pid1/child.rs`).
const EXEC: &str = "execve";
/// Linux, `errno(3)`: more arguments than the kernel takes.
const E2BIG: i32 = 7;
/// Linux, `errno(3)`: no memory for the program, whose limit the submission states.
const ENOMEM: i32 = 12;
/// Where a sandbox keeps what a submission brought: its sources, and what became of them.
const BROUGHT: [&str; 2] = ["/tmp/", "/app/work/"];

impl Starts {
    /// Passes everything that began, and what could not begin through the submission's own doing.
    ///
    /// # Errors
    /// [`Fault::Toolchain`] when a tool of ours cannot be started.
    pub fn check(&self, language: &str, argv: &[String], ending: &Ending) -> Result<(), Fault> {
        let program = argv.first().cloned().unwrap_or_default();
        let tool = Tool { language: language.to_owned(), program: program.clone() };
        let why = match ending {
            Ending::NotStarted { errno, what } if is_ours(argv, *errno, what) => {
                format!("{what}, error {errno}")
            }
            Ending::NotStarted { .. } => return Ok(()),
            Ending::Code(_) | Ending::Signal(_) => {
                if self.tools().remove(&tool).is_some() {
                    tracing::info!(language, program, "a tool can be started again");
                }
                return Ok(());
            }
        };
        self.tools().insert(tool, why.clone());
        Err(Fault::Toolchain { language: language.to_owned(), program, why })
    }

    /// What is wrong, in one line; nothing when every tool could be started when it was last wanted.
    #[must_use]
    pub fn complaint(&self) -> Option<String> {
        let tools = self.tools();
        let told: Vec<String> = tools
            .iter()
            .map(|(Tool { language, program }, why)| {
                format!("{language}: {program} cannot be started ({why})")
            })
            .collect();
        (!told.is_empty()).then(|| told.join("; "))
    }

    fn tools(&self) -> std::sync::MutexGuard<'_, BTreeMap<Tool, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether it is this installation's fault that a program did not begin.
///
/// A program of the image is ours, one among the submission's files is the submission's: the kernel may refuse
/// what a compiler made of it. Ours may be refused for what the submission brings, too: its arguments (too many, or
/// with a NUL, which no system call sees) and its memory limit.
fn is_ours(argv: &[String], errno: i32, what: &str) -> bool {
    let Some(program) = argv.first() else { return true };
    let brought = BROUGHT.iter().any(|folder| program.starts_with(folder))
        || (program.contains('/') && !program.starts_with('/'));
    let system_call_failed = errno != 0;
    system_call_failed && (what != EXEC || !(brought || matches!(errno, E2BIG | ENOMEM)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    const ENOENT: i32 = 2;
    const ENOEXEC: i32 = 8;
    const EACCES: i32 = 13;
    const EAGAIN: i32 = 11;

    fn not_started(errno: i32, what: &str) -> Ending {
        Ending::NotStarted { errno, what: what.to_owned() }
    }

    fn argv(program: &str) -> Vec<String> {
        vec![program.to_owned(), "argument".to_owned()]
    }

    #[test_case("/usr/bin/g++", ENOENT, EXEC => true; "a compiler that is not there")]
    #[test_case("g++", ENOENT, EXEC => true; "one that is in no folder of PATH")]
    #[test_case("/usr/bin/java", EACCES, EXEC => true; "an interpreter without permission")]
    #[test_case("/usr/bin/python3", ENOEXEC, EXEC => true; "an interpreter of another machine")]
    #[test_case("/tmp/out/main", ENOENT, "chdir" => true; "a step before the program")]
    #[test_case("/tmp/out/main", EAGAIN, "Resource temporarily unavailable" => true; "no process for it")]
    #[test_case("/tmp/out/main", ENOEXEC, EXEC => false; "an artifact that is no program")]
    #[test_case("/tmp/out/main", ENOENT, EXEC => false; "an artifact whose interpreter is not there")]
    #[test_case("/tmp/out/main", EACCES, EXEC => false; "an artifact without permission")]
    #[test_case("/app/work/main.sh", EACCES, EXEC => false; "a source")]
    #[test_case("./main", ENOENT, EXEC => false; "a program beside the sources")]
    #[test_case("/usr/bin/python3", E2BIG, EXEC => false; "arguments too large for the kernel")]
    #[test_case("/usr/bin/python3", ENOMEM, EXEC => false; "a memory limit that it does not fit in")]
    #[test_case("/usr/bin/python3", 0, "nul byte found in provided data" => false; "an argument with a NUL")]
    fn it_is_ours(program: &str, errno: i32, what: &str) -> bool {
        let starts = Starts::default();
        let fault = starts.check("x", &argv(program), &not_started(errno, what));
        assert_eq!(starts.complaint().is_some(), fault.is_err(), "told exactly when it is ours");
        fault.is_err()
    }

    #[test]
    fn a_tool_is_complained_of_until_it_starts() {
        let starts = Starts::default();
        let (compiler, interpreter) = (argv("/bin/compiler"), argv("/bin/interpreter"));
        for tool in [&compiler, &interpreter] {
            let fault = starts.check("lua", tool, &not_started(ENOENT, EXEC)).unwrap_err();
            assert_eq!(fault.kind(), "toolchain");
            assert!(!fault.is_permanent());
        }
        // That one starts says nothing of the other, and a program of a submission says nothing at all.
        starts.check("lua", &compiler, &Ending::Code(1)).unwrap();
        starts.check("lua", &argv("/tmp/out/main"), &Ending::Code(0)).unwrap();
        let complaint = starts.complaint().unwrap();
        assert!(complaint.starts_with("lua: /bin/interpreter cannot be started"), "{complaint}");
        starts.check("lua", &interpreter, &Ending::Signal(9)).unwrap();
        assert_eq!(starts.complaint(), None);
    }
}
