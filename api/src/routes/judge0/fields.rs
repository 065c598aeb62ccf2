//! Which attributes of a submission are asked for.

use super::error::Judge0Error;

/// Those that are told unless others are asked for.
const USUAL: [&str; 8] =
    ["stdout", "time", "memory", "stderr", "token", "compile_output", "message", "status"];

/// All of 1.13.1, and not one more: the official SDK fails at an attribute that it does not know.
const ALL: [&str; 35] = [
    "source_code",
    "language_id",
    "compiler_options",
    "command_line_arguments",
    "stdin",
    "expected_output",
    "cpu_time_limit",
    "cpu_extra_time",
    "wall_time_limit",
    "memory_limit",
    "stack_limit",
    "max_processes_and_or_threads",
    "enable_per_process_and_thread_time_limit",
    "enable_per_process_and_thread_memory_limit",
    "max_file_size",
    "redirect_stderr_to_stdout",
    "enable_network",
    "number_of_runs",
    "additional_files",
    "callback_url",
    "stdout",
    "stderr",
    "compile_output",
    "message",
    "exit_code",
    "exit_signal",
    "status",
    "status_id",
    "language",
    "created_at",
    "finished_at",
    "token",
    "time",
    "wall_time",
    "memory",
];

/// The attributes that are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields(Vec<&'static str>);

impl Fields {
    /// Names with commas between them; `*` among them stands for all, and nothing for the usual ones.
    ///
    /// # Errors
    /// 400 that names those that do not exist.
    pub fn parse(text: &str) -> Result<Self, Judge0Error> {
        let words: Vec<&str> = text.split(',').filter(|word| !word.is_empty()).collect();
        if words.is_empty() {
            return Ok(Self(USUAL.to_vec()));
        }
        if words.contains(&"*") {
            return Ok(Self(ALL.to_vec()));
        }
        let known = |word: &&str| ALL.into_iter().find(|known| known == word);
        let unknown: Vec<&str> = words.iter().copied().filter(|word| known(word).is_none()).collect();
        if !unknown.is_empty() {
            return Err(Judge0Error::bad(format!("invalid fields: [{}]", unknown.join(", "))));
        }
        Ok(Self(words.iter().filter_map(known).collect()))
    }

    /// Those that are asked for.
    pub fn iter(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().copied()
    }

    /// Whether the submission as it came is needed to tell them, not only what became of it.
    #[must_use]
    pub fn need_texts(&self) -> bool {
        self.0.iter().any(|name| ["source_code", "stdin", "expected_output"].contains(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_exactly_what_there_is_in_1_13_1() {
        let mut all: Vec<_> = Fields::parse("*").unwrap().iter().collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 35);
        assert!(!all.contains(&"started_at") && !all.contains(&"queue_host"));
    }

    #[test]
    fn what_does_not_exist_is_named() {
        let error = Fields::parse("stdout,nothing,token,more").unwrap_err();
        let Judge0Error::Text(status, text) = error else { panic!("{error:?}") };
        assert_eq!((status.as_u16(), text.as_str()), (400, "invalid fields: [nothing, more]"));
        assert_eq!(
            Fields::parse("status_id,time").unwrap().iter().collect::<Vec<_>>(),
            ["status_id", "time"]
        );
        assert_eq!(Fields::parse("").unwrap().iter().count(), 8);
    }
}
