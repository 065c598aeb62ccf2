//! How fast a core of this machine is: work that is always the same, by the CPU time that it takes.

use gavel_runner::Ending;

use super::probe::run;
use crate::sandbox::{Sandbox, SandboxError, cpu_time};

/// Rounds of a loop in the image's shell: integers and strings, no call of the kernel. About 20 ms.
const ROUNDS: u32 = 20_000;
/// The fastest one counts: whatever else the machine does makes a core slower, never faster.
const TIMES: usize = 3;
/// Rounds in a CPU second where the score is 1: what a core of a cloud machine did in 2026 with the images' dash 0.5.12.
const REFERENCE: f64 = 1_000_000.0;

/// The score of the core that this sandbox runs on; nothing where the work was not done.
pub(super) async fn measured(sandbox: &mut Sandbox) -> Result<Option<f64>, SandboxError> {
    let work = format!("i=0; while [ $i -lt {ROUNDS} ]; do i=$((i+1)); done; echo $i");
    let mut best: Option<f64> = None;
    for _ in 0..TIMES {
        let (outcome, said) = run(sandbox, &work).await?;
        let done = outcome.ending == Ending::Code(0) && said.trim() == ROUNDS.to_string();
        let seconds = cpu_time(&outcome).as_secs_f64();
        if !done || seconds <= 0.0 {
            return Ok(None);
        }
        let score = f64::from(ROUNDS) / seconds / REFERENCE;
        best = Some(best.map_or(score, |best| best.max(score)));
    }
    Ok(best)
}
