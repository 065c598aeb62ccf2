//! Commands that were sent and not answered yet: they tell what a failure is about.

use std::collections::VecDeque;

use gavel_runner::{Command, Event};

use super::error::SandboxError;

/// What a command asked for, as far as a failure of it is told apart.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Asked {
    /// To write a file of this path.
    Put(String),
    /// To fetch files.
    Fetch,
    /// To wipe the sandbox.
    Reset,
    /// To wipe it and forget what was kept.
    Blank,
    /// To run a program.
    Exec,
    /// To open or seal the pipes of an interactive pair.
    Pipes,
}

/// The commands under way, in the order they were sent. The runner carries them out in that order.
#[derive(Debug, Default)]
pub(super) struct Pending(VecDeque<(u64, Asked)>);

impl Pending {
    /// Takes note of a command that is about to be sent.
    pub(super) fn note(&mut self, nonce: u64, command: &Command) {
        let asked = match command {
            Command::Put { path, .. } => Asked::Put(path.clone()),
            Command::Fetch { .. } | Command::FetchFile { .. } => Asked::Fetch,
            Command::Reset => Asked::Reset,
            Command::Blank => Asked::Blank,
            Command::Exec(_) => Asked::Exec,
            Command::PipesOpen { .. } | Command::PipesSeal => Asked::Pipes,
            _ => return,
        };
        self.0.push_back((nonce, asked));
    }

    /// Forgets everything up to the command of this nonce, which was answered: a file that was put is not
    /// acknowledged, but an answer to a later command tells that it was written.
    pub(super) fn answered(&mut self, nonce: u64) {
        if let Some(position) = self.0.iter().position(|(of, _)| *of == nonce) {
            self.0.drain(..=position);
        }
    }

    /// Whether an event is the answer to a reset, which is then no longer waited for.
    pub(super) fn is_reset(&mut self, of: u64, event: &Event) -> bool {
        let asked = self.0.iter().any(|(nonce, asked)| *nonce == of && *asked == Asked::Reset);
        let is_reset = asked && *event == Event::ResetDone;
        if is_reset {
            self.answered(of);
        }
        is_reset
    }

    /// What it means that the command of this nonce failed.
    pub(super) fn failure(&self, nonce: u64, what: String) -> SandboxError {
        match self.0.iter().find(|(of, _)| *of == nonce).map(|(_, asked)| asked) {
            Some(Asked::Put(path)) => SandboxError::FileRefused { path: path.clone(), what },
            Some(Asked::Fetch) => SandboxError::FetchRefused { what },
            Some(Asked::Reset | Asked::Blank) => SandboxError::NotReset { what },
            Some(Asked::Pipes) => SandboxError::NotJoined { what },
            Some(Asked::Exec) | None => SandboxError::OutOfOrder { what },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gavel_runner::Root;
    use test_case::test_case;

    fn put(path: &str) -> Command {
        Command::Put { root: Root::Work, path: path.to_owned(), mode: 0o644, size: 1, keep: false }
    }

    fn fetch() -> Command {
        Command::Fetch { root: Root::Tmp, path: "out".to_owned(), max_bytes: 1, max_files: 1 }
    }

    #[test_case(&put("a.c") => "file_refused")]
    #[test_case(&fetch() => "fetch_refused")]
    #[test_case(&Command::Reset => "not_reset")]
    #[test_case(&Command::Blank => "not_reset"; "blank")]
    #[test_case(&Command::PipesSeal => "not_joined")]
    #[test_case(&Command::Kill => "protocol"; "a command that cannot fail")]
    fn a_failure_is_told_by_what_was_asked(command: &Command) -> &'static str {
        let mut pending = Pending::default();
        // Others around it must not be mistaken for it.
        pending.note(1, &Command::Reset);
        pending.note(7, command);
        pending.note(9, &put("b"));
        pending.failure(7, "no".to_owned()).kind()
    }

    #[test]
    fn an_answer_settles_everything_sent_before_it() {
        let mut pending = Pending::default();
        for (nonce, command) in [(1, put("a")), (2, put("b")), (3, Command::Reset), (4, put("c"))] {
            pending.note(nonce, &command);
        }
        assert!(!pending.is_reset(2, &Event::ResetDone), "2 was no reset");
        assert!(pending.is_reset(3, &Event::ResetDone));
        assert!(!pending.is_reset(3, &Event::ResetDone), "it is answered once");
        assert_eq!(pending.0, [(4, Asked::Put("c".to_owned()))]);
    }
}
