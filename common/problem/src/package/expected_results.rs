//! DOMjudge's comment `@EXPECTED_RESULTS@:` in a submission's source.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::Verdict;

/// How much of a source file is searched, in bytes; twice the format's usual limit on source code.
const SEARCHED: u64 = 256 * 1024;
const TAG: &str = "@EXPECTED_RESULTS@:";

/// The verdicts that a comment in one of the files allows: `None` without a comment, an empty list for
/// `CHECK-MANUALLY`.
///
/// # Errors
///
/// What is wrong with the comment or with reading the file.
pub(super) fn find(file: &Path) -> Result<Option<Vec<Verdict>>, String> {
    let mut source = Vec::new();
    let read = File::open(file).and_then(|open| open.take(SEARCHED).read_to_end(&mut source));
    read.map_err(|error| format!("cannot be read: {error}"))?;
    let source = String::from_utf8_lossy(&source);
    let Some((_, after)) = source.split_once(TAG) else { return Ok(None) };
    let line = after.lines().next().unwrap_or_default();
    let line = line.trim().trim_end_matches("*/").trim_end_matches("-->").trim();
    let mut verdicts = Vec::new();
    for word in line.split(',').map(str::trim) {
        let verdict = match word.to_ascii_uppercase().replace('_', "-").as_str() {
            "CHECK-MANUALLY" => return Ok(Some(Vec::new())),
            "CORRECT" | "ACCEPTED" => Verdict::Ac,
            // Gavel has no verdict of its own for an empty output.
            "WRONG-ANSWER" | "NO-OUTPUT" => Verdict::Wa,
            "TIMELIMIT" | "TIME-LIMIT-EXCEEDED" => Verdict::Tle,
            "RUN-ERROR" | "RUN-TIME-ERROR" => Verdict::Rte,
            "MEMORY-LIMIT" => Verdict::Mle,
            "OUTPUT-LIMIT" => Verdict::Ole,
            "COMPILER-ERROR" => Verdict::Ce,
            _ => return Err(format!("{TAG} unknown result {word:?}")),
        };
        if !verdicts.contains(&verdict) {
            verdicts.push(verdict);
        }
    }
    Ok(Some(verdicts))
}
